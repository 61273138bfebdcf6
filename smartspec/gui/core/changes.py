"""What was written, by whomever, as one Qt signal on the GUI thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec import changes
from smartspec.changes import Change, ChangeSet
from smartspec.errors import SmartSpecError

if TYPE_CHECKING:
    from smartspec.commands.change_polling import ChangePoller

_TOGETHER_MS = 50
_POLL_SECONDS = 0.2
_TIMES = 2  # so often in a row it is missed before that is told


class ChangeListener(QObject):
    """`changed` carries a ChangeSet: all that was written within 50 ms.

    `lost` carries why the ledger cannot be read or written any more (a SmartSpecError), `found`: it can be again.
    """

    changed = Signal(object)
    lost = Signal(object)
    found = Signal()
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collected: list[Change] = []
        self._timer = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._timer.timeout.connect(self._publish_collected)
        self._heard.connect(self._collect)
        self._unsubscribe = changes.subscribe(self._heard.emit)
        self._over = threading.Event()
        self._missed = 0  # so often in a row, for the same reason
        self._last_missed: type[SmartSpecError] | None = None
        self._told: type[SmartSpecError] | None = None
        self._is_asked = False  # a person wants to know it again
        self._watcher: threading.Thread | None = None

    def watch(self) -> None:
        """From now on hear of other processes too; the database is open."""
        self._watcher = threading.Thread(target=self._poll, name="watcher", daemon=True)
        self._watcher.start()

    def look_now(self) -> None:
        """Tell again what is missed, if anything still is."""
        self._is_asked = True

    def close(self) -> None:
        self._over.set()
        if self._watcher is not None:
            self._watcher.join()
        self._unsubscribe()

    def _poll(self) -> None:
        """On a thread and a connection of its own."""
        from smartspec.commands import database

        poller: ChangePoller | None = None
        try:
            while not self._over.wait(_POLL_SECONDS):
                try:
                    poller = self._poll_once(poller)
                    self._on_seen()
                except SmartSpecError as error:
                    poller = None
                    database.close_connection()
                    self._on_missed(error)
        finally:
            database.close_connection()

    def _on_missed(self, error: SmartSpecError) -> None:
        self._missed = self._missed + 1 if type(error) is self._last_missed else 1
        self._last_missed = type(error)
        if self._missed >= _TIMES and (self._told is not type(error) or self._is_asked):
            self._told, self._is_asked = type(error), False
            self.lost.emit(error)

    def _on_seen(self) -> None:
        self._missed = 0
        if self._told is not None:
            from smartspec.commands import database

            database.renew_connections()
            self._told = None
            self.found.emit()

    def _poll_once(self, poller: ChangePoller | None) -> ChangePoller:
        """Raises SmartSpecError."""
        from smartspec.commands.change_polling import ChangePoller

        poller = poller or ChangePoller()
        poller.poll()
        return poller

    def _collect(self, change: Change) -> None:
        self._collected.append(change)
        if not self._timer.isActive():
            self._timer.start()

    def _publish_collected(self) -> None:
        change_set = ChangeSet(self._collected)
        self._collected.clear()
        self.changed.emit(change_set)
