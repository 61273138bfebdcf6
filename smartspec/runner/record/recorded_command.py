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
from types import FrameType
from typing import TYPE_CHECKING, Any

from smartspec.errors import RunError
from smartspec.runner.process import pipes
from smartspec.runner.process.grace_periods import GRACE_SECONDS, HELD_PIPE_SECONDS
from smartspec.runner.process.pipes import Pipes
from smartspec.runner.process.process_exit import ProcessExit
from smartspec.runner.process.spawn import spawn
from smartspec.runner.process.usage import MemoryWatch, collect
from smartspec.runner.record import terminal
from smartspec.runner.record.byte_relay import ByteRelay, Sink, write_all

if TYPE_CHECKING:
    from smartspec.runner.record.terminal_session import Session

_READ_BYTES = 64 * 1024
_TICK_SECONDS = 0.1
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


class RecordedCommand:
    """One command. What it writes goes to this process' own output, and to a sink."""

    def __init__(self, argv: Sequence[str], sink: Sink, on_tick: Callable[[], bool]) -> None:
        """`on_tick` is called several times a second; True: the command is to be ended."""
        self._argv = [*argv]
        self._sink = sink
        self._on_tick = on_tick
        self._memory = MemoryWatch()
        self._popen: subprocess.Popen[bytes]
        self._session: Session | None = None
        self._raw: terminal.RawTerminal | None = None
        self._pid = 0
        self._has_terminal = self._has_ended = False
        self.is_interrupted = False  # a signal to end was passed on to it
        self.unshown: OSError | None = None  # why what it wrote could not all be passed on, early readers aside
        self._ending_since: float | None = None

    def run(self) -> ProcessExit:
        """Until it has ended. Raises RunError when it cannot be started."""
        if os.name != "posix":
            return self._run_on_windows()
        with ExitStack() as stack:
            relay = self._start(stack)
            stack.enter_context(self._signals())
            return self._until_ended(relay)

    # POSIX

    def _start(self, stack: ExitStack) -> ByteRelay:
        """Through a terminal of its own where our output is one, else through pipes."""
        if not os.isatty(_STDOUT):
            return ByteRelay(self._start_with_pipes(), self._sink)
        from smartspec.runner.record.terminal_session import Session

        self._has_terminal = True
        master, slave = os.openpty()
        terminal.copy_window_size(master)
        errors = None if os.isatty(_STDERR) else os.pipe()
        streams = {
            "stdin": slave if os.isatty(_STDIN) else None,
            "stdout": slave,
            "stderr": errors[1] if errors else slave,
        }
        try:
            self._session = Session(self._argv, _spawn, **streams)
        except RunError:
            for end in (master, *(errors[:1] if errors else ())):
                os.close(end)
            raise
        finally:
            for end in (slave, *(errors[1:] if errors else ())):
                os.close(end)
        self._pid = self._session.pid
        stack.callback(self._session.close)
        if os.isatty(_STDIN):
            self._raw = terminal.RawTerminal(_STDIN)
            stack.callback(self._raw.off)
        stack.enter_context(terminal.on_resize(lambda: terminal.copy_window_size(master)))
        self._master = master
        return ByteRelay({master: _STDOUT} | ({errors[0]: _STDERR} if errors else {}), self._sink)

    def _start_with_pipes(self) -> dict[int, int]:
        """The ends to read and where what comes goes on: one where our own output is one."""
        ends = Pipes(apart=not pipes.is_same(_STDOUT, _STDERR))
        try:
            self._popen = _spawn(self._argv, stdout=ends.stdout, stderr=ends.stderr)
            self._pid = self._popen.pid
        except RunError:
            ends.close()
            raise
        finally:
            ends.close_handed_on()
        return {source: _STDERR if is_error else _STDOUT for source, is_error in ends.taken().items()}

    def _until_ended(self, relay: ByteRelay) -> ProcessExit:
        ended: ProcessExit | None = None
        give_up_at = float("inf")
        with relay:
            while (relay.is_open or ended is None) and time.monotonic() < give_up_at:
                self._follow_foreground(relay, ended is None)
                relay.turn(_TICK_SECONDS if relay.is_open else _TICK_SECONDS / 10)
                self._tick()
                if ended is None and (ended := self._poll_exit(relay)) is not None:
                    self._has_ended = True
                    relay.stop_typing()
                    give_up_at = time.monotonic() + HELD_PIPE_SECONDS
        assert ended is not None
        self.unshown = relay.unshown
        return ended

    def _poll_exit(self, relay: ByteRelay) -> ProcessExit | None:
        """How it ended, once it has."""
        if self._session is None:
            ended = collect(self._pid, self._memory, block=False)
            if ended is not None:
                self._popen.returncode = ended.code
            return ended
        word, numbers = self._session.look()
        if word == "stopped":
            self._stop(relay)
        if word != "ended":
            return None
        code, cpu_ms, peak = numbers
        return ProcessExit(code, cpu_ms, self._memory.peak(peak))

    def _stop(self, relay: ByteRelay) -> None:
        """The command was stopped, by Ctrl-Z or otherwise: so are we, until the shell continues us, and then it."""
        relay.turn(0)
        if self._raw is not None:
            relay.stop_typing()
            self._raw.off()
        os.killpg(os.getpgrp(), signal.SIGTSTP)  # as the terminal would have told all of this job
        terminal.copy_window_size(self._master)
        self._follow_foreground(relay, True)
        self._send(signal.SIGCONT)

    def _follow_foreground(self, relay: ByteRelay, runs: bool) -> None:
        """What is typed is for the command while this job is in the foreground."""
        if self._raw is None or not runs:
            return
        if not terminal.listens_to_us(_STDIN):
            relay.stop_typing()
            self._raw.off()
        elif not self._raw.is_on:
            self._raw.on()
            relay.type_into(self._master)

    def _tick(self) -> None:
        self._memory.sample(self._pid)
        if self._on_tick() and self._ending_since is None:
            self._ending_since = time.monotonic()
            self._send(signal.SIGTERM)
        if self._ending_since is not None and time.monotonic() - self._ending_since > GRACE_SECONDS:
            self._ending_since = float("inf")
            self._send(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _send(self, number: int) -> None:
        if not self._has_ended:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, number) if self._has_terminal else os.kill(self._pid, number)

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
        self.is_interrupted |= number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
        from_keyboard = number in (signal.SIGINT, signal.SIGQUIT)
        if from_keyboard and not self._has_terminal and terminal.is_shared():
            return  # the terminal sent it to the command too
        self._send(number)

    # Windows, where there is no terminal to give, and Ctrl-C reaches every process of the console

    def _run_on_windows(self) -> ProcessExit:
        sources = self._start_with_pipes()
        lock = threading.Lock()

        def carry(source: int, target: int) -> None:
            with os.fdopen(source, "rb", buffering=0):
                while data := os.read(source, _READ_BYTES):
                    with lock:
                        write_all(target, data)
                        self._sink(data, target == _STDERR)

        threads = [threading.Thread(target=carry, args=each, daemon=True) for each in sources.items()]
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
                self.is_interrupted = True
        for thread in threads:
            thread.join(HELD_PIPE_SECONDS)
        return ProcessExit(code, None, None)


def _spawn(argv: list[str], **options: object) -> subprocess.Popen[bytes]:
    """A script without a first line goes to sh, as a shell would have it. Raises RunError."""
    try:
        return spawn(argv, **options)
    except RunError as error:
        if getattr(error.__cause__, "errno", None) != errno.ENOEXEC:
            raise
        return spawn(["sh", *argv], **options)
