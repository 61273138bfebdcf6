"""The due times up to now in runs of one kind: paused, blacked out, missed, or due now.

A run keeps its last times only: an interval of seconds, away for a month, is counted and not gone through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from smartspec.domain.schedule.blackouts import Blackout, blackout_at, next_blackout
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Plan
from smartspec.domain.schedule.rule import IntervalRule
from smartspec.domain.schedule.situation import GRACE, Absence, AbsenceKind, Pause, Situation
from smartspec.value import frozen, mutable

_INSTANT = timedelta(microseconds=1)
LATE = "late"


@frozen
class Kind:
    """`decision` is what becomes of such a due time as it stands, None where it is due now; `why` is what held it."""

    decision: Decision | None = None
    why: Absence | Pause | Blackout | None = None

    @property
    def is_now(self) -> bool:
        return self.decision is None

    @property
    def is_missed(self) -> bool:
        return self.decision in (Decision.SKIPPED_MISSED, Decision.SKIPPED_ASLEEP)

    @property
    def as_missed(self) -> Kind:
        """The same where it is too late to be due now."""
        is_asleep = isinstance(self.why, Absence) and self.why.kind is AbsenceKind.ASLEEP
        return Kind(Decision.SKIPPED_ASLEEP if is_asleep else Decision.SKIPPED_MISSED, self.why)

    @property
    def reason(self) -> str:
        match self.why:
            case Absence(start, end, kind):
                return f"{kind}: {start.isoformat()}/{end.isoformat()}"
            case Pause(by=by):
                return f"paused: {by}" if by else "inactive"
            case Blackout(name=name):
                return f"blackout: {name}"
        return LATE if self.is_missed else ""


@mutable
class Run:
    """Consecutive due times of a kind; `tail` are the last of them."""

    kind: Kind
    first: datetime
    count: int
    tail: deque[datetime]

    @property
    def last(self) -> datetime:
        return self.tail[-1]

    def add(self, due: datetime, count: int = 1) -> None:
        """`due` is the last of so many."""
        self.tail.append(due)
        self.count += count

    def cut(self, number: int) -> list[datetime]:
        """Takes the last ones off, at most as many as the tail has but one."""
        taken = [self.tail.pop() for _each in range(min(number, self.count))]
        self.count -= len(taken)
        return taken[::-1]


def due_runs(plan: Plan, first: datetime, situation: Situation) -> list[Run]:
    """From `first` on, in their order, as far as their jitter has passed too."""
    runs: list[Run] = []
    keep = plan.catch_up_cap + 2 if plan.misfire is Misfire.ALL else 3
    for due, count in _counted(plan, first, situation, keep):
        kind = kind_of(plan, due, situation)
        if not runs or runs[-1].kind != kind:
            runs.append(Run(kind, due, 0, deque(maxlen=keep)))
        runs[-1].add(due, count)
    return runs


def kind_of(plan: Plan, due: datetime, situation: Situation) -> Kind:
    if pause := situation.pause_at(due):
        return Kind(Decision.SKIPPED_PAUSED, pause)
    if blackout := blackout_at(plan.blackouts, due, plan.zone):
        return Kind(Decision.SKIPPED_BLACKOUT, blackout[0])
    now = Kind(None, situation.absence_at(due))
    return now.as_missed if situation.missed(due + plan.jitter(due)) else now


def _counted(plan: Plan, first: datetime, situation: Situation, keep: int) -> Iterator[tuple[datetime, int]]:
    """Each due time with the number that it is the last of: an interval leaps over those of one kind."""
    dues = plan.due_times(first - _INSTANT)
    while (due := next(dues, None)) is not None and due + plan.jitter(due) <= situation.now:
        yield due, 1
        if isinstance(plan.rule, IntervalRule):
            every = timedelta(milliseconds=plan.rule.every_ms)
            leapt = (_same_until(plan, due, situation) - due) // every - keep - 1
            if leapt > 0:
                due += leapt * every
                yield due, leapt
                dues = plan.due_times(due)


def _same_until(plan: Plan, due: datetime, situation: Situation) -> datetime:
    """The earliest that a later due time may be of another kind."""
    jitter = timedelta(milliseconds=plan.jitter_ms)
    spans: list[Absence | Pause] = [*situation.absences, *situation.pauses]
    edges = [situation.serving_since - GRACE - jitter, situation.now - jitter, plan.end_at]
    edges += [edge for span in spans for edge in (span.start, span.end)]
    edges.append(next_blackout(plan.blackouts, due, plan.zone))
    if found := blackout_at(plan.blackouts, due, plan.zone):
        edges.append(found[1])
    return min((edge for edge in edges if edge is not None and edge > due), default=due)
