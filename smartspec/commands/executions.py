"""What a user can do with executions: find them, look into them, steer them, put them aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from smartspec.commands.actor import user
from smartspec.commands.starting import Origin, start_execution
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import ids, states, times
from smartspec.domain.definition import model
from smartspec.domain.event import Event, EventType
from smartspec.domain.execution import Execution, Kind, Request, TaskExecution, Trigger, log_folder, log_name
from smartspec.domain.filters import ExecutionFilter
from smartspec.domain.jsontext import Json
from smartspec.domain.page import Page
from smartspec.domain.states import FINAL, PROBLEM, ExecutionStatus, TaskStatus
from smartspec.domain.text import plain
from smartspec.errors import Conflict, ExecutionNotFound, Invalid, InvalidTransition, TaskNotFound, WorkflowNotFound
from smartspec.store import database, events, executions, logs, tasks, versions, workflows, workspaces
from smartspec.store.logs import LogChunk

E = ExecutionStatus
COUNTED_EXACTLY = 10_000

__all__ = ["Origin", "start_execution"]  # beside what is defined here


def get_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """By id, an unambiguous beginning of one, `REF#42`, or `REF` for its newest. Raises ExecutionNotFound."""
    found = executions.by_id(which) or _by_number(which, workspace) or _by_prefix(which)
    if found is not None:
        return found
    if ids.is_id(which) or "#" in which or _looks_like_prefix(which):
        raise ExecutionNotFound(f"There is no execution “{which}”; `smartspec history` shows what there is.")
    workflow = get_workflow(which, workspace)
    newest = executions.page(ExecutionFilter(workflow=workflow.pk), limit=1).rows
    if not newest:
        raise ExecutionNotFound(f"“{workflow.name}” has not run yet; `smartspec run {workflow.ref}` starts it.")
    return newest[0]


def get_execution_by_key(pk: int) -> Execution:
    """By its row key, as task executions name it."""
    return executions.get(pk)


def _by_number(which: str, workspace: str) -> Execution | None:
    ref, hash_, number = which.rpartition("#")
    if not hash_ or not number.isdecimal() or len(number) > 15:
        return None
    return executions.by_number(get_workflow(ref, workspace).pk, int(number))


def _looks_like_prefix(which: str) -> bool:
    return len(which) >= 4 and all(letter in "0123456789abcdef-" for letter in which)


def _by_prefix(which: str) -> Execution | None:
    if not _looks_like_prefix(which):
        return None
    found = executions.by_prefix(which)
    if len(found) > 1:
        raise Conflict(f"More than one execution's id begins with “{which}”; write more of it.")
    return found[0] if found else None


# Lists


def list_executions(
    wanted: ExecutionFilter | None = None, *, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[Execution]:
    """Newest first."""
    if not 1 <= limit <= 10_000:
        raise Invalid("A page holds 1 to 10,000 executions.")
    return executions.page(_here(wanted, workspace), after, limit)


def count_executions(wanted: ExecutionFilter | None = None, *, exact: bool = False, workspace: str = DEFAULT) -> int:
    """How many; without `exact` the counting stops at 10,001."""
    return executions.count(_here(wanted, workspace), None if exact else COUNTED_EXACTLY + 1)


def recent_executions(ref: str, limit: int = 10, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    """The newest of a workflow."""
    return executions.page(ExecutionFilter(workflow=get_workflow(ref, workspace).pk), limit=limit).rows


def failed_executions(limit: int = 50, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    """The newest that failed, timed out or were interrupted."""
    return executions.page(_here(ExecutionFilter(status=PROBLEM), workspace), limit=limit).rows


def _here(wanted: ExecutionFilter | None, workspace: str) -> ExecutionFilter:
    return replace(wanted or ExecutionFilter(), workspace=workspaces.get(workspace).pk)


def list_task_executions(which: str, task: str | None = None, workspace: str = DEFAULT) -> tuple[TaskExecution, ...]:
    """Every attempt, in the order they were written. Raises TaskNotFound for a task that the execution has not."""
    execution = get_execution(which, workspace)
    found = tasks.of_execution(execution.pk, task)
    if task is not None and not found:
        _check_task(execution, task)
    return found


def _check_task(execution: Execution, task: str) -> None:
    definition = model.read(versions.get(execution.version).definition) if execution.version else None
    if definition is None or (
        task not in definition.tasks and task.removeprefix("handlers.") not in definition.handlers
    ):
        raise TaskNotFound(f"{execution.label} has no task “{task}”; `smartspec tasks {execution.id[:13]}` lists them.")


def pending_retries(due_only: bool = False) -> tuple[TaskExecution, ...]:
    """What waits for another attempt, the next one first."""
    return tasks.pending_retries(times.now() if due_only else None)


def timed_out_tasks(limit: int = 200) -> tuple[TaskExecution, ...]:
    """Newest first."""
    return tasks.timed_out(limit)


def list_events(which: str, *, after: str | None = None, limit: int = 200, workspace: str = DEFAULT) -> Page[Event]:
    """Oldest first."""
    return events.page(execution=get_execution(which, workspace).pk, after=after, limit=limit)


def child_executions(which: str, workspace: str = DEFAULT) -> tuple[Execution, ...]:
    return executions.children(get_execution(which, workspace).pk)


def log_path(task: TaskExecution, execution: Execution | None = None) -> Path | None:
    """The first segment of an attempt's log; None where it can have none."""
    name = task.log_path
    if name is None and task.status is TaskStatus.RUNNING and task.task_type == "executor":
        execution = execution or executions.get(task.execution)
        folder = log_folder(execution.id, execution.created_at)
        name = f"{folder}/{log_name(task.task, task.item_index, task.attempt)}"
    return database.folder() / "logs" / name if name else None


