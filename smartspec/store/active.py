"""The executions that have not ended, and what of them has not."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import ExecutionPk, SchedulePk, WorkflowPk, WorkspacePk
from smartspec.store import database
from smartspec.store.models.executions import ExecutionRow, TaskExecutionRow
from smartspec.store.models.fields import find

E = ExecutionStatus
_OPEN = "status IN ('pending', 'running')"


def begun(status: ExecutionStatus, limit: int) -> tuple[Execution, ...]:
    """What has begun and not ended, the oldest first."""
    where = "status = ? AND deleted_at IS NULL ORDER BY created_at, pk LIMIT ?"
    return tuple(find(Execution, ExecutionRow, where, (status.value, limit)))


def queue(limit: int) -> tuple[Execution, ...]:
    """What has not begun, or waits to go on, in the order in which it is claimed."""
    order = "priority DESC, trigger = 'catchup', created_at, pk"  # as claims has it
    where = f"status = 'pending' AND deleted_at IS NULL ORDER BY {order} LIMIT ?"
    return tuple(find(Execution, ExecutionRow, where, (limit,)))


def pausable() -> tuple[Execution, ...]:
    """What runs, or waits to, and of which no pause or end is asked; sub-workflows pause with what they are part of."""
    where = (
        "status IN ('running', 'pending') AND deleted_at IS NULL AND requested IS NULL AND parent IS NULL"
        " AND kind = 'workflow' AND (status = 'pending' OR runner IS NOT NULL) ORDER BY created_at, pk"
    )
    return tuple(find(Execution, ExecutionRow, where, ()))


def of_workflow(workflow: WorkflowPk) -> list[tuple[ExecutionPk, int, SchedulePk | None, str]]:
    """What of a workflow has not ended, the oldest first: key, number, schedule and trigger. (A hot path.)"""
    return database.rows(_OF_WORKFLOW, (workflow,))


_OF_WORKFLOW = (
    "SELECT pk, number, schedule, trigger FROM executions WHERE workflow = ? AND deleted_at IS NULL"
    " AND status IN ('pending', 'running', 'paused', 'interrupted') ORDER BY pk"
)


def by_events_at(moment: datetime, workspace: WorkspacePk) -> list[ExecutionPk]:
    """What an event had started, and ran then, the newest first; of the newest executions alone."""
    at = times.to_ms(moment)
    return [pk for (pk,) in database.rows(_BY_EVENTS, (workspace, at, at))]


_BY_EVENTS = (
    "SELECT pk FROM executions WHERE workspace = ? AND pk > (SELECT max(pk) FROM executions) - 500"
    " AND trigger IN ('event', 'catchup') AND started_at <= ? AND (completed_at IS NULL OR completed_at >= ?)"
    " ORDER BY pk DESC LIMIT 20"
)


def count(status: ExecutionStatus) -> int:
    sql = "SELECT count(*) FROM executions WHERE status = ? AND deleted_at IS NULL"
    return int(database.scalar(sql, (status.value,)) or 0)


def open_tasks(executions: Collection[ExecutionPk]) -> dict[ExecutionPk, list[TaskExecution]]:
    """Their attempts that run, or wait for a retry, in the order they were written."""
    found: dict[ExecutionPk, list[TaskExecution]] = {each: [] for each in executions}
    where = f"execution IN (SELECT value FROM json_each(?)) AND {_OPEN} ORDER BY pk"  # noqa: S608 - our own words
    for row in find(TaskExecution, TaskExecutionRow, where, (json.dumps([*executions]),)):
        found[row.execution].append(row)
    return found


def items_done(execution: Execution, task: str) -> int:
    """How many items of a task have ended in the round that runs, or were kept from one before."""
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM task_executions WHERE execution = ? AND task = ? GROUP BY item_index"  # noqa: S608
        f" HAVING NOT sum({_OPEN}) AND (max(round) = ? OR sum(status = 'completed')))"
    )
    return int(database.scalar(sql, (execution.pk, task, execution.attempt)) or 0)


def attempt_before(row: TaskExecution) -> TaskExecution | None:
    """The last attempt of the same item that has ended."""
    where = "execution = ? AND task = ? AND item_index = ? AND pk < ? ORDER BY pk DESC LIMIT 1"
    values = (row.execution, row.task, row.item_index, row.pk)
    return next(find(TaskExecution, TaskExecutionRow, where, values), None)


def tries(row: TaskExecution) -> int:
    """How many attempts of its item there were in this round before it, interrupted ones aside."""
    sql = (
        "SELECT count(*) FROM task_executions WHERE execution = ? AND task = ? AND item_index = ? AND round = ?"
        " AND pk < ? AND status <> 'interrupted'"
    )
    return int(database.scalar(sql, (row.execution, row.task, row.item_index, row.round, row.pk)) or 0)


def paused_by(execution: ExecutionPk) -> tuple[str | None, datetime | None]:
    """Who asked for the last pause, and when."""
    sql = (
        "SELECT actor, at FROM events WHERE execution = ? AND type IN ('execution_pause_requested', 'execution_paused')"
        " AND actor IS NOT NULL ORDER BY pk DESC LIMIT 1"
    )
    actor, at = next(iter(database.rows(sql, (execution,))), (None, None))
    return actor, times.from_ms(at) if at is not None else None


def timed_out_since(moment: datetime, limit: int) -> tuple[TaskExecution, ...]:
    """The attempts that took longer than they may, of executions that are not in the trash, newest first."""
    where = (
        "status = 'timeout' AND completed_at >= ?"
        " AND (SELECT deleted_at FROM executions WHERE pk = execution) IS NULL"
        " ORDER BY completed_at DESC LIMIT ?"
    )
    return tuple(find(TaskExecution, TaskExecutionRow, where, (times.to_ms(moment), limit)))
