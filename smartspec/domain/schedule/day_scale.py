"""A local day as a straight line: an hour that is left out has its place on it, one that comes twice has two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from smartspec.domain.schedule.clock_changes import ClockChange, changes_between
from smartspec.domain.schedule.simulated_load import day_begin
from smartspec.value import frozen

_NOTHING, _INSTANT = timedelta(), timedelta(microseconds=1)
_HALF_HOUR = timedelta(minutes=30)


@frozen
class DayHour:
    """A whole hour on the clock at its place, from 0 to 1; `again` where the clock shows it for the second time."""

    place: float
    hour: int
    again: bool


@frozen
class DayScale:
    """`begin` and `end` in UTC; `changes` are those of the clock in between."""

    begin: datetime
    end: datetime
    zone: tzinfo
    changes: tuple[ClockChange, ...]

    @property
    def span(self) -> timedelta:
        """With what is left out."""
        return self.end - self.begin + sum((each.step for each in self.changes if each.step > _NOTHING), _NOTHING)

    def place(self, at: datetime) -> float:
        """From 0 at midnight to 1 at the next, for what lies between."""
        left_out = sum((each.step for each in self.changes if each.step > _NOTHING and each.at <= at), _NOTHING)
        return (at - self.begin + left_out) / self.span

    def stretch(self, change: ClockChange) -> tuple[float, float]:
        """Where what a change leaves out lies, or what it brings for the second time."""
        at = self.place(change.at)
        return (at - change.step / self.span, at) if change.step > _NOTHING else (at, at - change.step / self.span)

    def hours(self) -> Iterator[DayHour]:
        """Midnight among them, at both ends."""
        at = self.begin
        while at < self.end:
            local = at.astimezone(self.zone)
            if not local.minute and not local.second:
                yield DayHour(self.place(at), local.hour, bool(local.fold))
            at += _HALF_HOUR
        yield DayHour(1.0, 24, False)


def day_scale(day: date, zone: tzinfo) -> DayScale:
    """Of a day by the clock of a zone."""
    begin, end = day_begin(day, zone), day_begin(day + timedelta(days=1), zone)
    return DayScale(begin, end, zone, tuple(changes_between(zone, begin, end - _INSTANT)))
