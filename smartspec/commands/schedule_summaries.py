"""Schedules as the window lists them, with what was decided about their due times and what comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from smartspec.commands import file_watches
from smartspec.commands.registry import command
from smartspec.commands.schedule_events import what_happened
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.schedule_previews import upcoming_within
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import times
from smartspec.domain.page import Page
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.schedule.summary import DueMark, FiringEntry, ScheduleSummary
from smartspec.domain.schedule.upcoming import Upcoming
from smartspec.domain.schedule.words import rule_in_words
from smartspec.errors import Invalid
from smartspec.messages import Message
from smartspec.store import executions, firings, schedule_summaries, schedules, workspaces

_MOST_TO_COME = 500  # of one schedule


@command
def list_schedule_summaries(workspace: str = DEFAULT) -> tuple[ScheduleSummary, ...]:
    """All that are not in the trash, the next to be due first."""
    here = workspaces.get(workspace).pk
    more = schedule_summaries.of_workspace(here)
    return tuple(
        ScheduleSummary(each, _when(each), *more[each.pk], unseen=file_watches.problem(each))
        for each in schedules.all_(here) if each.pk in more
    )  # fmt: skip


def list_workflow_schedules(ref: str, workspace: str = DEFAULT) -> tuple[ScheduleSummary, ...]:
    """Those of a workflow, each with the last line of its ledger."""
    workflow = get_workflow(ref, workspace).pk
    more = schedule_summaries.of_workflow(workflow)
    return tuple(
        ScheduleSummary(each, _when(each), *more[each.pk], _newest(each), file_watches.problem(each))
        for each in schedules.of_workflow(workflow) if each.pk in more
    )  # fmt: skip


def schedule_marks(shown: Iterable[Schedule], since: datetime, until: datetime) -> tuple[tuple[DueMark, ...], ...]:
    """Of each of these what was decided since then, and what is due until then, in their order."""
    return tuple((*schedule_summaries.marks(each.pk, since), *_to_come(each, until)) for each in shown)


def upcoming_times(schedule: Schedule, limit: int = 5) -> Upcoming:
    """Its next due times, by the clock of its zone, and the changes of the clock among them; none of one that does not
    fire. Raises Invalid.
    """
    if schedule.status is not ScheduleStatus.ACTIVE:
        return Upcoming((), ())
    return upcoming_within(plan_of(schedule), times.now(), limit)


@command
def list_firing_entries(
    which: str, after: str | None = None, limit: int = 50, workspace: str = DEFAULT
) -> Page[FiringEntry]:
    """What was decided about the due times of a schedule, the latest first, each with what ran for it."""
    page = firings.page(get_schedule(which, workspace).pk, after, limit)
    return Page(_with_executions(page.rows), page.next)


def _with_executions(rows: Sequence[StoredFiring]) -> tuple[FiringEntry, ...]:
    ran = executions.by_keys(row.execution for row in rows if row.execution)
    return tuple(
        FiringEntry(row, ran.get(row.execution) if row.execution else None, what_happened(row)) for row in rows
    )


def _newest(schedule: Schedule) -> FiringEntry | None:
    return next(iter(_with_executions(firings.newest(schedule.pk, 1))), None)


def cursor_after(entry: FiringEntry) -> str:
    """Where a page of the ledger goes on that ended with this one."""
    return firings.cursor_after(entry.firing)


def firing_counts(which: str, workspace: str = DEFAULT) -> dict[Decision, int]:
    """How many due times of a schedule there were of each decision."""
    return schedule_summaries.counts(get_schedule(which, workspace).pk)


def _when(schedule: Schedule) -> Message:
    """As it is written where it cannot be read."""
    try:
        plan = plan_of(schedule)
    except Invalid:
        return Message(schedule.expression or "")
    return rule_in_words(plan.rule, plan.zone)


def _to_come(schedule: Schedule, until: datetime) -> Iterator[DueMark]:
    for number, at in enumerate(_due_times(schedule)):
        if at > until or number == _MOST_TO_COME:
            return
        yield DueMark(at)


def _due_times(schedule: Schedule) -> Iterator[datetime]:
    if schedule.status is not ScheduleStatus.ACTIVE:
        return
    try:
        plan = plan_of(schedule)
    except Invalid:
        return
    at, now = schedule.next_run_at, times.now()
    if at is not None and at <= now:  # nobody has decided about it yet
        at = plan.next_due(now)
    while at is not None:
        yield at
        at = plan.next_due(at)
