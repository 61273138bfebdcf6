"""The search at the top of the window: what fits is shown on the page that takes searches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from smartspec.gui.contract import Page
from smartspec.gui.core.navigation import Location, Navigator
from smartspec.gui.shell.top_bar import TopBar


class WindowSearch(QObject):
    """`page` is the name of the one that takes searches, `shown` answers with the one that is shown."""

    def __init__(self, navigator: Navigator, top: TopBar, page: str, shown: Callable[[], Page | None]) -> None:
        super().__init__(top)
        self._navigator, self._field, self._page, self._shown = navigator, top.search, page, shown
        top.searched.connect(self.show_found)
        top.typed.connect(self._show_so_far)

    def show_found(self, text: str) -> None:
        self._navigator.go(Location(self._page, query=text))

    def _show_so_far(self, text: str) -> None:
        """The same while one writes: the keyboard stays where it is, and the way back has one step for all letters."""
        location, last, page = Location(self._page, query=text), self._navigator.location, self._shown()
        if last is not None and last.page == self._page and page is not None:
            self._navigator.replace(location)
            page.show_location(location)
        elif text:
            self._navigator.go(location)
            self._field.setFocus()
            self._field.deselect()

    def take_keyboard(self) -> None:
        """Among all executions; an editor or a log that is shown finds in itself."""
        self._field.setFocus()
        self._field.selectAll()
