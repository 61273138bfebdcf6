"""The verbs of a runner about sub-workflows: plan, start, ask, go on with."""

from __future__ import annotations

from smartspec.commands import execution_plan, sub_workflows, unmasked_values
from smartspec.commands.execution_plan import Planned
from smartspec.commands.runs import MASKED
from smartspec.commands.termination import end_unclaimed
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Request
from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.domain.masking import Mask
from smartspec.errors import Conflict, ExecutionNotFound, Invalid
from smartspec.messages import _
from smartspec.store import database, executions, tasks


def plan_child(parent: Execution, task: str, item: int, ref: str, given: Json, runner: RunnerPk) -> Planned:
    """The sub-workflow of a task, all evaluated; in a replay, as the one that the task had in the original.

    Raises Invalid where the input does not fit its params.
    """
    if not isinstance(given, dict):
        raise Invalid(_("The input of a sub-workflow must be a mapping."))
    original = None
    if parent.replay_of is not None:
        rows = [row for row in tasks.of_execution(parent.replay_of, task) if row.item_index == item]
        children = [row.child_execution for row in rows if row.child_execution is not None]
        original = executions.get(children[-1]) if children else None
    return sub_workflows.plan_child(parent, ref, given, runner, original)


def start_child(planned: Planned, mask: Mask) -> ExecutionPk:
    """Queue it, with the secrets in its input masked; the answer is its key."""
    values = {key: planned.get(key) for key in ("input", "variables")}
    shown = {key: mask.json(value) for key, value in values.items()}
    if shown != values:
        unmasked_values.store(planned["id"], unmasked_values.INPUT, values["variables"])
        planned = {**planned, **shown, "variables": {**as_mapping(shown["variables"]), MASKED: True}}
    return execution_plan.insert(planned).pk


def propagate_request(child: ExecutionPk, request: Request | None) -> None:
    """Ask of a sub-workflow what is asked of its parent; None takes a pause back. What has not begun is cancelled."""
    for _attempt in range(10):
        try:
            _propagate_once(executions.get(child), request)
            return
        except Conflict:  # it has begun or ended just now: look at it again
            continue


def _propagate_once(child: Execution, request: Request | None) -> None:
    if request is None:
        if child.requested is Request.PAUSE:
            executions.change(child, EventType.EXECUTION_RESUMED, message="parent", requested=None)
    elif child.status is ExecutionStatus.RUNNING:
        type_ = {
            Request.CANCEL: EventType.EXECUTION_CANCEL_REQUESTED,
            Request.PAUSE: EventType.EXECUTION_PAUSE_REQUESTED,
        }[request]
        executions.change(child, type_, message="parent", requested=request, status_reason="parent")
    elif request is Request.CANCEL and child.status not in FINAL:
        end_unclaimed(child, ExecutionStatus.CANCELLED, "parent")


def child_goes_on(child: ExecutionPk) -> bool:
    """Whether a sub-workflow of an earlier round can go on: it has not completed, and was not purged."""
    try:
        return executions.get(child).status is not ExecutionStatus.COMPLETED
    except ExecutionNotFound:
        return False


def continue_child(child: ExecutionPk, runner: RunnerPk, *, rerun: bool) -> Execution:
    """Make a sub-workflow pending again where it was paused, interrupted, or is to be run again in part."""
    with database.transaction():
        return _continue_child(executions.get(child), runner, rerun)


def _continue_child(execution: Execution, runner: RunnerPk, rerun: bool) -> Execution:
    status = execution.status
    if status in (ExecutionStatus.PAUSED, ExecutionStatus.INTERRUPTED):
        return executions.change(execution, EventType.EXECUTION_RESUMED, status=ExecutionStatus.PENDING, runner=runner)
    if rerun and status in (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT, ExecutionStatus.CANCELLED):
        parent = executions.get(execution.parent) if execution.parent is not None else execution
        return executions.reopen(execution, None, environment=parent.environment)
    return execution


def abort_execution(execution: ExecutionPk, runner: RunnerPk, error: str, reason: str) -> None:
    """End an execution that cannot go on, and everything in it that has not ended; it has failed."""
    found = executions.get(execution)
    if found.status is ExecutionStatus.RUNNING and found.runner == runner:
        executions.finish(found, ExecutionStatus.FAILED, reason, error=error)
        for child in executions.children(execution):
            propagate_request(child.pk, Request.CANCEL)
