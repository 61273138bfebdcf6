"""What payloads in camelCase or snake_case hold, with a sentence where that is not what was asked for."""

import re
from collections.abc import Mapping
from typing import Any

from smartspec.errors import Invalid
from smartspec.messages import Message, _

Payload = Mapping[str, Any]


def snake(key: str) -> str:
    """workflowId as workflow_id."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def refuse_unknown(given: Payload, keys: frozenset[str], what: str) -> None:
    """`what` is the name of what was given. Raises Invalid where it has other keys than these."""
    unknown = sorted(given.keys() - keys)
    if unknown:
        names = {"what": what, "key": unknown[0], "known": ", ".join(sorted(keys))}
        if keys:
            raise Invalid(_("{what} does not know “{key}”: it takes {known}.", **names))
        raise Invalid(_("{what} does not know “{key}”: it takes nothing.", what=what, key=unknown[0]))


def section(payload: Payload, name: str, keys: set[str], *, optional: bool = False) -> Payload:
    """An object inside of a payload, its keys in snake_case. Raises Invalid where it is none, or has other keys."""
    part = payload.get(name)
    if part is None and optional:
        return {}
    if not isinstance(part, dict):
        raise Invalid(_("“{name}” must be an object.", name=name))
    given = {snake(key): value for key, value in part.items()}
    refuse_unknown(given, frozenset(keys), f"“{name}”")
    return given


def text(payload: Payload, name: str) -> str:
    """Raises Invalid where it is missing, or no text; ids of tools are not known here."""
    value = payload.get(name)
    if not isinstance(value, str):
        raise Invalid(_("“{name}” must be a text.", name=name) if name in payload else missing(name))
    if name == "id" and value.startswith("tool:"):
        raise Invalid(_("“{id}” is the id of a tool.", id=value))
    return value


def missing(name: str) -> Message:
    """What to say where a key has to be there."""
    return _("“{name}” is missing.", name=name)


def optional_text(payload: Payload, name: str) -> str | None:
    """None where it is missing or null. Raises Invalid as `text`."""
    return None if payload.get(name) is None else text(payload, name)


def window(wanted: Payload) -> tuple[int, int]:
    """Which rows of a list: how many at most, and how many are passed over. Raises Invalid."""
    numbers = []
    for name, default in (("limit", 50), ("offset", 0)):
        value = wanted.get(name)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**53:
            raise Invalid(_("“{name}” must be a whole number that is not negative.", name=name))
        numbers.append(value)
    return numbers[0], numbers[1]
