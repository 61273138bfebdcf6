"""The output of tasks, from any offset, and the line that a search found."""

from __future__ import annotations

from pathlib import Path

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import search
from smartspec.store.logs import reader
from smartspec.store.logs.segments import LogChunk


def may_have_log(task: TaskExecution) -> bool:
    """Whether it has written something, or may do so."""
    return reader.may_have_log(task)


def log_path(task: TaskExecution) -> Path | None:
    """The file that holds an attempt's log, maybe with others; None where a small one is kept in the database."""
    return reader.path_of(task)


def read_log(task: TaskExecution, offset: int = 0, limit: int = reader.MOST_READ_BYTES) -> LogChunk:
    """What follows an offset; empty at the end of what there is. While the task runs there may be more later."""
    return reader.read(task, offset, limit)


def read_log_times(task: TaskExecution) -> list[tuple[int, int]]:
    """Which offset of a log was written when (ms since the epoch), noted at most ten times a second."""
    return reader.read_times(task)


def line_found(execution: Execution, wanted: ExecutionFilter) -> str | None:
    """Where a search found it: the line of its error, note, input, output or last lines. None without a search."""
    return search.line_found(execution, wanted) if wanted.words or wanted.phrases else None
