"""What was written, by whomever, as one Qt signal on the GUI thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec import changes
from smartspec.changes import Change, ChangeSet
from smartspec.errors import SmartSpecError

_TOGETHER_MS = 50
_POLL_SECONDS = 0.2


class ChangeListener(QObject):
    """`changed` carries a ChangeSet: all that was written within 50 ms."""

    changed = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collected: list[Change] = []
        self._timer = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._timer.timeout.connect(self._publish_collected)
        self._heard.connect(self._collect)
        self._unsubscribe = changes.subscribe(self._heard.emit)
        self._over = threading.Event()
        self._watcher: threading.Thread | None = None

    def watch(self) -> None:
        """From now on hear of other processes too; the database is open."""
        self._watcher = threading.Thread(target=self._poll, name="watcher", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        self._over.set()
        if self._watcher is not None:
            self._watcher.join()
        self._unsubscribe()

    def _poll(self) -> None:
        """On a thread and a connection of its own."""
        from smartspec.commands import database
        from smartspec.commands.change_polling import ChangePoller

        try:
            watch = ChangePoller()
            while not self._over.wait(_POLL_SECONDS):
                watch.poll()
        except SmartSpecError:
            pass  # whoever reads next is told
        finally:
            database.close_connection()

    def _collect(self, change: Change) -> None:
        self._collected.append(change)
        if not self._timer.isActive():
            self._timer.start()

    def _publish_collected(self) -> None:
        change_set = ChangeSet(self._collected)
        self._collected.clear()
        self.changed.emit(change_set)
