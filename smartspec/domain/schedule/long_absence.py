"""Due times so many that they are not looked at one by one: those of years, or of every second of a month."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from itertools import takewhile

from smartspec.domain.schedule.due_runs import Kind
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import IntervalRule
from smartspec.value import frozen, replace

_KEPT = 1_000  # beside those that may be caught up
_CLOSEST = timedelta(minutes=1)  # due times of cron are no closer
_MILLISECOND = timedelta(milliseconds=1)


@frozen
class PassedOver:
    """So many consecutive due times, of which all are older than what may be caught up; `following` is the next."""

    first: datetime
    last: datetime
    count: int
    following: datetime

    def row(self, kind: Kind, after: str = "") -> Firing:
        """One for all of them; `after` is the code for why none is made up for."""
        reason = f"{kind.reason}; {after}" if after else kind.reason
        decision = kind.decision or Decision.SKIPPED_MISSED
        return Firing(scheduled_for=self.first, until=self.last, count=self.count, decision=decision, reason=reason)


def oldest(plan: Plan, first: datetime, now: datetime) -> PassedOver | None:
    """Of the due times from `first` until now all but the newest; None: there are not so many."""
    kept = _KEPT + plan.catch_up_cap
    until = now if plan.end_at is None else min(now, plan.end_at)
    if isinstance(plan.rule, IntervalRule):
        every = plan.rule.every_ms * _MILLISECOND
        count = (until - first) // every + 1 - kept
        return PassedOver(first, first + (count - 1) * every, count, first + count * every) if count > 0 else None
    if (until - first) / _CLOSEST < kept:
        return None
    newest, count = deque[datetime](maxlen=kept + 1), 0
    for due in takewhile(lambda due: due <= until, plan.due_times(first - _MILLISECOND)):
        newest.append(due)
        count += 1
    passed = count - kept
    return PassedOver(first, newest[0], passed, newest[1]) if passed > 0 else None


def cut_off(plan: Plan, firing: Firing, until: datetime) -> Firing | None:
    """Of several consecutive due times of a row those that are later than `until`; None: there are none."""
    first = plan.next_due(until)
    if first is None or first > firing.last:
        return None
    if isinstance(plan.rule, IntervalRule):
        count = (firing.last - first) // (plan.rule.every_ms * _MILLISECOND) + 1
    else:
        count = sum(1 for _due in takewhile(lambda due: due <= firing.last, plan.due_times(until)))
    return replace(firing, scheduled_for=first, until=firing.last if count > 1 else None, count=count)
