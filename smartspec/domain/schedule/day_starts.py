"""The starts of one local day: how many in each hour, and in which minutes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice, takewhile

from smartspec.domain.schedule.blackouts import blackout_at
from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.policy import Plan
from smartspec.value import frozen

_DAY, _INSTANT = timedelta(days=1), timedelta(milliseconds=1)
_MOST = 86_400  # one each second
_STEP, _FURTHEST = 5, 60  # minutes
_MINUTES_OF_A_DAY = 24 * 60


@frozen
class DayStarts:
    """`hours` are the starts in each hour of the day: one that comes twice counts together. `minutes` count from
    midnight."""

    hours: tuple[int, ...]
    minutes: frozenset[int]


def starts_of_day(plan: Plan, day: date, zone: tzinfo) -> DayStarts:
    """What a plan has due on a day, by the clock of a zone; what falls into days that are left out does not count."""
    begin, end = (moment_of(datetime.combine(each, time()), zone) for each in (day, day + _DAY))
    dues = islice(takewhile(lambda due: due < end, plan.due_times(begin - _INSTANT)), _MOST)
    hours, minutes = [0] * 24, set()
    for due in dues:
        if plan.blackouts and blackout_at(plan.blackouts, due, plan.zone) is not None:
            continue
        local = due.astimezone(zone)
        hours[local.hour] += 1
        minutes.add(local.hour * 60 + local.minute)
    return DayStarts(tuple(hours), frozenset(minutes))


def free_minute(taken: Collection[int], after: int) -> int | None:
    """The first in steps of five minutes, within an hour and the day, in which nothing starts."""
    first = (after // _STEP + 1) * _STEP
    candidates = range(first, min(after + _FURTHEST + 1, _MINUTES_OF_A_DAY), _STEP)
    return next((each for each in candidates if each not in taken), None)
