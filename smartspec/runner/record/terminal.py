"""The terminal of this process, and the one that a recorded command is given."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def listens_to_us(descriptor: int) -> bool:
    """Whether the terminal listens to us, and not to another job of the shell."""
    with suppress(OSError):
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    return False


def is_shared() -> bool:
    return any(os.isatty(descriptor) and listens_to_us(descriptor) for descriptor in (_STDIN, _STDERR))


def copy_window_size(master: int) -> None:
    if sys.platform != "win32":
        import fcntl
        import termios

        with suppress(OSError):
            fcntl.ioctl(master, termios.TIOCSWINSZ, fcntl.ioctl(_STDOUT, termios.TIOCGWINSZ, b"\0" * 8))


@contextmanager
def on_resize(resize: Callable[[], None]) -> Iterator[None]:
    number = getattr(signal, "SIGWINCH", None)
    if number is None:
        yield
        return
    before = signal.signal(number, lambda *_: resize())
    try:
        yield
    finally:
        signal.signal(number, before)


class RawTerminal:
    """Every key goes to the command as it is typed; its own terminal makes of it what it makes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before: list[Any] | None = None

    @property
    def is_on(self) -> bool:
        return self._before is not None

    def on(self) -> None:
        if sys.platform != "win32" and self._before is None:
            import termios
            import tty

            self._before = termios.tcgetattr(self._descriptor)
            tty.setraw(self._descriptor, termios.TCSADRAIN)  # what was typed ahead is kept

    def off(self) -> None:
        """As it was."""
        if sys.platform != "win32" and self._before is not None:
            import termios

            before, self._before = self._before, None
            if listens_to_us(self._descriptor):  # else it is another's by now, and we would be stopped for touching it
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)
