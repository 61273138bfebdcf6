"""What a value of a tree says where it has the type that it must have, else nothing: `check` tells of the rest."""

from __future__ import annotations

from typing import Any

from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.ranges import RANGES, whole
from smartspec.domain.times import parse_milliseconds
from smartspec.errors import Invalid


def as_mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []


def as_text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


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


def as_factor(value: Any, key: str, otherwise: float) -> float:
    """A number within the range of its key, else `otherwise`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value in RANGES[key] else otherwise
