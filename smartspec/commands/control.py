"""What a user can ask of an execution: cancel, pause, resume, confirm, run again in part or anew."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

from smartspec.commands import environment, next_steps, ownership
from smartspec.commands.actor import cancel_reason, user
from smartspec.commands.executions import get_execution, list_task_executions
from smartspec.commands.registry import command
from smartspec.commands.starting import start_execution
from smartspec.commands.termination import end_unclaimed
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Kind, Origin, Request, TaskExecution
from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.text import check_display_text, did_you_mean
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, InvalidTransition, TaskNotFound
from smartspec.messages import N_, _, sentences
from smartspec.store import active, database, executions, runners, tasks, versions, workflows
from smartspec.vocabulary import status_in_text

E = ExecutionStatus
_TIMES = 10  # that something is asked again of what changes meanwhile


@command
def cancel_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """What has begun is ended by its runner (a second cancel ends the handlers); what waits is cancelled at once.

    Raises InvalidTransition for what has ended.
    """
    execution = get_execution(which, workspace)
    for _attempt in range(_TIMES):
        try:
            return _cancel(execution)
        except InvalidTransition:
            raise
        except Conflict:  # it has begun or ended just now: look at it again
            execution = executions.get(execution.pk)
    return _cancel(execution)


def _cancel(execution: Execution) -> Execution:
    if execution.status in FINAL:
        raise _refusal(execution, N_("{execution} has ended already ({status})."))
    if execution.status is E.RUNNING and execution.runner is not None:
        return _request(execution, Request.CANCEL)
    return end_unclaimed(execution, E.CANCELLED, cancel_reason(execution))


def _refusal(execution: Execution, template: str) -> InvalidTransition:
    """The template may name the `execution` and its `status`; what can be done with it as it stands follows."""
    why = _(template, execution=execution.label, status=status_in_text(execution.status))
    return InvalidTransition(sentences([why, next_steps.describe(execution)]))


@command
def give_up_execution(which: str, *, without_its_runner: bool = False, workspace: str = DEFAULT) -> Execution:
    """End an interrupted execution as failed, after its handlers where it has any.

    `without_its_runner` also one that runs, where its runner is of another machine or does not heed a cancel: it may
    be gone; one that lives after all ends what it runs. Raises InvalidTransition for another, Conflict where a runner
    would have to be passed over.
    """
    execution = get_execution(which, workspace)
    if execution.status is E.RUNNING and execution.runner is not None:
        execution = _taken_from_its_runner(execution, without_its_runner)
    if execution.status is not E.INTERRUPTED:
        raise _refusal(execution, N_("{execution} is {status}; only an interrupted one can be given up."))
    return end_unclaimed(execution, E.FAILED, "given_up")


def needs_agreement(which: str, workspace: str = DEFAULT) -> bool:
    """Whether giving it up would pass over a runner that may not answer."""
    execution = get_execution(which, workspace)
    is_asked = not ownership.is_alive(execution) or execution.requested is Request.CANCEL
    return execution.status is E.RUNNING and execution.runner is not None and is_asked


def _taken_from_its_runner(execution: Execution, agreed: bool) -> Execution:
    """As if its runner were gone, and its children with it."""
    if ownership.is_alive(execution) and execution.requested is not Request.CANCEL:
        raise _refusal(execution, N_("{execution} is run on this machine."))
    if not agreed:
        name = execution.id[:18]
        raise Conflict(
            _(
                "{execution} is in the hands of a runner on {host}; "
                "`smartspec give-up {name} --yes` ends it without that.",
                execution=execution.label,
                host=ownership.host_of(execution),
                name=name,
            )
        )
    with database.transaction():
        runners.take_from_its_runner(execution)
    return executions.get(execution.pk)


@command
def pause_execution(which: str, reason: str | None = None, workspace: str = DEFAULT) -> Execution:
    """No further task starts; it is paused when those that run have ended. Raises InvalidTransition."""
    execution = get_execution(which, workspace)
    if reason is not None:
        check_display_text(reason, _("A reason"), 2_000)
    if execution.kind is not Kind.WORKFLOW:
        raise _refusal(execution, N_("{execution} was recorded, not run here; it cannot be paused."))
    if execution.status is E.RUNNING and execution.runner is not None:
        return _request(execution, Request.PAUSE, reason)
    if execution.status is E.PENDING:
        return executions.change(
            execution, EventType.EXECUTION_PAUSED, by=user(), message=reason, status=E.PAUSED, paused_at=times.now(),
            pause_reason=reason,
        )  # fmt: skip
    raise _refusal(execution, N_("{execution} is {status}; only what is pending or runs can be paused."))


@command
def pause_all(reason: str | None = None) -> tuple[Execution, ...]:
    """Pause all that runs, or waits to, in all workspaces; the answer is what is paused, or will be.

    What ends meanwhile is left out.
    """
    paused = []
    for each in active.pausable():
        with suppress(Conflict):
            paused.append(pause_execution(each.id, reason))
    return tuple(paused)


def _request(execution: Execution, request: Request, reason: str | None = None) -> Execution:
    """Ask the runner; a request goes down to sub-workflows by their runner."""
    event = {
        Request.CANCEL: EventType.EXECUTION_CANCEL_REQUESTED,
        Request.PAUSE: EventType.EXECUTION_PAUSE_REQUESTED,
    }[request]
    if execution.requested is Request.CANCEL and request is Request.PAUSE:
        raise Conflict(
            _(
                "{execution} cannot be paused any more. {next_steps}",
                execution=execution.label,
                next_steps=next_steps.describe(execution),
            )
        )
    why = {"pause_reason": reason} if request is Request.PAUSE else {}
    if request is Request.CANCEL and execution.outcome is None:
        why = {"status_reason": cancel_reason(execution)}
    return executions.change(execution, event, by=user(), message=reason, requested=request, **why)


@command
def resume_execution(which: str, workspace: str = DEFAULT) -> Execution:
    """Queue a paused or interrupted execution again; it goes on where it was. Raises InvalidTransition.

    Of a running one it takes back a request to pause.
    """
    execution = get_execution(which, workspace)
    if execution.status is E.RUNNING and execution.requested is Request.PAUSE:
        changed = {"requested": None, "pause_reason": None}
        return executions.change(execution, EventType.EXECUTION_RESUMED, by=user(), **changed)
    if execution.status not in (E.PAUSED, E.INTERRUPTED):
        raise _refusal(execution, N_("{execution} is {status}; there is nothing to resume."))
    if execution.kind is not Kind.WORKFLOW:
        raise _refusal(execution, N_("{execution} was recorded, not run here; it cannot go on."))
    _check_parent(execution)
    return executions.change(execution, EventType.EXECUTION_RESUMED, by=user(), status=E.PENDING, runner=None)


def _check_parent(execution: Execution) -> None:
    """A sub-workflow goes on with its parent: by itself only while that runs, and waits for it. Raises Conflict."""
    parent = ownership.parent_of(execution)
    if parent is not None and parent.status is not E.RUNNING:
        raise Conflict(
            _(
                "{execution} is a sub-workflow of {parent}, which is {status} and would not wait for it. {next_steps}",
                execution=execution.label, parent=parent.label, status=status_in_text(parent.status),
                next_steps=next_steps.describe(parent),
            )
        )  # fmt: skip


@command
def confirm_task(which: str, task: str, *, reject: bool = False, workspace: str = DEFAULT) -> TaskExecution:
    """Answer a `manual` task that waits: it is completed, or rejected and failed. Raises Conflict, TaskNotFound."""
    execution = get_execution(which, workspace)
    status, reason = (TaskStatus.FAILED, "rejected") if reject else (TaskStatus.COMPLETED, None)
    by = {"by": user()}
    with database.transaction():  # looked at inside: of two answers, or an answer and an end, the first holds
        waiting = _waiting_for_a_person(execution, task, workspace)
        tasks.end(waiting, execution.workflow, status, reason, output=by)
    return tasks.get(waiting.pk)


def _waiting_for_a_person(execution: Execution, task: str, workspace: str) -> TaskExecution:
    rows = list_task_executions(execution.id, task, workspace)
    waiting = [row for row in rows if row.status is TaskStatus.RUNNING and row.task_type == "manual"]
    if not waiting:
        raise Conflict(
            _(
                "The task “{task}” of {execution} does not wait for a person;"
                " `smartspec tasks {name}` shows what does.",
                task=task, execution=execution.label, name=execution.id[:18],
            )
        )  # fmt: skip
    return waiting[-1]


@command
def rerun_failed(which: str, workspace: str = DEFAULT) -> Execution:
    """The same execution, attempt + 1: what failed and everything after it is decided anew, the rest is kept.

    Raises InvalidTransition, or Conflict where nothing would be done again.
    """
    execution = _to_rerun(which, workspace)
    if execution.status not in (E.FAILED, E.TIMEOUT, E.CANCELLED):
        raise _refusal(execution, N_("{execution} is {status}; only what failed can be run again in part."))
    if execution.status_reason == "output":
        raise Conflict(
            _(
                "Only the `output` of {execution} failed; no task would run again. {next_steps}",
                execution=execution.label,
                next_steps=next_steps.describe(execution),
            )
        )
    return _reopened(execution)


@command
def rerun_from(which: str, task: str, workspace: str = DEFAULT) -> Execution:
    """The same execution, attempt + 1: a task and everything after it is decided anew, the rest is kept as it is.

    Also of one that completed. Raises InvalidTransition for what has not ended or was recorded, TaskNotFound.
    """
    execution, _definition = to_rerun_from(which, task, workspace)
    begun = {**as_mapping((execution.variables or {}).get("from")), str(execution.attempt + 1): task}
    return _reopened(execution, variables={**(execution.variables or {}), "from": begun})


def to_rerun_from(which: str, task: str, workspace: str = DEFAULT) -> tuple[Execution, Definition]:
    """An execution that can be run again from a task, and its definition. Raises TaskNotFound, and as `rerun_from`."""
    execution = _to_rerun(which, workspace)
    if execution.status not in FINAL:
        raise _refusal(execution, N_("{execution} is {status}; what has ended can be run again from a task."))
    definition = model.read(versions.get(execution.version).definition)
    if task not in definition.tasks:
        raise TaskNotFound(
            _(
                "{execution} has no task “{task}”{end}",
                execution=execution.label,
                task=task,
                end=did_you_mean(task, list(definition.tasks)),
            )
        )
    return execution, definition


def _to_rerun(which: str, workspace: str) -> Execution:
    execution = get_execution(which, workspace)
    if execution.kind is not Kind.WORKFLOW or execution.version is None:
        raise _refusal(execution, N_("{execution} was recorded, not run here; it cannot be run again."))
    if execution.deleted_at is not None:
        name = execution.id[:18]
        raise Conflict(
            _(
                "{execution} is in the trash; `smartspec execution restore {name}` brings it back.",
                execution=execution.label,
                name=name,
            )
        )
    return execution


def _reopened(execution: Execution, **values: object) -> Execution:
    """In the environment of whoever asks, and where its folder is gone in that of its workflow."""
    _check_parent(execution)
    with environment.kept(execution.id) as around, database.transaction():
        around.note(execution.pk)
        data = {"environment": execution.environment}  # the one before, for comparing
        return executions.reopen(execution, user(), data, folder=_folder_now(execution), **values)


def _folder_now(execution: Execution) -> str | None:
    """Where it ran; where that is gone, where its workflow runs now."""
    is_there = execution.folder is not None and Path(execution.folder).is_dir()
    if is_there or execution.workflow is None:
        return execution.folder
    return workflows.get(execution.workflow).folder or execution.folder


@command
def run_again(
    which: str, input: Mapping[str, Json] | None = None, *, origin: Origin | None = None, workspace: str = DEFAULT
) -> Execution:
    """A new execution with today's defaults, version and settings; the input is the old one unless it is given."""
    workflow, given = to_run_again(which, workspace)
    return start_execution(workflow.id, given if input is None else input, origin=origin, workspace=workspace)


def to_run_again(which: str, workspace: str = DEFAULT) -> tuple[Workflow, JsonObject | None]:
    """The workflow of an execution, and the input that it was given. Raises Conflict where that cannot run again."""
    execution = get_execution(which, workspace)
    if execution.workflow is None:
        raise Conflict(
            _("The workflow of {execution} was removed; import its file, and run that.", execution=execution.label)
        )
    workflow = workflows.get(execution.workflow)
    if workflow.deleted_at is not None:
        raise Conflict(
            _(
                "The workflow of {execution} is in the trash; `smartspec restore {ref}` brings it back.",
                execution=execution.label,
                ref=workflow.ref,
            )
        )
    return workflow, cast("JsonObject | None", execution.input)  # of a workflow, which takes an object
