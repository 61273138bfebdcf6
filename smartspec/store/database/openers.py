"""Who has a database file open: asked before the file is put out of the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from smartspec.errors import Conflict
from smartspec.messages import Message, _, listed
from smartspec.store.database import sidecars

# Where SQLite locks (unix): a byte of -shm that every connection under WAL holds shared while it is open, and the
# bytes of the file that a transaction holds (sqlite.org: wal-locking, os_unix.c).
_ALIVE = ("-shm", 128, 1)
_BUSY = ("", 0x40000000, 512)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold the file against everybody else who would open it by SQLite. Raises Conflict where somebody has it open.

    Not for a process that has it open itself: closing any descriptor of the file drops all its locks. Windows locks
    what is open by itself: there moving the file fails.
    """
    with ExitStack() as held:
        if os.name == "posix":
            for ending, start, length in (_ALIVE, _BUSY):
                if (locked := sidecars.journal(file, ending)).exists():
                    held.enter_context(_locked(locked, start, length, file))
        yield


@contextmanager
def _locked(locked: Path, start: int, length: int, file: Path) -> Iterator[None]:
    import fcntl

    with locked.open("r+b") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except OSError as error:
            raise Conflict(_in_use(file)) from error
        yield


def _in_use(file: Path) -> Message:
    by = listed(_names(file)) or _("another program")
    return _("{file} is open in {by}; end it first, then repeat this.", file=file, by=by)


def _names(file: Path) -> list[Message]:
    """The processes that have it open, as far as this user may see them."""
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and any(each.path == str(file) for each in process.open_files()):
                found.append(_("{name} (process {pid})", name=process.name(), pid=process.pid))
        except (psutil.Error, OSError):
            continue
    return found
