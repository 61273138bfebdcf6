"""Who is alive: a process is known by its machine, the boot, its pid, and when it began in the kernel's ticks."""

import os
import socket
from functools import lru_cache
from pathlib import Path

from smartspec.commands.machine import machine_id
from smartspec.domain import times
from smartspec.domain.ids import RunnerPk
from smartspec.domain.runner import Runner


def this_process(kind: str) -> Runner:
    pid = os.getpid()
    return Runner(RunnerPk(0), host(), machine_id(), pid, start_ticks(pid) or 0, boot_id(), kind, times.now())


@lru_cache
def host() -> str:
    """For people; it tells no machine from another, and may change."""
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
    """When a process began, in ticks that no setting of the clock moves; None where there is no such process.

    One that has ended and is only not collected by its parent (a zombie) is none.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return _start_elsewhere(pid)
    # proc(5): state is field 3, starttime field 22; the name, field 2, may hold anything
    fields = stat.rpartition(b")")[2].split()
    return None if fields[0] in (b"Z", b"X", b"x") else int(fields[19])


def _start_elsewhere(pid: int) -> int | None:
    if Path("/proc/self/stat").exists():
        return None
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else round(process.create_time() * 100)
    except psutil.NoSuchProcess:
        return None


def is_same(pid: int, ticks: int) -> bool:
    """Whether this pid is still the process that was noted, and runs."""
    return start_ticks(pid) == ticks


def is_here(runner: Runner) -> bool:
    """Whether a runner is, or was, one of this machine; a row of an older version has no id of its machine."""
    if runner.machine_id is not None:
        return runner.machine_id == machine_id()
    return runner.boot_id == boot_id() or runner.host == host()


def is_gone(runner: Runner) -> bool:
    """Whether a runner is certainly no more; one of another machine is never judged."""
    if runner.pid == os.getpid() and (runner.start_ticks, runner.boot_id) == (_own_start(runner.pid), boot_id()):
        return False
    return is_here(runner) and (runner.boot_id != boot_id() or not is_same(runner.pid, runner.start_ticks))


@lru_cache
def _own_start(pid: int) -> int | None:
    return start_ticks(pid)


def is_alive(runner: Runner) -> bool:
    """Whether a runner certainly lives: it is one of this machine, and there."""
    return is_here(runner) and not is_gone(runner)


def command_of(runner: Runner) -> tuple[str, ...]:
    """The words that a runner of this machine was started with; none where it is gone."""
    import psutil

    try:
        return tuple(psutil.Process(runner.pid).cmdline())
    except psutil.Error:
        return ()
