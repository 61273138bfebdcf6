"""When a zone's clock is moved, and the stretches of time between two such changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from operator import attrgetter

from smartspec.value import frozen

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_LAST_YEAR = 9_998  # beyond it there is no room to count in


@frozen
class ClockChange:
    """`at` is the first moment with the new offset from UTC, `before` and `after` are the offsets."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def step(self) -> timedelta:
        """How far the clock is moved: positive is forward."""
        return self.after - self.before

    @property
    def wall_before(self) -> datetime:
        """What the clock shows when it is moved, without a zone."""
        return self.at.replace(tzinfo=None) + self.before

    @property
    def wall_after(self) -> datetime:
        """What it shows then."""
        return self.at.replace(tzinfo=None) + self.after


@frozen
class Stretch:
    """A time of one offset, `end` exclusive. `step` is how far the clock was moved at its start; 0 where that is not a
    change, or one of long ago."""

    start: datetime
    end: datetime
    offset: timedelta
    step: timedelta


def offset_at(zone: tzinfo, moment: datetime) -> timedelta:
    """How far the clock of a zone is ahead of UTC."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def changes_between(zone: tzinfo, start: datetime, end: datetime) -> Iterator[ClockChange]:
    """The changes of a zone's clock after `start`, up to and with `end`."""
    for year in range(start.year, min(end.year, _LAST_YEAR) + 1):
        yield from (change for change in _changes_of_year(zone, year) if start < change.at <= end)


def stretches(zone: tzinfo, moment: datetime) -> Iterator[Stretch]:
    """From the one that holds a moment of UTC, one after another, to the end of the calendar."""
    while moment.year <= _LAST_YEAR:
        stretch = _stretch_at(zone, moment)
        yield stretch
        moment = stretch.end


def _stretch_at(zone: tzinfo, moment: datetime) -> Stretch:
    """It ends with the year at the latest, and begins with a change of this year or the one before."""
    changes = _changes_of_two_years(zone, moment.year)
    at = bisect_right(changes, moment, key=attrgetter("at"))
    end = changes[at].at if at < len(changes) else datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    if at:
        return Stretch(changes[at - 1].at, end, changes[at - 1].after, changes[at - 1].step)
    start = datetime(max(moment.year - 1, 1), 1, 1, tzinfo=UTC)
    return Stretch(start, end, offset_at(zone, moment), timedelta())


@lru_cache(maxsize=2048)
def _changes_of_two_years(zone: tzinfo, year: int) -> tuple[ClockChange, ...]:
    return (*_changes_of_year(zone, year - 1), *_changes_of_year(zone, year))


@lru_cache(maxsize=2048)
def _changes_of_year(zone: tzinfo, year: int) -> tuple[ClockChange, ...]:
    """Looked for day by day: no zone moves its clock forth and back within one."""
    if not 1 < year <= _LAST_YEAR:
        return ()
    day, found = datetime(year, 1, 1, tzinfo=UTC), []
    before = offset_at(zone, day)
    while day.year == year:
        after = offset_at(zone, day + _DAY)
        if after != before:
            found.append(ClockChange(_first_with(zone, after, day), before, after))
        day, before = day + _DAY, after
    return tuple(found)


def _first_with(zone: tzinfo, offset: timedelta, day: datetime) -> datetime:
    """The first second of a day, or of the moment after it, with an offset that it ends with."""
    low, high = 0, 86_400
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if offset_at(zone, day + middle * _SECOND) == offset else (middle, high)
    return day + high * _SECOND
