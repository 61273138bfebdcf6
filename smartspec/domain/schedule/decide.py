"""What becomes of every due time up to now: the rows of the ledger, in their order, before anything starts.

What came while nobody looked is missed; of it the newest (`once`) or up to the cap (`all`) are made up for, once the
machine has settled, beside what is due now and never in its place. Of an interval only what is due now counts. A pause
and a blackout are not made up for. What is due now and finds a condition unmet waits for five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.due_runs import LATE, Kind, Run, due_runs
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.rule import IntervalRule
from smartspec.domain.schedule.situation import ASKED, LONGEST_UNMET, RESUME_DELAY, Absence, AbsenceKind, Situation
from smartspec.value import frozen

_INSTANT = timedelta(microseconds=1)


@frozen
class Decided:
    """`firings` are to be written in this order. `ends` are executions that make room for a replacing one.

    `next_run_at` is the first due time about which nothing is decided yet; None: there is none any more. `look_at` is
    when to look again; it is later where that due time is held back: by its jitter, a condition, or while the machine
    settles.
    """

    firings: tuple[Firing, ...]
    next_run_at: datetime | None
    look_at: datetime | None
    ends: tuple[ExecutionPk, ...] = ()


def decide(plan: Plan, next_run_at: datetime | None, situation: Situation) -> Decided:
    """Of the due times from `next_run_at`, the first about which nothing was decided, up to now.

    `situation` has every absence and pause since then.
    """
    if next_run_at is None:
        return Decided((), None, None)
    runs = due_runs(plan, next_run_at, situation)
    following = plan.next_due(runs[-1].last if runs else next_run_at - _INSTANT)
    newest = runs[-1].cut(1)[0] if runs and runs[-1].kind.is_now else None
    over = _over(runs, situation)
    settled_at = situation.serving_since + RESUME_DELAY
    if newest is None and situation.now < settled_at and any(_made_up_for(plan, over, False)):
        return Decided((), next_run_at, _earlier(settled_at, _ripe_at(plan, following)))
    rows = list(_rows(plan, over, situation, newest is not None))
    if newest is None:
        return Decided(tuple(rows), following, _ripe_at(plan, following))
    given_up_at = newest + plan.jitter(newest) + LONGEST_UNMET
    if situation.unmet and situation.now < given_up_at:
        return Decided(tuple(rows), newest, _earlier(given_up_at, _ripe_at(plan, following)))
    held_up = situation.held_up if newest == next_run_at else ""  # what was overtaken was
    decision, reason, ends = _of_newest(plan, situation, held_up)
    rows.append(Firing(scheduled_for=newest, decision=decision, reason=reason))
    return Decided(tuple(rows), following, _ripe_at(plan, following), ends)


def reschedule(plan: Plan, next_run_at: datetime | None, now: datetime) -> datetime | None:
    """`next_run_at` after the rule, its zone or the machine's clock was changed: what is undecided stays so."""
    return next_run_at if next_run_at is not None and next_run_at <= now else plan.next_due(now)


def _ripe_at(plan: Plan, due: datetime | None) -> datetime | None:
    return None if due is None else due + plan.jitter(due)


def _earlier(moment: datetime, other: datetime | None) -> datetime:
    return moment if other is None else min(moment, other)


# What is over


def _over(runs: list[Run], situation: Situation) -> list[Run]:
    """What was due now when a later one is already is missed too, or held up by the condition."""
    found: list[Run] = []
    for run in (run for run in runs if run.count):
        if _is_held_up(run.kind, situation):
            run.kind = Kind(Decision.SKIPPED_CONDITION)
        elif run.kind.is_now:
            run.kind = run.kind.as_missed
        if found and found[-1].kind == run.kind:
            found[-1].tail.extend(run.tail)
            found[-1].count += run.count
        else:
            found.append(run)
    return found


def _is_held_up(kind: Kind, situation: Situation) -> bool:
    """By a condition that does not hold, or did not while it was due; what came while nobody looked was not."""
    was_looked_at = kind.why is None and (kind.is_now or kind.is_missed)
    return (kind.is_now and bool(situation.unmet)) or (was_looked_at and bool(situation.held_up))


