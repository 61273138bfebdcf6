"""What is known of a backup: whether it is as it was made, what is newer, its logs. Each is asked once, and told."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec.errors import SmartSpecError
from smartspec.gui.core.background import Worker
from smartspec.gui.core.context import AppContext
from smartspec.messages import translate
from smartspec.value import mutable

if TYPE_CHECKING:
    from smartspec.commands.database import Backup, LogsFound
    from smartspec.commands.safe_start import BackupState, Newer

T = TypeVar("T")
_AGAIN_MS = 1000  # after the ledger has changed: what is newer is another then


@mutable
class Facts:
    """None is what is not known yet, a problem why it will not be; `took_s` is how long the check took."""

    state: BackupState | None = None
    took_s: float = 0
    check_problem: str = ""
    newer: Newer | None = None
    newer_problem: str = ""
    logs: LogsFound | None = None


class BackupReader(QObject):
    """`learned`: more is known of the backup that was asked for last."""

    learned = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._facts: dict[str, Facts] = {}
        self._asked: set[str] = set()
        self._last: Backup | None = None
        self._again = QTimer(self, interval=_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._read_newer)
        context.change_listener.changed.connect(self._on_changed)  # a method: over with this object

    def _on_changed(self, _changes: object) -> None:
        self._again.start()

    def of(self, backup: Backup) -> Facts:
        return self._facts.setdefault(backup.path, Facts())

    def read(self, backup: Backup) -> None:
        """What is not known of it yet."""
        self._last = backup
        if backup.path not in self._asked:
            self._asked.add(backup.path)
            self._check(backup)
            self._read_newer()
            self._read_logs(backup)

    def _check(self, backup: Backup) -> None:
        from smartspec.commands import safe_start

        facts = self.of(backup)

        def check() -> tuple[BackupState, float]:
            begun = time.monotonic()
            return safe_start.check_backup(self._context.database, backup), time.monotonic() - begun

        def learn(found: tuple[BackupState, float]) -> None:
            facts.state, facts.took_s = found

        self._ask(check, learn, partial(setattr, facts, "check_problem"), "jobs")

    def _read_newer(self) -> None:
        from smartspec.commands import safe_start

        if self._last is not None:
            facts = self.of(self._last)
            read = partial(safe_start.newer_than, self._context.database, self._last)
            self._ask(read, partial(setattr, facts, "newer"), partial(setattr, facts, "newer_problem"), "slow")

    def _read_logs(self, backup: Backup) -> None:
        from smartspec.commands import safe_start

        read = partial(safe_start.logs_of, self._context.database, backup)
        self._ask(read, partial(setattr, self.of(backup), "logs"), lambda _: None, "slow")

    def _ask(
        self, command: Callable[[], T], learn: Callable[[T], object], fail: Callable[[str], object], worker: Worker
    ) -> None:
        def on_answer(found: T) -> None:
            learn(found)
            self.learned.emit()

        def on_refused(error: SmartSpecError) -> None:
            fail(translate(error.sentence))
            self.learned.emit()

        self._context.run(self, command, on_answer, on_refused, worker=worker)
