"""Finding and ending what a task started, wherever it went: by the token in its environment."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TOKEN = "SMARTSPEC_TOKEN"
_PR_SET_CHILD_SUBREAPER = 36
KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)


def become_subreaper() -> None:
    """Orphans of our tasks become our children (Linux), so that they can be found and reaped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def with_token(prefix: str) -> list[int]:
    """The processes whose token begins so. Where environments cannot be read there are none to find."""
    wanted = f"{TOKEN}={prefix}".encode()
    own = os.getpid()
    return [pid for pid, environment in _environments() if pid != own and _holds(environment, wanted)]


def _holds(environment: bytes, wanted: bytes) -> bool:
    return environment.startswith(wanted) or b"\0" + wanted in environment


def _environments() -> Iterable[tuple[int, bytes]]:
    if sys.platform != "linux":
        yield from _environments_elsewhere()
        return
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
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


def end_all(prefix: str, grace: float) -> int:
    """End every process with such a token: TERM, `grace` seconds, KILL. The answer is how many there were."""
    found = with_token(prefix)
    if not found:
        return 0
    send(found, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while (left := with_token(prefix)) and time.monotonic() < deadline:
        time.sleep(0.05)
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)
    for _ in range(100):
        if not left:
            break
        send(left, kill)
        time.sleep(0.02)
        reap(left)
        left = with_token(prefix)
    return len(found)


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
        self._sessions: set[int] = set()  # of all tasks so far: each has one of its own
        self._adopted: set[int] = set()

    def add(self, pid: int) -> None:
        """Under the lock."""
        self.pids.add(pid)
        self._sessions.add(pid)

    def reap_orphans(self) -> None:
        """Collect the orphans that have ended (Linux)."""
        with self.lock:
            for pid, state, session in _children():
                if pid in self.pids:
                    continue
                if state != b"Z":
                    if _has_token(pid):
                        self._adopted.add(pid)
                elif pid in self._adopted or session in self._sessions:
                    self._adopted.discard(pid)
                    reap([pid])


own_children = OwnChildren()


def _children() -> list[tuple[int, bytes, int]]:
    """(pid, state, session) of the children of this process (Linux)."""
    if sys.platform != "linux":
        return []
    me = os.getpid()
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                # proc(5): after the name come state, parent, group, session
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()[:4]
                if int(fields[1]) == me:
                    found.append((int(entry.name), fields[0], int(fields[3])))
    return found


def _has_token(pid: int) -> bool:
    try:
        return _holds(Path(f"/proc/{pid}/environ").read_bytes(), f"{TOKEN}=".encode())
    except OSError:
        return False
