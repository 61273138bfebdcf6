"""Who has a database file open: asked, and asked to let go of it, before the file is put out of the way."""

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
_WANTED = "-restoring.lock"


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold the file against everybody else who would open it by SQLite. Raises Conflict where somebody has it open.

    Not for a process that has it open itself: closing any descriptor of the file drops all its locks. Windows locks
    what is open by itself: there moving the file fails.
    """
    with ExitStack() as held:
        try:
            held.enter_context(_held(file))
        except _Taken:
            raise Conflict(_in_use(file)) from None
        yield


class _Taken(Exception):
    """Somebody else has it open."""


@contextmanager
def _held(file: Path) -> Iterator[None]:
    with ExitStack() as held:
        if os.name == "posix":
            for ending, start, length in (_ALIVE, _BUSY):
                if (locked := sidecars.journal(file, ending)).exists():
                    held.enter_context(_locked(locked, start, length))
        yield


@contextmanager
def wanted(file: Path) -> Iterator[None]:
    """Ask runners to begin nothing more and to let go of the file, for as long as this lasts. Raises Conflict where
    somebody else wants it, and OSError.

    It is a lock, and so is over with the process that holds it. Windows has none: there nobody is asked.
    """
    if os.name != "posix":
        yield
        return
    lock = sidecars.journal(file, _WANTED)
    with lock.open("ab") as opened:
        if not _takes(opened.fileno(), exclusive=True):
            raise Conflict(_("{file} is being restored by another program; wait until that is through.", file=file))
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def is_wanted(file: Path) -> bool:
    """Whether somebody waits for all others to let go of it. (Asked before each claim.)"""
    try:
        opened = os.open(sidecars.journal(file, _WANTED), os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.name == "posix" and not _takes(opened, exclusive=False)
    finally:
        os.close(opened)


def _takes(opened: int, *, exclusive: bool) -> bool:
    import fcntl

    try:
        fcntl.flock(opened, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(locked: Path, start: int, length: int) -> Iterator[None]:
    import fcntl

    with locked.open("r+b") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except OSError as error:
            raise _Taken from error
        yield


def is_free(file: Path) -> bool:
    """Whether nobody else has it open; who has is not looked for, which takes longer. As `alone`."""
    try:
        with _held(file):
            return True
    except _Taken:
        return False


def awaited(file: Path) -> Message:
    """A sentence that names who is waited for."""
    return _("Waiting for {by} to let go of it.", by=listed(_names(file)) or _("another program"))


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
