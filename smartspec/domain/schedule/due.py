"""When a rule is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile

from smartspec.domain.schedule.clock_changes import changes_between, offset_at
from smartspec.domain.schedule.cron import CronRule
from smartspec.domain.schedule.cron_times import cron_times
from smartspec.domain.schedule.rule import IntervalRule, OnceRule, Rule

_MILLISECOND = timedelta(milliseconds=1)


def next_due(rule: Rule, zone: tzinfo, after: datetime) -> datetime | None:
    """The first due time later than `after`, in UTC; None: there is none, as ever for an event or what runs by hand."""
    return next(due_times(rule, zone, after), None)


def due_between(rule: Rule, zone: tzinfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Those later than `after`, `until` among them."""
    return takewhile(lambda due: due <= until, due_times(rule, zone, after))


def due_times(rule: Rule, zone: tzinfo, after: datetime) -> Iterator[datetime]:
    """All that are later than `after`, in their order, none twice."""
    after = after.astimezone(UTC)
    match rule:
        case CronRule():
            return cron_times(rule, zone, after)
        case IntervalRule():
            return _interval_times(rule, after)
        case OnceRule():
            due = moment_of(rule.at, zone)
            return iter((due,) if due > after else ())
        case _:
            return iter(())


def moment_of(at: datetime, zone: tzinfo) -> datetime:
    """In UTC. What a clock shows without an offset is its zone's: the first of two, and what falls into a gap comes
    right after it."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    moment = at.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = moment.replace(tzinfo=None) + offset_at(zone, moment)
    return moment if shown == at else _end_of_gap(zone, moment)


def _end_of_gap(zone: tzinfo, moment: datetime) -> datetime:
    day = timedelta(days=1)
    return max(change.at for change in changes_between(zone, moment - 2 * day, moment))


def _interval_times(rule: IntervalRule, after: datetime) -> Iterator[datetime]:
    every = rule.every_ms * _MILLISECOND
    number = max(0, (after - rule.anchor) // every + 1)
    try:
        while True:
            yield rule.anchor + number * every
            number += 1
    except OverflowError:  # the calendar has ended
        return
