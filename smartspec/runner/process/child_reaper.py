"""The children of this process: its own, and the orphans of tasks that come to it; collected when they have ended."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from smartspec.runner.process.tokens import has_token

_PR_SET_CHILD_SUBREAPER = 36


def become_subreaper() -> None:
    """Orphans of our tasks become our children (Linux), so that they can be found and reaped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(pids: Iterable[int]) -> None:
    """Collect adopted children that have ended, one by one; never any child, which would steal exit codes."""
    if os.name == "posix":
        for pid in pids:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


class OwnChildren:
    """The processes that somebody here waits for. Starting one and noting it is one act under the lock.

    Other children of this process are left to whoever started them, but for orphans of our tasks that came to us.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pids: set[int] = set()
        self._sessions: set[int] = set()  # of tasks: each has one of its own, and orphans may outlive it there
        self._adopted: set[int] = set()

    def add(self, pid: int) -> None:
        """Under the lock."""
        self.pids.add(pid)
        self._sessions.add(pid)

    def reap_orphans(self) -> None:
        """Collect the orphans that have ended (Linux)."""
        with self.lock:
            if not _has_children():  # an idle runner looks at no process
                self._sessions, self._adopted = {*self.pids}, set()
                return
            sessions: set[int] = set()
            found = _processes()
            for pid, state, parent, session in found:
                sessions.add(session)
                if parent != os.getpid() or pid in self.pids:
                    continue
                if state != b"Z":
                    if has_token(pid):
                        self._adopted.add(pid)
                elif pid in self._adopted or session in self._sessions:
                    self._adopted.discard(pid)
                    reap([pid])
            self._sessions &= sessions | self.pids
            self._adopted &= {pid for pid, *_ in found}


own_children = OwnChildren()


def _has_children() -> bool:
    """Whether this process has any child, ended or not; none is collected."""
    if sys.platform != "linux":
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _processes() -> list[tuple[int, bytes, int, int]]:
    """(pid, state, parent, session) of all processes that can be seen (Linux)."""
    if sys.platform != "linux":
        return []
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                # proc(5): after the name come state, parent, group, session
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()[:4]
                found.append((int(entry.name), fields[0], int(fields[1]), int(fields[3])))
    return found
