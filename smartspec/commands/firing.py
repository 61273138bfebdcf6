"""The verbs of a runner about schedules: what is due is decided, written down, and started."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

from smartspec.commands import firing_starts, firing_turns
from smartspec.commands.firing_looks import looked_at
from smartspec.commands.firing_situation import Service, pauses_of, situation_of, workflow_if_unchanged
from smartspec.commands.firing_starts import Start
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.execution import Trigger
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.schedule.decide import Decided, decide, why_not
from smartspec.domain.schedule.due_runs import Kind
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.long_absence import PassedOver, cut_off, oldest
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import ALL_HOLD, Absence, AbsenceKind, Answer
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.store import database, events, firings, schedules, waiting_firings
from smartspec.value import replace

AGAIN_S = 15.0  # so often the machine is asked whether what did not hold does now
_TIMES = 5  # that something is planned again because what is active has changed meanwhile


def look(now: datetime, service: Service) -> datetime | None:
    """Decide about everything that is due, and start what waits; the answer is when to look again.

    Raises StorageError. What goes wrong with one schedule does not keep the others.
    """
    later = [looked_at(pk, _settle, now, service) for pk in schedules.due(now)]
    later += [firing_turns.start_waiting(now, service), schedules.next_due(now)]
    return min((each for each in later if each is not None), default=None)


# What is due


def _settle(schedule: Schedule, workflow: Workflow, plan: Plan, now: datetime, service: Service) -> datetime | None:
    """Decide about its due times up to now. The row and what it starts are one transaction: all of it, or nothing."""
    if schedule.next_run_at is not None and (many := oldest(plan, schedule.next_run_at, now)) is not None:
        schedule = _pass_over(schedule, workflow, plan, many, now, service)
    for _attempt in range(_TIMES):
        decided = decide(plan, schedule.next_run_at, situation_of(schedule, workflow, now, service))
        answer = ALL_HOLD
        if any(each.decision.starts for each in decided.firings):
            told = service.ask(schedule, workflow, now, AGAIN_S)
            if told is None:
                return None  # it says so when it has an answer
            answer = told
            decided = decide(plan, schedule.next_run_at, situation_of(schedule, workflow, now, service, answer))
        if answer.unmet and not decided.firings:
            return _look_again(decided, now, answer)
        start = _planned(schedule, workflow, decided, now)
        with start.kept(schedule) if start else nullcontext(None) as ready, database.transaction():
            if (current := workflow_if_unchanged(schedule)) is None:
                return now  # somebody was quicker, or it was edited: look again
            workflow = current
            decided = decide(plan, schedule.next_run_at, situation_of(schedule, workflow, now, service, answer))
            if ready is None and _begins(schedule, decided, now) is not None:
                continue  # what was in its way has ended just now
            _write(schedule, plan, decided, ready, now)
            return _look_again(decided, now, answer)
    return now


def _look_again(decided: Decided, now: datetime, answer: Answer) -> datetime | None:
    again = now + timedelta(seconds=AGAIN_S) if answer.unmet else None
    at = min((each for each in (decided.look_at, again) if each is not None), default=None)
    return at if at is not None and at > now else None


def _pass_over(
    schedule: Schedule, workflow: Workflow, plan: Plan, many: PassedOver, now: datetime, service: Service
) -> Schedule:
    """The oldest of a long time at once; the newest are looked at one by one."""
    if pauses := pauses_of(schedule, workflow):
        firing = many.row(Kind(Decision.SKIPPED_PAUSED, pauses[0]))
    else:
        absence = Absence(many.first, max(many.last, service.since), AbsenceKind.OFF)
        firing = many.row(Kind(Decision.SKIPPED_MISSED, absence), why_not(plan))
    with database.transaction():
        if schedules.move(schedule, many.following) and (rest := _undecided(schedule, plan, firing)) is not None:
            firings.add(schedule, rest, now)
    return schedules.get(schedule.pk)


def _planned(schedule: Schedule, workflow: Workflow, decided: Decided, now: datetime) -> Start | None:
    firing = _begins(schedule, decided, now)
    if firing is None:
        return None
    return firing_starts.plan(schedule, workflow, firing.scheduled_for, Trigger(schedule.trigger_type.value))


def _begins(schedule: Schedule, decided: Decided, now: datetime) -> Firing | None:
    """What starts at once, and has not yet: the clock may have been set back."""
    ran = (each for each in decided.firings if each.decision.starts_at_once)
    return next((each for each in ran if firings.free_cause(schedule.pk, each.scheduled_for, now) is not None), None)


def _write(schedule: Schedule, plan: Plan, decided: Decided, start: Start | None, now: datetime) -> None:
    for each in decided.firings:
        if (firing := _undecided(schedule, plan, each)) is None:
            continue
        cause = firings.free_cause(schedule.pk, firing.scheduled_for, now)
        if cause is not None:
            wanted = replace(firing, cause=cause)
            firings.add(schedule, begun(wanted, start) if firing.decision.starts_at_once else wanted, now)
    for execution in decided.ends:
        firing_starts.make_room(execution)
    schedules.move_or_end(schedule, decided.next_run_at)


def _undecided(schedule: Schedule, plan: Plan, firing: Firing) -> Firing | None:
    """Of several that are passed over those that have no row yet: others have one where the clock was set back."""
    last = firings.decided_until(schedule.pk) if firing.count > 1 else None
    if last is None or firing.scheduled_for > last:
        return firing
    return cut_off(plan, firing, last)


def begun(firing: Firing, start: Start | None) -> Firing:
    assert start is not None, "it was not planned"
    if start.why_not is not None:
        return replace(firing, decision=Decision.COULD_NOT_START, reason=f"start: {start.why_not}")
    return replace(firing, execution=start.insert().pk)


# What a runner asks


def any_active() -> bool:
    """Whether anything would be missed without a runner."""
    return schedules.any_active() or waiting_firings.any_() or bool(waiting_firings.held_up(times.now()))


def realign(now: datetime) -> int:
    """After a change of the clock or the zone, the next due times are worked out anew; the answer is how many moved."""
    moved = 0
    for schedule in schedules.active():
        try:
            following = _realigned(schedule, plan_of(schedule), now)
        except Invalid:
            continue  # it is said when it is due
        if following != schedule.next_run_at:
            with database.transaction():
                moved += schedules.move(schedule, following)
    return moved


def _realigned(schedule: Schedule, plan: Plan, now: datetime) -> datetime | None:
    """What is still to come is the first after now; what is overdue does not begin before what was decided about."""
    if schedule.next_run_at is None:
        return None
    if schedule.next_run_at > now:
        return plan.next_due(now)
    begin = max(filter(None, (min(schedule.created_at, now), firings.last_before(schedule.pk, now))))
    return plan.next_due(begin) if schedule.next_run_at <= begin else schedule.next_run_at


# What is noted of the clocks


def note_sleep(begin: datetime, end: datetime) -> None:
    _note(EventType.CLOCK_SLEPT, {"from": times.to_ms(begin), "until": times.to_ms(end)}, end)


def note_clock_set(step: timedelta, now: datetime) -> None:
    """The clock was set by so much; negative is back."""
    _note(EventType.CLOCK_CHANGED, {"by_ms": round(step.total_seconds() * 1000)}, now)


def note_zone(before: str, after: str, now: datetime) -> None:
    _note(EventType.CLOCK_ZONE_CHANGED, {"from": before, "to": after}, now)


def _note(type_: EventType, data: JsonObject, now: datetime) -> None:
    with database.transaction():
        events.add(type_, data=data, at_ms=times.to_ms(now))
