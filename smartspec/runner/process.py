"""One process of a task: started, drained, measured, ended with everything it started."""

from __future__ import annotations

import errno
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from smartspec.errors import RunError
from smartspec.runner import identity, sweep

GRACE_SECONDS = 5.0
HELD_PIPE_SECONDS = 2.0
_READ_BYTES = 64 * 1024
_TICK_SECONDS = 0.25
_POLL_SECONDS = 0.02  # where a process has to be asked whether it has ended
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)

OnOutput = Callable[[bytes, bool], None]  # the bytes, and whether they are of stderr


@dataclass(frozen=True, slots=True)
class Command:
    """What to start. `stdin` None: it is empty. `token` marks everything that it starts."""

    argv: list[str]
    env: Mapping[str, str]
    cwd: Path
    token: str
    stdin: bytes | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """How it ended. `code` is negative for a signal (its number); `held`: a grandchild still holds the output.

    `peak_memory_bytes` is None where it cannot be told: a short process that used less than this one.
    """

    code: int
    cpu_ms: int | None
    peak_memory_bytes: int | None
    held: bool = False


class Process:
    """A process group of its own. `wait` belongs to one thread; `end` may be called from any."""

    def __init__(self, command: Command) -> None:
        """Raises RunError with a sentence when it cannot be started."""
        self._command = command
        # A new process counts the memory of the one that it was forked from as its own (Linux, exec_mmap).
        self._inherited_peak = _own_peak()
        self._seen_peak: int | None = None
        self._sample_at = time.monotonic() + _TICK_SECONDS / 5
        with sweep.own_children.lock:
            self._popen = _start(command)
            sweep.own_children.add(self._popen.pid)
        self.pid = self._popen.pid
        self._ending_since: float | None = None
        self._killed = False
        self._lock = threading.Lock()
        if command.stdin is not None:
            threading.Thread(target=self._feed, args=(command.stdin,), daemon=True).start()

    @property
    def start_ticks(self) -> int:
        """When it began, in the kernel's ticks; 0 when it is no more."""
        return identity.start_ticks(self.pid) or 0

    def _feed(self, data: bytes) -> None:
        assert self._popen.stdin is not None
        with suppress(OSError):
            self._popen.stdin.write(data)
        with suppress(OSError):
            self._popen.stdin.close()

    def end(self) -> None:
        """Ask the whole tree to end; whoever waits sees to it that it does."""
        with self._lock:
            if self._ending_since is None:
                self._ending_since = time.monotonic()
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        """To the group, and to those of the tree that left it."""
        if os.name != "posix":
            _end_on_windows(self.pid, number)
            return
        with suppress(ProcessLookupError, PermissionError):
            if self._popen.returncode is None:
                os.killpg(self.pid, number)
        sweep.send(sweep.with_token(self._command.token), number)

    def wait(self, on_output: OnOutput) -> Exit:
        """Drain the output until the process has ended and its pipes are closed, or held for two seconds more."""
        code, cpu, memory, held = (self._wait_posix if os.name == "posix" else self._wait_windows)(on_output)
        if self._ending_since is not None:
            left = GRACE_SECONDS - (time.monotonic() - self._ending_since)
            sweep.end_all(self._command.token, max(0.0, left))
        return Exit(code, cpu, memory, held)

    def _wait_posix(self, on_output: OnOutput) -> tuple[int, int | None, int | None, bool]:
        ended: tuple[int, int, int] | None = None
        give_up_at = float("inf")
        with _Ears(self._popen) as ears:
            while (ears.open_pipes or ended is None) and time.monotonic() < give_up_at:
                ears.listen(on_output)
                if ended is None and ears.may_have_ended:
                    ended = _reap(self._popen, block=ears.exit_seen)
                if ended is None:
                    self._sample()
                elif give_up_at == float("inf"):
                    give_up_at = time.monotonic() + HELD_PIPE_SECONDS
                self._press()
        assert ended is not None
        code, cpu, peak = ended
        return code, cpu, peak if peak > self._inherited_peak else self._seen_peak, bool(ears.open_pipes)

    def _sample(self) -> None:
        if time.monotonic() >= self._sample_at:
            self._sample_at = time.monotonic() + _TICK_SECONDS
            self._seen_peak = max(self._seen_peak or 0, _peak_of(self.pid)) or None

    def _press(self) -> None:
        """KILL what did not heed TERM."""
        since = self._ending_since
        if since is not None and not self._killed and time.monotonic() - since > GRACE_SECONDS:
            self._killed = True
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _wait_windows(self, on_output: OnOutput) -> tuple[int, int | None, int | None, bool]:
        """Pipes cannot be polled there: a thread for each."""
        pipes = ((self._popen.stdout, False), (self._popen.stderr, True))
        lock = threading.Lock()

        def drain(pipe: IO[bytes], is_error: bool) -> None:
            while data := os.read(pipe.fileno(), _READ_BYTES):
                with lock:
                    on_output(data, is_error)

        threads = [threading.Thread(target=drain, args=each, daemon=True) for each in pipes]
        for thread in threads:
            thread.start()
        while True:
            try:
                code = self._popen.wait(_TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                self._press()
        deadline = time.monotonic() + HELD_PIPE_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return code, None, None, any(thread.is_alive() for thread in threads)


def _start(command: Command) -> subprocess.Popen[bytes]:
    _check(command)
    try:
        return subprocess.Popen(
            command.argv,
            env=dict(command.env),
            cwd=command.cwd,
            stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=os.name == "posix",
            creationflags=_NO_WINDOW,
        )
    except (OSError, ValueError) as error:
        raise RunError(_why_not(command, error)) from error


def _check(command: Command) -> None:
    if not command.argv or not command.argv[0]:
        raise RunError("There is no command to start: its first word is empty.")
    if not command.cwd.is_dir():
        raise RunError(f"The working folder {command.cwd} does not exist; make it, or change `cwd`.")


def _why_not(command: Command, error: OSError | ValueError) -> str:
    program = command.argv[0]
    code = getattr(error, "errno", None)
    if isinstance(error, FileNotFoundError):
        return f"The program “{program}” was not found; check its name and the PATH."
    if isinstance(error, PermissionError):
        if Path(program).is_dir():
            return f"“{program}” is a folder, not a program."
        return f"“{program}” may not be run; make it executable (chmod +x)."
    if code == errno.E2BIG:
        return "The arguments and the environment are too large for the system; hand the data over by a file."
    if code == errno.ENOEXEC:
        return f"“{program}” is no program that this system can run; a script needs a first line like #!/bin/sh."
    return f"“{program}” could not be started: {error}."


class _Ears:
    """Listens to the pipes of a process, and for its end where the system tells (Linux); elsewhere that is asked."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        assert popen.stdout is not None and popen.stderr is not None
        self._pipes = {popen.stdout: False, popen.stderr: True}
        self._selector = selectors.PollSelector()
        self._exit: int | None = None
        self.open_pipes = len(self._pipes)
        self.exit_seen = False
        for pipe, is_error in self._pipes.items():
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, is_error)
        if sys.platform == "linux":
            with suppress(OSError):
                self._exit = os.pidfd_open(popen.pid)
                self._selector.register(self._exit, selectors.EVENT_READ, None)

    def __enter__(self) -> _Ears:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for pipe in self._pipes:
            pipe.close()
        if self._exit is not None:
            os.close(self._exit)

    @property
    def may_have_ended(self) -> bool:
        return self.exit_seen or self._exit is None or not self.open_pipes

    def listen(self, on_output: OnOutput) -> None:
        """Take what there is, waiting a moment for it."""
        polled = self._exit is None or (not self.open_pipes and not self.exit_seen)
        for key, _ in self._selector.select(_POLL_SECONDS if polled else _TICK_SECONDS):
            if key.data is None:
                self._selector.unregister(key.fd)
                self.exit_seen = True
            elif not _drain(key.fd, key.data, on_output):
                self._selector.unregister(key.fileobj)
                self.open_pipes -= 1


def _drain(descriptor: int, is_error: bool, on_output: OnOutput) -> bool:
    """One read; False at the end."""
    try:
        data = os.read(descriptor, _READ_BYTES)
    except BlockingIOError:
        return True
    if data:
        on_output(data, is_error)
    return bool(data)


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB elsewhere


def _own_peak() -> int:
    """The most memory that this process had, in bytes; 0 where that is no matter."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _peak_of(pid: int) -> int:
    """The most memory that a running process had, in bytes; 0 where that cannot be read."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
        return int(status.partition(b"VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 0


def _reap(popen: subprocess.Popen[bytes], *, block: bool) -> tuple[int, int, int] | None:
    """(exit code, CPU ms, peak bytes) of an ended process, with its children that it waited for."""
    with sweep.own_children.lock:
        pid, status, usage = os.wait4(popen.pid, 0 if block else os.WNOHANG)
        if not pid:
            return None
        sweep.own_children.pids.discard(pid)
    popen.returncode = os.waitstatus_to_exitcode(status)
    return popen.returncode, round((usage.ru_utime + usage.ru_stime) * 1000), usage.ru_maxrss * _RSS_UNIT


def _end_on_windows(pid: int, number: int) -> None:
    import psutil

    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in [*leader.children(recursive=True), leader]:
            with suppress(psutil.Error):
                process.kill() if number != signal.SIGTERM else process.terminate()
