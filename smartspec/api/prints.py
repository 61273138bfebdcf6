"""What a block prints, in its log as well: standard output and error are read along while somebody records."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Protocol, TextIO


class Listener(Protocol):
    def __call__(self, data: bytes, is_error: bool) -> None: ...


# Whose block this thread or task is in; a thread that the block starts is in none (contexts are not inherited).
_listener: ContextVar[Listener | None] = ContextVar("smartspec_prints", default=None)
_lock = threading.Lock()
_installed: dict[str, _Tee] = {}
_blocks = 0


class _Tee:
    """Stands for a stream of `sys`: everything goes to it, and to whoever listens in this context."""

    def __init__(self, stream: TextIO, is_error: bool) -> None:
        self.stream = stream
        self._is_error = is_error

    def write(self, text: str) -> int:
        written = self.stream.write(text)
        if (listener := _listener.get()) is not None:
            with _silence():  # what the listener itself says is no part of the block
                listener(text.encode("utf-8", "replace"), self._is_error)
        return written

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __iter__(self) -> Iterator[str]:
        return iter(self.stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def _silence() -> Iterator[None]:
    token = _listener.set(None)
    try:
        yield
    finally:
        _listener.reset(token)


class Prints:
    """Of one block. `begin` and `end` belong to the same context, or nothing is heard in between."""

    def __init__(self, listener: Listener) -> None:
        self._token = _listener.set(listener)
        _install()

    def end(self) -> None:
        with suppress(ValueError):  # ended in another context than it began in: a generator closed elsewhere
            _listener.reset(self._token)
        _remove()


def _install() -> None:
    global _blocks
    with _lock:
        _blocks += 1
        for name, is_error in (("stdout", False), ("stderr", True)):
            stream = getattr(sys, name)
            if stream is not None and not isinstance(stream, _Tee):
                _installed[name] = _Tee(stream, is_error)
                setattr(sys, name, _installed[name])


def _remove() -> None:
    """With the last block the streams are as they were, unless somebody put others there meanwhile."""
    global _blocks
    with _lock:
        _blocks -= 1
        if _blocks:
            return
        for name, tee in _installed.items():
            if getattr(sys, name) is tee:
                setattr(sys, name, tee.stream)
        _installed.clear()
