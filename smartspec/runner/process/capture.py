"""What is kept of a task's output: all of it in the log, secrets masked; the tails in memory, as they were written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from smartspec.domain.masking import Mask, MaskedStream

if TYPE_CHECKING:
    from smartspec.commands.runs import LogWriter

TAIL_BYTES = 64 * 1024
EXCERPT_BYTES = 2_000
_LAST_WORDS_BYTES = 16 * 1024  # of what failed: among them is looked for the line that says why


class Tail:
    """The last bytes of a stream."""

    def __init__(self, size: int = TAIL_BYTES) -> None:
        self._size = size
        self._kept = bytearray()
        self.is_cut = False  # more came than is kept

    def add(self, data: bytes) -> None:
        self.is_cut = self.is_cut or len(self._kept) + len(data) > self._size
        self._kept += data[-self._size :]
        if len(self._kept) > 2 * self._size:
            del self._kept[: -self._size]

    def text(self) -> str:
        return text_of(bytes(self._kept[-self._size :]))


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


class Capture:
    """Takes the bytes of both streams as they come; from one thread at a time."""

    def __init__(self, log: LogWriter, mask: Mask | None = None, *, apart: bool = False) -> None:
        """`apart`: they come as two streams, whose tails are wanted."""
        self._log = log
        self.stdout, self.stderr = Tail(), Tail()
        self._apart = apart
        self._masked = (MaskedStream(mask), MaskedStream(mask)) if mask else None

    def __call__(self, data: bytes, is_error: bool) -> None:
        if self._apart:
            (self.stderr if is_error else self.stdout).add(data)
        if self._masked is not None:
            data = self._masked[is_error].feed(data, time.monotonic())
        self._append(data)

    def take(self, pipe: int) -> int | None:
        """Move what a pipe holds into the log where nobody here needs to see it (`SegmentWriter.take`)."""
        return None if self._apart or self._masked is not None else self._log.take(pipe)

    def pass_time(self) -> None:
        """Let out what has been held back long enough; to be called several times a second."""
        if self._masked is not None:
            for stream in self._masked:
                self._append(stream.rest(time.monotonic()))

    def end(self) -> LogWriter:
        """Nothing more comes; the answer is the log, which is still open."""
        if self._masked is not None:
            for stream in self._masked:
                self._append(stream.end())
        return self._log

    def _append(self, data: bytes) -> None:
        if data:
            self._log.write(data)

    def excerpt(self) -> str | None:
        """What was written last; before the log is closed."""
        return text_of(self._log.tail(EXCERPT_BYTES)).strip() or None

    def last_words(self) -> str | None:
        """More of that, to find the line that says why it failed."""
        return text_of(self._log.tail(_LAST_WORDS_BYTES)).strip() or None


class FailSafeCapture:
    """Hands the output on. Should that fail, `error` says why, `stop` is called, and the rest is only drained."""

    def __init__(self, sink: Capture, stop: Callable[[], None]) -> None:
        self.sink = sink
        self.error: Exception | None = None
        self._stop = stop

    def __call__(self, data: bytes, is_error: bool) -> None:
        self._guarded(lambda: self.sink(data, is_error))

    def take(self, pipe: int) -> int | None:
        return None if self.error is not None else self.sink.take(pipe)

    def pass_time(self) -> None:
        self._guarded(self.sink.pass_time)

    def end(self) -> None:
        self._guarded(self.sink.end)

    def _guarded(self, act: Callable[[], object]) -> None:
        if self.error is not None:
            return
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it is, the process must not be left behind for it
            self.error = error
            self._stop()
