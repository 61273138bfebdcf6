"""Which schemas validate a value at once, and which only where the validation can be ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from smartspec.domain.jsontext import Json

_MOST_SUBSCHEMAS = 1000
_LONGEST_ENUM = 100
_LONGEST_PATTERN = 200
_MOST_REPEATED = 1000
_ASIDE = frozenset({
    "$schema", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    "x-unit",
})  # fmt: skip
# Each part of a value is validated once by these; not so by allOf, $ref, patternProperties, uniqueItems and their like.
_PLAIN = _ASIDE | {
    "type", "required", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    "properties", "additionalProperties", "items", "prefixItems", "enum", "pattern", "format",
}  # fmt: skip
_FORMATS = frozenset(
    {"date", "date-time", "time", "email", "uri", "hostname", "ipv4", "ipv6", "uuid", "folder", "file", "path"}
)


def is_cheap(schema: Json) -> bool:
    """Whether its time and memory are within a fixed multiple of those of reading the value."""
    waiting: list[Json] = [schema]
    seen = 0
    while waiting:
        each = waiting.pop()
        seen += 1
        if isinstance(each, bool):
            continue
        if seen > _MOST_SUBSCHEMAS or not isinstance(each, dict) or not _is_cheap_by_itself(each):
            return False
        waiting += _inner(each)
    return True


def _is_cheap_by_itself(schema: dict[str, Json]) -> bool:
    if not schema.keys() <= _PLAIN:
        return False
    enum, pattern = schema.get("enum", []), schema.get("pattern", "")
    if not isinstance(enum, list) or len(enum) > _LONGEST_ENUM or schema.get("format", "date") not in _FORMATS:
        return False
    return isinstance(pattern, str) and _is_short(pattern)


def _is_short(pattern: str) -> bool:
    repeated = prod(int(number) or 1 for number in re.findall(r"\d{1,9}", "".join(re.findall(r"\{[^}]*\}", pattern))))
    return len(pattern) <= _LONGEST_PATTERN and repeated <= _MOST_REPEATED


def _inner(schema: dict[str, Json]) -> Iterator[Json]:
    properties, items = schema.get("properties", {}), schema.get("prefixItems", [])
    yield from properties.values() if isinstance(properties, dict) else [None]
    yield from items if isinstance(items, list) else [None]
    for key in ("additionalProperties", "items"):
        if key in schema:
            yield schema[key]
