"""Time in tests: it bounds hanging. What is promised in seconds is told, and judged by the full fault tests alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FULL = os.environ.get("SMARTSPEC_FAULTS") == "full"
HANGS_AFTER_S = 60.0


def until(
    check: Callable[[], object],
    seconds: float = HANGS_AFTER_S,
    what: str = "it did not happen",
    *,
    pause: Callable[[], object] = lambda: time.sleep(0.02),
) -> None:
    """Wait until it holds; `pause` is what is done between two looks."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        pause()


@contextmanager
def measured(what: str, promised: float) -> Iterator[None]:
    """Tell how many seconds the block took. Raises AssertionError as `judge` does."""
    began = time.monotonic()
    yield
    judge(what, time.monotonic() - began, promised)


def judge(what: str, seconds: float, promised: float) -> None:
    """Hold a figure against what is promised: by the full tests to the letter, else only against hanging.

    Raises AssertionError.
    """
    print(f"{what}: {seconds:.3f} s, promised {promised:g} s")
    limit = promised if FULL else max(30.0, 10 * promised)
    assert seconds <= limit, f"{what} took {seconds:.3f} s; the limit is {limit:g} s"
