"""The next due times of a rule, and every change of the clock among them with what it does to the rule."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from itertools import islice

from smartspec.domain.schedule.clock_changes import ClockChange, changes_between
from smartspec.domain.schedule.cron import CronRule
from smartspec.domain.schedule.cron_times import makes_up, walls_between
from smartspec.domain.schedule.due import due_times
from smartspec.domain.schedule.rule import Rule
from smartspec.formatting import format_month, format_weekday
from smartspec.messages import Message, _, _n
from smartspec.value import frozen

_HORIZON = timedelta(days=7)  # a change that is near is told, though the next times all come before it


@frozen
class NotedChange:
    """`headline` says how the clock is moved, `effect` what becomes of the rule then."""

    change: ClockChange
    headline: Message
    effect: Message


@frozen
class Upcoming:
    """`times` in UTC; `changes` lie among them, or within a week."""

    times: tuple[datetime, ...]
    changes: tuple[NotedChange, ...]


def upcoming(rule: Rule, zone: tzinfo, after: datetime, count: int = 5) -> Upcoming:
    """The next so many due times, fewer where there are no more."""
    times = tuple(islice(due_times(rule, zone, after), count))
    if not times:
        return Upcoming((), ())
    changes = changes_between(zone, after, max(times[-1], after + _HORIZON))
    return Upcoming(times, tuple(noted(rule, change) for change in changes))


def noted(rule: Rule, change: ClockChange) -> NotedChange:
    """A change of a zone's clock with what it does to a rule."""
    return NotedChange(change, _headline(change), _effect(rule, change) if isinstance(rule, CronRule) else _REAL_TIME)


def touches(rule: Rule, change: ClockChange) -> bool:
    """Whether it is due in what the change leaves out, or brings a second time."""
    first, end = sorted((change.wall_before, change.wall_after))
    return isinstance(rule, CronRule) and bool(walls_between(rule, first, end))


_REAL_TIME = _("It counts real time; nothing moves.")


def _headline(change: ClockChange) -> Message:
    day = change.wall_before
    values = {
        "weekday": format_weekday(day), "day": day.day, "month": format_month(day),
        "before": f"{day:%H:%M}", "after": f"{change.wall_after:%H:%M}",
    }  # fmt: skip
    if change.step > timedelta():
        return _("{weekday} {day} {month}: the clock moves forward, {before} → {after}", **values)
    return _("{weekday} {day} {month}: the clock moves back, {before} → {after}", **values)


def _effect(rule: CronRule, change: ClockChange) -> Message:
    once = makes_up(rule, change.step)
    if change.step > timedelta():
        return _lost(walls_between(rule, change.wall_before, change.wall_after), once, f"{change.wall_after:%H:%M}")
    return _twice(walls_between(rule, change.wall_after, change.wall_before), once)


def _lost(walls: list[datetime], made_up: bool, end: str) -> Message:
    if not walls:
        return _("No time falls into what is left out.")
    if not made_up:
        return _n("{n} time falls out.", "{n} times fall out.", len(walls))
    first = f"{walls[0]:%H:%M}"
    if len(walls) == 1:
        return _("{time} does not exist; it runs at {end}.", time=first, end=end)
    return _("{time} and what follows up to {end} does not exist; it runs once, at {end}.", time=first, end=end)


def _twice(walls: list[datetime], once: bool) -> Message:
    if not walls:
        return _("No time falls into what comes twice.")
    if not once:
        return _n("{n} time comes twice and runs twice.", "{n} times come twice and run twice.", len(walls))
    if len(walls) == 1:
        return _("{time} comes twice; it runs the first time.", time=f"{walls[0]:%H:%M}")
    return _n(
        "{n} time comes twice; it runs the first time.", "{n} times come twice; they run the first time.", len(walls)
    )
