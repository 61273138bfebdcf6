"""The page Simulate: what the schedules would do in the days to come. Nothing is run."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QWidget

from smartspec.changes import Topic
from smartspec.commands import machine_sleep, schedule_forecasts, simulation_export
from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulationRequest
from smartspec.domain import times
from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.simulated_load import SimulatedDay
from smartspec.errors import SmartSpecError
from smartspec.formatting import format_clock
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.simulation.calendar import Calendar
from smartspec.gui.pages.schedules.simulation.day_pane import DayPane
from smartspec.gui.pages.schedules.simulation.figures import Figures
from smartspec.gui.pages.schedules.simulation.finding_list import FindingList
from smartspec.gui.pages.schedules.simulation.fixes import Fixes
from smartspec.gui.pages.schedules.simulation.hour_chart import HourChart
from smartspec.gui.pages.schedules.simulation.request_chips import RequestChips
from smartspec.gui.pages.schedules.simulation.run import SimulationRun
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn

_SIDE, _NARROW_SIDE, _LEAST_SIDE = 408, 330, 250
_SMALL = 760  # pixels of the page
_LONG_MS = 1_000  # from then on it says how far it is, and can be cancelled
_OLD = timedelta(hours=1)  # of what begins now


class SimulationPage(Page):
    """The key of a location is the id of the one schedule to simulate; without one all that are on are."""

    topics = frozenset({Topic.SCHEDULES, Topic.SETTINGS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._forecast: ScheduleForecast | None = None
        self._versions: object = None
        self._key = ""  # of the schedule that a location named
        self._has_learned = self._is_cancelled = False
        self.run = SimulationRun(context, self)
        self.run.done.connect(self._on_done)
        self.run.failed.connect(self._on_failed)
        self.run.moved.connect(self._show_progress)
        self.chips, self.figures, self.calendar = RequestChips(context, self), Figures(), Calendar()
        self.chart, self.findings, self.day = HourChart(), FindingList(), DayPane(context)
        self.fixes = Fixes(context, self, self.chips.choose)
        self.export_button = button(tr("Export…"), "", "export", self.export)
        self.crumb = button(tr("Schedules"), "link", then=lambda: context.navigator.go(Location("schedules")))
        self.title, self.told = label("", "title"), label("", "caption")
        self.progress = self._make_progress()
        self._long = QTimer(self, singleShot=True, interval=_LONG_MS)
        self._long.timeout.connect(self.progress.show)
        self.states = ContentStates(self._content())
        self._connect_parts()
        self._lay_out_simulation()
        self._show_title(self.chips.request)
        self.states.show_loading()

    def _connect_parts(self) -> None:
        self.chips.asked.connect(self._start)
        self.calendar.chosen.connect(self._show_day)
        self.calendar.entered.connect(lambda _day: self.day.view.setFocus())
        self.findings.day_chosen.connect(self.calendar.choose)
        self.day.stepped.connect(self.calendar.step)

    def _make_progress(self) -> QWidget:
        made = frame("strip")
        self._far, cancel = label("", "secondary"), button(tr("Cancel"), then=self._cancel)
        made.setLayout(row(self._far, None, cancel, margins=(20, 6, 14, 6)))
        made.hide()
        return made

    def _content(self) -> QWidget:
        known = scrolled(self.findings)
        known.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        known.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side = side = QWidget()
        side.setFixedWidth(_SIDE)
        heading = label(tr("What to know"), "heading")
        side.setLayout(column(self.chart, heading, known, spacing=6, margins=(20, 8, 8, 0), fill=known))
        upper = QWidget()
        beside = row(self.calendar, side, spacing=0, margins=(20, 0, 0, 0))
        beside.setStretchFactor(self.calendar, 1)
        upper.setLayout(beside)
        self.split = QSplitter(Qt.Orientation.Vertical)
        for each in (upper, self.day):
            self.split.addWidget(each)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([320, 290])
        made = QWidget()
        made.setLayout(column(self.figures, line(), self.split, spacing=0, fill=self.split))
        return made

    def _lay_out_simulation(self) -> None:
        self._head = head = frame("surface")
        head.setLayout(row(
            self.crumb, Icon("caret-right", "text3", 12), self.title, 8, row(*self._chips(), spacing=6), None,
            self.told, self.export_button, margins=(20, 8, 14, 8),
        ))  # fmt: skip
        self.setLayout(column(head, line(), self.progress, self.states, spacing=0, fill=self.states))

    def _fit_head(self) -> None:
        """Where there is no room, icons say it."""
        fold_in_turn(self._head, [self.export_button], *([each] for each in self._chips()))

    def _chips(self) -> list[Chip]:
        return [self.chips.which, self.chips.period, self.chips.sleep]

    # Where it is

    def show_location(self, location: Location) -> None:
        if location.key != self._key:
            self._key = location.key
            self.chips.ask_for((location.key,) if location.key else ())
        self.register_page_handlers()

    def panes(self) -> list[QWidget]:
        return [self.calendar, self.findings, self.day.view]

    def parts(self) -> list[QWidget]:
        return [self.crumb, *self._chips(), self.export_button, self.progress, self.calendar, self.findings,
                self.day.before, self.day.after, self.day.view]  # fmt: skip

    def show_narrow(self, narrow: bool) -> None:
        self.chart.setVisible(not narrow)
        self.told.setVisible(not narrow)
        self.day.show_narrow(narrow)

    def handlers(self) -> dict[str, Handler]:
        return {"refresh": self.refresh, "export": self.export}

    def disabled(self) -> set[str]:
        return set() if self._forecast is not None else {"export"}

    # Simulating

    def reload(self) -> None:
        if not self._has_learned:
            self.context.run(self, machine_sleep.learned_sleep, self._on_learned, self._on_failed, worker="slow")
            return
        read = partial(schedule_forecasts.schedule_versions, self.context.workspace)
        self.context.run(self, read, self._on_versions, self._on_failed, worker="slow")

    def _on_learned(self, usual: NightlySleep | None) -> None:
        self._has_learned = True
        self.chips.learn(usual)
        self.reload()

    def _on_versions(self, versions: object) -> None:
        """A schedule that has fired is still the same; one that was changed is not."""
        if versions != self._versions or self._is_outdated():
            self._versions = versions
            self._start(self.chips.request)

    def _is_outdated(self) -> bool:
        """What was cancelled waits until it is asked for."""
        found = self._forecast
        if found is None or found.request != self.chips.request:
            return not self._is_cancelled
        return times.now() - found.simulation.start > _OLD

    def refresh(self) -> None:
        """Anew, from now on."""
        self._versions = None
        self.reload()

    def _start(self, request: SimulationRequest) -> None:
        if not self._has_learned or not self.isVisible():
            self._stale = True  # it begins once it is seen
            return
        self._is_cancelled = False
        self._show_title(request)
        self._long.start()
        self._far.setText(tr("Simulating…"))
        if self._forecast is None or self._forecast.request != request:
            self.states.show_loading()  # what is shown is of another one
        self.run.start(request)

    def _show_title(self, request: SimulationRequest) -> None:
        self.title.setText(trn("Simulate {n} day", "Simulate {n} days", request.days))
        self._fit_head()

    def _show_progress(self, share: float) -> None:
        self._far.setText(tr("Simulating… {percent} %", percent=int(100 * share)))

    def _cancel(self) -> None:
        self._end_run()
        self._is_cancelled = True
        if self._forecast is None:
            again = (tr("Simulate again"), self.refresh)
            self.states.show_empty("calendar-blank", tr("The simulation was cancelled"), "", again)
            return
        self.chips.request = self._forecast.request  # what is shown is what was asked for before
        self.chips.show_forecast(self._forecast)
        self._show_title(self._forecast.request)
        self.states.show_content()

    def _end_run(self) -> None:
        self.run.stop()
        self._long.stop()
        self.progress.hide()

    def _on_failed(self, error: SmartSpecError) -> None:
        self._end_run()
        self._forecast = None
        self.states.show_error(error, self.refresh)
        self.register_page_handlers()

    def _on_done(self, found: ScheduleForecast) -> None:
        self._end_run()
        self._forecast = found
        self.chips.show_forecast(found)
        begun = format_clock(found.simulation.start)
        as_of = tr("nothing is run") if found.request.first else tr("nothing is run · as of {clock}", clock=begun)
        self.told.setText(as_of)
        self._fit_head()
        self.register_page_handlers()
        if not found.lanes:
            self._show_empty(found)
            return
        self.states.show_content()
        self.figures.show_forecast(found)
        self.chart.show_forecast(found)
        self.findings.show_findings(found.findings, partial(self.fixes.fix_of, found))
        self.calendar.show_forecast(found)

    def _show_empty(self, found: ScheduleForecast) -> None:
        told = trn("{n} schedule is off.", "{n} schedules are off.", found.paused) if found.paused else ""
        choose = (tr("Choose schedules…"), self.chips.choose)
        to_schedules = (tr("To the schedules"), lambda: self.context.navigator.go(Location("schedules")))
        self.states.show_empty(
            "calendar-blank", tr("No schedule is on: nothing would run"), told, choose if found.paused else to_schedules
        )

    def _show_day(self, day: SimulatedDay) -> None:
        if self._forecast is not None:
            self.day.show_day(self._forecast, day)

    # What is taken along

    def export(self) -> None:
        """Every due time with what would become of it."""
        if (found := self._forecast) is None:
            return
        name = f"simulation-{found.days[0].day}.csv"
        kinds = tr("Table (*.csv);;JSON (*.json);;JSON lines (*.jsonl)")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the simulation"), name, kinds)
        if path:
            self.export_to(Path(path), found)

    def export_to(self, path: Path, found: ScheduleForecast) -> None:
        command = partial(simulation_export.export_forecast, path, found)
        self.context.run(self, command, partial(self._on_exported, path), worker="simulation")

    def _on_exported(self, path: Path, written: int) -> None:
        told = trn("Wrote {n} line to {file}", "Wrote {n} lines to {file}", written, file=path.name)
        self.context.notifications.toast(told, None, "export")

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = _SIDE if not self.told.isHidden() else _NARROW_SIDE
        self._side.setFixedWidth(_LEAST_SIDE if self.width() < _SMALL else side)
        self._fit_head()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for it any more."""
        super().hideEvent(event)
        if self.run.is_open:
            self._end_run()
            self._versions = None
            self._stale = True
