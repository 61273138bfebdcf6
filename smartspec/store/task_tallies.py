"""The tasks of an execution counted by SQLite: however many items they have, a few rows come back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from smartspec.domain import times
from smartspec.domain.execution import TaskExecution
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk
from smartspec.domain.task_run import TaskTally
from smartspec.store import database
from smartspec.store.models import fields
from smartspec.store.models.executions import TaskExecutionRow

_WORDS = 16  # more than there are statuses: the last attempt's key and status are one number, and its maximum both
# Bare columns beside several min() and max() are of any of their rows, so nothing here is one.
_SQL = f"""
SELECT max(latest / {_WORDS}), count(*), sum(attempts), min(began), max(ended)
FROM (
    SELECT task, round, count(*) AS attempts, min(started_at) AS began,
        max(CASE WHEN completed_at IS NOT NULL THEN coalesce(started_at + duration_ms, completed_at) END) AS ended,
        max(pk * {_WORDS} + CASE status WHEN 'completed' THEN 0 WHEN 'failed' THEN 1 WHEN 'skipped' THEN 2
            WHEN 'running' THEN 3 WHEN 'pending' THEN 4 + (next_retry_at IS NOT NULL) WHEN 'timeout' THEN 6
            WHEN 'cancelled' THEN 7 WHEN 'interrupted' THEN 8 ELSE 9 END) AS latest
    FROM task_executions WHERE execution = ? AND round <= ?
    GROUP BY item_index, round, task -- in this order it is sorted sooner
)
GROUP BY task, round, latest % {_WORDS}
"""  # noqa: S608 - our own words
_NOT_OK = "status IN ('failed', 'timeout', 'interrupted', 'running')"


def of_execution(execution: ExecutionPk, round_: int) -> tuple[TaskTally, ...]:
    """By task, round and status; of the rounds up to one."""
    counted = database.rows(_SQL, (execution, round_))
    latest = {row.pk: row for row in by_keys(each[0] for each in counted)}
    return tuple(
        TaskTally(latest[pk], items, attempts, times.from_ms(began) if began is not None else None,
                  times.from_ms(ended) if ended is not None else None)
        for pk, items, attempts, began, ended in counted if pk in latest
    )  # fmt: skip


def by_keys(pks: Iterable[TaskExecutionPk]) -> tuple[TaskExecution, ...]:
    """Those of these that there are."""
    where = "pk IN (SELECT value FROM json_each(?)) ORDER BY pk"
    return tuple(fields.find(TaskExecution, TaskExecutionRow, where, (json.dumps([*pks]),)))


def page(execution: ExecutionPk, task: str, since: int, until: int, offset: int, limit: int
         ) -> tuple[TaskExecution, ...]:  # fmt: skip
    """The attempts of a task in some rounds: what runs or went wrong first, then by item."""
    where = (
        f"execution = ? AND task = ? AND round BETWEEN ? AND ? ORDER BY {_NOT_OK} DESC, item_index, pk LIMIT ? OFFSET ?"
    )
    values = (execution, task, since, until, limit, offset)
    return tuple(fields.find(TaskExecution, TaskExecutionRow, where, values))


def not_ok(execution: ExecutionPk, task: str, since: int, until: int, limit: int) -> tuple[TaskExecution, ...]:
    """Attempts of a task in some rounds that run or went wrong, the first that were written."""
    where = f"execution = ? AND task = ? AND round BETWEEN ? AND ? AND {_NOT_OK} ORDER BY pk LIMIT ?"
    return tuple(fields.find(TaskExecution, TaskExecutionRow, where, (execution, task, since, until, limit)))


def with_output(execution: ExecutionPk, until: int, limit: int) -> tuple[TaskExecution, ...]:
    """The attempts that gave something, of the rounds up to one, the first that were written."""
    where = "execution = ? AND round <= ? AND output IS NOT NULL ORDER BY pk LIMIT ?"
    return tuple(fields.find(TaskExecution, TaskExecutionRow, where, (execution, until, limit)))


def attempts_between(execution: ExecutionPk, since: int, until: int) -> tuple[TaskExecution, ...]:
    """All attempts of some rounds, in the order they were written."""
    where = "execution = ? AND round BETWEEN ? AND ? ORDER BY pk"
    return tuple(fields.find(TaskExecution, TaskExecutionRow, where, (execution, since, until)))


def ends(pks: Iterable[TaskExecutionPk]) -> dict[TaskExecutionPk, tuple[str, str | None, str | None]]:
    """Of these attempts the task, with the item where there is one, the error and the reason of how it ended."""
    sql = (
        "SELECT pk, CASE WHEN item IS NULL THEN task ELSE task || '[' || item_index || ']' END, "
        "substr(error, 1, 1000), status_reason FROM task_executions WHERE pk IN (SELECT value FROM json_each(?))"
    )
    return {pk: (name, error, reason) for pk, name, error, reason in database.rows(sql, (json.dumps([*pks]),))}
