"""Which of the firings that wait for their execution starts now: one after another, after the machine has settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from smartspec.domain.schedule.blackouts import blackout_at
from smartspec.domain.schedule.firing import CLOCK, Decision, Firing
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.situation import LONGEST_UNMET, RESUME_DELAY, Situation

LONGEST_TURN = timedelta(hours=1)  # a catch-up that takes longer holds up no other any more
_ON_TIME = (Decision.QUEUED, Decision.REPLACED)


def waiting(plan: Plan, firings: Iterable[Firing], now: datetime) -> list[Firing]:
    """Of a schedule's firings, newest first (down to its last change, or some hundreds): those that wait for their
    execution, the oldest first.

    What a condition held up is made up for as what was missed: the newest, where nothing has run since, or all up to
    the cap; an event in any case while it is young, as a due time waits before it is held up. A pause ends it.
    """
    found: list[Firing] = []
    held_up, has_run = 0, False
    for firing in firings:
        if firing.decision is Decision.SKIPPED_PAUSED:
            break
        if firing.decision.starts_later and firing.execution is None:
            found.append(firing)
        elif firing.decision is Decision.SKIPPED_CONDITION:
            is_owed = held_up < plan.most_made_up_for and not (has_run and plan.misfire is Misfire.ONCE)
            if firing.execution is None and (is_owed or _is_young_event(firing, now)):
                found.append(firing)
            held_up += 1  # also what was made up for: else the next older one would take its place
        has_run = has_run or firing.execution is not None
    return found[::-1]


def _is_young_event(firing: Firing, now: datetime) -> bool:
    return firing.cause not in ("", CLOCK) and now < firing.scheduled_for + LONGEST_UNMET


def next_start(plan: Plan, waits: Sequence[Firing], situation: Situation) -> Firing | None:
    """Of those that wait, oldest first, the one whose execution starts now; a catch-up follows what is due today."""
    if situation.unmet or not waits:
        return None
    for firing in waits:
        if firing.decision in _ON_TIME:
            return None if situation.active else firing
    return waits[0] if _may_catch_up(plan, situation) else None


def catch_up_at(plan: Plan, situation: Situation) -> datetime:
    """The earliest that a catch-up starts: after the resume delay, and not in a blackout."""
    at = max(situation.now, situation.serving_since + RESUME_DELAY)
    held = blackout_at(plan.blackouts, at, plan.zone)
    return held[1] if held else at


def next_turn(serving_since: datetime, last_began: datetime | None) -> datetime:
    """The earliest that a catch-up of any schedule starts: after the resume delay, and after the one before it.

    `last_began` is when the last one began of those that have not ended, None where all have.
    """
    settled_at = serving_since + RESUME_DELAY
    return settled_at if last_began is None else max(settled_at, last_began + LONGEST_TURN)


def _may_catch_up(plan: Plan, situation: Situation) -> bool:
    if catch_up_at(plan, situation) > situation.now:
        return False
    if plan.overlap is Overlap.ALLOW:
        return not any(each.is_catch_up for each in situation.active)
    return not situation.active
