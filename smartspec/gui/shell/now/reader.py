"""What goes on, read again when something changes: for the bar at the bottom and for the panel the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from smartspec.changes import ChangeSet, Topic
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext

if TYPE_CHECKING:
    from smartspec.domain.activity import Now

_TOPICS = frozenset({Topic.EXECUTIONS, Topic.TASKS, Topic.SETTINGS, Topic.DATABASE})
_SOONEST_MS = 150
_SHARE = 5  # at most this part of the time is spent with reading
_LOOK_MS = 3_000  # that a runner came or went is written nowhere


class NowReader(QObject):
    """`told` carries what goes on; `failed` why it could not be read."""

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.now: Now | None = None
        self._is_reading = self._is_stale = False
        self._soon = QTimer(self, singleShot=True, interval=_SOONEST_MS)
        self._soon.timeout.connect(self.read)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._look.start()
        context.change_listener.changed.connect(self._on_changed)
        self.read()

    @Slot()
    def read(self) -> None:
        """Off the thread of the window; what changes meanwhile is read afterwards."""
        self._is_stale = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            self._context.run(self, _read, self._on_read, self._on_failed, worker="slow")

    def _on_read(self, answer: tuple[Now, float]) -> None:
        self.now, seconds = answer
        self._soon.setInterval(max(_SOONEST_MS, round(seconds * 1000 * _SHARE)))
        self._end_reading()
        self.told.emit(self.now)

    def _on_failed(self, error: SmartSpecError) -> None:
        self._end_reading()
        self.failed.emit(error)

    def _end_reading(self) -> None:
        self._is_reading = False
        if self._is_stale:
            self._is_stale = False
            self._soon.start()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if _TOPICS & change_set.topics and not self._soon.isActive():
            self._soon.start()

    def _on_look(self) -> None:
        if self.now is not None and (self.now.activities or self.now.runners):
            self.read()


# On a thread of the commands: the bar is there before they are


def _read() -> tuple[Now, float]:
    from smartspec.commands import activity

    began = time.monotonic()
    return activity.list_activities(), time.monotonic() - began
