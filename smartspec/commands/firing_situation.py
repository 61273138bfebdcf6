"""What a decision about a schedule depends on: the moment, what a runner knows of the time before, what is active."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Trigger
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import (
    ALL_HOLD,
    Absence,
    AbsenceKind,
    ActiveExecution,
    Answer,
    Pause,
    Situation,
)
from smartspec.domain.workflow import Workflow
from smartspec.store import active, firings, schedules, workflows
from smartspec.value import frozen


class AsksMachine(Protocol):
    """Who asks the machine for the conditions of schedules, and lets nobody wait."""

    def ask(self, schedule: Schedule, workflow: Workflow, now: datetime, again_s: float) -> Answer | None:
        """None: it is being asked. That something does not hold counts for `again_s` seconds. Raises Invalid."""

    def is_time_for(self, schedule: SchedulePk, again_s: float) -> bool:
        """Whether so long has passed since it was said to be, or an answer is awaited."""


@frozen
class Service:
    """`since` is from when on a runner has looked without a gap; `absences` are the gaps before that it knows of."""

    since: datetime
    absences: tuple[Absence, ...] = ()
    machine: AsksMachine | None = None

    def ask(self, schedule: Schedule, workflow: Workflow, now: datetime, again_s: float) -> Answer | None:
        """As the machine says it; of a schedule without conditions all hold."""
        if not schedule.conditions:
            return ALL_HOLD
        assert self.machine is not None, "whoever starts what has conditions asks for them"
        return self.machine.ask(schedule, workflow, now, again_s)

    def is_time_for(self, schedule: SchedulePk, again_s: float) -> bool:
        """Whether to look again at what a condition has held up."""
        return self.machine is None or self.machine.is_time_for(schedule, again_s)


def situation_of(
    schedule: Schedule, workflow: Workflow, now: datetime, service: Service, answer: Answer = ALL_HOLD
) -> Situation:
    """As it is now; inside a transaction it stays so."""
    first = schedule.next_run_at or now
    was_looked_at = answer.asked_at is not None and answer.asked_at < service.since
    is_off = first < service.since and not was_looked_at
    off = (Absence(first, service.since, AbsenceKind.OFF),) if is_off else ()
    beside = tuple(
        ActiveExecution(pk, number, by is not None, trigger == Trigger.CATCHUP)
        for pk, number, by, trigger in active.of_workflow(workflow.pk)
    )
    return Situation(
        now=now, serving_since=service.since, absences=(*service.absences, *off), pauses=pauses_of(schedule, workflow),
        active=beside, queued=firings.queued(schedule.pk), unmet=answer.unmet, untold=answer.untold,
        held_up=answer.before,
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
