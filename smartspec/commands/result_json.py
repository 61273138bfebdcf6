"""The answer of a command as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from smartspec.value import field_names, is_value


def to_json(value: object) -> Any:
    """Any answer of a command as JSON: records by field, times as ISO text in UTC; row keys stay inside."""
    if is_value(type(value)):
        return {name: to_json(getattr(value, name)) for name in field_names(value) if name != "pk"}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_json(each) for each in value]
    return value
