"""The task executions that are stored."""

import json
from collections.abc import Collection
from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine import states
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import TaskExecution
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk, WorkflowPk
from smartspec.store import database, events, metrics
from smartspec.store.logs import interrupted
from smartspec.store.models import fields
from smartspec.store.models.executions import TaskExecutionRow
from smartspec.store.models.fields import read


def of_execution(execution: ExecutionPk, task: str | None = None) -> tuple[TaskExecution, ...]:
    """In the order they were written."""
    where, values = (
        ("execution = ?", [execution]) if task is None else ("execution = ? AND task = ?", [execution, task])
    )
    return tuple(fields.find(TaskExecution, TaskExecutionRow, f"{where} ORDER BY pk", values))


def unfinished(execution: ExecutionPk) -> tuple[TaskExecution, ...]:
    row = TaskExecutionRow
    query = row.select().where(row.execution == execution, row.status.in_((TaskStatus.PENDING, TaskStatus.RUNNING)))
    return tuple(read(TaskExecution, query.order_by(row.pk)))


def news(
    execution: ExecutionPk, after: TaskExecutionPk, open_: Collection[TaskExecutionPk]
) -> tuple[TaskExecution, ...]:
    """The rows written after one of this key, and those of these keys as they are now, in the order of the keys."""
    row = TaskExecutionRow
    query = row.select().where(row.execution == execution, (row.pk > after) | row.pk.in_(list(open_)))
    return tuple(read(TaskExecution, query.order_by(row.pk)))


def get(pk: TaskExecutionPk) -> TaskExecution:
    return next(fields.find(TaskExecution, TaskExecutionRow, "pk = ?", (pk,)))


def pending_retries(due: datetime | None = None) -> tuple[TaskExecution, ...]:
    """Those that wait for another attempt, the next one first; with `due`, those whose time has come."""
    row = TaskExecutionRow
    query = row.select().where(row.status == TaskStatus.PENDING, row.next_retry_at.is_null(False))
    if due is not None:
        query = query.where(row.next_retry_at <= due)
    return tuple(read(TaskExecution, query.order_by(row.next_retry_at)))


def timed_out(limit: int = 200) -> tuple[TaskExecution, ...]:
    """Newest first."""
    row = TaskExecutionRow
    query = row.select().where(row.status == TaskStatus.TIMEOUT)
    return tuple(read(TaskExecution, query.order_by(row.completed_at.desc()).limit(limit)))


def excerpt_of_failure(execution: ExecutionPk) -> str | None:
    """What the attempt that failed last said last; those that were tolerated do not count."""
    sql = (
        "SELECT excerpt FROM task_executions WHERE execution = ? AND status IN ('failed', 'timeout') "
        "AND NOT tolerated AND excerpt IS NOT NULL AND task NOT LIKE 'handlers.%' ORDER BY pk DESC LIMIT 1"
    )
    return next((excerpt for (excerpt,) in database.rows(sql, (execution,))), None)


def end(
    task: TaskExecution, workflow: WorkflowPk | None, status: TaskStatus, reason: str | None, **values: object
) -> None:
    """End a row that no process works on, with its event and metrics. Joins a transaction if there is one."""
    states.check_task_transition(task.status, status)
    now = times.now()
    duration = None
    if task.started_at is not None:
        duration = times.elapsed_ms(task.started_at, now)
    with database.transaction():
        TaskExecutionRow.update(
            status=status, status_reason=reason, completed_at=now, duration_ms=duration, next_retry_at=None, **values
        ).where(TaskExecutionRow.pk == task.pk).execute()
        if task.status is TaskStatus.RUNNING and task.task_type == "executor":
            interrupted.keep(task)
        type_ = EventType(f"task_{status.value}")
        events.add(type_, workflow=workflow, execution=task.execution, task_execution=task.pk)
        connection = database.database.connection()
        at_ms = times.to_ms(now)
        metrics.count_task(connection, workflow, task.task, status.value, duration, None, None, at_ms)
        database.record_change(Topic.TASKS, task.execution)


def drop_delay(task: TaskExecution, workflow: WorkflowPk | None, by: str) -> None:
    """What waits for a retry is due since it was planned: `undelayed` tells its runner."""
    with database.transaction():
        TaskExecutionRow.update(next_retry_at=TaskExecutionRow.scheduled_at).where(
            TaskExecutionRow.pk == task.pk
        ).execute()
        events.add(
            EventType.TASK_RETRYING, workflow=workflow, execution=task.execution, task_execution=task.pk,
            message="now", actor=by,
        )  # fmt: skip
        database.record_change(Topic.TASKS, task.execution)


def undelayed(pks: list[TaskExecutionPk]) -> set[TaskExecutionPk]:
    """Those of some rows whose delay before the retry was dropped."""
    sql = (
        "SELECT pk FROM task_executions WHERE pk IN (SELECT value FROM json_each(?)) AND next_retry_at <= scheduled_at"
    )
    return {pk for (pk,) in database.rows(sql, (json.dumps(pks),))}


def statuses(pks: list[TaskExecutionPk]) -> dict[TaskExecutionPk, tuple[str, str | None, str | None]]:
    """Status, reason and output of some rows."""
    marks = ", ".join("?" * len(pks))
    sql = f"SELECT pk, status, status_reason, output FROM task_executions WHERE pk IN ({marks})"  # noqa: S608
    return {pk: (status, reason, output) for pk, status, reason, output in database.rows(sql, pks)}
