"""What a value of a tree says where it has the type that it must have, else nothing: `check` tells of the rest."""

from __future__ import annotations

from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES, whole
from smartspec.domain.times import parse_milliseconds
from smartspec.errors import Invalid


def as_number(value: Json, key: str) -> int | None:
    """A whole number within the range of its key."""
    number = whole(value)
    return number if number is not None and number in RANGES[key] else None


def as_duration_ms(value: Json, key: str) -> int | None:
    """Milliseconds of a duration, where they are within the range of its key."""
    try:
        ms = None if value is None else parse_milliseconds(value)
    except Invalid:
        return None
    return round(ms) if ms is not None and ms in RANGES[key] else None


def as_factor(value: Json, key: str, otherwise: float) -> float:
    """A number within the range of its key, else `otherwise`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in RANGES[key]:
        return otherwise
    return float(value)
