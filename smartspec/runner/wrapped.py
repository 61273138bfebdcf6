"""A command that is recorded: run as if it had been called directly, with the same output, terminal and signals."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import IO, Any

from smartspec.errors import RunError
from smartspec.runner import pipes, terminal
from smartspec.runner.patience import GRACE_SECONDS, HELD_PIPE_SECONDS
from smartspec.runner.pipes import Pipes
from smartspec.runner.pumps import Pumps, Sink, write_all
from smartspec.runner.spawn import spawn
from smartspec.runner.usage import MemoryWatch, collect

_READ_BYTES = 64 * 1024
_TICK_SECONDS = 0.1
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


@dataclass(frozen=True, slots=True)
class Ended:
    """`code` is negative for a signal (its number); `interrupted`: a signal to end was passed on to it.

    `unshown`: why what it wrote could not all be passed on, somebody who had read enough aside.
    """

    code: int
    cpu_ms: int | None
    peak_memory_bytes: int | None
    interrupted: bool
    unshown: OSError | None = None


class Wrapped:
    """One command. What it writes goes to this process' own output, and to a sink."""

    def __init__(self, argv: Sequence[str], sink: Sink, on_tick: Callable[[], bool]) -> None:
        """`on_tick` is called several times a second; True: the command is to be ended."""
        self._argv = [*argv]
        self._sink = sink
        self._on_tick = on_tick
        self._memory = MemoryWatch()
        self._popen: subprocess.Popen[bytes]
        self._has_terminal = False
        self._interrupted = False
        self._ending_since: float | None = None

    def run(self) -> Ended:
        """Until it has ended. Raises RunError when it cannot be started."""
        if os.name != "posix":
            return self._run_on_windows()
        with ExitStack() as stack:
            pumps = self._start(stack)
            stack.enter_context(self._signals())
            return self._until_ended(pumps)

    # POSIX

    def _start(self, stack: ExitStack) -> Pumps:
        """Through a terminal of its own where our output is one, else through pipes."""
        if not os.isatty(_STDOUT):
            return Pumps(self._start_with_pipes(), self._sink)
        self._has_terminal = True
        master, slave = os.openpty()
        terminal.copy_window_size(master)
        is_ours = os.isatty(_STDIN) and terminal.listens_to_us(_STDIN)
        try:
            self._popen = _spawn(
                self._argv,
                stdin=slave if os.isatty(_STDIN) else None,
                stdout=slave,
                stderr=slave if os.isatty(_STDERR) else subprocess.PIPE,
                start_new_session=True,
                preexec_fn=terminal.take,
            )
        except RunError:
            os.close(master)
            raise
        finally:
            os.close(slave)
        sources = {master: _STDOUT}
        if self._popen.stderr is not None:
            sources[_taken(self._popen.stderr)] = _STDERR
        if is_ours:
            stack.enter_context(terminal.raw(_STDIN))
        stack.enter_context(terminal.on_resize(lambda: terminal.copy_window_size(master)))
        return Pumps(sources, self._sink, typed_into=master if is_ours else None)

    def _start_with_pipes(self) -> dict[int, int]:
        """The ends to read and where what comes goes on: one where our own output is one."""
        ends = Pipes(apart=not pipes.is_same(_STDOUT, _STDERR))
        try:
            self._popen = _spawn(self._argv, stdout=ends.stdout, stderr=ends.stderr)
        except RunError:
            ends.close()
            raise
        finally:
            ends.close_handed_on()
        return {source: _STDERR if is_error else _STDOUT for source, is_error in ends.taken().items()}

    def _until_ended(self, pumps: Pumps) -> Ended:
        ended: tuple[int, int, int] | None = None
        give_up_at = float("inf")
        with pumps:
            while (pumps.is_open or ended is None) and time.monotonic() < give_up_at:
                pumps.turn(_TICK_SECONDS if pumps.is_open else _TICK_SECONDS / 10)
                self._tick()
                if ended is None and (ended := collect(self._popen.pid, block=False)) is not None:
                    self._popen.returncode = ended[0]
                    pumps.stop_typing()
                    give_up_at = time.monotonic() + HELD_PIPE_SECONDS
        assert ended is not None
        code, cpu_ms, peak = ended
        return Ended(code, cpu_ms, self._memory.peak(peak), self._interrupted, pumps.unshown)

    def _tick(self) -> None:
        self._memory.sample(self._popen.pid)
        if self._on_tick() and self._ending_since is None:
            self._ending_since = time.monotonic()
            self._send(signal.SIGTERM)
        if self._ending_since is not None and time.monotonic() - self._ending_since > GRACE_SECONDS:
            self._ending_since = float("inf")
            self._send(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _send(self, number: int) -> None:
        if self._popen.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, number) if self._has_terminal else os.kill(self._popen.pid, number)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """What this process is told by a signal goes on to the command; what it ignores stays ignored."""
        before: dict[int, Any] = {}
        for name in _PASSED_ON:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._interrupted |= number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
        from_keyboard = number in (signal.SIGINT, signal.SIGQUIT)
        if from_keyboard and not self._has_terminal and terminal.is_shared():
            return  # the terminal sent it to the command too
        self._send(number)

    # Windows, where there is no terminal to give, and Ctrl-C reaches every process of the console

    def _run_on_windows(self) -> Ended:
        sources = self._start_with_pipes()
        lock = threading.Lock()

        def pump(source: int, target: int) -> None:
            with os.fdopen(source, "rb", buffering=0):
                while data := os.read(source, _READ_BYTES):
                    with lock:
                        write_all(target, data)
                        self._sink(data, target == _STDERR)

        threads = [threading.Thread(target=pump, args=each, daemon=True) for each in sources.items()]
        for thread in threads:
            thread.start()
        while True:
            try:
                code = self._popen.wait(_TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                with lock:
                    if self._on_tick():
                        self._popen.terminate()
            except KeyboardInterrupt:
                self._interrupted = True
        for thread in threads:
            thread.join(HELD_PIPE_SECONDS)
        return Ended(code, None, None, self._interrupted)


def _spawn(argv: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """A script without a first line goes to sh, as a shell would have it. Raises RunError."""
    try:
        return spawn(argv, **options)
    except RunError as error:
        if getattr(error.__cause__, "errno", None) != errno.ENOEXEC:
            raise
        return spawn(["sh", *argv], **options)


def _taken(pipe: IO[bytes] | None) -> int:
    """The descriptor of a pipe, for somebody else to close."""
    assert pipe is not None
    with pipe:
        return os.dup(pipe.fileno())
