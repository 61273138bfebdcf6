"""Ending what a task started, wherever it went."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress

from smartspec.runner.process.child_reaper import own_children, reap
from smartspec.runner.process.tokens import with_token

KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)
_LOOK_SECONDS = 0.02
_GIVE_UP_SECONDS = 3.0  # after KILL: what hangs in the kernel is not waited for


def send(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_all(
    *prefixes: str, grace: float, is_over: threading.Event | None = None, give_up_after: float = _GIVE_UP_SECONDS
) -> bool:
    """End every process with such a token: TERM, `grace` seconds, KILL; False where some may be left after all.

    `is_over` breaks it off.
    """
    left = _seen(prefixes)
    send(left or (), signal.SIGTERM)
    killing_at, giving_up_at = time.monotonic() + grace, time.monotonic() + grace + give_up_after
    while left != [] and time.monotonic() < giving_up_at and not (is_over and is_over.is_set()):
        time.sleep(_LOOK_SECONDS)
        if time.monotonic() >= killing_at:
            send(left or (), KILL)
            time.sleep(_LOOK_SECONDS)
            reap(pid for pid in left or () if pid not in own_children.pids)  # whose exit codes somebody waits for
        left = _seen(prefixes)
    return left == []


def _seen(prefixes: Sequence[str]) -> list[int] | None:
    """None where it cannot be told."""
    try:
        return with_token(*prefixes) if prefixes else []
    except OSError:
        return None
