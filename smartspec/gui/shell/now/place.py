"""Where the panel stands: above the bar at the bottom, or at the right of the window, where it stays."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QWidget

from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.now.reader import NowReader
from smartspec.gui.shell.status_item import StatusItem

if TYPE_CHECKING:
    from smartspec.gui.shell.now.panel import NowPanel

WIDTH, DOCKED_WIDTH = 724, 420
_PINNED = "now.pinned"
_ABOVE = 8


class NowPlace(QObject):
    """`item` of the bar opens it; pinned it is a part of `beside`, as long as the window is wide enough."""

    def __init__(self, context: AppContext, reader: NowReader, item: StatusItem, window: QWidget, beside: QBoxLayout
                 ) -> None:  # fmt: skip
        super().__init__(window)
        self._context, self._item, self._window, self._beside = context, item, window, beside
        self._reader = reader
        self._is_narrow = self._is_lost = False
        item.clicked.connect(self.toggle)
        self._came_from: QWidget | None = None

    @cached_property
    def panel(self) -> NowPanel:
        """Made when it is first opened: the window is there before it."""
        from smartspec.gui.shell.now.panel import NowPanel

        made = NowPanel(self._context, self._reader, self._window)
        made.opener = self._item
        made.closed.connect(self.close)
        made.pinned.connect(self.pin)
        made.filled.connect(self.reposition)
        return made

    @property
    def _is_made(self) -> bool:
        return "panel" in self.__dict__

    @property
    def _is_open(self) -> bool:
        return self._is_made and self.panel.isVisible()

    @property
    def is_pinned(self) -> bool:
        return bool(self._context.ui_state.get(_PINNED, False))

    def toggle(self) -> None:
        if self._is_open:
            self.close()
        elif not self._is_lost:
            self.open()

    def open(self) -> None:
        self._came_from = self._window.focusWidget()
        self._place_panel()
        self.panel.show()
        self.reposition()
        self.panel.focus_first()
        self._item.show_pressed(True)

    def close(self) -> None:
        """The keyboard goes back to where it was."""
        had_focus = self.panel.isAncestorOf(self._window.focusWidget() or self._window)
        self._hide()
        if self.panel.is_docked:
            self._context.ui_state.keep(_PINNED, False)
        if had_focus and self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus()

    def pin(self, pinned: bool) -> None:
        self._context.ui_state.keep(_PINNED, pinned)
        self.open()

    def show_lost(self, lost: bool) -> None:
        """Of a ledger that cannot be read nothing is claimed; when it can be again, what was pinned is there again."""
        self._is_lost = lost
        if lost:
            self._hide()
        else:
            self.show_narrow(self._is_narrow)

    def show_narrow(self, narrow: bool) -> None:
        """There is no room beside a page then; in a wide window what was pinned is there again."""
        self._is_narrow = narrow
        if self.is_pinned and not self._is_lost:
            self._hide()
            if not narrow:
                self._place_panel()
                self.panel.show()
                self._item.show_pressed(True)

    def _hide(self) -> None:
        if self._is_made:
            self.panel.hide()
        self._item.show_pressed(False)

    def reposition(self) -> None:
        if self._is_open and not self.panel.is_docked:
            bar = self._item.parentWidget()
            assert bar is not None
            at = self._item.mapTo(self._window, self._item.rect().topLeft())
            self._put_above(at.x(), bar.mapTo(self._window, bar.rect().topLeft()).y() - _ABOVE)

    def _put_above(self, left: int, bottom: int) -> None:
        """The bar, its left edge at what opened it, as wide and high as there is room for."""
        width = min(WIDTH, self._window.width() - 16)
        height = min(self.panel.wanted_height(), bottom - 60)
        self.panel.setGeometry(max(8, min(left, self._window.width() - width - 8)), bottom - height, width, height)
        self.panel.raise_()

    def _place_panel(self) -> None:
        """Into the window at the right, or out of it."""
        docked = self.is_pinned and not self._is_narrow
        if docked == self.panel.is_docked:
            return
        self.panel.hide()
        if docked:
            self._beside.addWidget(self.panel)
            self.panel.setFixedWidth(DOCKED_WIDTH)
        else:
            self._beside.removeWidget(self.panel)
            self.panel.setParent(self._window)
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(16_777_215)
        self.panel.show_docked(docked)
