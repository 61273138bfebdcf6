"""What the loop of a runner sleeps on: somebody wakes it, or somebody has written to the ledger.

Linux tells of each write to SQLite's journal (inotify, one process of this machine to another): then the ledger is
asked at once, and often for some seconds more, because a commit can be seen only when it is on the disk. While nothing
is written it is asked once a second. Where the system tells of nothing, or has not told of something that was found,
it is asked four times a second.
"""

from __future__ import annotations

import ctypes
import os
import select
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

POLL_SECONDS = 0.25
QUIET_POLL_SECONDS = 1.0
_FIRST_SECONDS = 0.01  # after a write: the shortest that a commit takes to be seen
_QUIET_AFTER_SECONDS = 2.0
_IN_MODIFY, _IN_NONBLOCK, _IN_CLOEXEC = 0x2, 0o4000, 0o2000000  # linux/inotify.h
_MOST_BYTES = 65_536


class LedgerWatch(Protocol):
    """`wait` comes back when it is time to look; `set` may come from any thread, and from a signal."""

    def set(self) -> None: ...

    def wait(self) -> None: ...

    def note_news(self) -> None:
        """The ledger was written to by somebody, as was seen when it was asked."""


def watch(journal: Path | None) -> LedgerWatch:
    """On writes to this file, where the system tells of them; None: the ledger is asked now and then."""
    if sys.platform == "linux" and journal is not None:
        with suppress(OSError):  # there is none (no WAL), or too many are watched by this user
            return _JournalWatch(journal)
    return _Clock()


class _Clock:
    """Nothing is told of."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def set(self) -> None:
        self._woken.set()

    def wait(self) -> None:
        self._woken.wait(POLL_SECONDS)
        self._woken.clear()

    def note_news(self) -> None:
        pass


class _Descriptor:
    """Of a file of the kernel; it is closed when nobody has it any more, for others may be about to write to it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class _JournalWatch:
    """Raises OSError where the file cannot be watched."""

    def __init__(self, journal: Path) -> None:
        self._writes = _inotify(journal)
        self._bell = _Descriptor(os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC))
        self._either, self._bell_alone = select.poll(), select.poll()
        for poller in (self._either, self._bell_alone):
            poller.register(self._bell.number, select.POLLIN)
        self._either.register(self._writes.number, select.POLLIN)
        self._is_blind = False
        self._written_at, self._pause = time.monotonic(), POLL_SECONDS

    def set(self) -> None:
        os.eventfd_write(self._bell.number, 1)

    def wait(self) -> None:
        if self._is_blind or time.monotonic() - self._written_at < _QUIET_AFTER_SECONDS:
            self._sleep(self._bell_alone, self._pause)
            self._pause = min(POLL_SECONDS, self._pause * 3)
            self._note_writes()
        else:
            self._sleep(self._either, QUIET_POLL_SECONDS)
            if self._note_writes():
                self._sleep(self._bell_alone, _FIRST_SECONDS)
                self._pause = 2 * _FIRST_SECONDS

    def note_news(self) -> None:
        was_told = self._note_writes() or time.monotonic() - self._written_at < 2 * QUIET_POLL_SECONDS
        self._is_blind = self._is_blind or not was_told

    def _sleep(self, poller: select.poll, seconds: float) -> None:
        poller.poll(seconds * 1000)
        with suppress(BlockingIOError):  # nobody has woken it
            os.eventfd_read(self._bell.number)

    def _note_writes(self) -> bool:
        """Whether the system has told of any since it was asked last."""
        try:
            os.read(self._writes.number, _MOST_BYTES)
        except BlockingIOError:
            return False
        self._written_at = time.monotonic()
        return True


def _inotify(file: Path) -> _Descriptor:
    library = ctypes.CDLL(None, use_errno=True)
    made = library.inotify_init1(_IN_NONBLOCK | _IN_CLOEXEC)
    if made < 0:
        raise OSError(ctypes.get_errno(), "inotify_init1")
    descriptor = _Descriptor(made)
    if library.inotify_add_watch(made, os.fsencode(file), _IN_MODIFY) < 0:
        raise OSError(ctypes.get_errno(), "inotify_add_watch")
    return descriptor
