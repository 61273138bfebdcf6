"""The bar above a log: whose it is, how much, its errors, search, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from smartspec.gui.pages.execution.log_picker import LogPicker
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button, fold, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.search_field import search_field
from smartspec.messages import tr

_WAIT_MS = 150  # after the last letter
_FIELD, _NARROW_FIELD, _NARROWEST_FIELD = 190, 130, 100


class LogBar(QFrame):
    """`searched` carries the text; `stepped` the next match (1) or the one before (-1)."""

    searched = Signal(str)
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._heading = label(tr("Log"), "heading")
        self.picker = LogPicker()
        self.told = label("", "caption")
        self.first_error = button(tr("First error"), "ghost", "arrow-up")
        self.first_error.setToolTip(tr("First error (Ctrl+Shift+E)"))
        self.errors = Chip(tr("Errors"), "x-circle-fill", "failed")
        self.errors.setToolTip(tr("Only the lines that speak of an error, and some around them"))
        self.search = search_field(tr("Find in the log"), tr("Find in the log"))
        self.found = label("", "caption")
        self._typing = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(lambda: self.stepped.emit(1))
        self.previous = icon_button("caret-up", tr("Previous match (Shift+F3)"), lambda: self.stepped.emit(-1))
        self.next = icon_button("caret-down", tr("Next match (F3)"), lambda: self.stepped.emit(1))
        self.follow = Chip(tr("Follow"), "arrow-down")
        self.times = icon_button("clock", tr("When each line was written"), checkable=True)
        self.wrap = icon_button("text-align-left", tr("Break long lines"), checkable=True)
        self.copy = icon_button("copy", tr("Copy the chosen lines, or all"))
        self.save = icon_button("download-simple", tr("Save the log…"))
        self.open = icon_button("arrow-square-out", tr("Open a copy in an editor"))
        self.folder = icon_button("folder-open", tr("Show the file"))
        self._tools = (self.times, self.wrap, self.copy, self.save, self.open, self.folder)
        self.more = icon_button("dots-three", tr("More for the log"), self._popup_more)
        self.setLayout(row(
            self._heading, self.picker, self.told, None, self.first_error, self.errors, self.search, self.found,
            self.previous, self.next, self.follow, *self._tools, self.more, margins=(20, 4, 12, 4), spacing=6,
        ))  # fmt: skip
        self._show_found(None, 0)

    def tell(self, words: str) -> None:
        """How much there is."""
        self.told.setText(words)
        self._fit_to_width()

    def show_errors(self, count: int, *, is_all: bool) -> None:
        """How many lines speak of an error; there may be more while it is being looked."""
        self.errors.set_count(number(count) if is_all else f"{number(count)}+")
        for each in (self.errors, self.first_error):
            each.setEnabled(bool(count) or self.errors.isChecked())

    def _show_found(self, at: int | None, count: int, *, is_all: bool = True) -> None:
        every = number(count) if is_all else f"{number(count)}+"
        has_text = bool(self.search.text())
        self.found.setText(tr("{at} of {all}", at=number((at or 0) + (at is not None)), all=every) if has_text else "")
        for each in (self.found, self.previous, self.next):
            each.setVisible(has_text)

    def show_found(self, at: int | None, count: int, *, is_all: bool) -> None:
        """Which match of how many is shown."""
        self._show_found(at, count, is_all=is_all)
        self._fit_to_width()

    def _popup_more(self) -> None:
        menu = popup_menu(self)
        for each in self._tools:
            menu.addAction(_action(each, menu))
        show_below(menu, self.more)

    def _fit_to_width(self) -> None:
        """With less room the tools go into a menu, then words go, then the heading."""
        for level in range(4):
            self._fold(level)
            layout = self.layout()
            if layout is None:
                return
            layout.invalidate()
            layout.activate()
            if layout.minimumSize().width() <= self.width():
                return

    def _fold(self, level: int) -> None:
        for tool in self._tools:
            tool.setVisible(level < 1)
        self.more.setVisible(level >= 1)
        self.search.setFixedWidth((_FIELD, _FIELD, _NARROW_FIELD, _NARROWEST_FIELD)[level])
        fold(self.first_error, level >= 2)
        self.errors.fold(level >= 2)
        self.follow.fold(level >= 2)
        self._heading.setVisible(level < 3)
        self.told.setVisible(level < 3)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_width()


def _action(tool: QToolButton, parent: QWidget) -> QAction:
    """The same as a button that has no room."""
    made = QAction(tool.icon(), tool.accessibleName(), parent)
    made.setCheckable(tool.isCheckable())
    made.setChecked(tool.isChecked())
    made.triggered.connect(tool.click)
    return made
