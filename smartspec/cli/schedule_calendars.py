"""The days without of a schedule, as the terminal tells them."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.cli.output import moment
from smartspec.commands import calendars
from smartspec.domain import times
from smartspec.domain.jsontext import texts
from smartspec.domain.schedule.calendar import Calendar
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.schedule import Schedule
from smartspec.messages import tr, trn


def days_without(schedule: Schedule, plan: Plan) -> str | None:
    """What was written, and of each calendar how much is to come, since when that is known, and what is wrong."""
    said = [*texts(schedule.blackouts), *(_of_calendar(each, plan) for each in calendars.of(schedule))]
    return "; ".join(said) or None


def _of_calendar(calendar: Calendar, plan: Plan) -> str:
    return ", ".join(_told(calendar, plan))


def _told(calendar: Calendar, plan: Plan) -> Iterator[str]:
    now = times.now()
    ends = (each.end if each.end.tzinfo else each.end.replace(tzinfo=plan.zone) for each in calendar.blackouts)
    count = sum(end > now for end in ends)
    yield calendar.path
    yield trn("{n} to come", "{n} to come", count)
    yield tr("read {when}", when=moment(calendar.read_at))
    if calendar.problem:
        yield tr("cannot be read now: {why}", why=calendar.problem)
