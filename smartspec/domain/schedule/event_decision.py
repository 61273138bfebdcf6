"""What becomes of an event that a schedule waits for: one row, with the key of the event as its cause."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.decide import beside_active, with_untold
from smartspec.domain.schedule.due_runs import kind_of
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Misfire, Plan
from smartspec.domain.schedule.situation import Situation
from smartspec.value import frozen

DEEPEST = 10  # executions that started one another by events


@frozen
class EventOrigin:
    """`depth` counts the executions by which the event came about, 0 for none; `in_a_row` how often this very file
    changed while what its change had started ran. `this_hour` is what the schedule started in the last hour,
    `per_hour` the most that it may. `was_missed`: it happened while nobody looked, and `made_up_for` others that did.
    """

    depth: int = 0
    in_a_row: int = 0
    this_hour: int = 0
    per_hour: int | None = None
    was_missed: bool = False
    made_up_for: int = 0


def decide_event(
    plan: Plan, at: datetime, cause: str, origin: EventOrigin, situation: Situation
) -> tuple[Firing, tuple[ExecutionPk, ...]]:
    """The row of an event, and the executions that make room for it.

    A condition that is not met holds it up at once; it is made up for as a due time is, or within `LONGEST_UNMET`. Of
    what was missed each one is made up for, up to the cap, unless nothing is.
    """
    decision, reason = _decision(plan, at, origin, situation)
    ends = tuple(each.execution for each in situation.active) if decision is Decision.REPLACED else ()
    return Firing(scheduled_for=at, decision=decision, reason=reason, cause=cause), ends


def _decision(plan: Plan, at: datetime, origin: EventOrigin, situation: Situation) -> tuple[Decision, str]:
    kind = kind_of(plan, at, situation)
    if kind.decision in (Decision.SKIPPED_PAUSED, Decision.SKIPPED_BLACKOUT):
        return kind.decision, kind.reason
    if origin.depth >= DEEPEST:
        return Decision.COULD_NOT_START, f"depth: {origin.depth}"
    if origin.in_a_row >= DEEPEST:
        return Decision.COULD_NOT_START, f"loop: {origin.in_a_row}"
    if origin.was_missed and plan.misfire is Misfire.SKIP:
        return Decision.SKIPPED_MISSED, "unseen; skip"
    if origin.per_hour is not None and origin.this_hour >= origin.per_hour:
        return Decision.COULD_NOT_START, f"limit: {origin.per_hour}"
    if origin.was_missed:
        is_over = origin.made_up_for >= plan.catch_up_cap
        return (Decision.SKIPPED_MISSED, "unseen; cap") if is_over else (Decision.CAUGHT_UP, "unseen")
    if situation.unmet:
        return Decision.SKIPPED_CONDITION, situation.unmet
    decision, reason = beside_active(plan, situation)
    return decision, with_untold(decision, reason, situation)
