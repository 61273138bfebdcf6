"""One process of a task: started, drained, measured, ended with everything it started."""

from __future__ import annotations

import os
import selectors
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from smartspec.commands import process_identity
from smartspec.errors import RunError
from smartspec.runner.process import pipes, sweep
from smartspec.runner.process.grace_periods import GRACE_SECONDS, HELD_PIPE_SECONDS
from smartspec.runner.process.pipes import Pipes
from smartspec.runner.process.spawn import spawn
from smartspec.runner.process.usage import MemoryWatch, collect
from smartspec.value import frozen

_READ_BYTES = 256 * 1024
_PIPE_BYTES = 1024 * 1024  # the most that Linux gives everybody (pipe(7)); the rest have what they have
_TICK_SECONDS = 0.1
_POLL_SECONDS = 0.02  # where a process has to be asked whether it has ended
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


class Sink(Protocol):
    """Takes the output as it comes."""

    def __call__(self, data: bytes, is_error: bool) -> None: ...

    def take(self, pipe: int) -> int | None:
        """Take what a pipe holds by itself: how many bytes, 0 at its end; None: it is to be read, and handed over.

        Raises BlockingIOError where nothing is there.
        """

    def pass_time(self) -> None:
        """Called several times a second, whether anything came or not."""


@frozen
class Command:
    """What to start. `stdin` None: it is empty. `token` marks everything that it starts.

    stdout and stderr share one pipe, which keeps the order of what is written; `apart`: each has its own, and the order
    is as close as two allow.
    """

    argv: list[str]
    env: Mapping[str, str]
    cwd: Path
    token: str
    stdin: bytes | None = None
    apart: bool = False


