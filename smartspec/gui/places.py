"""Where a person is in the window, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

LINK = "smartspec://execution/"  # and an id: a way into the window from outside
_MOST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`page` is workflows, history or execution; `key` the id of what it shows; `tab` a name; `query` a search."""

    page: str
    key: str = ""
    tab: str = ""
    query: str = ""


class Navigator(QObject):
    """Goes to places, and back and forward between them."""

    went = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[Place] = []
        self._at = -1

    @property
    def place(self) -> Place | None:
        return self._places[self._at] if self._places else None

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at < len(self._places) - 1

    def go(self, place: Place) -> None:
        """Show a place; what was ahead is forgotten."""
        if place != self.place:
            self._places = [*self._places[: self._at + 1], place][-_MOST:]
            self._at = len(self._places) - 1
        self.went.emit(place)

    def replace(self, place: Place) -> None:
        """The place is another by now (a tab, a selection) without a step of its own."""
        if self._places:
            self._places[self._at] = place
        else:
            self._places, self._at = [place], 0

    def step(self, by: int) -> None:
        """-1 back, 1 forward."""
        if 0 <= self._at + by < len(self._places):
            self._at += by
            self.went.emit(self._places[self._at])
