"""Pure functions of this program, called in a process of their own that ends at a limit of time or of memory.

Whatever such a function does, deaf to signals or in a loop of C code, its caller has an answer or an exception soon
after the limit. What is handed over goes through pipes: nothing of it is in argv, in the environment or on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

CPU_SECONDS = 2.0  # of the processor's time: a busy machine makes no honest evaluation fail
WALL_SECONDS = 10.0  # whatever it waits for
MEMORY_BYTES = 256 * 1024 * 1024

Check = Callable[[], None]
_here = threading.local()


class SandboxError(Exception):
    """There is no answer; its argument is the rest of a sentence that begins with what was asked, a Message."""


class LimitReached(SandboxError):
    """It took more time or memory than it may, or is nested too deeply."""


def call(function: str, *arguments: object) -> Any:
    """The value of a function named `module:function`; arguments and value are JSON.

    Raises SandboxError, whatever `interruptible` was given to raise, and RuntimeError where the function raises.
    """
    from smartspec.sandbox import processes  # what it imports is not wanted at start

    return processes.call(function, arguments, getattr(_here, "check", None))


@contextmanager
def interruptible(check: Check) -> Iterator[None]:
    """Inside, in this thread, a call that lasts asks `check` several times a second, and ends with what that raises."""
    before = getattr(_here, "check", None)
    _here.check = check
    try:
        yield
    finally:
        _here.check = before
