"""How many attempts may run at once with the files that this process may open; each execution has its share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from smartspec.domain.ids import ExecutionPk
from smartspec.messages import Message, _

_PER_ATTEMPT = 4  # its pipes, its log, what tells of its end
_KEPT_FREE = 48  # the database on some threads, and what starting a process takes for a moment
_PLENTY = 100_000

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]


def most_files() -> int | None:
    """None: as many as one likes."""
    if resource is None:
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


class AttemptSlots:
    """Executions are named by their key. From any thread."""

    def __init__(self, files: int | None) -> None:
        self.files = files
        self.limit = _PLENTY if files is None else max(1, (files - _KEPT_FREE) // _PER_ATTEMPT)
        self._lock = threading.Lock()
        self._used: Counter[int] = Counter()
        self._total = 0
        self._waiting: list[Callable[[], None]] = []

    def has_free(self, execution: ExecutionPk) -> bool:
        """Whether one more may begin: each leaves as much free as it takes, so that others find their share."""
        free = self.limit - self._total
        return free > 0 and self._used[execution] < max(free, 1)

    def take(self, execution: ExecutionPk) -> None:
        with self._lock:
            self._used[execution] += 1
            self._total += 1

    def release(self, execution: ExecutionPk) -> None:
        with self._lock:
            if self._used[execution] > 0:
                self._give_back(execution, 1)
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def release_all(self, execution: ExecutionPk) -> None:
        """It is run no more."""
        with self._lock:
            self._give_back(execution, self._used[execution])

    def _give_back(self, execution: ExecutionPk, count: int) -> None:
        self._total -= count
        self._used[execution] -= count
        if not self._used[execution]:
            del self._used[execution]

    def call_when_free(self, wake: Callable[[], None]) -> None:
        """`wake` is called once when there is more."""
        with self._lock:
            self._waiting.append(wake)

    def explain_limit(self, concurrency: int) -> Message:
        """Why fewer run at once than was asked for."""
        return _(
            "This process may have {files} files open (ulimit -n), enough for {limit} attempts at once: of an execution"
            " with `concurrency: {concurrency}` fewer run side by side.",
            files=self.files,
            limit=self.limit,
            concurrency=concurrency,
        )
