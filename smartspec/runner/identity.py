"""What tells one process from every other: its pid, when it began in the kernel's ticks, and the boot."""

import os
import socket
from functools import lru_cache
from pathlib import Path

from smartspec.domain import times
from smartspec.domain.runner import Runner


def this_process(kind: str) -> Runner:
    pid = os.getpid()
    return Runner(0, host(), pid, start_ticks(pid) or 0, boot_id(), kind, times.now())


@lru_cache
def host() -> str:
    return socket.gethostname()


@lru_cache
def boot_id() -> str:
    """The same until the machine starts again."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        import psutil

        return str(round(psutil.boot_time() / 60))  # to the minute: the clock may be set a little


def start_ticks(pid: int) -> int | None:
    """When a process began, in ticks that no setting of the clock moves; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
        return int(stat.rpartition(b")")[2].split()[19])  # proc(5): starttime is field 22, the name is field 2
    except (FileNotFoundError, ProcessLookupError):
        return _start_elsewhere(pid)


def _start_elsewhere(pid: int) -> int | None:
    if Path("/proc/self/stat").exists():
        return None
    import psutil

    try:
        return round(psutil.Process(pid).create_time() * 100)
    except psutil.NoSuchProcess:
        return None


def is_same(pid: int, ticks: int) -> bool:
    """Whether this pid is still the process that was noted."""
    return start_ticks(pid) == ticks


def is_gone(runner: Runner) -> bool:
    """Whether a runner is certainly no more; one of another machine is never judged."""
    if runner.host != host():
        return False
    return runner.boot_id != boot_id() or not is_same(runner.pid, runner.start_ticks)
