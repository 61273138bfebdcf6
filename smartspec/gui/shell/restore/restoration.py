"""A restoring that is under way, on a thread of its own: no session is needed for it, and it can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from smartspec.errors import SmartSpecError

_PATIENCE_S = 600.0  # for what runs to end by itself
_TELL_EVERY_S = 0.05


class Restoration(QObject):
    """`moved` carries the step that is done now and the part of it; `done` the ledger's file; `failed` why not."""

    moved = Signal(str, float)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, file: Path, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._file, self._name = file, name
        self._is_stopped = False
        self._told: tuple[str, float] = ("", 0.0)

    def stop(self) -> None:
        """What is there stays as it is, unless the last step has begun."""
        self._is_stopped = True

    def begin_over(self) -> None:
        """In the place of the ledger, which nobody in this process may have open."""
        self._run(self._over)

    def begin_elsewhere(self, folder: Path) -> None:
        def elsewhere() -> Path:
            from smartspec.commands import database

            return database.restore_elsewhere(self._file, self._name, folder, self._report)

        self._run(elsewhere)

    def _over(self) -> Path:
        from smartspec.commands import database

        try:
            database.restore_database(self._file, self._name, self._report, _PATIENCE_S)
        finally:
            database.forget_database()
        return self._file

    def _run(self, work: Callable[[], Path]) -> None:
        def on_thread() -> None:
            try:
                file = work()
            except SmartSpecError as error:
                self.failed.emit(error)
            else:
                self.done.emit(file)

        threading.Thread(target=on_thread, name="restoring").start()

    def _report(self, step: str, share: float) -> bool:
        now = time.monotonic()
        if step != self._told[0] or now - self._told[1] > _TELL_EVERY_S:
            self._told = (step, now)
            self.moved.emit(step, share)
        return not self._is_stopped
