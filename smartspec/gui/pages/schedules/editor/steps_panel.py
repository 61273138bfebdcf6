"""In steps of the clock: every so many minutes or hours, the whole day or a part of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.quantities import parse_number
from smartspec.domain.schedule.cron_choices import InSteps, StepUnit, cron_expression, parse_time, written_time
from smartspec.errors import Invalid
from smartspec.gui.pages.schedules.editor.months import MonthsChip
from smartspec.gui.pages.schedules.editor.time_lines import TimeLine
from smartspec.gui.pages.schedules.editor.weekdays import WeekdayChips
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, restyle
from smartspec.messages import tr


class StepsPanel(QWidget):
    """`edited` after each change by a person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.every = QLineEdit("10")
        self.every.setAccessibleName(tr("Length of a step"))
        self.every.setFixedWidth(48)
        self.unit = Choice(tr("Unit of the steps"))
        self.unit.addItem(tr("minutes"), StepUnit.MINUTES.value)
        self.unit.addItem(tr("hours"), StepUnit.HOURS.value)
        self.first = TimeLine(tr("From, time of day"), "00:00")
        self.last = TimeLine(tr("To, time of day"), "23:59")
        self.weekdays, self.months = WeekdayChips(), MonthsChip()
        self.weekdays.choose(range(7))
        words = [label(word, "secondary") for word in (tr("every"), tr("from"), tr("to"))]
        first, second = Flow(spacing=8), Flow(spacing=8)
        in_line: tuple[QWidget, ...] = (words[0], self.every, self.unit, words[1], self.first, words[2], self.last)
        for each in in_line:
            first.addWidget(each)
        for other in (self.weekdays, self.months):
            second.addWidget(other)
        self.setLayout(column(first, second, spacing=8))
        self.setFocusProxy(self.every)
        self.unit.activated.connect(lambda _index: self.edited.emit())
        for line in (self.every, self.first, self.last):
            line.textEdited.connect(lambda _text: self.edited.emit())
        self.weekdays.edited.connect(self.edited)
        self.months.edited.connect(self.edited)

    @property
    def expression(self) -> str:
        """Raises Invalid for what cannot be read, or is no step of the clock."""
        return cron_expression(self._choice)

    @property
    def _choice(self) -> InSteps:
        return InSteps(
            parse_number(self.every.text()), StepUnit(str(self.unit.currentData())), parse_time(self.first.text()),
            parse_time(self.last.text()), self.weekdays.chosen, self.months.months,
        )  # fmt: skip

    def show_choice(self, choice: InSteps) -> None:
        """What is typed stays as it is typed, where it says the same."""
        try:
            if cron_expression(choice) == self.expression:
                return
        except Invalid:
            pass
        self.every.setText(str(choice.every))
        self.unit.setCurrentIndex(self.unit.findData(choice.unit.value))
        self.first.setText(written_time(choice.first))
        self.last.setText(written_time(choice.last))
        self.weekdays.choose(choice.weekdays)
        self.months.choose(choice.months)

    def show_uneven(self, uneven: bool) -> None:
        """The step does not divide the hour or the day."""
        if bool(self.every.property("uneven")) is not uneven:
            restyle(self.every, uneven=uneven)
