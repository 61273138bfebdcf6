"""Finding and ending what a task started, wherever it went: by the token in its environment."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

TOKEN = "SMARTSPEC_TOKEN"
_PR_SET_CHILD_SUBREAPER = 36
KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)
_NOT_OURS = (PermissionError, FileNotFoundError, ProcessLookupError)  # another user's, or gone meanwhile
_LOOK_SECONDS = 0.02
_GIVE_UP_SECONDS = 3.0  # after KILL: what hangs in the kernel is not waited for


def token_of(execution: str, attempt: str) -> str:
    """What marks every process that an attempt starts; `attempt` is task.item.attempt."""
    return f"{execution}/{attempt}/"


def become_subreaper() -> None:
    """Orphans of our tasks become our children (Linux), so that they can be found and reaped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def with_token(*prefixes: str) -> list[int]:
    """The processes whose token begins so. Where environments cannot be read there are none to find.

    Raises OSError where nothing can be looked at: no file may be opened any more.
    """
    wanted = tuple(prefix.encode() for prefix in prefixes)
    own = os.getpid()
    return [pid for pid, environment in _environments() if pid != own and _token(environment).startswith(wanted)]


def _token(environment: bytes) -> bytes:
    """Empty where there is none."""
    mark = f"{TOKEN}=".encode()
    if environment.startswith(mark):
        return environment[len(mark) :].partition(b"\0")[0] or b"\0"
    return environment.partition(b"\0" + mark)[2].partition(b"\0")[0]


def _environments() -> Iterable[tuple[int, bytes]]:
    if sys.platform != "linux":
        yield from _environments_elsewhere()
        return
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(*_NOT_OURS):
                yield int(entry.name), Path(entry.path, "environ").read_bytes()


def _environments_elsewhere() -> Iterable[tuple[int, bytes]]:
    import psutil

    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            pairs = process.environ().items()
            yield process.pid, b"\0".join(f"{name}={value}".encode("utf-8", "replace") for name, value in pairs)


def send(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_all(
    *prefixes: str, grace: float, is_over: threading.Event | None = None, give_up_after: float = _GIVE_UP_SECONDS
) -> bool:
    """End every process with such a token: TERM, `grace` seconds, KILL; False where some may be left after all.

    `is_over` breaks it off.
    """
    left = _seen(prefixes)
    send(left or (), signal.SIGTERM)
    killing_at, giving_up_at = time.monotonic() + grace, time.monotonic() + grace + give_up_after
    while left != [] and time.monotonic() < giving_up_at and not (is_over and is_over.is_set()):
        time.sleep(_LOOK_SECONDS)
        if time.monotonic() >= killing_at:
            send(left or (), KILL)
            time.sleep(_LOOK_SECONDS)
            reap(left or ())
        left = _seen(prefixes)
    return left == []


def _seen(prefixes: Sequence[str]) -> list[int] | None:
    """None where it cannot be told."""
    try:
        return with_token(*prefixes) if prefixes else []
    except OSError:
        return None


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
            sessions: set[int] = set()
            found = _processes()
            for pid, state, parent, session in found:
                sessions.add(session)
                if parent != os.getpid() or pid in self.pids:
                    continue
                if state != b"Z":
                    if _has_token(pid):
                        self._adopted.add(pid)
                elif pid in self._adopted or session in self._sessions:
                    self._adopted.discard(pid)
                    reap([pid])
            self._sessions &= sessions | self.pids
            self._adopted &= {pid for pid, *_ in found}


own_children = OwnChildren()


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


def _has_token(pid: int) -> bool:
    try:
        return bool(_token(Path(f"/proc/{pid}/environ").read_bytes()))
    except OSError:
        return False
