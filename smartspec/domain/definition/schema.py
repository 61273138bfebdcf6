"""The published JSON Schema of the workflow file, and its findings as sentences."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from smartspec import paths
from smartspec.domain.definition.model import TaskKind
from smartspec.domain.definition.nodes import Path
from smartspec.domain.jsontext import Json
from smartspec.domain.text import did_you_mean

_TYPE_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
Finding = tuple[Path, str]


@lru_cache
def workflow_schema() -> dict[str, Any]:
    text = (paths.resources() / "schema" / "workflow.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@lru_cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(workflow_schema())


def findings(tree: Json) -> Iterator[Finding]:
    """What does not fit the schema: a path and a sentence each."""
    for error in _validator().iter_errors(tree):
        yield from _explain(error)


def _explain(error: Any) -> Iterator[Finding]:
    path: Path = tuple(error.absolute_path)
    explain: Callable[[Any], str] | None = _EXPLANATIONS.get(error.validator)
    if error.validator == "oneOf" and "allOf" in error.schema:
        if isinstance(error.instance, dict):
            yield path, _which_kind(error.instance)
    elif error.validator == "additionalProperties":
        for key in _unknown_keys(error):
            yield (*path, key), _unknown_key(key, error.schema, error.instance)
    elif "propertyNames" in error.schema_path:
        why = _NAME_RULES.get(error.validator, "it cannot stand here")
        yield (*path, error.instance), f"“{error.instance}” cannot be a name here: {why}."
    elif explain:
        yield path, explain(error)
    else:
        yield path, f"{_shown(error.instance)} does not fit: {error.message}."


def _unknown_keys(error: Any) -> list[str]:
    """What is unknown there; a second kind of task in one place is told once, by `_which_kind`."""
    known = error.schema.get("properties", {})
    kinds = frozenset(TaskKind) if error.instance.keys() & frozenset(TaskKind) else frozenset[str]()
    return [key for key in error.instance if key not in known and key not in kinds and not key.startswith("x-")]


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


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _type(error: Any) -> str:
    wanted = error.validator_value
    words = [_TYPE_WORDS[each] for each in ([wanted] if isinstance(wanted, str) else wanted)]
    return f"This must be {' or '.join(words)}, not {_shown(error.instance)}."


def _any_of(error: Any) -> str:
    description = error.schema.get("description", "").rstrip(".")
    wanted = description or " or ".join(str(each.get("enum", each.get("type", ""))) for each in error.validator_value)
    return f"{_shown(error.instance)} does not fit: {wanted}."


def _pattern(error: Any) -> str:
    return f"{_shown(error.instance)} is not written as it must be (pattern {error.validator_value})."


_NAME_RULES = {
    "pattern": "use letters, digits and _, not a digit first",
    "maxLength": "it may be 100 characters long",
}
_EXPLANATIONS: dict[str, Callable[[Any], str]] = {
    "type": _type,
    "anyOf": _any_of,
    "required": lambda error: f"The key “{error.message.split(chr(39))[1]}” is missing.",
    "enum": lambda error: f"{_shown(error.instance)} is not one of {', '.join(map(str, error.validator_value))}.",
    "const": lambda error: f"This must be {_shown(error.validator_value)}, not {_shown(error.instance)}.",
    "minimum": lambda error: f"This must be at least {error.validator_value}, not {_shown(error.instance)}.",
    "maximum": lambda error: f"This must be at most {error.validator_value}, not {_shown(error.instance)}.",
    "minLength": lambda _: "This must not be empty.",
    "maxLength": lambda error: f"This may be {error.validator_value} characters long.",
    "minItems": lambda _: "This list must not be empty.",
    "minProperties": lambda _: "This must not be empty.",
    "maxProperties": lambda _: "A step is one task: write one name in each item of the list.",
    "uniqueItems": lambda error: f"The list names something twice: {_shown(error.instance)}.",
    "pattern": _pattern,
    "not": lambda error: f"{_shown(error.instance)} cannot stand here.",
}
