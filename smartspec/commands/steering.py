"""What a user can ask of an execution: cancel, pause, resume, confirm, run again in part or anew."""

from __future__ import annotations

from typing import Any

from smartspec.commands.actor import user
from smartspec.commands.executions import get_execution, list_task_executions
from smartspec.commands.starting import start_execution
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import states, times
from smartspec.domain.definition import model
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Kind, Origin, Request, TaskExecution
from smartspec.domain.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.text import plain
from smartspec.errors import Conflict, InvalidTransition
from smartspec.store import database, executions, tasks, versions, workflows

E = ExecutionStatus


def cancel_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """What has begun is ended by its runner (a second cancel ends the handlers); what waits is cancelled at once.

    Raises InvalidTransition for what has ended.
    """
    execution = get_execution(which, workspace)
    if execution.status in FINAL:
        raise InvalidTransition(f"{execution.label} has ended already ({execution.status}).")
    if execution.status is E.RUNNING and execution.runner is not None:
        return _request(execution, Request.CANCEL)
    return end_waiting(execution, E.CANCELLED, "user")


def end_waiting(execution: Execution, status: ExecutionStatus, reason: str) -> Execution:
    """End an execution that nobody runs: at once, or after its handlers where it has begun and has any."""
    states.check_execution(execution.status, status)
    with database.transaction():
        _end_rows(execution, reason)
        for child in executions.children(execution.pk):
            if child.status not in FINAL and child.status is not E.RUNNING:
                end_waiting(child, E.CANCELLED, "parent")
        if execution.status in (E.PAUSED, E.INTERRUPTED) and _has_handlers(execution, status):
            return executions.change(
                execution, EventType.EXECUTION_DECIDED, by=user(),
                status=E.PENDING, outcome=status, status_reason=reason, requested=None,
            )  # fmt: skip
        return executions.finish(execution, status, reason)


def _end_rows(execution: Execution, reason: str) -> None:
    for task in tasks.of_execution(execution.pk):
        if task.status in (TaskStatus.PENDING, TaskStatus.RUNNING):
            tasks.end(task, execution.workflow, TaskStatus.CANCELLED, reason)


def _has_handlers(execution: Execution, status: ExecutionStatus) -> bool:
    if execution.version is None or not tasks.of_execution(execution.pk):
        return False
    handlers = model.read(versions.get(execution.version).definition).handlers
    wanted = {E.CANCELLED: "cancel", E.FAILED: "failure"}[status]
    return bool(handlers.keys() & {wanted, "exit"})


def give_up_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """End an interrupted execution as failed. Raises InvalidTransition for another."""
    execution = get_execution(which, workspace)
    states.check_execution(execution.status, E.FAILED)
    if execution.status is not E.INTERRUPTED:
        raise InvalidTransition(f"{execution.label} is {execution.status}; only an interrupted one can be given up.")
    return end_waiting(execution, E.FAILED, "given_up")


def pause_execution(which: str, reason: str | None = None, workspace: str = DEFAULT) -> Execution:
    """No further task starts; it is paused when those that run have ended. Raises InvalidTransition."""
    execution = get_execution(which, workspace)
    if reason is not None:
        plain(reason, "A reason", 2_000)
    if execution.kind is not Kind.WORKFLOW:
        raise InvalidTransition(f"{execution.label} was recorded, not run here; it cannot be paused.")
    if execution.status is E.RUNNING and execution.runner is not None:
        return _request(execution, Request.PAUSE, reason)
    if execution.status is E.PENDING:
        changed = {"status": E.PAUSED, "paused_at": times.now(), "pause_reason": reason}
        return executions.change(execution, EventType.EXECUTION_PAUSED, by=user(), message=reason, **changed)
    raise InvalidTransition(f"{execution.label} is {execution.status}; only what is pending or runs can be paused.")


def _request(execution: Execution, request: Request, reason: str | None = None) -> Execution:
    """Ask the runner; a request goes down to sub-workflows by their runner."""
    event = {
        Request.CANCEL: EventType.EXECUTION_CANCEL_REQUESTED,
        Request.PAUSE: EventType.EXECUTION_PAUSE_REQUESTED,
    }[request]
    if execution.requested is Request.CANCEL and request is Request.PAUSE:
        raise Conflict(f"{execution.label} is being cancelled.")
    changed: dict[str, Any] = {"requested": request}
    if request is Request.PAUSE:
        changed["pause_reason"] = reason
    return executions.change(execution, event, by=user(), message=reason, **changed)


def resume_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """Queue a paused or interrupted execution again; it goes on where it was. Raises InvalidTransition.

    Of a running one it takes back a request to pause.
    """
    execution = get_execution(which, workspace)
    if execution.status is E.RUNNING and execution.requested is Request.PAUSE:
        changed = {"requested": None, "pause_reason": None}
        return executions.change(execution, EventType.EXECUTION_RESUMED, by=user(), **changed)
    if execution.status not in (E.PAUSED, E.INTERRUPTED):
        raise InvalidTransition(f"{execution.label} is {execution.status}; there is nothing to resume.")
    if execution.kind is not Kind.WORKFLOW:
        raise InvalidTransition(f"{execution.label} was recorded, not run here; it cannot go on.")
    return executions.change(execution, EventType.EXECUTION_RESUMED, by=user(), status=E.PENDING, runner=None)


def confirm_task(which: str, task: str, *, reject: bool = False, workspace: str = DEFAULT) -> TaskExecution:
    """Answer a `manual` task that waits: it is completed, or rejected and failed. Raises Conflict, TaskNotFound."""
    execution = get_execution(which, workspace)
    rows = list_task_executions(execution.id, task, workspace)
    waiting = [row for row in rows if row.status is TaskStatus.RUNNING and row.task_type == "manual"]
    if not waiting:
        raise Conflict(f"The task “{task}” of {execution.label} does not wait for a person.")
    status, reason = (TaskStatus.FAILED, "rejected") if reject else (TaskStatus.COMPLETED, None)
    by = {"by": user()}
    with database.transaction():
        tasks.end(waiting[-1], execution.workflow, status, reason, output=by)
    return tasks.get(waiting[-1].pk)


def rerun_failed(which: str, workspace: str = DEFAULT) -> Execution:
    """The same execution, attempt + 1: what failed and everything after it is decided anew, the rest is kept.

    Raises InvalidTransition, or Conflict where nothing would be done again.
    """
    execution = get_execution(which, workspace)
    if execution.kind is not Kind.WORKFLOW or execution.version is None:
        raise InvalidTransition(f"{execution.label} was recorded, not run here; it cannot be run again.")
    if execution.status not in (E.FAILED, E.TIMEOUT, E.CANCELLED):
        raise InvalidTransition(f"{execution.label} is {execution.status}; only what failed can be run again in part.")
    if execution.status_reason == "output":
        raise Conflict(f"Only the `output` of {execution.label} failed; no task would run again. Use `again` instead.")
    return executions.reopen(execution, user())


def run_again(which: str, *, origin: Origin | None = None, workspace: str = DEFAULT) -> Execution:
    """A new execution with the input as it was given, and today's defaults, version and settings."""
    execution = get_execution(which, workspace)
    if execution.workflow is None:
        raise Conflict(f"The workflow of {execution.label} was removed; it cannot be run again.")
    workflow = workflows.get(execution.workflow)
    if workflow.deleted_at is not None:
        raise Conflict(f"The workflow of {execution.label} is in the trash; restore it first.")
    return start_execution(workflow.id, execution.input, origin=origin, workspace=workspace)
