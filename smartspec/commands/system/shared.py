"""A question to the system that many ask at once: one of them asks, all take the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_FRESH_S = 1.0
_LONGEST_S = 10.0  # what hangs is waited for no longer


class Shared(Generic[T]):
    """`nothing` is the answer while whoever asks is not answered."""

    def __init__(self, ask: Callable[[], T], nothing: T, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._nothing, self._clock = ask, nothing, clock
        self._lock = threading.Lock()
        self._answer, self._asked_at = nothing, float("-inf")

    def get(self) -> T:
        if not self._lock.acquire(timeout=_LONGEST_S):
            return self._nothing
        try:
            if self._clock() - self._asked_at > _FRESH_S:
                self._answer = self._ask()
                self._asked_at = self._clock()
            return self._answer
        finally:
            self._lock.release()
