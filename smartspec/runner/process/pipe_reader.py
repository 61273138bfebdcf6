"""Reads what a process writes, and sees its end where the system tells of it (Linux); elsewhere that is asked."""

from __future__ import annotations

import os
import selectors
import sys
from contextlib import suppress
from typing import Protocol

from smartspec.runner.process import pipes
from smartspec.runner.process.pipes import Pipes

READ_BYTES = 256 * 1024
TICK_SECONDS = 0.1
_PIPE_BYTES = 1024 * 1024  # the most that Linux gives everybody (pipe(7)); the rest have what they have
_POLL_SECONDS = 0.02  # where a process has to be asked whether it has ended


class Sink(Protocol):
    """Takes the output as it comes."""

    def __call__(self, data: bytes, is_error: bool) -> None: ...

    def take(self, pipe: int) -> int | None:
        """Take what a pipe holds by itself: how many bytes, 0 at its end; None: it is to be read, and handed over.

        Raises BlockingIOError where nothing is there.
        """

    def pass_time(self) -> None:
        """Called several times a second, whether anything came or not."""


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
        for key, _ in self._selector.select(_POLL_SECONDS if polled else TICK_SECONDS):
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
        data = pipes.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return True
    if data:
        sink(data, is_error)
    return bool(data)
