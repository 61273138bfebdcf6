"""What was decided and waits for its execution, of all schedules: whose turn it is.

What was due beside something active starts as soon as its workflow is free. Catch-ups start one after another, those of
all schedules: the next one when the one before has ended, or after `catch_up.LONGEST_TURN`. The ledger says which one
runs, so that it holds for a runner that begins anew, and for several.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from smartspec.commands import firing_starts
from smartspec.commands.firing_looks import looked_at
from smartspec.commands.firing_situation import Service, pauses_of, situation_of, workflow_if_unchanged
from smartspec.commands.schedule_events import event_of, names_of
from smartspec.domain.execution import Trigger
from smartspec.domain.schedule.catch_up import LONGEST_TURN, catch_up_at, next_start, next_turn, waiting
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.workflow import Workflow
from smartspec.store import database, firings, schedules, waiting_firings
from smartspec.value import frozen

AGAIN_S = 60.0  # so often the machine is asked whether what held something up is over
_FRESH_S = 15.0
_NEWEST = 300  # rows of a schedule that are looked through for those that a condition held up


@frozen
class _Tried:
    """`may_at` is when it may start at the earliest, None where that is not known: something has to end first."""

    has_started: bool
    may_at: datetime | None = None


def start_waiting(now: datetime, service: Service) -> datetime | None:
    """Make the executions of what waits, as far as it may start; the answer is when to look again. Raises StorageError.

    None: not before something changes.
    """
    for row in waiting_firings.first_on_time():
        looked_at(row.schedule, partial(_start, row), now, service)
    return _start_catch_up(now, service)


def _start_catch_up(now: datetime, service: Service) -> datetime | None:
    """The first of them that may start: whatever holds one up holds up no other schedule's."""
    if not (waiting_firings.any_() or waiting_firings.held_up(now)):
        return None
    if (turn := _next_turn(now, service)) > now:
        return turn
    later = list[datetime]()
    for row in _catch_ups(now, service):
        tried = looked_at(row.schedule, partial(_start, row), now, service)
        if tried is not None and tried.has_started:
            return _next_turn(now, service)
        if tried is not None and tried.may_at is not None:
            later.append(tried.may_at)
    return min(later, default=None)


def _next_turn(now: datetime, service: Service) -> datetime:
    return next_turn(service.since, waiting_firings.catching_up_since(now, now - LONGEST_TURN))


def _catch_ups(now: datetime, service: Service) -> Iterator[StoredFiring]:
    yield from waiting_firings.first_catch_ups()
    for pk in waiting_firings.held_up(now):
        if service.is_time_for(pk, AGAIN_S) and (row := looked_at(pk, _first_held_up, now, service)):
            yield row


def _first_held_up(
    schedule: Schedule, _workflow: Workflow, plan: Plan, now: datetime, _service: Service
) -> StoredFiring | None:
    """The oldest that a condition held up and that is made up for."""
    rows = {(row.scheduled_for, row.cause): row for row in firings.newest(schedule.pk, _NEWEST)}
    owed = waiting(plan, [row.firing for row in rows.values()], now)
    held_up = (each for each in owed if each.decision is Decision.SKIPPED_CONDITION)
    return next((rows[each.scheduled_for, each.cause] for each in held_up), None)


def _start(
    row: StoredFiring, schedule: Schedule, workflow: Workflow, plan: Plan, now: datetime, service: Service
) -> _Tried:
    """Make its execution, unless it may not start now, or somebody was quicker."""
    if pauses_of(schedule, workflow):
        return _Tried(False)
    if row.firing.last > now:  # the clock was ahead when it was decided
        return _Tried(False, row.firing.last)
    if next_start(plan, [row.firing], situation := situation_of(schedule, workflow, now, service)) is None:
        at = catch_up_at(plan, situation)
        return _Tried(False, at if at > now else None)
    is_held_up = row.decision is Decision.SKIPPED_CONDITION  # such a row is looked at now and then only
    answer = service.ask(schedule, workflow, now, _FRESH_S if is_held_up else AGAIN_S)
    if answer is None:
        return _Tried(False)  # it says so when it has an answer
    if answer.unmet:
        return _Tried(False, now + timedelta(seconds=AGAIN_S))
    is_catch_up = row.decision in (Decision.CAUGHT_UP, Decision.SKIPPED_CONDITION)
    trigger = Trigger.CATCHUP if is_catch_up else Trigger(schedule.trigger_type.value)
    event = names_of(event_of(row.cause))
    start = firing_starts.plan(schedule, workflow, row.firing.last, trigger, event)
    with start.kept(schedule) as ready, database.transaction():
        if (current := workflow_if_unchanged(schedule)) is None or pauses_of(schedule, current):
            return _Tried(False, now)
        if is_catch_up and _next_turn(now, service) > now:
            return _Tried(False)
        situation = situation_of(schedule, current, now, service)
        if not firings.waits(row.pk) or next_start(plan, [row.firing], situation) is None:
            return _Tried(False)
        firings.start(schedule.pk, row.pk, ready.insert().pk, now)
        if ready.why_not is not None:
            schedules.count_ended(schedule.pk, "failed")
    return _Tried(True)
