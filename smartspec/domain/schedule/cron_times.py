"""When an expression of cron is due, over every change of the clock as Debian's cron does it (cron(8)).

A fixed time that falls into a gap runs right after it, one that comes twice runs the first time; what has a star for
its minute or hour follows real time. A clock that is moved by three hours or more is corrected, and nothing is made up
for. The library counts on a clock without a zone, where it needs no cures of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from smartspec.domain.schedule.clock_changes import Stretch, stretches
from smartspec.domain.schedule.cron import CronRule

if TYPE_CHECKING:
    from cronsim import CronSim

# cron.c: three hours, to which the minute that passes is added
_FURTHEST_FORWARD, _FURTHEST_BACK = timedelta(minutes=179), timedelta(minutes=-180)
_INSTANT = timedelta(microseconds=1)
_NO_TIME = timedelta()


def cron_times(rule: CronRule, zone: tzinfo, after: datetime) -> Iterator[datetime]:
    """The due times after a moment, in UTC and in their order; ends only with the calendar."""
    for stretch in stretches(zone, after):
        for due in _times_within(rule, stretch, after):
            yield due
            after = due
        after = max(after, stretch.end - _INSTANT)


def _times_within(rule: CronRule, stretch: Stretch, after: datetime) -> Iterator[datetime]:
    begin, offset = _wall(stretch.start, stretch.offset), stretch.offset
    seen = _wall(max(after, stretch.start - _INSTANT), offset)  # everything up to it is over
    if makes_up(rule, stretch.step):
        if stretch.step > _NO_TIME and after < stretch.start and _in_gap(rule, begin - stretch.step, begin):
            yield stretch.start
            seen = begin
        elif stretch.step < _NO_TIME:
            seen = max(seen, begin - stretch.step - _INSTANT)
    for wall in _walls(rule, seen):
        due = (wall - offset).replace(tzinfo=UTC)
        if due >= stretch.end:
            return
        yield due


def walls_between(rule: CronRule, first: datetime, end: datetime) -> list[datetime]:
    """What a clock without a zone shows when it is due, from `first` until before `end`."""
    return list(takewhile(lambda wall: wall < end, _walls(rule, first - _INSTANT)))


def makes_up(rule: CronRule, step: timedelta) -> bool:
    """Whether a time that a change of the clock leaves out is made up for, and one that comes twice runs once."""
    return not rule.is_wild and _FURTHEST_BACK <= step <= _FURTHEST_FORWARD


def _in_gap(rule: CronRule, first: datetime, end: datetime) -> bool:
    return next(_walls(rule, first - _INSTANT), end) < end


def _wall(moment: datetime, offset: timedelta) -> datetime:
    return moment.replace(tzinfo=None) + offset


def _walls(rule: CronRule, after: datetime) -> Iterator[datetime]:
    """What the clock shows when it is due, without a zone."""
    times = copy(_calendar(rule))  # the library moves along in it
    times.dt = after.replace(microsecond=0)
    try:
        yield from times
    except OverflowError:  # the calendar has ended
        return


@lru_cache(maxsize=8192)
def _calendar(rule: CronRule) -> CronSim:
    """Out of the numbers, never of the text: the library takes `5-5/10` for `5/10`."""
    from cronsim import CronSim

    numbers = (rule.minutes, rule.hours, rule.days, rule.months, rule.weekdays)
    made = CronSim(" ".join(",".join(map(str, each)) for each in numbers), datetime(2000, 1, 1))  # noqa: DTZ001 - a wall clock
    made.day_and = not rule.either_day
    return made
