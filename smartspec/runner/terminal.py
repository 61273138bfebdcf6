"""The terminal of this process, and the one that a recorded command is given."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def listens_to_us(descriptor: int) -> bool:
    """Whether the terminal listens to us, and not to another job of the shell."""
    with suppress(OSError):
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    return False


def is_shared() -> bool:
    return any(os.isatty(descriptor) and listens_to_us(descriptor) for descriptor in (_STDIN, _STDERR))


def take() -> None:
    """In the new process, before the command begins: make its output the terminal that rules it."""
    if sys.platform != "win32":
        import fcntl
        import termios

        fcntl.ioctl(_STDOUT, termios.TIOCSCTTY, 0)


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


@contextmanager
def raw(descriptor: int) -> Iterator[None]:
    """Every key goes to the command as it is typed; its own terminal makes of it what it makes."""
    if sys.platform == "win32":
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor, termios.TCSADRAIN)  # what was typed ahead is kept
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
