"""The days that a search asks for, and the same number of days before or after them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from smartspec.domain import times
from smartspec.domain.search.query import filter_values, with_filter
from smartspec.errors import Invalid
from smartspec.value import frozen

_WEEK = 7
_WEEKDAYS = tuple(day for name in times.WEEKDAYS for day in (name, name[:3]))
_DAY = timedelta(days=1)


@frozen
class Period:
    """Local days from `first` to before `end`. Without a written end it is as long as its word says: a week for
    `after:mon`; else it ends with today.
    """

    first: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def moved(self, steps: int) -> Period:
        """As long, so many times its length later. Raises OverflowError beyond the calendar."""
        by = timedelta(days=steps * self.days)
        return Period(self.first + by, self.end + by)


def period(text: str, now: datetime) -> Period | None:
    """Of a query; None where it asks for no first day, or for one that cannot be read."""
    written = filter_values(text)
    if not (after := written.get("after") or written.get("on")):
        return None
    try:
        first = _midnight_from(after, now)
        end = _end(written, after, first, now)
    except (Invalid, OverflowError):
        return None
    return Period(first, end) if end > first else None


def with_period(text: str, wanted: Period) -> str:
    """The query, for other days."""
    for key, value in (("on", None), ("after", wanted.first.isoformat()), ("before", wanted.end.isoformat())):
        text = with_filter(text, key, value)
    return text


def _end(written: dict[str, str], after: str, first: date, now: datetime) -> date:
    if "on" in written:
        return first + _DAY
    if before := written.get("before"):
        return _midnight_from(before, now)
    if after.lower() in _WEEKDAYS:
        return first + timedelta(days=_WEEK)
    return now.astimezone().date() + _DAY


def _midnight_from(text: str, now: datetime) -> date:
    """The first day that begins at a moment or after it: the last 7 days begin with the sixth before today."""
    moment = times.parse_moment(text, now).astimezone()
    return moment.date() + (timedelta() if moment.time() == time.min else _DAY)
