"""Executions from outside: a program that tells what it does, and commands that are recorded while they run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from smartspec.commands import alert_rules, environment, pings, secrets, settings
from smartspec.commands.actor import user
from smartspec.commands.executions import get_execution
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, create_workflow, find_workflow_by_name, get_workflow
from smartspec.domain import times
from smartspec.domain.engine import states
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import (
    AttemptResult,
    CancelRequested,
    EndAttempt,
    FinishExecution,
    Outcome,
    StartAttempt,
    TaskRow,
    TransitionBatch,
)
from smartspec.domain.execution import Execution, Kind, Origin, Request, Trigger, check_note
from smartspec.domain.ids import RunnerPk, TaskExecutionPk
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.runner import Runner
from smartspec.domain.text import check_text
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, SmartSpecError, WorkflowNotFound
from smartspec.messages import _
from smartspec.store import database, executions, runners, transitions, workflows
from smartspec.store.logs.writer import ExecutionLogs
from smartspec.value import field, frozen, replace

E, T = ExecutionStatus, TaskStatus
RECORDED_TASK = "main"  # a recorded execution has one task


@frozen
class Report:
    """How something that ran elsewhere ended."""

    status: ExecutionStatus
    output: Json = None
    error: str | None = None


@command
def begin_execution(ref: str, name: str | None = None, workspace: str = DEFAULT) -> Execution:
    """Note that something began to run which no runner runs. It stays running until it is ended.

    Raises WorkflowNotFound, also for one in the trash.
    """
    now = times.now()
    return executions.add({**_from_outside(ref, name, workspace), "status": E.RUNNING, "created_at": now,
                           "started_at": now})  # fmt: skip


def _from_outside(ref: str, name: str | None, workspace: str) -> Mapping[str, object]:
    workflow = workflows.find_identity(ref) or workflows.find_identity(get_workflow(ref, workspace).id)
    if workflow is None:
        raise WorkflowNotFound(_("There is no workflow “{ref}”.", ref=ref))
    return {
        "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": name or workflow.name,
        "version": workflow.version, "workflow_version": workflow.label, "kind": Kind.EXTERNAL,
        "trigger": Trigger.EXTERNAL, "triggered_by": user(),
    }  # fmt: skip


@command
def record_execution(
    ref: str, started_at: datetime, completed_at: datetime, report: Report, note: str | None = None,
    workspace: str = DEFAULT,
) -> Execution:  # fmt: skip
    """Note something that ran in the past and that no runner ran. Raises Invalid for times that cannot be, or a note
    or an error that cannot be kept; InvalidTransition for a status that is no end; WorkflowNotFound."""
    if (wrong := wrong_times(started_at, completed_at, times.now())) is not None:
        raise Invalid(wrong)
    if report.error is not None:
        check_text(report.error, _("An error"), 1_048_576)
    states.check_execution_transition(E.RUNNING, report.status)
    lasted = times.elapsed_ms(started_at, completed_at)
    return executions.add({
        **_from_outside(ref, None, workspace), "status": report.status, "created_at": started_at,
        "started_at": started_at, "completed_at": completed_at, "duration_ms": lasted, "running_ms": lasted,
        "output": report.output, "error": report.error, "note": check_note(note),
    })  # fmt: skip


def wrong_times(started_at: datetime, completed_at: datetime, now: datetime) -> str | None:
    """Why something cannot have run at these times; None where it can."""
    if completed_at < started_at:
        return _("It cannot have ended before it began.")
    if completed_at > now:
        return _("It cannot have ended later than now.")
    return None


@command
def end_execution(which: str, report: Report, workspace: str = DEFAULT) -> Execution:
    """End what was begun from outside. Raises Conflict for what a runner runs, InvalidTransition for what has ended."""
    if report.error is not None:
        check_text(report.error, _("An error"), 1_048_576)
    states.check_execution_transition(E.RUNNING, report.status)
    ended = executions.end_reported(which, report.status, report.output, report.error)
    if ended is not None:
        return ended
    execution = get_execution(which, workspace)
    if execution.kind is Kind.WORKFLOW:
        raise Conflict(
            _("{execution} is run by SmartSpec; it can be cancelled, not reported on.", execution=execution.label)
        )
    if execution.runner is not None:
        raise Conflict(_("{execution} is recorded by another process; it ends with that.", execution=execution.label))
    states.check_execution_transition(execution.status, report.status)
    ended = executions.end_reported(execution.id, report.status, report.output, report.error)
    if ended is None:
        raise Conflict(
            _(
                "{execution} is in the trash; `smartspec execution restore {name}` brings it back.",
                execution=execution.label,
                name=execution.id[:18],
            )
        )
    return ended


# What a process records of itself, or of a command that it runs. The process owns it: with it gone, it is interrupted


@frozen
class Recorded:
    """What is being recorded: the execution, the key of its task's row, and who records (a key of `runners`).

    `counts` are its tasks that have ended, by how they did.
    """

    execution: Execution
    task: TaskExecutionPk
    recorder: RunnerPk
    counts: dict[str, int] = field(default_factory=dict)

    def logs(self) -> ExecutionLogs:
        cap = settings.get_setting("runner.log_cap_bytes")
        return ExecutionLogs(self.execution.id, self.execution.created_at, cap)


def workflow_to_record(name: str, workspace: str = DEFAULT) -> Workflow:
    """The workflow of this ref or name; where there is none, it is made. Raises Invalid, Conflict."""
    try:
        return get_workflow(name, workspace)
    except WorkflowNotFound:
        return find_workflow_by_name(name, workspace) or create_workflow(name, workspace=workspace)


def secrets_to_mask(name: str, workspace: str = DEFAULT) -> tuple[str, ...]:
    """The secrets that what is recorded under this name may show."""
    found: Workflow | None
    try:
        found = get_workflow(name, workspace)
    except SmartSpecError:
        found = find_workflow_by_name(name, workspace)
    return (*secrets.known(found), *(pings.masked(found.pk, os.environ) if found is not None else ()))


def register_recorder(process: Runner) -> RunnerPk:
    return runners.add(process)


def unregister_recorder(recorder: RunnerPk) -> None:
    """It records no more; what it has not ended is interrupted."""
    runners.interrupt(recorder, lambda: True)


def begin_recording(
    name: str,
    recorder: RunnerPk,
    what: Json,
    *,
    input: Json = None,
    origin: Origin | None = None,
    workspace: str = DEFAULT,
    every_ms: int | None = None,
) -> Recorded:
    """Note that this process begins to do something; `what` says what, `every_ms` how often it is to succeed.

    Raises Invalid, Conflict, StorageError.
    """
    dump(what), dump(input)
    origin = origin or Origin()
    origin.check()
    with database.transaction():
        workflow = workflow_to_record(name, workspace)
        if every_ms is not None:
            alert_rules.state_rhythm(workflow.pk, every_ms)
        identity = workflows.find_identity(workflow.id)
        now = times.now()
        values: Mapping[str, object] = {
            "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": workflow.name,
            "version": identity.version if identity else None, "workflow_version": identity.label if identity else None,
            "kind": Kind.COMMAND, "status": E.RUNNING, "trigger": origin.trigger, "triggered_by": user(),
            "session_id": origin.session_id, "user_name": origin.user_name, "correlation_id": origin.correlation_id,
            "input": input, "runner": recorder, "created_at": now, "started_at": now, "tasks_total": 1,
        }  # fmt: skip
        execution = executions.add(values)
        environment.describe(execution.pk)
        row = TaskRow(task=RECORDED_TASK, task_type="executor", position=0, round=1, attempt=1)
        pks, _ = transitions.record(_batch(execution, recorder, 0, {}, StartAttempt(row, what)))
    return Recorded(execution, pks[0], recorder)


def begin_recorded_task(recorded: Recorded, row: TaskRow, given: Json, running_ms: int) -> TaskExecutionPk:
    """A task of what is being recorded begins; the answer is the key of its row. Raises Invalid, StorageError."""
    dump(given)
    with database.transaction():
        if row.attempt == 1 and not row.item_index:
            executions.expect_task(recorded.execution.pk)
        batch = _batch(recorded.execution, recorded.recorder, running_ms, recorded.counts, StartAttempt(row, given))
        return transitions.record(batch)[0][0]


def end_recorded_task(
    recorded: Recorded, pk: TaskExecutionPk, task: str, result: AttemptResult, running_ms: int
) -> None:
    """How it ended. Raises StorageError."""
    counts = _counted(recorded.counts, result)
    transitions.record(_batch(recorded.execution, recorded.recorder, running_ms, counts, EndAttempt(pk, task, result)))
    recorded.counts.update(counts)


def end_recording(recorded: Recorded, result: AttemptResult, output: Json = None) -> Execution:
    """Write down how it ended. Where a cancel was asked for, it is cancelled. Raises Conflict, StorageError."""
    execution = recorded.execution
    try:
        _end(recorded, result, _outcome(result, output))
    except CancelRequested:
        cancelled = replace(result, status=T.CANCELLED, reason="user")
        _end(recorded, cancelled, _outcome(cancelled, None))
    return executions.get(execution.pk)


def _outcome(result: AttemptResult, output: Json) -> Outcome:
    if result.status is T.COMPLETED:
        return Outcome(E.COMPLETED, None, None, output)
    if result.status is T.CANCELLED:
        return Outcome(E.CANCELLED, result.reason or "user", None, None)
    return Outcome(E(result.status.value), f"task: {RECORDED_TASK}", result.error, None)


def _end(recorded: Recorded, result: AttemptResult, outcome: Outcome) -> None:
    changes = (EndAttempt(recorded.task, RECORDED_TASK, result), FinishExecution(outcome))
    counts = _counted(recorded.counts, result)
    transitions.record(_batch(recorded.execution, recorded.recorder, result.duration_ms or 0, counts, *changes))


def _counted(counts: Mapping[str, int], result: AttemptResult) -> dict[str, int]:
    """The counters with one more task that has ended."""
    name = states.counter_name(result.status)
    return {**counts, name: counts.get(name, 0) + 1}


def _batch(
    execution: Execution,
    recorder: RunnerPk,
    running_ms: int,
    counts: Mapping[str, int],
    *changes: StartAttempt | EndAttempt | FinishExecution,
) -> TransitionBatch:
    all_counts = {**dict.fromkeys(("completed", "failed", "tolerated", "skipped", "cancelled"), 0), **counts}
    return TransitionBatch(execution.pk, recorder, running_ms, all_counts, [*changes])


def one_transaction() -> AbstractContextManager[None]:
    """What is written inside is kept together, or not at all."""
    return database.transaction()


def data_version() -> int:
    """A number that moves when another connection has committed."""
    return database.data_version()


def is_cancel_requested(recorded: Recorded) -> bool:
    """Whether somebody asked to cancel what is being recorded."""
    return executions.get(recorded.execution.pk).requested is Request.CANCEL