@frozen
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
        self._memory = MemoryWatch()
        self._pipes = Pipes(apart=command.apart)
        try:
            with sweep.own_children.lock:
                self._popen = _start(command, self._pipes)
                sweep.own_children.add(self._popen.pid)
        except BaseException:
            self._pipes.close()
            raise
        finally:
            self._pipes.close_handed_on()
        self.pid = self._popen.pid
        self._ending_since: float | None = None
        self._killed = False
        self._lock = threading.Lock()
        if command.stdin is not None:
            try:
                threading.Thread(target=self._feed, args=(command.stdin,), daemon=True).start()
            except RuntimeError as error:
                self.abandon()
                raise RunError("The system allows no more threads; let fewer things run at once.") from error

    @property
    def start_ticks(self) -> int:
        """When it began, in the kernel's ticks; 0 when it is no more."""
        return process_identity.start_ticks(self.pid) or 0

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

    def abandon(self) -> None:
        """Kill the whole tree and collect it: nobody can listen to it any more."""
        self._signal(sweep.KILL)
        sweep.end_all(self._command.token, grace=0.0)
        with suppress(OSError):
            _reap(self._popen, block=True) if os.name == "posix" else self._popen.wait()
        self._pipes.close()
        if self._popen.stdin is not None:
            with suppress(OSError):
                self._popen.stdin.close()

    def _signal(self, number: int) -> None:
        """To the group, and to those of the tree that left it."""
        if os.name != "posix":
            _end_on_windows(self.pid, number)
            return
        with suppress(ProcessLookupError, PermissionError):
            if self._popen.returncode is None:
                os.killpg(self.pid, number)
        with suppress(OSError):  # nothing can be looked at: the group has it, and who waits looks again
            sweep.send(sweep.with_token(self._command.token), number)

    def wait(self, sink: Sink) -> Exit:
        """Drain the output until the process has ended and its pipes are closed, or held for two seconds more."""
        code, cpu, memory, held = (self._wait_posix if os.name == "posix" else self._wait_windows)(sink)
        if self._ending_since is not None:
            left = GRACE_SECONDS - (time.monotonic() - self._ending_since)
            sweep.end_all(self._command.token, grace=max(0.0, left))
        return Exit(code, cpu, memory, held)

    def _wait_posix(self, sink: Sink) -> tuple[int, int | None, int | None, bool]:
        ended: tuple[int, int, int] | None = None
        give_up_at = float("inf")
        with PipeReader(self._pipes, self.pid) as reader:
            while (reader.open_pipes or ended is None) and time.monotonic() < give_up_at:
                reader.read(sink)
                sink.pass_time()
                if ended is None and reader.may_have_ended:
                    ended = _reap(self._popen, block=reader.exit_seen)
                if ended is None:
                    self._memory.sample(self.pid)
                elif give_up_at == float("inf"):
                    give_up_at = time.monotonic() + HELD_PIPE_SECONDS
                self._escalate_to_kill()
        assert ended is not None
        code, cpu, peak = ended
        return code, cpu, self._memory.peak(peak), bool(reader.open_pipes)

    def _escalate_to_kill(self) -> None:
        """KILL what did not heed TERM."""
        since = self._ending_since
        if since is not None and not self._killed and time.monotonic() - since > GRACE_SECONDS:
            self._killed = True
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _wait_windows(self, sink: Sink) -> tuple[int, int | None, int | None, bool]:
        """Pipes cannot be polled there: a thread for each."""
        lock = threading.Lock()

        def drain(source: int, is_error: bool) -> None:
            with os.fdopen(source, "rb", buffering=0):
                while data := os.read(source, _READ_BYTES):
                    with lock:
                        sink(data, is_error)

        threads = [threading.Thread(target=drain, args=each, daemon=True) for each in self._pipes.taken().items()]
        for thread in threads:
            thread.start()
        while True:
            try:
                code = self._popen.wait(_TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                with lock:
                    sink.pass_time()
                self._escalate_to_kill()
        deadline = time.monotonic() + HELD_PIPE_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return code, None, None, any(thread.is_alive() for thread in threads)


def _start(command: Command, outlets: Pipes) -> subprocess.Popen[bytes]:
    _check(command)
    return spawn(
        command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
        stdout=outlets.stdout,
        stderr=outlets.stderr,
        start_new_session=os.name == "posix",
        creationflags=_NO_WINDOW,
    )


def _check(command: Command) -> None:
    if not command.argv or not command.argv[0]:
        raise RunError("There is no command to start: its first word is empty.")
    try:
        is_folder = stat.S_ISDIR(command.cwd.stat().st_mode)
    except FileNotFoundError:
        raise RunError(
            f"The working folder {command.cwd} does not exist; make it, change `cwd`, or import the workflow from where"
            " its file is now."
        ) from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise RunError(f"The working folder {command.cwd} cannot be used: {why}; change `cwd`.") from error
    if not is_folder:
        raise RunError(f"The working folder {command.cwd} is no folder; change `cwd`.")


class PipeReader:
    """Listens to the pipes of a process, and for its end where the system tells (Linux); elsewhere that is asked."""

    def __init__(self, outlets: Pipes, pid: int) -> None:
        self._outlets = outlets
        self._are_two = len(outlets.sources) > 1
        self._selector = selectors.DefaultSelector() if self._are_two else selectors.PollSelector()  # costs less
        self._exit: int | None = None
        self.open_pipes = len(outlets.sources)
        self.exit_seen = False
        for source, is_error in outlets.sources.items():
            os.set_blocking(source, False)
            _widen(source)
            self._selector.register(source, selectors.EVENT_READ, is_error)
        if sys.platform == "linux":
            with suppress(OSError):
                self._exit = os.pidfd_open(pid)
                self._selector.register(self._exit, selectors.EVENT_READ, None)

    def __enter__(self) -> PipeReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        self._outlets.close()
        if self._exit is not None:
            os.close(self._exit)

    @property
    def may_have_ended(self) -> bool:
        return self.exit_seen or self._exit is None or not self.open_pipes

    def read(self, sink: Sink) -> None:
        """Take what there is, waiting a moment for it."""
        polled = self._exit is None or (not self.open_pipes and not self.exit_seen)
        for key, _ in self._selector.select(_POLL_SECONDS if polled else _TICK_SECONDS):
            if key.data is None:
                self._selector.unregister(key.fd)
                self.exit_seen = True
            elif not _drain(key.fd, key.data, sink):
                self._selector.unregister(key.fd)
                self.open_pipes -= 1
            elif self._are_two:
                pipes.to_the_end_of_the_queue(self._selector, key.fd)


def _widen(pipe: int) -> None:
    """Let a fast writer write on while what it wrote is kept: fewer turns for the same bytes."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _drain(descriptor: int, is_error: bool, sink: Sink) -> bool:
    """One read; False at the end."""
    try:
        taken = sink.take(descriptor)
        if taken is not None:
            return taken > 0
        data = pipes.read(descriptor, _READ_BYTES)
    except BlockingIOError:
        return True
    if data:
        sink(data, is_error)
    return bool(data)


def _reap(popen: subprocess.Popen[bytes], *, block: bool) -> tuple[int, int, int] | None:
    """(exit code, CPU ms, peak bytes) of an ended process, with its children that it waited for."""
    with sweep.own_children.lock:
        ended = collect(popen.pid, block=block)
        if ended is not None:
            sweep.own_children.pids.discard(popen.pid)
            popen.returncode = ended[0]
    return ended


def _end_on_windows(pid: int, number: int) -> None:
    import psutil

    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in [*leader.children(recursive=True), leader]:
            with suppress(psutil.Error):
                process.kill() if number != signal.SIGTERM else process.terminate()
