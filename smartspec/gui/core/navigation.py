"""Where a person is in the window, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from smartspec.value import frozen

LINK = "smartspec://execution/"  # and an id: a way into the window from outside
_MOST = 200


@frozen
class Location:
    """`page` is workflows, history or execution; `key` the id of what it shows; `tab` a name; `query` a search."""

    page: str
    key: str = ""
    tab: str = ""
    query: str = ""


class Navigator(QObject):
    """Goes to locations, and back and forward between them."""

    went = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locations: list[Location] = []
        self._at = -1

    @property
    def location(self) -> Location | None:
        return self._locations[self._at] if self._locations else None

    @property
    def previous(self) -> Location | None:
        """Where Back leads."""
        return self._locations[self._at - 1] if self._at > 0 else None

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at < len(self._locations) - 1

    def go(self, location: Location) -> None:
        """Show a location; what was ahead is forgotten."""
        if location != self.location:
            self._locations = [*self._locations[: self._at + 1], location][-_MOST:]
            self._at = len(self._locations) - 1
        self.went.emit(location)

    def replace(self, location: Location) -> None:
        """The location is another by now (a tab, a selection) without a step of its own."""
        if self._locations:
            self._locations[self._at] = location
        else:
            self._locations, self._at = [location], 0

    def take_over(self, other: Navigator) -> None:
        """The way that was gone in another window; nothing is shown anew."""
        self._locations, self._at = [*other._locations], other._at

    def step(self, by: int) -> None:
        """-1 back, 1 forward."""
        if 0 <= self._at + by < len(self._locations):
            self._at += by
            self.went.emit(self._locations[self._at])
