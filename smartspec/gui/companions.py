"""What features keep beside the window, whichever is shown."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from smartspec.gui.contract import Companion, Feature, ShownWindow


class Companions(QObject):
    """None of them before they are made."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.made: tuple[Companion, ...] = ()
        self._window: ShownWindow | None = None

    def make(self, features: Iterable[Feature]) -> None:
        """Once for the process."""
        if not self.made:
            self.made = tuple(each.companion(self) for each in features if each.companion is not None)
            self.follow(self._window)

    def follow(self, window: ShownWindow | None) -> None:
        """None: of what is shown there is nothing to tell."""
        self._window = window
        for each in self.made:
            each.follow(window)

    @property
    def keep_window(self) -> bool:
        """A person who closes the window can come back to it, and wants to."""
        window = self._window
        return window is not None and any(each.keeps(window) for each in self.made)

    def close(self) -> None:
        for each in self.made:
            each.close()
