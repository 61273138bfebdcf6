"""The rule of a schedule: what it is started by, as a value, out of the two texts that are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from smartspec.domain import quantities, times
from smartspec.domain.ranges import Range
from smartspec.domain.schedule.cron import CronRule, parse_cron
from smartspec.domain.schedule.events import Event, event_expression, parse_event
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.formatting import format_duration
from smartspec.messages import _, listed
from smartspec.value import frozen

EPOCH = times.from_ms(0)
_INTERVAL = Range(1_000, 3_650 * 86_400_000, "ms")
_LONGEST_SHOWN = 60


class TriggerType(StrEnum):
    CRON = "cron"
    INTERVAL = "interval"
    ONCE = "once"
    EVENT = "event"
    MANUAL = "manual"


@frozen
class IntervalRule:
    """Counted from `anchor`, which is due itself, and never from the end of an execution."""

    every_ms: int
    anchor: datetime


@frozen
class OnceRule:
    """`at` has an offset, or none: then it is what the clock of the schedule's zone shows."""

    at: datetime


@frozen
class EventRule:
    event: Event


@frozen
class ManualRule:
    """A saved input with a name, run by hand."""


Rule = CronRule | IntervalRule | OnceRule | EventRule | ManualRule


def parse_rule(trigger_type: str, expression: str | None, anchor: datetime = EPOCH) -> Rule:
    """`anchor` is what an interval is counted from: the schedule's start, else when it was made. Raises Invalid."""
    text = expression or ""
    match _trigger_type(trigger_type):
        case TriggerType.CRON:
            return parse_cron(text)
        case TriggerType.INTERVAL:
            return IntervalRule(_interval_ms(text), anchor)
        case TriggerType.ONCE:
            return OnceRule(_moment(text))
        case TriggerType.EVENT:
            return EventRule(parse_event(text))
        case TriggerType.MANUAL:
            return _manual(text)


def rule_expression(rule: Rule) -> str:
    """The text that is stored: `parse_rule` makes the same rule of it in every language."""
    match rule:
        case CronRule():
            return rule.expression
        case IntervalRule():
            return f"{rule.every_ms}ms" if rule.every_ms % 1_000 else f"{rule.every_ms // 1_000}s"
        case OnceRule():
            return rule.at.isoformat()
        case EventRule():
            return event_expression(rule.event)
        case ManualRule():
            return ""


def _trigger_type(word: str) -> TriggerType:
    try:
        return TriggerType(word)
    except ValueError:
        raise Invalid(
            _("A schedule is of one of the types {known}, not “{word}”.", known=listed(TriggerType), word=_shown(word))
        ) from None


def _interval_ms(text: str) -> int:
    if not text.strip():
        raise Invalid(_("The interval misses its length: write a number with its unit, as in 90 m or 1 h 30 m."))
    ms = quantities.parse_quantity(text, quantities.Kind.DURATION, 1_000)
    if ms < _INTERVAL.smallest:
        raise Invalid(_("“{text}” is too short for an interval: the least is a second.", text=_shown(text)))
    if ms > _INTERVAL.largest:
        most = format_duration(int(_INTERVAL.largest))
        raise Invalid(_("“{text}” is too long for an interval: the most is {most}.", text=_shown(text), most=most))
    return ms


def _moment(text: str) -> datetime:
    if not text.strip():
        raise Invalid(_("The moment is missing: write a date with a time, as in 2026-11-20T14:30."))
    try:
        at = datetime.fromisoformat(text.strip())
        return at if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            _("“{text}” is not a moment: write a date with a time, as in 2026-11-20T14:30.", text=_shown(text))
        ) from None


def _manual(text: str) -> ManualRule:
    if text.strip():
        raise Invalid(_("A schedule that is run by hand has no expression, not even “{text}”.", text=_shown(text)))
    return ManualRule()


def _shown(text: str) -> str:
    return one_line(text, _LONGEST_SHOWN)
