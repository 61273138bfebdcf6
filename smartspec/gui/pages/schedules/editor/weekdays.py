"""The days of the week as chips: Space takes one in or out, the arrow keys go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from smartspec.domain.schedule.cron_choices import ALL_WEEKDAYS
from smartspec.formatting import WEEKDAYS
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.flow import Flow
from smartspec.messages import tr, translate

_FROM_MONDAY = (1, 2, 3, 4, 5, 6, 0)


class WeekdayChips(QWidget):
    """`chosen` are days as cron counts them, from Sunday, 0. `edited` after a person changed them."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Days of the week"))
        self.chips = {day: Chip(translate(name)) for day, name in zip(_FROM_MONDAY, WEEKDAYS, strict=True)}
        for each in self.chips.values():
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            each.clicked.connect(lambda _on: self.edited.emit())
        flow = Flow(self, spacing=6)
        for each in self.chips.values():
            flow.addWidget(each)
        self.setFocusProxy(self.chips[1])

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(day for day in ALL_WEEKDAYS if self.chips[day].isChecked())

    def choose(self, days: Sequence[int]) -> None:
        for day, chip in self.chips.items():
            chip.setChecked(day in days)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        chips = [*self.chips.values()]
        at = next((number for number, each in enumerate(chips) if each.hasFocus()), None)
        if at is None or (step := steps.get(Qt.Key(event.key()))) is None:
            super().keyPressEvent(event)
            return
        chips[(at + step) % len(chips)].setFocus()
