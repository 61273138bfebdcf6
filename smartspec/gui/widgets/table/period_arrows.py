"""The days before and after those that are shown: two arrows beside the chip of dates."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from smartspec.domain import times
from smartspec.domain.search.periods import Period
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn

_WEEK = 7


class PeriodArrows(QWidget):
    """`moved` carries the period that is wanted. Without one there are no arrows."""

    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._period: Period | None = None
        self.earlier = icon_button("caret-left", tr("Earlier"), lambda: self._move(-1))
        self.later = icon_button("caret-right", tr("Later"), lambda: self._move(1))
        self.setLayout(row(self.earlier, self.later, spacing=0, margins=(0, 0, 0, 0)))
        self.hide()

    def show_period(self, found: Period | None) -> None:
        self._period = found
        self.setVisible(found is not None)
        if found is None:
            return
        is_week = found.days == _WEEK
        _name(
            self.earlier, tr("The week before") if is_week else trn("{n} day earlier", "{n} days earlier", found.days)
        )
        _name(self.later, tr("The week after") if is_week else trn("{n} day later", "{n} days later", found.days))
        today = times.now().astimezone().date()
        self.later.setEnabled(found.end < today + timedelta(days=1))

    def _move(self, steps: int) -> None:
        if self._period is None:
            return
        try:
            self.moved.emit(self._period.moved(steps))
        except OverflowError:
            return  # there are no days before the first


def _name(arrow: QToolButton, words: str) -> None:
    arrow.setToolTip(words)
    arrow.setAccessibleName(words)
