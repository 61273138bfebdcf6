"""A schedule that is run by hand."""

from __future__ import annotations

from smartspec.commands import firing_starts
from smartspec.commands.registry import command
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.workflows import DEFAULT, get_workflow_by_key
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution, Trigger
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict
from smartspec.messages import _
from smartspec.store import database, schedules


@command
def run_schedule(which: str, workspace: str = DEFAULT) -> Execution:
    """Queue an execution with its input, version and environment, now. It is no due time of it, and counts as a run.

    Raises Conflict where it cannot start, with the reason.
    """
    schedule = get_schedule(which, workspace)
    workflow, now = _workflow(schedule), times.now()
    start = firing_starts.plan(schedule, workflow, now, Trigger.MANUAL)
    if start.why_not is not None:
        raise Conflict(start.why_not)
    with start.kept(schedule) as ready, database.transaction():
        made = ready.insert()
        schedules.count_run(schedule.pk, now)
    return made


def _workflow(schedule: Schedule) -> Workflow:
    workflow = get_workflow_by_key(schedule.workflow)
    if workflow.status is WorkflowStatus.ARCHIVED:
        raise Conflict(
            _(
                "“{name}” is archived and does not run; `smartspec deactivate {ref}` first.",
                name=workflow.name, ref=workflow.ref,
            )
        )  # fmt: skip
    return workflow
