"""The base of what shows something of the ledger: it hears of changes, and is lazy while hidden."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.gui.core.context import AppContext

_AT_MOST_EVERY_MS = 150


class Pane(QWidget):
    """A subclass says which `topics` it shows, and reads them in `reload`.

    A pane that is not on screen only remembers that it is stale; one that is, is read anew at most every 150 ms.
    """

    topics: frozenset[Topic] = frozenset()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self._again = QTimer(self, singleShot=True, interval=_AT_MOST_EVERY_MS)
        self._again.timeout.connect(self.catch_up)
        context.change_listener.changed.connect(self._on_changed)

    def reload(self) -> None:
        """Read what is shown; the answer comes later."""

    def show_ages(self) -> None:
        """Time has passed: labels that say how long ago something was say it anew; what is painted is painted anew."""

    def is_about_this(self, change_set: ChangeSet) -> bool:
        """Whether a change of these rows could change what is shown."""
        return True

    def invalidate(self) -> None:
        """Read anew: now if it is on screen, else when it will be."""
        self._stale = True
        self.catch_up()

    def catch_up(self) -> None:
        """Read anew what has changed while nobody looked, if somebody looks now."""
        if self._stale and self.is_needed():
            self._stale = False
            self.reload()

    def reload_soon(self) -> None:
        """Read anew in a moment."""
        self._stale = True
        self._again.start()

    def is_needed(self) -> bool:
        """Whether it is to be kept up to date: it is on screen."""
        return self.isVisible()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if not (self.topics & change_set.topics) or not self.is_about_this(change_set):
            return
        self._stale = True
        if self.is_needed() and not self._again.isActive():
            self._again.start()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.catch_up()
