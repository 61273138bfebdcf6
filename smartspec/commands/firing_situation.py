"""What a decision about a schedule depends on: the moment, what a runner knows of the time before, what is active."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Trigger
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import Absence, AbsenceKind, ActiveExecution, Pause, Situation
from smartspec.domain.workflow import Workflow
from smartspec.store import active, firings, schedules, workflows
from smartspec.value import frozen


@frozen
class Service:
    """`since` is from when on a runner has looked without a gap; `absences` are the gaps before that it knows of."""

    since: datetime
    absences: tuple[Absence, ...] = ()


def situation_of(schedule: Schedule, workflow: Workflow, now: datetime, service: Service) -> Situation:
    """As it is now; inside a transaction it stays so."""
    first = schedule.next_run_at or now
    off = (Absence(first, service.since, AbsenceKind.OFF),) if first < service.since else ()
    beside = tuple(
        ActiveExecution(pk, number, by is not None, trigger == Trigger.CATCHUP)
        for pk, number, by, trigger in active.of_workflow(workflow.pk)
    )
    return Situation(
        now=now, serving_since=service.since, absences=(*service.absences, *off), pauses=pauses_of(schedule, workflow),
        active=beside, queued=firings.queued(schedule.pk),
    )  # fmt: skip


def workflow_if_unchanged(schedule: Schedule) -> Workflow | None:
    """Inside a transaction: the workflow as it is now; None where the schedule went or was changed since it was looked
    at.
    """
    current = schedules.by_id(schedule.id)
    if current is None or (current.next_run_at, current.row_version) != (schedule.next_run_at, schedule.row_version):
        return None
    return workflows.get(schedule.workflow)


def pauses_of(schedule: Schedule, workflow: Workflow) -> tuple[Pause, ...]:
    """While its workflow is not active, or in the trash, nothing of it is due."""
    is_scheduled = workflow.status is WorkflowStatus.ACTIVE and workflow.deleted_at is None
    return () if is_scheduled else (Pause(schedule.next_run_at or schedule.created_at),)
