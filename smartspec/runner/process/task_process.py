"""One process of a task: started, read, measured, ended with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from smartspec.commands import process_identity
from smartspec.errors import RunError
from smartspec.messages import _
from smartspec.runner.process import termination, tokens
from smartspec.runner.process.child_reaper import own_children
from smartspec.runner.process.command import Command, start
from smartspec.runner.process.grace_periods import GRACE_SECONDS, HELD_PIPE_SECONDS
from smartspec.runner.process.pipe_reader import READ_BYTES, TICK_SECONDS, PipeReader, Sink
from smartspec.runner.process.pipes import Pipes
from smartspec.runner.process.process_exit import ProcessExit
from smartspec.runner.process.usage import MemoryWatch, collect
from smartspec.value import replace


class Process:
    """A process group of its own. `wait` belongs to one thread; `end` may be called from any."""

    def __init__(self, command: Command) -> None:
        """Raises RunError with a sentence when it cannot be started."""
        self._command = command
        self._memory = MemoryWatch()
        self._pipes = Pipes(apart=command.apart)
        try:
            with own_children.lock:
                self._popen = start(command, self._pipes)
                own_children.add(self._popen.pid)
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
                raise RunError(_("The system allows no more threads; let fewer things run at once.")) from error

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
        self._signal(termination.KILL)
        termination.end_all(self._command.token, grace=0.0)
        with suppress(OSError):
            self._reap(block=True) if os.name == "posix" else self._popen.wait()
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
            termination.send(tokens.with_token(self._command.token), number)

    def wait(self, sink: Sink) -> ProcessExit:
        """Drain the output until the process has ended and its pipes are closed, or held for two seconds more."""
        ended = (self._wait_posix if os.name == "posix" else self._wait_windows)(sink)
        if self._ending_since is not None:
            left = GRACE_SECONDS - (time.monotonic() - self._ending_since)
            termination.end_all(self._command.token, grace=max(0.0, left))
        return ended

    def _wait_posix(self, sink: Sink) -> ProcessExit:
        ended: ProcessExit | None = None
        give_up_at = float("inf")
        with PipeReader(self._pipes, self.pid) as reader:
            while (reader.open_pipes or ended is None) and time.monotonic() < give_up_at:
                reader.read(sink)
                sink.pass_time()
                if ended is None and reader.may_have_ended:
                    ended = self._reap(block=reader.exit_seen)
                if ended is None:
                    self._memory.sample(self.pid)
                elif give_up_at == float("inf"):
                    give_up_at = time.monotonic() + HELD_PIPE_SECONDS
                self._escalate_to_kill()
        assert ended is not None
        return replace(ended, is_output_held=True) if reader.open_pipes else ended

    def _reap(self, *, block: bool) -> ProcessExit | None:
        """What it came to, once it has ended."""
        with own_children.lock:
            ended = collect(self.pid, self._memory, block=block)
            if ended is not None:
                own_children.pids.discard(self.pid)
                self._popen.returncode = ended.code
        return ended

    def _escalate_to_kill(self) -> None:
        """KILL what did not heed TERM."""
        since = self._ending_since
        if since is not None and not self._killed and time.monotonic() - since > GRACE_SECONDS:
            self._killed = True
            self._signal(termination.KILL)

    def _wait_windows(self, sink: Sink) -> ProcessExit:
        """Pipes cannot be polled there: a thread for each."""
        lock = threading.Lock()

        def drain(source: int, is_error: bool) -> None:
            with os.fdopen(source, "rb", buffering=0):
                while data := os.read(source, READ_BYTES):
                    with lock:
                        sink(data, is_error)

        threads = [threading.Thread(target=drain, args=each, daemon=True) for each in self._pipes.taken().items()]
        for thread in threads:
            thread.start()
        while True:
            try:
                code = self._popen.wait(TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                with lock:
                    sink.pass_time()
                self._escalate_to_kill()
        deadline = time.monotonic() + HELD_PIPE_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return ProcessExit(code, None, None, any(thread.is_alive() for thread in threads))


def _end_on_windows(pid: int, number: int) -> None:
    import psutil

    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in [*leader.children(recursive=True), leader]:
            with suppress(psutil.Error):
                process.kill() if number != signal.SIGTERM else process.terminate()
