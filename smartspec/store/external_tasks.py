"""The tasks of executions that no runner runs: a program elsewhere tells when each begins and ends."""

from collections.abc import Iterator

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine.states import TaskStatus, counter_name
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.domain.text import replace_unstorable
from smartspec.errors import Conflict
from smartspec.messages import _
from smartspec.store import database, events, metrics, tasks
from smartspec.store.models.executions import TaskExecutionRow
from smartspec.store.models.fields import read
from smartspec.vocabulary import status_in_text

_BEGIN = (
    "UPDATE executions SET tasks_total = tasks_total + ? WHERE pk = ? AND status = 'running' AND deleted_at IS NULL"
)
_COUNT = "SELECT count(DISTINCT task) FROM task_executions WHERE execution = ?"


def begin(execution: Execution, task: str, item_index: int, item: Json, given: Json) -> TaskExecution:
    """A task, or its next attempt. Raises Conflict where the execution has ended, or this attempt has not."""
    now = times.now()
    with database.transaction():
        before = [row for row in tasks.of_execution(execution.pk) if row.task == task]
        same = [row for row in before if row.item_index == item_index]
        if same and same[-1].status is TaskStatus.RUNNING:
            raise Conflict(
                _(
                    "The task “{task}” of {execution} runs already; end it before it begins again.",
                    task=task,
                    execution=execution.label,
                )
            )
        if not database.execute(_BEGIN, (0 if same else 1, execution.pk)).rowcount:
            raise Conflict(_("{execution} has ended; nothing can begin in it any more.", execution=execution.label))
        pk = TaskExecutionRow.insert(
            execution=execution.pk, task=task, task_type="executor", item_index=item_index, item=item,
            round=execution.attempt, attempt=len(same) + 1, status=TaskStatus.RUNNING, input=given,
            position=before[0].position if before else database.scalar(_COUNT, (execution.pk,)),
            scheduled_at=now, started_at=now,
        ).execute()  # fmt: skip
        events.add(EventType.TASK_STARTED, workflow=execution.workflow, execution=execution.pk, task_execution=pk)
        database.record_change(Topic.TASKS, execution.pk)
    return tasks.get(pk)


def end(execution: Execution, pk: TaskExecutionPk, result: AttemptResult, **more: object) -> TaskExecution:
    """How an attempt ended. Raises Conflict where it has ended already."""
    moment = times.now()
    now = times.to_ms(moment)
    with database.transaction():
        row = tasks.get(pk)
        if row.status is not TaskStatus.RUNNING:
            raise Conflict(
                _(
                    "The task “{task}” of {execution} has ended already ({status}).",
                    task=row.task,
                    execution=execution.label,
                    status=status_in_text(row.status),
                )
            )
        lasted = result.duration_ms
        if lasted is None:
            lasted = max(0, now - times.to_ms(row.started_at or moment))
        TaskExecutionRow.update(
            status=result.status, status_reason=result.reason, output=result.output,
            error=replace_unstorable(result.error),
            exit_code=result.exit_code, duration_ms=lasted, completed_at=moment, **more,
        ).where(TaskExecutionRow.pk == pk).execute()  # fmt: skip
        column = f"tasks_{counter_name(result.status)}"
        database.execute(f"UPDATE executions SET {column} = {column} + 1 WHERE pk = ?", (execution.pk,))  # noqa: S608
        broken = result.status in (TaskStatus.FAILED, TaskStatus.TIMEOUT)
        events.add(
            EventType(f"task_{result.status.value}"), workflow=execution.workflow, execution=execution.pk,
            task_execution=pk, level=Level.ERROR if broken else Level.INFO,
        )  # fmt: skip
        connection = database.database.connection()
        metrics.count_task(connection, execution.workflow, row.task, result.status.value, lasted, None, None, now)
        database.record_change(Topic.TASKS, execution.pk)
        database.record_change(Topic.EXECUTIONS, execution.pk)
    return tasks.get(pk)


def unended(execution: ExecutionPk) -> Iterator[TaskExecution]:
    """Those that run still."""
    row = TaskExecutionRow
    return read(TaskExecution, row.select().where(row.execution == execution, row.status == TaskStatus.RUNNING))


def end_all(execution: Execution) -> None:
    """With their execution ended, nobody will tell any more what became of those that run."""
    for row in tuple(unended(execution.pk)):
        end(execution, row.pk, AttemptResult(status=TaskStatus.CANCELLED, reason="parent"))
