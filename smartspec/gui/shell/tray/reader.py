"""How it stands, read again when something changes, and now and then: a due time comes without anybody's writing."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import overview
from smartspec.domain.overview import Overview
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext

_TOPICS = frozenset(
    {Topic.EXECUTIONS, Topic.TASKS, Topic.WORKFLOWS, Topic.SCHEDULES, Topic.SETTINGS, Topic.DATABASE, Topic.ALERTS}
)
_SOONEST_MS, _EVERY_MS = 500, 15_000
_SHARE = 20  # at most this part of the time is spent with reading: nobody looks at it all the time


class OverviewReader(QObject):
    """`told` carries an Overview; `failed`: it cannot be read."""

    told = Signal(object)
    failed = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._is_reading = self._is_stale = False
        self._soon = QTimer(self, singleShot=True, interval=_SOONEST_MS)
        self._soon.timeout.connect(self.read)
        self._every = QTimer(self, interval=_EVERY_MS)
        self._every.timeout.connect(self.read)
        self._every.start()
        context.change_listener.changed.connect(self._on_changed)

    def read(self) -> None:
        """Off the thread of the window; what changes meanwhile is read afterwards."""
        self._is_stale = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            read = partial(_read, self._context.workspace)
            self._context.run(self, read, self._on_read, self._on_failed, worker="slow")

    def _on_read(self, answer: tuple[Overview, float]) -> None:
        found, seconds = answer
        self._soon.setInterval(max(_SOONEST_MS, round(seconds * 1_000 * _SHARE)))
        self._end_reading()
        self.told.emit(found)

    def _on_failed(self, _error: SmartSpecError) -> None:
        """Why is told by the window: it reads the same ledger."""
        self._end_reading()
        self.failed.emit()

    def _end_reading(self) -> None:
        self._is_reading = False
        if self._is_stale:
            self._is_stale = False
            self._soon.start()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if _TOPICS & change_set.topics and not self._soon.isActive():
            self._soon.start()


def _read(workspace: str) -> tuple[Overview, float]:
    began = time.monotonic()
    return overview.show_overview(workspace), time.monotonic() - began
