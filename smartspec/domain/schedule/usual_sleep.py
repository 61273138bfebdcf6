"""When the machine usually sleeps, learned from when it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.domain.schedule.situation import Absence

DAYS = 28  # that are looked back on
_LEAST_DAYS = 5  # on which it slept, before anything is said
_LEAST_MINUTES = 60
_MINUTES = 24 * 60
_MINUTE = timedelta(minutes=1)


def usual_sleep(sleeps: Iterable[Absence], now: datetime, zone: tzinfo) -> NightlySleep | None:
    """The longest time of day in which it slept on at least half of the days since the first sleep of the last four
    weeks, by the clock of the zone; None where that is less than an hour, or it slept on fewer than five days.
    """
    since = now - timedelta(days=DAYS)
    slept = {each for sleep in sleeps for each in _minutes(max(sleep.start, since), min(sleep.end, now), zone)}
    if len({day for day, _minute in slept}) < _LEAST_DAYS:
        return None
    days = (now.astimezone(zone).date() - min(day for day, _minute in slept)).days or 1
    counts = Counter(minute for _day, minute in slept)
    run = _longest_run({minute for minute, count in counts.items() if 2 * count >= days})
    if not _LEAST_MINUTES <= len(run) < _MINUTES:
        return None
    return NightlySleep(_time_of(run.start), _time_of(run.stop))


def _minutes(begin: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[date, int]]:
    """Each whole minute that is slept through, with its day."""
    at = begin.replace(second=0, microsecond=0)
    if at < begin:
        at += _MINUTE
    while at + _MINUTE <= end:
        local = at.astimezone(zone)
        yield local.date(), local.hour * 60 + local.minute
        at += _MINUTE


def _longest_run(minutes: set[int]) -> range:
    """Of minutes one after another, over midnight too."""
    best = range(0)
    for first in (each for each in minutes if (each - 1) % _MINUTES not in minutes):
        end = first
        while end % _MINUTES in minutes:
            end += 1
        best = max(best, range(first, end), key=len)
    return best


def _time_of(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
