"""How a process ended, and what the task comes to that it was started for."""

from __future__ import annotations

import signal
from collections.abc import Callable

from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.log_excerpt import told_failure
from smartspec.value import frozen, replace


@frozen
class ProcessExit:
    """`code` is negative for a signal (its number).

    `cpu_ms` and `peak_memory_bytes` are None where they cannot be told. `is_output_held`: a process that it started
    still holds the pipe.
    """

    code: int
    cpu_ms: int | None
    peak_memory_bytes: int | None
    is_output_held: bool = False


def result_of(ended: ProcessExit) -> AttemptResult:
    """What an exit code says, with what the process used."""
    status, reason, error, __ = _meaning(ended.code)
    memory = ended.peak_memory_bytes
    return AttemptResult(
        status=status, reason=reason, error=error, exit_code=ended.code, cpu_ms=ended.cpu_ms, peak_memory_bytes=memory
    )


def with_usage(result: AttemptResult, ended: ProcessExit) -> AttemptResult:
    """The same result, with the exit code and what the process used."""
    memory = ended.peak_memory_bytes
    return replace(result, exit_code=ended.code, cpu_ms=ended.cpu_ms, peak_memory_bytes=memory)


def with_last_words(result: AttemptResult, said: Callable[[], str | None]) -> AttemptResult:
    """Of a process that failed by how it ended: with the line in which it says why. `said` is asked of no other."""
    code = result.exit_code
    if result.status is not TaskStatus.FAILED or not code or result.error is None:
        return result
    __, reason, error, detail = _meaning(code)
    if (reason, error) != (result.reason, result.error):
        return result  # it failed for something else, and says so
    return replace(result, error=told_failure(said(), detail, result.error))


def _meaning(code: int) -> tuple[TaskStatus, str | None, str | None, str]:
    """(status, reason, sentence, the same as a detail)."""
    if code == 0:
        return TaskStatus.COMPLETED, None, None, ""
    if code < 0:
        name = _signal_name(-code)
        return TaskStatus.FAILED, f"signal {name}", f"The command was ended by the signal {name}.", f"signal {name}"
    return TaskStatus.FAILED, f"exit {code}", f"The command ended with exit code {code}.", f"exit code {code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
