"""What one field of a line means: the value of each kind of field, or a sentence about what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from smartspec.domain import ids, times
from smartspec.domain.engine.states import FINAL, FOREIGN_STATUSES, FOREIGN_UNFINISHED, execution_status
from smartspec.domain.execution import Trigger, unknown_trigger
from smartspec.domain.text import check_text
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import N_, _

_FIRST_MS, LAST_MS = 0, 253_402_300_799_999  # 1970 to 9999
_MILLISECONDS_FROM = 100_000_000_000  # a number above is milliseconds: as seconds it would be the year 5138
_TRIGGERS = frozenset(each.value for each in Trigger)


def status(word: object) -> tuple[str, str | None]:
    """Our word for how an execution ended, and the reason that goes with it. Raises Invalid where it has not ended."""
    if not isinstance(word, str):
        raise Invalid(_NO_STATUS)
    return _ended(word)


_NO_STATUS = _("The status must be a text.")


@cache
def _ended(word: str) -> tuple[str, str | None]:
    lower = word.strip().lower()
    if lower in FOREIGN_UNFINISHED or (ended := execution_status(lower)) not in FINAL:
        raise Invalid(_("“{word}” has not ended; only what has ended can be imported.", word=word))
    return ended.value, FOREIGN_STATUSES[lower][1] if lower in FOREIGN_STATUSES else None


_NO_TIME = N_("“{text}” is not a time; write 2026-11-20T14:30:00Z, or seconds since 1970.")


def moment(value: object) -> int:
    """Milliseconds of ISO text, local time without an offset; or of seconds or milliseconds since the epoch.

    Raises Invalid for what is none of these, or not between 1970 and 9999.
    """
    if isinstance(value, str):
        try:
            given = datetime.fromisoformat(value)
            ms: float = times.to_ms(given if given.tzinfo is not None else given.astimezone(UTC))
        except (ValueError, OverflowError, OSError):
            raise Invalid(_(_NO_TIME, text=value[:60])) from None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        ms = value if abs(value) >= _MILLISECONDS_FROM else value * 1000
    else:
        raise Invalid(_("A time must be a text or a number."))
    if not _FIRST_MS <= ms <= LAST_MS:
        raise Invalid(_("A time must lie between 1970 and 9999."))
    return round(ms)  # after the check: 1e999 is infinite


def duration_ms(value: object) -> int:
    """Milliseconds. Raises Invalid for what is no number, negative or without end."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LAST_MS:
        raise Invalid(_("A duration must be a number of milliseconds that is not negative."))
    return round(value)


def trigger(value: object) -> str:
    """One of Trigger. Raises Invalid for any other word."""
    if not isinstance(value, str) or value not in _TRIGGERS:
        raise unknown_trigger(str(value))
    return value


def execution_id(value: object) -> str:
    """Raises Invalid for what is no UUID in lower case."""
    if not isinstance(value, str) or not ids.is_id(value):
        raise Invalid(_("An id must be a UUID in lower case; leave it out, and one is made."))
    return value


@cache
def _task_ended(word: str) -> str:
    lower = word.strip().lower()
    return lower if lower in ("skipped", "interrupted") else _ended(word)[0]


def task_status(word: object) -> str:
    """As `status`, without a reason; a task may be skipped or interrupted too. Raises Invalid as it does."""
    if not isinstance(word, str):
        raise Invalid(_NO_STATUS)
    return _task_ended(word)


def whole_number(least: int, most: int) -> Callable[[object], int]:
    """What reads a whole number within; it raises Invalid for anything else."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            ends = {"least": format_number(least), "most": format_number(most)}
            raise Invalid(_("It must be a whole number from {least} to {most}.", **ends))
        return value

    return check


def text(name: str, longest: int) -> Callable[[object], str]:
    """What reads a text of at most so many characters; it raises Invalid for anything else, naming the field."""

    def check(value: object) -> str:
        if not isinstance(value, str) or (name == "workflow" and not value.strip()):
            raise Invalid(_("“{name}” must be a text.", name=name))
        if len(value) <= longest and value.isprintable() and value.isascii():
            return value  # as nearly all are
        return check_text(value, f"“{name}”", longest)

    return check
