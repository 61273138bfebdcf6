"""Carrying bytes between a command that is recorded and this process' own input and output."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable
from contextlib import suppress

from smartspec.runner.process import pipes

_READ_BYTES = 64 * 1024
_MOST_TYPED_BYTES = 64 * 1024  # typed ahead of a command that does not read
_STDIN, _STDERR = 0, 2

Sink = Callable[[bytes, bool], None]  # the bytes, and whether they are of stderr


class ByteRelay:
    """Carries bytes: from each source to its target and the sink, and what is typed to the command's terminal.

    It owns the sources and closes each with its end. What comes of several is carried in the order in which the
    system tells of it; of one source it is exactly the order written.
    """

    def __init__(self, sources: dict[int, int], sink: Sink, typed_into: int | None = None) -> None:
        self._sources = dict(sources)
        self._sink = sink
        self._typed_into = typed_into
        self._typed = bytearray()
        self._selector = selectors.DefaultSelector()
        self._lost: set[int] = set()  # targets that take nothing any more
        self.unshown: OSError | None = None  # why the first of them does not

    def __enter__(self) -> None:
        for source in self._sources:
            os.set_blocking(source, False)
            self._selector.register(source, selectors.EVENT_READ)
        if self._typed_into is not None:
            self._selector.register(_STDIN, selectors.EVENT_READ)

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for source in self._sources:
            os.close(source)

    @property
    def is_open(self) -> bool:
        return bool(self._sources)

    def turn(self, timeout: float) -> None:
        """Carry what there is, waiting a moment for it."""
        for key, _ in self._selector.select(timeout):
            if key.fd == _STDIN and self._typed_into is not None:
                self._read_typed()
            elif key.fd in self._sources:
                self._carry(key.fd)
        self._write_typed()

    def _carry(self, source: int) -> None:
        try:
            data = pipes.read(source, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:  # EIO: nobody has the terminal open any more (Linux)
            data = b""
        target = self._sources[source]
        if not data or not self._pass_on(target, data):
            self._selector.unregister(source)
            del self._sources[source]
            os.close(source)
        elif len(self._sources) > 1:
            pipes.to_the_end_of_the_queue(self._selector, source)

    def _pass_on(self, target: int, data: bytes) -> bool:
        """False where nobody reads our output any more: then nobody reads the command's, which is told as always.

        A full device or a closed terminal is no reason to end the command: it goes on, and is recorded.
        """
        self._sink(data, target == _STDERR)
        if target in self._lost:
            return True
        try:
            write_all(target, data)
        except BrokenPipeError:
            return False
        except OSError as error:
            self._lost.add(target)
            self.unshown = self.unshown or error
        return True

    def stop_typing(self) -> None:
        """What is typed from now on is for others: the command has ended, or we are in the background."""
        if self._typed_into is not None:
            self._selector.unregister(_STDIN)
            self._typed_into = None

    def type_into(self, target: int) -> None:
        """What is typed from now on goes there."""
        if self._typed_into is None:
            self._selector.register(_STDIN, selectors.EVENT_READ)
            self._typed_into = target

    def _read_typed(self) -> None:
        if len(self._typed) < _MOST_TYPED_BYTES:
            with suppress(OSError):
                self._typed += os.read(_STDIN, _READ_BYTES)

    def _write_typed(self) -> None:
        if self._typed and self._typed_into in self._sources:
            with suppress(OSError):
                del self._typed[: os.write(self._typed_into, self._typed)]


def write_all(target: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(target, view) :]
        except BlockingIOError:  # somebody who shares our output made it so
            time.sleep(0.005)