def read_log(task: TaskExecution, offset: int = 0, limit: int = logs.MOST_READ_BYTES) -> LogChunk:
    """What follows an offset; empty at the end of what there is. While the task runs there may be more later."""
    path = log_path(task)
    return logs.read(path, offset, limit) if path else LogChunk(b"", offset, offset)


# Steering


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


# Words about it


def note_execution(which: str, note: str | None, workspace: str = DEFAULT) -> Execution:
    """None or an empty text removes the note."""
    execution = get_execution(which, workspace)
    note = plain(note, "A note", 10_000) if note else None
    return executions.change(execution, EventType.EXECUTION_NOTED, by=user(), message="note", note=note)


def pin_execution(which: str, pinned: bool = True, workspace: str = DEFAULT) -> Execution:
    """A pinned execution is never cleaned up."""
    execution = get_execution(which, workspace)
    return executions.change(execution, EventType.EXECUTION_NOTED, by=user(), message="pin", pinned=pinned)


# Trash


def delete_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """Into the trash. Raises Conflict while it is not ended."""
    execution = get_execution(which, workspace)
    if execution.status not in FINAL:
        raise Conflict(f"{execution.label} is {execution.status}; cancel it first.")
    if execution.deleted_at is not None:
        return execution
    return executions.change(execution, EventType.EXECUTION_DELETED, by=user(), deleted_at=times.now())


def restore_execution(which: str, workspace: str = DEFAULT) -> Execution:
    execution = get_execution(which, workspace)
    if execution.deleted_at is None:
        raise Conflict(f"{execution.label} is not in the trash.")
    return executions.change(execution, EventType.EXECUTION_RESTORED, by=user(), deleted_at=None)


def purge_execution(which: str, workspace: str = DEFAULT) -> None:
    """Remove one that is in the trash for good, with its tasks and logs."""
    execution = get_execution(which, workspace)
    if execution.deleted_at is None:
        raise Conflict(f"{execution.label} is not in the trash; delete it first.")
    paths = [path for task in tasks.of_execution(execution.pk) if (path := log_path(task))]
    executions.purge(execution, user())
    for path in paths:
        logs.remove(path)


def delete_old_executions(days: float, workspace: str = DEFAULT) -> int:
    """Put what ended more than `days` days ago, and is not pinned, into the trash; the answer is how many."""
    if not 0 <= days <= 36_500:
        raise Invalid("The days must be between 0 and 36,500.")
    return executions.delete_before(times.now() - timedelta(days=days), workspaces.get(workspace).pk)


# From outside: a program that tells what it does


@dataclass(frozen=True, slots=True)
class Report:
    """How something that ran elsewhere ended."""

    status: ExecutionStatus
    output: Json = None
    error: str | None = None


def begin_execution(ref: str, name: str | None = None, workspace: str = DEFAULT) -> Execution:
    """Note that something began to run which no runner runs. It stays running until it is ended."""
    workflow = workflows.brief(ref) or workflows.brief(get_workflow(ref, workspace).id)
    if workflow is None:
        raise WorkflowNotFound(f"There is no workflow “{ref}”.")
    now = times.now()
    values: Mapping[str, Any] = {
        "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": name or workflow.name,
        "version": workflow.version, "workflow_version": workflow.label, "kind": Kind.EXTERNAL, "status": E.RUNNING,
        "trigger": Trigger.EXTERNAL, "triggered_by": user(), "created_at": now, "started_at": now,
    }  # fmt: skip
    return executions.add(values)


def end_execution(which: str, report: Report, workspace: str = DEFAULT) -> Execution:
    """End what was begun from outside. Raises Conflict for what a runner runs, InvalidTransition for what has ended."""
    if report.error is not None:
        plain(report.error, "An error", 1_048_576)
    states.check_execution(E.RUNNING, report.status)
    ended = executions.end_reported(which, report.status, report.output, report.error)
    if ended is not None:
        return ended
    execution = get_execution(which, workspace)
    if execution.kind is Kind.WORKFLOW:
        raise Conflict(f"{execution.label} is run by SmartSpec; it can be cancelled, not reported on.")
    states.check_execution(execution.status, report.status)
    ended = executions.end_reported(execution.id, report.status, report.output, report.error)
    if ended is None:
        raise Conflict(f"{execution.label} is in the trash; restore it first.")
    return ended
