"""At times: on which days and months, and at what times of day."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.schedule.cron_choices import (
    ALL_WEEKDAYS,
    WEEKEND,
    WORKDAYS,
    AtTimes,
    cron_expression,
    parse_month_days,
)
from smartspec.errors import Invalid
from smartspec.gui.pages.schedules.editor.months import MonthsChip
from smartspec.gui.pages.schedules.editor.time_lines import TimeLines
from smartspec.gui.pages.schedules.editor.weekdays import WeekdayChips
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

_SOME, _MONTH_DAYS, _OWN = "some", "month_days", "own"
_PRESETS = {"all": ALL_WEEKDAYS, "work": WORKDAYS, "weekend": WEEKEND}


class TimesPanel(QWidget):
    """`edited` after each change by a person. Of an own expression nothing is chosen, until somebody chooses."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.days = Choice(tr("Days"))
        for value, word in (
            ("work", tr("every weekday")), ("all", tr("every day")), ("weekend", tr("on weekends")),
            (_SOME, tr("on chosen days")), (_MONTH_DAYS, tr("on days of the month")), (_OWN, tr("own expression")),
        ):  # fmt: skip
            self.days.addItem(word, value)
        self.times, self.weekdays, self.months = TimeLines(), WeekdayChips(), MonthsChip()
        self.month_days = QLineEdit("1")
        self.month_days.setAccessibleName(tr("Days of the month"))
        self.month_days.setFixedWidth(120)
        self._at = label(tr("at"), "secondary")
        first = row(self.days, self._at, self.times)
        first.setStretch(2, 1)
        self._below = QWidget()
        below = Flow(self._below, spacing=8)
        for each in (self.weekdays, self.month_days, self.months):
            below.addWidget(each)
        self.setLayout(column(first, self._below, spacing=8))
        self.setFocusProxy(self.days)
        self.weekdays.choose(WORKDAYS)
        self.days.activated.connect(lambda _index: self._on_days())
        self.weekdays.edited.connect(self._on_weekdays)
        self.month_days.textEdited.connect(lambda _text: self.edited.emit())
        self.times.edited.connect(self.edited)
        self.months.edited.connect(self.edited)
        self._show_parts()

    @property
    def is_own(self) -> bool:
        return bool(self.days.currentData() == _OWN)

    @property
    def expression(self) -> str:
        """Raises Invalid for what cannot be read, or does not fit into one expression."""
        month_days = parse_month_days(self.month_days.text()) if self.days.currentData() == _MONTH_DAYS else ()
        return cron_expression(AtTimes(self.times.times, self.weekdays.chosen, month_days, self.months.months))

    def show_choice(self, choice: AtTimes | None) -> None:
        """None: an own expression."""
        if choice is None:
            self._choose(_OWN)
            return
        self.times.show_times(choice.times)
        self.months.choose(choice.months)
        if choice.month_days:
            if _days_or_none(self.month_days.text()) != choice.month_days:
                self.month_days.setText(", ".join(map(str, choice.month_days)))
            self._choose(_MONTH_DAYS)
            return
        self.weekdays.choose(choice.weekdays)
        self._choose(_preset_of(choice.weekdays))

    def _choose(self, value: str) -> None:
        self.days.setCurrentIndex(self.days.findData(value))
        self._show_parts()

    def _on_days(self) -> None:
        if (days := _PRESETS.get(str(self.days.currentData()))) is not None:
            self.weekdays.choose(days)
        self._show_parts()
        if not self.is_own:
            self.edited.emit()

    def _on_weekdays(self) -> None:
        self._choose(_preset_of(self.weekdays.chosen))
        self.edited.emit()

    def _show_parts(self) -> None:
        of_month = self.days.currentData() == _MONTH_DAYS
        self.weekdays.setVisible(not of_month)
        self.month_days.setVisible(of_month)
        for each in (self._at, self.times, self._below):
            each.setVisible(not self.is_own)


def _preset_of(weekdays: tuple[int, ...]) -> str:
    return next((name for name, days in _PRESETS.items() if days == weekdays), _SOME)


def _days_or_none(text: str) -> tuple[int, ...]:
    try:
        return parse_month_days(text)
    except Invalid:
        return ()
