"""What becomes of every due time up to now: the rows of the ledger, in their order, before anything starts.

What came while nobody looked is missed; of it the newest (`once`) or up to the cap (`all`) are made up for, beside what
is due now and never in its place. Of an interval only what is due now counts. A pause and a blackout are not made up
for. What is due now and finds a condition unmet waits for five minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.blackouts import blackout_at
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.rule import IntervalRule
from smartspec.domain.schedule.situation import LONGEST_UNMET, Absence, AbsenceKind, Situation
from smartspec.value import frozen, replace

_INSTANT = timedelta(microseconds=1)
_LATE = "late"
_MISSED = (Decision.SKIPPED_MISSED, Decision.SKIPPED_ASLEEP)


@frozen
class Decided:
    """`firings` are to be written in this order. `ends` are executions that make room for a replacing one.

    `next_run_at` is the first due time about which nothing is decided yet; None: there is none any more. `look_at` is
    when to look again; it is later where that due time is held back, by its jitter or by a condition.
    """

    firings: tuple[Firing, ...]
    next_run_at: datetime | None
    look_at: datetime | None
    ends: tuple[ExecutionPk, ...] = ()


@frozen
class _Due:
    """One due time and what is decided; None: it is due now. `absence` is when it was missed."""

    at: datetime
    decision: Decision | None = None
    reason: str = ""
    absence: Absence | None = None

    @property
    def is_missed(self) -> bool:
        return self.decision in _MISSED


def decide(plan: Plan, next_run_at: datetime | None, situation: Situation) -> Decided:
    """Of the due times from `next_run_at`, the first about which nothing was decided, up to now."""
    if next_run_at is None:
        return Decided((), None, None)
    dues = [_classified(plan, due, situation) for due in _ripe(plan, next_run_at, situation.now)]
    waits = _waiting(plan, dues, situation)
    following = waits.at if waits else plan.next_due(dues[-1].at) if dues else next_run_at
    if waits:
        dues.pop()
    settled, ends = _settled(plan, dues, situation, waits is not None)
    look_at = None if following is None else following + plan.jitter(following)
    if waits and look_at:
        look_at += LONGEST_UNMET
    return Decided(tuple(_rows(settled, plan)), following, look_at, ends)


def _ripe(plan: Plan, first: datetime, now: datetime) -> Iterator[datetime]:
    due: datetime | None = first
    while due is not None and due + plan.jitter(due) <= now:
        yield due
        due = plan.next_due(due)


def _classified(plan: Plan, due: datetime, situation: Situation) -> _Due:
    if pause := situation.pause_at(due):
        return _Due(due, Decision.SKIPPED_PAUSED, f"paused: {pause.by}" if pause.by else "inactive")
    if found := blackout_at(plan.blackouts, due, plan.zone):
        return _Due(due, Decision.SKIPPED_BLACKOUT, f"blackout: {found[0].name}")
    if situation.missed(due + plan.jitter(due)):
        return _missed(due, situation.absence_at(due))
    return _Due(due)


def _missed(due: datetime, absence: Absence | None) -> _Due:
    if absence is None:
        return _Due(due, Decision.SKIPPED_MISSED, _LATE)
    decision = Decision.SKIPPED_ASLEEP if absence.kind is AbsenceKind.ASLEEP else Decision.SKIPPED_MISSED
    reason = f"{absence.kind}: {absence.start.isoformat()}/{absence.end.isoformat()}"
    return _Due(due, decision, reason, absence)


def _waiting(plan: Plan, dues: Sequence[_Due], situation: Situation) -> _Due | None:
    """What is due now and may still find its condition met."""
    if not (situation.unmet and dues) or (newest := dues[-1]).decision is not None:
        return None
    return newest if situation.now < newest.at + plan.jitter(newest.at) + LONGEST_UNMET else None


def _settled(
    plan: Plan, dues: Sequence[_Due], situation: Situation, waits: bool
) -> tuple[list[_Due], tuple[ExecutionPk, ...]]:
    """Every due time with its decision, and what has to end for it."""
    if not dues:
        return [], ()
    *older, newest = dues
    is_now = newest.decision is None
    ends: tuple[ExecutionPk, ...] = ()
    past = [_overtaken(due, situation) for due in (older if is_now else dues)]
    settled = _made_up_for(plan, past, is_now or waits)
    if is_now:
        decided, ends = _now(plan, newest, situation)
        settled.append(decided)
    return settled, ends


def _overtaken(due: _Due, situation: Situation) -> _Due:
    """What was due now, but a later one is already."""
    if due.decision is not None:
        return due
    if situation.unmet:
        return _Due(due.at, Decision.SKIPPED_CONDITION, situation.unmet)
    return _missed(due.at, situation.absence_at(due.at))


def _made_up_for(plan: Plan, dues: list[_Due], runs_now: bool) -> list[_Due]:
    """With those that are caught up; the others that were missed say why they are not."""
    chosen, why_not = _chosen(plan, [due for due in dues if due.is_missed], runs_now)
    times = {due.at for due in chosen}
    return [
        replace(due, decision=Decision.CAUGHT_UP) if due.at in times
        else replace(due, reason=f"{due.reason}; {why_not}") if due.is_missed
        else due
        for due in dues
    ]  # fmt: skip


def _chosen(plan: Plan, missed: list[_Due], runs_now: bool) -> tuple[list[_Due], str]:
    """Which are caught up, and a word for why the others are not."""
    is_interval = isinstance(plan.rule, IntervalRule)
    match plan.misfire:
        case Misfire.SKIP:
            return [], "skip"
        case Misfire.ONCE:
            if runs_now and is_interval:
                return [], "now"
            return [due for due in missed if not (runs_now and due.reason == _LATE)][-1:], "newest"
        case Misfire.ALL:
            real = [due for due in missed if not (is_interval and _never_passed(due))]
            return real[len(real) - min(len(real), plan.catch_up_cap) :], "cap"


def _never_passed(due: _Due) -> bool:
    """The clock was set over it: no such time was."""
    return due.absence is not None and due.absence.kind is AbsenceKind.CLOCK


def _now(plan: Plan, due: _Due, situation: Situation) -> tuple[_Due, tuple[ExecutionPk, ...]]:
    if situation.unmet:
        return _Due(due.at, Decision.SKIPPED_CONDITION, situation.unmet), ()
    decision, reason = _beside(plan, situation)
    ends = tuple(each.execution for each in situation.active) if decision is Decision.REPLACED else ()
    return _Due(due.at, decision, reason), ends


def _beside(plan: Plan, situation: Situation) -> tuple[Decision, str]:
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


def _rows(dues: Iterable[_Due], plan: Plan) -> Iterator[Firing]:
    for (decision, reason, _alone), group in groupby(dues, lambda due: _row_key(due, plan)):
        first, *more = (due.at for due in group)
        until = more[-1] if more else None
        yield Firing(
            scheduled_for=first, decision=decision, until=until, count=1 + len(more), reason=reason
        )  # fmt: skip


def _row_key(due: _Due, plan: Plan) -> tuple[Decision, str, datetime | None]:
    """What is made up for one by one has a row of its own each."""
    decision = due.decision or Decision.RAN
    single = decision is Decision.CAUGHT_UP or (decision is Decision.SKIPPED_CONDITION and plan.misfire is Misfire.ALL)
    return decision, due.reason, due.at if single else None
