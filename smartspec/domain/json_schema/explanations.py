"""What is said of a violation of a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json

_TYPE_WORDS = {
    "object": "a mapping", "array": "a list", "string": "text", "number": "a number", "integer": "a whole number",
    "boolean": "true or false", "null": "nothing",
}  # fmt: skip
_TYPE_ORDER = tuple(_TYPE_WORDS)


def short_json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def explain(violation: Violation) -> str:
    """The rest of a sentence that begins with the thing: `must be a number, not "x"`."""
    template = _EXPLANATIONS.get(violation.keyword)
    if template is None:
        return f"does not fit its schema ({violation.keyword}): {short_json(violation.value)}"
    return template(violation)


def type_words(wanted: str | Sequence[str]) -> str:
    """The words for the types of a schema."""
    given = {wanted} if isinstance(wanted, str) else {*wanted}
    return " or ".join(_TYPE_WORDS[each] for each in _TYPE_ORDER if each in given)


def _count(number: Any, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def _entries(number: Any) -> str:
    return _count(number, "entry", "entries")


def _names(violation: Violation) -> str:
    return ", ".join(f"“{name}”" for name in violation.limit)


def _one_of(violation: Violation) -> str:
    fitting = sum(not errors for errors in violation.limit)
    if fitting > 1:
        return f"fits {fitting} of the alternatives, and must fit one: {short_json(violation.value)}"
    return f"must fit one of the alternatives, and {short_json(violation.value)} fits none"


def _refused(violation: Violation) -> str:
    if violation.schema_path[-1:] == ("additionalProperties",):
        return "may hold nothing"  # the engine names the value there, not its key
    return f"may not be there: {short_json(violation.value)}"


def _property_name(violation: Violation) -> str:
    return f"has a name that cannot stand there: “{violation.limit.value}” {explain(violation.limit)}"


_EXPLANATIONS: dict[str, Callable[[Violation], str]] = {
    "type": lambda it: f"must be {type_words(it.limit)}, not {short_json(it.value)}",
    "enum": lambda it: f"must be one of {', '.join(map(short_json, it.limit))}, not {short_json(it.value)}",
    "const": lambda it: f"must be {short_json(it.limit)}, not {short_json(it.value)}",
    "minimum": lambda it: f"must be at least {it.limit}, not {short_json(it.value)}",
    "maximum": lambda it: f"must be at most {it.limit}, not {short_json(it.value)}",
    "exclusiveMinimum": lambda it: f"must be more than {it.limit}, not {short_json(it.value)}",
    "exclusiveMaximum": lambda it: f"must be less than {it.limit}, not {short_json(it.value)}",
    "multipleOf": lambda it: f"must be a multiple of {it.limit}, not {short_json(it.value)}",
    "minLength": lambda it: f"must have at least {_count(it.limit, 'character')}, not {short_json(it.value)}",
    "maxLength": lambda it: f"may have {_count(it.limit, 'character')}, not {short_json(it.value)}",
    "minItems": lambda it: f"must have at least {_entries(it.limit)}",
    "maxItems": lambda it: f"may have {_entries(it.limit)}, not {len(it.value)}",
    "additionalItems": lambda it: f"may have {_entries(it.limit)}",
    "minProperties": lambda it: f"must have at least {_count(it.limit, 'key')}",
    "maxProperties": lambda it: f"may have {_count(it.limit, 'key')}, not {len(it.value)}",
    "uniqueItems": lambda it: f"holds something twice: {short_json(it.value)}",
    "pattern": lambda it: f"is not written as it must be (pattern {it.limit}): {short_json(it.value)}",
    "format": lambda it: f"must be written as {it.limit}, not {short_json(it.value)}",
    "required": lambda it: f"lacks “{it.limit}”",
    "additionalProperties": lambda it: f"holds what it may not: {_names(it)}",
    "unevaluatedProperties": lambda it: f"holds what it may not: {_names(it)}",
    "unevaluatedItems": lambda it: f"holds more than it may: {short_json(it.value)}",
    "propertyNames": _property_name,
    "contains": lambda it: f"holds nothing, or not as much, of what it must: {short_json(it.value)}",
    "anyOf": lambda it: f"must fit one of the alternatives, and {short_json(it.value)} fits none",
    "oneOf": _one_of,
    "oneOfNotValid": _one_of,
    "oneOfMultipleValid": _one_of,
    "not": lambda it: f"may not be {short_json(it.value)}",
    "falseSchema": _refused,
    "contentEncoding": lambda it: f"must be {it.limit}, not {short_json(it.value)}",
    "contentMediaType": lambda it: f"must be {it.limit}, not {short_json(it.value)}",
}  # fmt: skip
