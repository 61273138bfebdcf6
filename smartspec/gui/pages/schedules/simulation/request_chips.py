"""What is simulated: which schedules, which days, and when the machine sleeps."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.commands import schedule_summaries
from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulationRequest
from smartspec.domain import times
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.simulated_findings import day_text
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.schedules.simulation.choose_dialog import ChooseDialog
from smartspec.gui.pages.schedules.simulation.sleep_dialog import SleepDialog
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.table.dates_dialog import DatesDialog
from smartspec.messages import tr, translate, trn
from smartspec.value import replace

_PERIODS = (7, 30, 90)
_NIGHT = NightlySleep(time(23), time(7))
_ONE = timedelta(days=1)


class RequestChips(QObject):
    """`asked` carries the SimulationRequest that is wanted now."""

    asked = Signal(object)

    def __init__(self, context: AppContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._owner = context, owner
        self.request = SimulationRequest()
        self._usual: NightlySleep | None = None
        self._forecast: ScheduleForecast | None = None
        self.which, self.period = Chip("", "calendar-blank", checkable=False), Chip("", "clock", checkable=False)
        self.sleep = Chip("", "moon")
        for chip, open_menu in ((self.which, self._open_which), (self.period, self._open_period),
                                (self.sleep, self._open_sleep)):  # fmt: skip
            chip.show_caret()
            chip.clicked.connect(open_menu)
        self._show_words()

    # What is asked for

    def learn(self, usual: NightlySleep | None) -> None:
        """How the machine usually sleeps is what is asked for at first."""
        self._usual = usual
        self.request = replace(self.request, sleep=usual)
        self._show_words()

    def ask_for(self, which: tuple[str, ...]) -> None:
        self._ask(replace(self.request, which=which))

    def _ask(self, request: SimulationRequest) -> None:
        self.request = request
        self._show_words()
        self.asked.emit(request)

    def show_forecast(self, found: ScheduleForecast) -> None:
        self._forecast = found
        self._show_words()

    # The words

    def _show_words(self) -> None:
        self.which.set_word(self._which_word())
        self.period.set_word(self._period_word())
        sleep = self.request.sleep
        self.sleep.setChecked(sleep is not None)
        if sleep is None:
            self.sleep.set_word(tr("Never asleep"))
        else:
            hours = {"begin": f"{sleep.begin:%H:%M}", "end": f"{sleep.end:%H:%M}"}
            as_usual, stated = tr("Asleep as usual, {begin}–{end}", **hours), tr("Asleep {begin}–{end}", **hours)
            self.sleep.set_word(as_usual if sleep == self._usual else stated)

    def _which_word(self) -> str:
        found = self._forecast if self._forecast and self._forecast.request.which == self.request.which else None
        if not self.request.which:
            return tr("All schedules") if found is None else trn("{n} schedule", "All {n} schedules", len(found.lanes))
        if found is not None and len(found.lanes) == 1:
            return found.lanes[0].schedule.name
        return trn("{n} schedule", "{n} schedules", len(self.request.which))

    def _period_word(self) -> str:
        found, request = self._forecast, self.request
        if found is None or (found.request.first, found.request.days) != (request.first, request.days):
            return trn("{n} day", "{n} days", request.days)
        first, last = found.days[0].day, found.days[-1].day
        said = tr("{first} – {last}", first=translate(day_text(first)), last=translate(day_text(last)))
        return said if first.year == last.year == times.now().astimezone().year else f"{said} {last.year}"

    # The menus

    def _open_which(self) -> None:
        menu = popup_menu(self._owner)
        menu.addAction(tr("All that are on"), partial(self.ask_for, ()))
        menu.addAction(tr("Choose…"), self.choose)
        show_below(menu, self.which)

    def choose(self) -> None:
        """Some of all, by their names."""
        read = partial(schedule_summaries.list_schedule_summaries, self._context.workspace)
        self._context.run(self, read, self._open_choice, worker="slow")

    def _open_choice(self, found: tuple[ScheduleSummary, ...]) -> None:
        on = [each.schedule.id for each in found if each.schedule.status is not ScheduleStatus.PAUSED]
        ChooseDialog(found, self.request.which or on, self.ask_for, self._owner).open()

    def _open_period(self) -> None:
        menu = popup_menu(self._owner)
        for days in _PERIODS:
            said = trn("{n} day from now", "{n} days from now", days)
            self._add_choice(menu, said, (self.request.first, self.request.days) == (None, days),
                             replace(self.request, first=None, days=days))  # fmt: skip
        menu.addAction(tr("Other days…"), self._ask_days)
        show_below(menu, self.period)

    def _ask_days(self) -> None:
        days = self._forecast.days if self._forecast else ()
        first, after = (days[0].day, days[-1].day + _ONE) if days else ("", "")
        dialog = DatesDialog(str(first), str(after), self._owner)
        dialog.given.connect(self._on_days)
        dialog.open()

    def _on_days(self, first: str, after_last: str) -> None:
        begin, end = date.fromisoformat(first), date.fromisoformat(after_last)
        self._ask(replace(self.request, first=begin, days=(end - begin).days))

    def _open_sleep(self) -> None:
        self._show_words()  # a press does not tick it
        menu, request = popup_menu(self._owner), self.request
        if (usual := self._usual) is not None:
            said = tr("As usual, {begin}–{end}", begin=f"{usual.begin:%H:%M}", end=f"{usual.end:%H:%M}")
            self._add_choice(menu, said, request.sleep == usual, replace(request, sleep=usual))
        self._add_choice(menu, tr("Never asleep"), request.sleep is None, replace(request, sleep=None))
        menu.addAction(tr("Other hours…"), self._ask_hours)
        show_below(menu, self.sleep)

    def _ask_hours(self) -> None:
        SleepDialog(self.request.sleep or self._usual or _NIGHT, self._on_hours, self._owner).open()

    def _on_hours(self, sleep: NightlySleep) -> None:
        self._ask(replace(self.request, sleep=sleep))

    def _add_choice(self, menu: QMenu, said: str, is_chosen: bool, request: SimulationRequest) -> None:
        action: QAction = menu.addAction(said)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        action.triggered.connect(partial(self._ask, request))
