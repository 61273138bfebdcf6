"""What a runner claimed and cannot run after all: ended or given back, however long it takes to write that down."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from smartspec.commands import runners, sub_executions
from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.errors import ConnectionFailed, DiskFull, SmartSpecError, TransactionFailed
from smartspec.runner.engine.attempt import sentence_of
from smartspec.value import frozen

MOST_RELEASES = 10  # that one execution is given back, some seconds apart


@frozen
class _Failure:
    """`then` is called once it stands in the record."""

    why: str
    reason: str  # the code of a status reason: start, or internal for an error in SmartSpec
    is_shortage: bool  # of descriptors, memory, room: another time it may go
    then: Callable[[], None] | None


class ClaimFailures:
    """By execution. Everything may be called from any thread."""

    def __init__(self, runner: RunnerPk, on_failed: Callable[[ExecutionPk], None], *, is_taken_up_again: bool) -> None:
        """`on_failed` is called once a failure stands in the record.

        `is_taken_up_again`: somebody takes up again what is given back; else it has failed.
        """
        self._runner, self._on_failed = runner, on_failed
        self._is_taken_up_again = is_taken_up_again
        self._lock = threading.Lock()
        self._failures: dict[ExecutionPk, _Failure] = {}
        self._given_back: Counter[ExecutionPk] = Counter()

    @property
    def is_empty(self) -> bool:
        with self._lock:
            return not self._failures

    @property
    def executions(self) -> list[ExecutionPk]:
        with self._lock:
            return list(self._failures)

    def add(
        self, execution: ExecutionPk, error: Exception, mask: Callable[[str], str], then: Callable[[], None] | None
    ) -> None:
        with self._lock:
            self._failures[execution] = _Failure(mask(_sentence(error)), _reason(error), _is_shortage(error), then)

    def write(self) -> None:
        """Raises StorageError: what is left is tried another time."""
        with self._lock:
            failures = list(self._failures.items())
        for execution, each in failures:
            if (
                each.is_shortage
                and each.then is None
                and self._is_taken_up_again
                and self._given_back[execution] < MOST_RELEASES
            ):
                runners.let_go(execution, self._runner, each.why)
                self._given_back[execution] += 1
            else:
                sub_executions.abort_execution(execution, self._runner, each.why, each.reason)
                self._on_failed(execution)
            with self._lock:
                written = self._failures.pop(execution, None)
            if written is not None and written.then is not None:
                written.then()


def _reason(error: Exception) -> str:
    return "start" if isinstance(error, SmartSpecError) or _is_shortage(error) else "internal"


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, SmartSpecError) else sentence_of(error)


def _is_shortage(error: Exception) -> bool:
    is_no_thread = isinstance(error, RuntimeError) and "thread" in str(error)
    return is_no_thread or isinstance(error, OSError | MemoryError | ConnectionFailed | DiskFull | TransactionFailed)
