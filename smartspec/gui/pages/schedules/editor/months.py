"""The months in which a schedule is due, as a chip with a menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.domain.schedule.cron_choices import ALL_MONTHS
from smartspec.formatting import MONTHS
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.menus import show_below
from smartspec.messages import listed, tr, translate, trn

_MOST_NAMES = 3


class MonthsChip(Chip):
    """`months` count from 1. Its menu stays open while months are taken in and out."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("", checkable=False)
        self.months: tuple[int, ...] = ALL_MONTHS
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_caret()
        self.clicked.connect(lambda _on: show_below(self.make_menu(), self))
        self.choose(ALL_MONTHS)

    def choose(self, months: Sequence[int]) -> None:
        self.months = tuple(months)
        names = [MONTHS[number - 1] for number in self.months]
        if len(names) == len(MONTHS):
            word = tr("all months")
        elif 0 < len(names) <= _MOST_NAMES:
            word = translate(listed(names))
        else:
            word = trn("{n} month", "{n} months", len(names))
        self.set_word(word)
        self.setAccessibleName(tr("Months: {months}", months=word))

    def make_menu(self) -> QMenu:
        """All months, and each with its check."""
        menu = _StayingMenu(self)
        menu.addAction(tr("all months"), partial(self._take, ALL_MONTHS))
        menu.addSeparator()
        for number, name in zip(ALL_MONTHS, MONTHS, strict=True):
            action = menu.addAction(translate(name))
            action.setCheckable(True)
            action.setChecked(number in self.months)
            action.toggled.connect(partial(self._on_month, number))
        return menu

    def _take(self, months: Sequence[int]) -> None:
        self.choose(months)
        self.edited.emit()

    def _on_month(self, number: int, on: bool) -> None:
        self._take(sorted({*self.months, number} if on else {*self.months} - {number}))


class _StayingMenu(QMenu):
    """What can be checked is, without closing it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    # Qt

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)
