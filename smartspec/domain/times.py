"""Moments and durations: aware UTC outside the database, integer milliseconds inside it."""

import math
import re
from datetime import UTC, datetime, timedelta

from smartspec.errors import Invalid
from smartspec.messages import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)?")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MS = 100 * 365 * 86_400_000  # of any duration that is given


def now() -> datetime:
    """The moment, to the millisecond, as it will be stored."""
    return from_ms(to_ms(datetime.now(UTC)))


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    return (moment - _EPOCH) // _MILLISECOND


def elapsed_ms(since: datetime, until: datetime) -> int:
    """Milliseconds from one moment to another; none where the clock was set back between them."""
    return max(0, to_ms(until) - to_ms(since))


def from_ms(ms: int) -> datetime:
    """The moment, so many milliseconds after the epoch."""
    return _EPOCH + timedelta(milliseconds=ms)


def parse_milliseconds(value: object) -> float:
    """Of `500ms`, `5s`, `10m`, `1h`, `2d`, `1w`, or of a number of seconds; however many.

    Raises Invalid for what is none of these, or negative.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value not in (math.inf, -math.inf):
        ms = value * 1000.0 if abs(value) < LONGEST_MS else math.inf if value > 0 else math.nan
    elif isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        ms = float(match[1]) * _UNITS[match[2] or "s"]
    else:
        ms = math.nan
    if not ms >= 0:
        raise Invalid(
            _(
                "“{value}” is not a duration: write a number with ms, s, m, h or d, as in 30s or 1.5h.",
                value=str(value)[:60],
            )
        )
    return ms


def parse_duration_ms(value: object) -> int:
    """Milliseconds of a duration, as a whole number. Raises Invalid, also where it is longer than a hundred years."""
    ms = parse_milliseconds(value)
    if ms > LONGEST_MS:
        raise Invalid(_("“{value}” is too long: the most is a hundred years.", value=str(value)[:60]))
    return round(ms)


def midnight(moment: datetime, days_before: int = 0) -> datetime:
    """The local midnight that begins the day of a moment, or a day before or (negative) after it."""
    day = moment.astimezone().date() - timedelta(days=days_before)
    return datetime(day.year, day.month, day.day).astimezone(UTC)


def _days_ago(word: str, local: datetime) -> int | None:
    if word in ("today", "yesterday"):
        return int(word == "yesterday")
    for number, day in enumerate(WEEKDAYS):
        if word in (day, day[:3]):
            return (local.weekday() - number) % 7
    return None


def parse_moment(text: str, now: datetime) -> datetime:
    """A moment that a person wrote: ISO text (local time without an offset), `today`, `yesterday`, an age as `7d`, or
    a day of the week, by which the last one is meant.

    Raises Invalid for a text that is none of these, and for an age of more than a hundred years.
    """
    if (days := _days_ago(text.lower(), now.astimezone())) is not None:
        return midnight(now, days)
    if text.lower() == "now":
        return now
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day have no other moment in every zone
        pass
    if _DURATION.fullmatch(text):
        return now - timedelta(milliseconds=parse_duration_ms(text))
    raise Invalid(
        _("“{text}” is not a time: write 2026-11-20, 2026-11-20T14:30, today, mon, or an age as 7d.", text=text)
    )
