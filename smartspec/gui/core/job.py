"""Something slow that is under way: how far it is, and the way to stop it."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

_TELL_EVERY_S = 0.1


class BackgroundJob(QObject):
    """`moved` carries the part done, from 0 to 1; `ended` comes once it is through, stopped, refused or broken."""

    moved = Signal(float)
    ended = Signal()

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self._is_stopped = False
        self._told_at = 0.0

    def stop(self) -> None:
        self._is_stopped = True

    def report_progress(self, share: float) -> bool:
        """For the command, on its thread; the answer is whether it is still wanted."""
        now = time.monotonic()
        if now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            self.moved.emit(share)
        return not self._is_stopped
