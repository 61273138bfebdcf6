"""Python's values as JSON: what has a plain meaning keeps it, the rest stands as Python shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from os import PathLike, fspath
from typing import Any
from uuid import UUID

from smartspec.domain.jsontext import Json
from smartspec.domain.text import replace_unstorable

_LONGEST_TEXT = 10_000  # characters of what is shown as Python shows it
_DEEPEST = 50  # levels; what holds itself ends there
_MOST_ITEMS = 100_000  # of an array of numbers; a larger one is shown as Python shows it


def to_json(value: object, depth: int = 0) -> Json:
    """Numbers, paths and lists of other libraries as such, dates as ISO text, spans in seconds, records as mappings."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return replace_unstorable(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if depth >= _DEEPEST:
        return _shown(value)
    for kind, convert in _SCALARS:
        if isinstance(value, kind):
            return to_json(convert(value), depth + 1)
    return _collection(value, depth + 1)


def _collection(value: object, depth: int) -> Json:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name, None), depth) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: to_json(each, depth) for name, each in zip(value._fields, value, strict=True)}
    if isinstance(value, Mapping):
        return {replace_unstorable(str(key)) or "": to_json(each, depth) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each, depth) for each in value]
    if isinstance(value, set | frozenset):
        return [to_json(each, depth) for each in sorted(value, key=repr)]  # the same each time
    return _array(value, depth)


def _array(value: object, depth: int) -> Json:
    """What gives itself as lists and numbers: arrays and scalars of NumPy and its like."""
    as_list = getattr(value, "tolist", None)
    size = getattr(value, "size", 0)
    if callable(as_list) and not isinstance(value, type) and isinstance(size, int) and size <= _MOST_ITEMS:
        try:
            return to_json(as_list(), depth)
        except Exception:  # noqa: BLE001 - code of another library; what it cannot say is shown
            return _shown(value)
    return _shown(value)


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - code of the program that is recorded
        text = f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"
    return replace_unstorable(text[:_LONGEST_TEXT]) or ""


def _path(value: PathLike[str] | PathLike[bytes]) -> str:
    path = fspath(value)
    return path.decode("utf-8", "replace") if isinstance(path, bytes) else path


_SCALARS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda each: each.value),
    (Integral, int),
    (Decimal, str),  # a number that is kept exactly
    (Real, float),
    (PathLike, _path),
    ((datetime, date, time), lambda each: each.isoformat()),
    (timedelta, lambda each: each.total_seconds()),
    (UUID, str),
    ((bytes, bytearray, memoryview), lambda each: bytes(each).decode("utf-8", "backslashreplace")),
)
