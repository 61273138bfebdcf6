"""What payloads in camelCase or snake_case hold, with a sentence where that is not what was asked for."""

import re
from collections.abc import Mapping
from typing import Any

from smartspec.errors import Invalid

Payload = Mapping[str, Any]


def snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def refuse_unknown(given: Payload, keys: frozenset[str], what: str) -> None:
    unknown = sorted(given.keys() - keys)
    if unknown:
        known = f"it takes {', '.join(sorted(keys))}" if keys else "it takes nothing"
        raise Invalid(f"{what} does not know “{unknown[0]}”: {known}.")


def section(payload: Payload, name: str, keys: set[str], *, optional: bool = False) -> Payload:
    part = payload.get(name)
    if part is None and optional:
        return {}
    if not isinstance(part, dict):
        raise Invalid(f"“{name}” must be an object.")
    given = {snake(key): value for key, value in part.items()}
    refuse_unknown(given, frozenset(keys), f"“{name}”")
    return given


def text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise Invalid(f"“{name}” must be a text." if name in payload else f"“{name}” is missing.")
    if name == "id" and value.startswith("tool:"):
        raise Invalid(f"“{value}” is the id of a tool.")
    return value


def optional_text(payload: Payload, name: str) -> str | None:
    return None if payload.get(name) is None else text(payload, name)


def window(wanted: Payload) -> tuple[int, int]:
    numbers = []
    for name, default in (("limit", 50), ("offset", 0)):
        value = wanted.get(name)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**53:
            raise Invalid(f"“{name}” must be a whole number that is not negative.")
        numbers.append(value)
    return numbers[0], numbers[1]