def _rows(plan: Plan, runs: list[Run], situation: Situation, runs_now: bool) -> Iterator[Firing]:
    for run, number in zip(runs, _made_up_for(plan, runs, runs_now), strict=True):
        reason = run.kind.reason or situation.unmet or situation.held_up
        alone = run.cut(number)
        if run.count:
            why = f"{reason}; {why_not(plan, runs_now)}" if run.kind.is_missed else reason
            yield _row(run.first, run.last, run.count, run.kind, why)
        for due in alone:
            decision = Decision.CAUGHT_UP if run.kind.is_missed else Decision.SKIPPED_CONDITION
            yield Firing(scheduled_for=due, decision=decision, reason=with_untold(decision, reason, situation))


def _made_up_for(plan: Plan, runs: list[Run], runs_now: bool) -> list[int]:
    """How many of each run, its last ones, have a row of their own, with an execution now or when a condition holds."""
    left = plan.most_made_up_for
    numbers = []
    for run in reversed(runs):
        number = min(left, run.count) if _may_be_made_up_for(plan, run.kind, runs_now) else 0
        left -= number
        numbers.append(number)
    return numbers[::-1]


def _may_be_made_up_for(plan: Plan, kind: Kind, runs_now: bool) -> bool:
    is_interval, is_once = isinstance(plan.rule, IntervalRule), plan.misfire is Misfire.ONCE
    if kind.decision is Decision.SKIPPED_CONDITION:
        return not is_once
    if runs_now and is_once and (is_interval or kind.reason == LATE):
        return False  # what is due now stands for them
    never_was = isinstance(kind.why, Absence) and kind.why.kind is AbsenceKind.CLOCK
    return kind.is_missed and (is_once or not (is_interval and never_was))


def why_not(plan: Plan, runs_now: bool = False) -> str:
    """The code for why what was missed has no row of its own; `runs_now`: something is due now beside it."""
    if plan.misfire is Misfire.SKIP:
        return "skip"
    if plan.misfire is Misfire.ALL:
        return "cap"
    return "now" if runs_now and isinstance(plan.rule, IntervalRule) else "newest"


def _row(first: datetime, last: datetime, count: int, kind: Kind, reason: str) -> Firing:
    decision = kind.decision or Decision.SKIPPED_MISSED
    return Firing(scheduled_for=first, until=last if count > 1 else None, count=count, decision=decision, reason=reason)


# What is due now


def _of_newest(plan: Plan, situation: Situation, held_up: str) -> tuple[Decision, str, tuple[ExecutionPk, ...]]:
    """With the executions that have to end for it."""
    if situation.unmet:
        return Decision.SKIPPED_CONDITION, situation.unmet, ()
    decision, reason = beside_active(plan, situation)
    if decision is Decision.RAN and held_up not in ("", ASKED):
        reason = f"{held_up}; then"
    ends = tuple(each.execution for each in situation.active) if decision is Decision.REPLACED else ()
    return decision, with_untold(decision, reason, situation), ends


def with_untold(decision: Decision, reason: str, situation: Situation) -> str:
    """Of what starts it is said what the system does not tell, too."""
    return "; ".join(filter(None, (reason, situation.untold))) if decision.starts else reason


def beside_active(plan: Plan, situation: Situation) -> tuple[Decision, str]:
    """What the executions that are active leave to it."""
    active, waits = situation.active, situation.queued
    if plan.overlap is Overlap.ALLOW or not (active or waits):
        return Decision.RAN, ""
    behind = f"overlap: {active[0].number}" if active else "overlap"
    match plan.overlap:
        case Overlap.QUEUE:
            full = waits >= max(1, plan.catch_up_cap)
            return (Decision.SKIPPED_OVERLAP, f"full: {waits}") if full else (Decision.QUEUED, behind)
        case Overlap.REPLACE:
            other = next((each for each in active if not each.by_schedule), None)
            return (Decision.SKIPPED_OVERLAP, f"hand: {other.number}") if other else (Decision.REPLACED, behind)
        case _:  # a catch-up never takes the place of what is due today
            follows = not waits and all(each.is_catch_up for each in active)
            return Decision.QUEUED if follows else Decision.SKIPPED_OVERLAP, behind
