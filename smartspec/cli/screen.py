"""Standard output and error, where nobody may be there to read: the program goes on as if somebody were."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TextIO

from smartspec import errors
from smartspec.messages import _

_NOBODY_READS = (errno.EPIPE, errno.EBADF)  # whoever wanted to read has read enough: no failure of ours


class Screen(io.RawIOBase):
    """A descriptor to write to. From the first failure on what is written to it is dropped, and `error` says why."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.error: OSError | None = None

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        size = memoryview(data).nbytes
        while self.error is None:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # somebody who shares our output made it so
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.error = error
        return size

    def look(self) -> None:
        """Notice that the other end is gone without writing to it."""
        if os.name == "posix" and self.error is None:
            poll = select.poll()
            poll.register(self._descriptor, 0)
            if any(events & select.POLLERR for __, events in poll.poll(0)):
                self.error = BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)


def install() -> None:
    """From now on the standard streams are open, whatever this process was started with, and none of them raises.

    To be called before anything else opens a file: one that took a free place among the first three descriptors would
    be written to as if it were the terminal.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115 - as long as the process
    sys.stdout, sys.stderr = _stream(1, sys.stdout), _stream(2, sys.stderr)


def _stream(descriptor: int, before: TextIO | None) -> TextIO:
    """Names hold any script; a terminal that cannot show a letter shows a question mark.

    Windows' own stream to its console writes letters, not bytes, and stays.
    """
    if os.name == "nt" and isinstance(before, io.TextIOWrapper):
        before.reconfigure(encoding="utf-8", errors="replace")
        return before
    encoding = before.encoding if before is not None else "utf-8"
    buffer = io.BufferedWriter(Screen(descriptor))  # type: ignore[type-var]
    return io.TextIOWrapper(buffer, encoding, "replace", line_buffering=os.isatty(descriptor) or descriptor == 2)


def is_there(stream: TextIO) -> bool:
    """False once what is written to a stream reaches nobody: then nothing more needs to be read to be shown."""
    if (screen := _screen(stream)) is None:
        return True
    stream.flush()
    screen.look()
    return screen.error is None


def failure() -> str | None:
    """Why what was asked for could not be shown, in a sentence; None where it was, or whoever read it had enough."""
    screen = _screen(sys.stdout)
    if screen is None:
        return None
    sys.stdout.flush()
    error = screen.error
    if error is None or error.errno in _NOBODY_READS:
        return None
    return _("The output could not be written: {why}.", why=errors.reason(error))


def _screen(stream: TextIO) -> Screen | None:
    screen = getattr(getattr(stream, "buffer", None), "raw", None)
    return screen if isinstance(screen, Screen) else None
