"""When a schedule would be due, before there is one or before anything happens."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from itertools import islice

from smartspec.commands.registry import command
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.schedule_plan import plan_of, zone_of
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.schedule.due import due_times, moment_of
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import TriggerType, parse_rule
from smartspec.domain.schedule.upcoming import Upcoming, upcoming
from smartspec.errors import Invalid, NotFound
from smartspec.messages import _

_MOST = 10_000


@command
def preview_schedule(
    expression: str, *, trigger_type: TriggerType = TriggerType.CRON, timezone: str | None = None,
    after: str | None = None, count: int = 5,
) -> tuple[str, ...]:  # fmt: skip
    """The next due times of a rule, with their offsets; `after` is a time of its zone's clocks, by default now.

    Raises Invalid for what is no rule, and one that never comes.
    """
    plan = plan_for(expression, trigger_type, timezone)
    return shown_times(plan, moment_in(after, plan.zone), count)


@command
def preview_next_runs(
    which: str, *, after: str | None = None, count: int = 5, workspace: str = DEFAULT
) -> tuple[str, ...]:
    """The same of a schedule that there is, between its start and end."""
    plan = plan_of(get_schedule(which, workspace))
    return shown_times(plan, moment_in(after, plan.zone), count)


def upcoming_within(plan: Plan, now: datetime, limit: int) -> Upcoming:
    """The next due times between start and end, by the clock of the zone, and the changes of that clock among them."""
    after = now if plan.start_at is None else max(now, plan.start_at - _INSTANT)
    found = upcoming(plan.rule, plan.zone, after, limit)
    end = plan.end_at
    shown = tuple(each.astimezone(plan.zone) for each in found.times if end is None or each <= end)
    changes = tuple(each for each in found.changes if end is None or each.change.at <= end)
    return Upcoming(shown, changes)


def plan_for(expression: str, trigger_type: TriggerType, timezone: str | None) -> Plan:
    """Of a rule alone. Raises Invalid."""
    return Plan(rule=parse_rule(trigger_type, expression, times.now()), zone=zone_of(timezone))


def plan_named(text: str, timezone: str | None, workspace: str) -> Plan:
    """Of the schedule of that name, else of an expression of cron. Raises Invalid for what is neither."""
    try:
        return plan_of(get_schedule(text, workspace))
    except NotFound:
        return plan_for(text, TriggerType.CRON, timezone)


def moment_in(text: str | None, zone: tzinfo) -> datetime:
    """What a person wrote, by the clocks of a zone where it has no offset; None: now. Raises Invalid."""
    if text is None:
        return times.now()
    try:
        written = datetime.fromisoformat(text)
        return moment_of(written, zone) if written.tzinfo is None else written.astimezone(UTC)
    except (ValueError, OverflowError):
        return times.parse_moment(text, times.now())


def shown_times(plan: Plan, after: datetime, count: int) -> tuple[str, ...]:
    """As ISO text in the zone of the schedule. Raises Invalid for a count out of 1 to 10,000."""
    if not 1 <= count <= _MOST:
        raise Invalid(_("From 1 to 10,000 times can be asked for."))
    return tuple(due.astimezone(plan.zone).isoformat() for due in next_times(plan, after, count))


def next_times(plan: Plan, after: datetime, count: int) -> list[datetime]:
    """The next so many, fewer where there are no more."""
    if plan.start_at is not None:
        after = max(after, plan.start_at - _INSTANT)
    found = islice(due_times(plan.rule, plan.zone, after), count)
    return [due for due in found if plan.end_at is None or due <= plan.end_at]


_INSTANT = times.from_ms(1) - times.from_ms(0)
