"""Tasks of executions that run elsewhere, as the program that runs them tells of them."""

from __future__ import annotations

from smartspec.commands.executions import get_execution, list_task_executions
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.invisible import check_one_line
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.text import check_display_text
from smartspec.errors import Conflict, Invalid, TaskNotFound
from smartspec.messages import _, listed
from smartspec.store import external_tasks
from smartspec.value import frozen
from smartspec.vocabulary import status_in_text

LONGEST_NAME = 200
_ENDS = (TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.TIMEOUT, TaskStatus.CANCELLED)


@frozen
class TaskReport:
    """How a task that ran elsewhere ended: completed, failed, timeout or cancelled; durations are milliseconds."""

    status: TaskStatus = TaskStatus.COMPLETED
    output: Json = None
    error: str | None = None
    exit_code: int | None = None
    duration_ms: int | None = None


@command
def begin_task(
    which: str, task: str, *, input: Json = None, item: Json = None, item_index: int = 0, workspace: str = DEFAULT
) -> TaskExecution:
    """Note that a task of an execution from outside began; told of again after its end, it is its next attempt.

    Raises Conflict for what SmartSpec runs itself, and where the execution has ended or the task runs already.
    """
    execution = _from_outside(which, workspace)
    name = check_task_name(task)
    if not 0 <= item_index < 100_000:
        raise Invalid(_("The index of an item is a number from 0 to 99,999."))
    dump(input), dump(item)
    return external_tasks.begin(execution, name, item_index, item, input)


@command
def end_task(
    which: str, task: str, report: TaskReport | None = None, *, item_index: int = 0, workspace: str = DEFAULT
) -> TaskExecution:
    """Note how the attempt of a task that runs ended. Raises TaskNotFound, Conflict, Invalid."""
    report = report or TaskReport()
    execution = _from_outside(which, workspace)
    rows = [row for row in list_task_executions(execution.id) if (row.task, row.item_index) == (task, item_index)]
    if not rows:
        raise TaskNotFound(_("{execution} has no task “{task}” that was begun.", execution=execution.label, task=task))
    if report.status not in _ENDS:
        raise Invalid(
            _(
                "A task cannot end as {status}: it ends as {names}.",
                status=status_in_text(report.status),
                names=listed(_ENDS),
            )
        )
    if report.error is not None:
        check_display_text(report.error, _("An error"), 1_048_576)
    if report.duration_ms is not None and not 0 <= report.duration_ms < 2**53:
        raise Invalid(_("A duration is a number of milliseconds that is not negative."))
    dump(report.output)
    result = AttemptResult(
        status=report.status, output=report.output, error=report.error, exit_code=report.exit_code,
        duration_ms=report.duration_ms, reason="user" if report.status is TaskStatus.CANCELLED else None,
    )  # fmt: skip
    return external_tasks.end(execution, rows[-1].pk, result)


def check_task_name(name: str) -> str:
    """As it is kept. Raises Invalid."""
    name = check_one_line(name.strip(), _("The name of a task"), LONGEST_NAME)
    if not name:
        raise Invalid(_("A task needs a name: any text of 1 to {most} characters.", most=LONGEST_NAME))
    return name


def _from_outside(which: str, workspace: str) -> Execution:
    execution = get_execution(which, workspace)
    if execution.kind is Kind.WORKFLOW:
        raise Conflict(_("{execution} is run by SmartSpec; it keeps its tasks itself.", execution=execution.label))
    if execution.runner is not None:
        raise Conflict(
            _("{execution} is recorded by another process; that tells of its tasks.", execution=execution.label)
        )
    return execution
