"""A restoring that is under way, on a thread of its own: no session is needed for it, and it can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from smartspec.errors import SmartSpecError
from smartspec.messages import _, translate

if TYPE_CHECKING:
    from smartspec.commands.database import Restored, RestoredElsewhere

_PATIENCE_S = 600.0  # for what runs to end by itself
_TELL_EVERY_S = 0.05


class Restoration(QObject):
    """`moved` carries the step that is done now, the part of it, and who is waited for; `done` what came of it (of
    `database`), `failed` why nothing did.
    """

    moved = Signal(str, float, str)
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

    def begin_elsewhere(self, folder: Path, *, with_logs: bool) -> None:
        def elsewhere() -> RestoredElsewhere:
            from smartspec.commands import database

            return database.restore_elsewhere(self._file, self._name, folder, self._report, with_logs=with_logs)

        self._run(elsewhere)

    def _over(self) -> Restored:
        from smartspec.commands import database

        try:
            return database.restore_database(self._file, self._name, self._report, _PATIENCE_S)
        finally:
            database.forget_database()

    def _run(self, work: Callable[[], object]) -> None:
        def on_thread() -> None:
            try:
                done = work()
            except SmartSpecError as error:
                self.failed.emit(error)
            except Exception:  # a bug, which is loud; who waits for it does not wait for ever
                self.failed.emit(SmartSpecError(_("Restoring ended with an error in SmartSpec itself.")))
                raise
            else:
                self.done.emit(done)

        threading.Thread(target=on_thread, name="restoring").start()

    def _report(self, step: str, share: float, told: str) -> bool:
        now = time.monotonic()
        if step != self._told[0] or now - self._told[1] > _TELL_EVERY_S:
            self._told = (step, now)
            self.moved.emit(step, share, translate(told))
        return not self._is_stopped
