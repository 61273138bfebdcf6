"""When a schedule keeps still: between two moments, on days, or every year on the same days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from smartspec.domain.schedule.due import moment_of
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_LONGEST_DATE = 10  # characters: a time behind it makes it longer
_DAY = timedelta(days=1)
_LEAP_YEAR = 2000


@frozen
class Blackout:
    """From `first` until before `end`, as the zone's clock shows them; `yearly`: of the month and day alone, and an end
    before the first lies in the next year. `name` is what it is called, else what was written."""

    first: datetime
    end: datetime
    name: str
    yearly: bool = False


def parse_blackout(text: str) -> Blackout:
    """`2026-12-24`, `2026-12-24/2027-01-02`, `2026-12-24T18:00/2026-12-24T23:00`, or every year `12-24/01-02`; days are
    whole ones, the last is among them.

    Raises Invalid.
    """
    first, slash, last = (part.strip() for part in text.partition("/"))
    try:
        if _YEARLY.fullmatch(first):
            begin, end = _yearly(first), _yearly(last if slash else first) + _DAY
            if _day_of_year(begin) == _day_of_year(end):  # a year without a day on which it may run
                raise ValueError
            return Blackout(begin, end, text.strip(), yearly=True)
        begin, end = datetime.fromisoformat(first), _end(last if slash else first)
        if begin.tzinfo or end.tzinfo or not begin < end:
            raise ValueError
        return Blackout(begin, end, text.strip())
    except (ValueError, OverflowError):
        raise Invalid(
            _(
                "“{text}” is no time to keep still: write a day as in {day}, days as in {days}, or days of every "
                "year as in {yearly}.",
                text=one_line(text, 60), day="2026-12-24", days="2026-12-24/2027-01-02", yearly="12-24/01-02",
            )
        ) from None  # fmt: skip


def blackout_at(blackouts: Iterable[Blackout], moment: datetime, zone: tzinfo) -> tuple[Blackout, datetime] | None:
    """The one that holds a moment, and when it ends."""
    for blackout in blackouts:
        for first, end in _around(blackout, moment.astimezone(zone).year):
            if moment_of(first, zone) <= moment < (until := moment_of(end, zone)):
                return blackout, until
    return None


def next_blackout(blackouts: Iterable[Blackout], after: datetime, zone: tzinfo) -> datetime | None:
    """When the next one begins; None: none does within a year or so."""
    year = after.astimezone(zone).year
    spans = (span for each in blackouts for at in (year, year + 1) for span in _around(each, at))
    begins = [moment_of(first, zone) for first, _end in spans]
    return min((begin for begin in begins if begin > after), default=None)


def _around(blackout: Blackout, year: int) -> Iterable[tuple[datetime, datetime]]:
    if not blackout.yearly:
        return ((blackout.first, blackout.end),)
    return (_of_year(blackout, each) for each in (year - 1, year))


def _of_year(blackout: Blackout, year: int) -> tuple[datetime, datetime]:
    """Of a year without a 29 February it is the day after; alone it is no day then."""
    goes_on = _day_of_year(blackout.end) < _day_of_year(blackout.first)
    return _on(blackout.first, year), _on(blackout.end, year + goes_on)


def _day_of_year(day: datetime) -> tuple[int, int]:
    return day.month, day.day


def _on(day: datetime, year: int) -> datetime:
    if day.day > monthrange(year, day.month)[1]:
        return datetime(year, day.month + 1, 1)  # noqa: DTZ001 - a wall clock
    return day.replace(year=year)


def _yearly(text: str) -> datetime:
    if (match := _YEARLY.fullmatch(text)) is None:
        raise ValueError(text)
    return datetime(_LEAP_YEAR, int(match[1]), int(match[2]))  # noqa: DTZ001 - a wall clock


def _end(text: str) -> datetime:
    end = datetime.fromisoformat(text)
    return end + _DAY if len(text) <= _LONGEST_DATE else end
