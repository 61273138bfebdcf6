"""The published JSON Schema of the workflow file, and its findings as sentences."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from smartspec import paths
from smartspec.domain.definition.nodes import Path
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.json_schema import explanations, validation
from smartspec.domain.json_schema.explanations import short_json
from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES, duration_problem
from smartspec.domain.text import did_you_mean

Finding = tuple[Path, str]


@lru_cache
def workflow_schema() -> dict[str, Any]:
    text = (paths.resources() / "schema" / "workflow.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@lru_cache
def _validator() -> Any:
    return validation.compile_schema(workflow_schema())


def findings(tree: Json) -> Iterator[Finding]:
    """What does not fit the schema: a path and a sentence each."""
    for violation in validation.violations(_validator(), tree):
        yield from _explain(violation)


def _rule(where: Path) -> dict[str, Any]:
    """The part of the schema that holds a rule."""
    part: Any = workflow_schema()
    for step in where[:-1]:
        part = part[step]
    return part if isinstance(part, dict) else {}


def _explain(violation: Violation) -> Iterator[Finding]:
    path = violation.path
    explain = _EXPLANATIONS.get(violation.keyword)
    if violation.keyword in _ONE_KIND:
        if isinstance(violation.value, dict):
            yield path, _which_kind(violation.value)
    elif violation.keyword == "additionalProperties":
        for key in _unknown_keys(violation):
            yield (*path, key), _unknown_key(key, _rule(violation.schema_path), violation.value)
    elif violation.keyword == "propertyNames":
        name = violation.limit.value
        why = _NAME_RULES.get(f"{violation.limit.keyword} {violation.limit.limit}", "it cannot stand here")
        yield (*path, name), f"“{name}” cannot be a name here: {why}."
    elif explain:
        yield path, explain(violation)
    else:
        yield path, f"This {explanations.explain(violation)}."


def _unknown_keys(violation: Violation) -> list[str]:
    """What is unknown there; a second kind of task in one place is told once, by `_which_kind`."""
    kinds = frozenset(TaskKind) if violation.value.keys() & frozenset(TaskKind) else frozenset[str]()
    return [key for key in violation.limit if key not in kinds]


def _unknown_key(key: str, schema: dict[str, Any], instance: dict[str, Any]) -> str:
    known = list(schema["properties"])
    kind = next((kind.value for kind in TaskKind if kind.value in instance and kind.value in known), None)
    if kind is not None and key in _task_keys():
        return f"“{key}” does not go with “{kind}”."
    return f"“{key}” is not a known key{did_you_mean(key, known)}"


@lru_cache
def _task_keys() -> frozenset[str]:
    definitions = workflow_schema()["$defs"]
    return frozenset(key for kind in TaskKind for key in definitions[f"{kind.value}_task"]["properties"])


def _which_kind(instance: dict[str, Json]) -> str:
    kinds = [kind.value for kind in TaskKind]
    given = [kind for kind in kinds if kind in instance]
    if given:
        return f"A task is one thing: “{'” and “'.join(given)}” cannot stand together."
    for key in instance:
        if guess := did_you_mean(key, kinds, ""):
            return f"A task needs one of {', '.join(kinds)}; “{key}” is not one{guess}"
    return f"A task needs one of {', '.join(kinds)}."


def _any_of(violation: Violation) -> str:
    rule = _rule(violation.schema_path)
    if violation.schema_path[:-1] in (("$defs", "duration"), ("$defs", "timeout")):
        key = ".".join(str(step) for step in violation.path[-2:] if step in ("retry", violation.path[-1]))
        return duration_problem(violation.value, key if key in RANGES else "timeout") or _DURATION
    wanted = rule.get("description", "").rstrip(".") or " or ".join(
        str(each.get("enum", each.get("type", ""))) for each in rule.get("anyOf", ())
    )
    return f"{short_json(violation.value)} does not fit: {wanted}."


_DURATION = "This is not a duration: write a number with ms, s, m, h or d, as in 30s or 1.5h."
_ONE_KIND = ("oneOf", "oneOfNotValid", "oneOfMultipleValid")
_NAME_RULES = {
    "pattern ^[A-Za-z_][A-Za-z0-9_]*$": "use letters, digits and _, not a digit first",
    "pattern ^[\\p{L}_][\\p{L}\\p{M}\\p{Nd}_-]*$": "use letters, digits, _ and -, a letter or _ first",
    "pattern ^[^=\\u0000]+$": "a variable has a name, without =",
    "maxLength 100": "it may be 100 characters long",
    "maxLength 200": "it may be 200 characters long",
}
_EXPLANATIONS: dict[str, Callable[[Violation], str]] = {
    "anyOf": _any_of,
    "required": lambda violation: f"The key “{violation.limit}” is missing.",
    "enum": lambda violation: f"{short_json(violation.value)} is not one of {', '.join(map(str, violation.limit))}.",
    "minLength": lambda _: "This must not be empty.",
    "maxLength": lambda violation: f"This may be {violation.limit} characters long.",
    "minItems": lambda _: "This list must not be empty.",
    "minProperties": lambda _: "This must not be empty.",
    "maxProperties": lambda _: "A step is one task: write one name in each item of the list.",
    "uniqueItems": lambda violation: f"The list names something twice: {short_json(violation.value)}.",
    "pattern": lambda violation: (
        f"{short_json(violation.value)} is not written as it must be (pattern {violation.limit})."
    ),
    "not": lambda violation: f"{short_json(violation.value)} cannot stand here.",
}
