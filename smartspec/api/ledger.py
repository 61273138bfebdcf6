"""The ledger of this process, and this process as the one who records in it."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path

from smartspec.commands import database, process_identity, recording
from smartspec.domain.ids import RunnerPk
from smartspec.errors import SmartSpecError
from smartspec.runner.pings.pinger import Pinger


class Recorder:
    """Registered when it first records; it leaves the ledger when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: RunnerPk | None = None
        self._process = 0
        self._file: Path | None = None
        self._pinger, self._pinging = Pinger(), os.getpid()

    @property
    def pinger(self) -> Pinger:
        """What sends the pings of what is recorded; a fork has one of its own."""
        if self._pinging != os.getpid():
            self._pinger, self._pinging = Pinger(), os.getpid()
        return self._pinger

    def key(self) -> RunnerPk:
        """The key of its row in `runners`; the ledger is opened first. Raises StorageError."""
        with self._lock:
            database.open_default_database()
            here = (os.getpid(), database.database_path())  # a fork is another process, another file another ledger
            if self._key is None or here != (self._process, self._file):
                self._key = recording.register_recorder(process_identity.this_process("recording"))
                self._process, self._file = here
                atexit.register(self._unregister, self._key, *here)
            return self._key

    def _unregister(self, key: RunnerPk, process: int, file: Path) -> None:
        self.pinger.wait()
        if process == os.getpid() and database.is_open() and database.database_path() == file:
            try:
                recording.unregister_recorder(key)
                database.close_database()
            except SmartSpecError:
                return


recorder = Recorder()
