"""A schedule that is run by hand: once, now; or for the due times of a past period."""

from __future__ import annotations

from datetime import datetime

from smartspec.commands import file_watches, firing_starts
from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.starting import check_not_archived
from smartspec.commands.workflows import DEFAULT, get_workflow_by_key
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution, Trigger
from smartspec.domain.ids import new_id
from smartspec.domain.schedule.backfill import backfill
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict
from smartspec.messages import _
from smartspec.store import database, firings, schedules


@command
def run_schedule(which: str, workspace: str = DEFAULT, *, file: str | None = None) -> Execution:
    """Queue an execution with its input, version and environment, now. It is no due time of it, and counts as a run.

    `file` is what its input sees as `event.path`, of one that waits for files. Raises Conflict where it cannot start,
    with the reason, Invalid for a file that is not there, or where it waits for none.
    """
    schedule = get_schedule(which, workspace)
    workflow, now = _workflow(schedule), times.now()
    event = None if file is None else file_watches.as_if_noticed(schedule, file)
    if event is None and file_watches.folder_to_choose_in(schedule) is not None:
        raise Conflict(_("Its input names the file that was noticed: say which with {option}.", option="--for FILE"))
    start = firing_starts.plan(schedule, workflow, now, Trigger.MANUAL, event)
    if start.why_not is not None:
        raise Conflict(start.why_not)
    with start.kept(schedule) as ready, database.transaction():
        made = ready.insert()
        schedules.count_run(schedule.pk, now)
    return made


@command
def backfill_schedule(which: str, first: datetime, end: datetime, workspace: str = DEFAULT) -> int:
    """Have it run for every due time of a past period, both ends among them, one after another: as catch-ups that say
    so. The answer is how many; a runner starts them.

    Raises Invalid where there is none, or there are more than a thousand; Conflict for one that does not fire.
    """
    schedule, now = get_schedule(which, workspace), times.now()
    workflow = _workflow(schedule)
    _check_fires(schedule, workflow)
    wanted = backfill(plan_of(schedule), first, min(end, now), f"{firings.BY_HAND} {new_id()}", user())
    with database.transaction():
        for each in wanted:
            firings.add(schedule, each, now)
    return len(wanted)


def backfill_times(which: str, first: datetime, end: datetime, workspace: str = DEFAULT) -> tuple[datetime, ...]:
    """For which due times `backfill_schedule` would run it, none before it does. Raises as that."""
    schedule = get_schedule(which, workspace)
    _check_fires(schedule, _workflow(schedule))
    wanted = backfill(plan_of(schedule), first, min(end, times.now()), "", user())
    return tuple(each.scheduled_for for each in wanted)


def _check_fires(schedule: Schedule, workflow: Workflow) -> None:
    """Raises Conflict with the way out."""
    if schedule.status is ScheduleStatus.PAUSED:
        raise Conflict(
            _("“{name}” is paused: nothing starts; `smartspec schedule resume {id}` first.",
              name=schedule.name, id=schedule.id)
        )  # fmt: skip
    if workflow.status is not WorkflowStatus.ACTIVE:
        raise Conflict(
            _("“{name}” is not active: nothing starts; `smartspec activate {ref}` first.",
              name=workflow.name, ref=workflow.ref)
        )  # fmt: skip


def _workflow(schedule: Schedule) -> Workflow:
    workflow = get_workflow_by_key(schedule.workflow)
    check_not_archived(workflow)
    return workflow
