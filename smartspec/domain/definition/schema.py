"""The published JSON Schema of the workflow file, and its findings as sentences."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from smartspec import paths
from smartspec.domain.definition.nodes import Path
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.json_schema import explanations, validation
from smartspec.domain.json_schema.explanations import alternatives, short_json
from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES, duration_problem
from smartspec.domain.text import did_you_mean
from smartspec.messages import N_, Message, _, join, listed

Finding = tuple[Path, str]
SchemaPart = dict[str, Any]  # of workflow.schema.json, the shape of which is ours


@lru_cache
def workflow_schema() -> SchemaPart:
    """The schema; its `description`s are texts of the catalogues, in English."""
    text = (paths.resources() / "schema" / "workflow.schema.json").read_text(encoding="utf-8")
    schema: SchemaPart = json.loads(text)
    return schema


@lru_cache
def _validator() -> Any:
    return validation.compile_schema(workflow_schema())


def findings(tree: Json) -> Iterator[Finding]:
    """What does not fit the schema: a path and a sentence each."""
    for violation in validation.violations(_validator(), tree):
        yield from _explain(violation)


def _rule(where: Path) -> SchemaPart:
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
        why = _NAME_RULES.get(f"{violation.limit.keyword} {violation.limit.limit}", _("it cannot stand here"))
        yield (*path, name), _("“{name}” cannot be a name here: {why}.", name=name, why=why)
    elif violation.keyword == "type" and violation.value is None and path:
        yield path, _empty(path, violation.limit)
    elif _is_text_for_keys(violation):
        yield path, _text_for_keys(path, violation.value)
    elif explain:
        yield path, explain(violation)
    else:
        yield path, _("This {why}.", why=explanations.explain(violation))


def _is_text_for_keys(violation: Violation) -> bool:
    named = violation.keyword == "type" and violation.path[-1:] != () and isinstance(violation.path[-1], str)
    return named and "object" in violation.limit and isinstance(violation.value, str)


def _text_for_keys(path: Path, text: str) -> Message:
    """Where a text stands behind a name that wants keys below it."""
    name, text = str(path[-1]), short_json(text)
    if path[0] in ("tasks", "handlers") and (len(path) == 2 or path[-2:-1] == ("parallel",)):
        return _("“{name}” wants keys below it, as in `run: echo hello`, and not only {text}.", name=name, text=text)
    return _("“{name}” wants keys below it, and not only {text}.", name=name, text=text)


def _empty(path: Path, wanted: str | list[str]) -> Message:
    """What to write where a key stands alone, or `null` behind it."""
    name, types = str(path[-1]), {wanted} if isinstance(wanted, str) else {*wanted}
    if path in (("tasks",), ("handlers",)):
        return _("“{name}” is empty: the names of tasks stand below it, two spaces further in.", name=name)
    if "object" in types and path[0] in ("tasks", "handlers") and (len(path) == 2 or path[-2] == "parallel"):
        return _(
            "“{name}” is empty: what it does stands below it, two spaces further in, as in `run: echo hello`.",
            name=name,
        )  # fmt: skip
    if "object" in types:
        return _("“{name}” is empty: its keys stand below it, two spaces further in.", name=name)
    if "array" in types and not isinstance(path[-1], int):
        return _("“{name}” is empty: its items stand behind it in brackets, or below it, each with “- ”.", name=name)
    if isinstance(path[-1], int):
        return _("This item is empty: it must be {types}.", types=explanations.type_words(wanted))
    return _("“{name}” has no value: it must be {types}.", name=name, types=explanations.type_words(wanted))


def _unknown_keys(violation: Violation) -> list[str]:
    """What is unknown there; a second kind of task in one place is told once, by `_which_kind`."""
    words = frozenset(TaskKind)
    is_task = bool(words & _rule(violation.schema_path)["properties"].keys() & violation.value.keys())
    return [key for key in violation.limit if not (is_task and key in words)]


def _unknown_key(key: str, schema: SchemaPart, instance: dict[str, object]) -> str:
    known = list(schema["properties"])
    kind = next((kind.value for kind in TaskKind if kind.value in instance and kind.value in known), None)
    if kind is not None and key in _task_keys():
        return _("“{key}” does not go with “{kind}”.", key=key, kind=kind)
    if end := did_you_mean(key, known, ""):
        return _("“{key}” is not a known key{end}", key=key, end=end)
    if "tasks" in known and key in _task_keys():
        return _("“{key}” belongs to a task: it stands below the task's name, two spaces further in.", key=key)
    return _("“{key}” is not a known key.", key=key)


@lru_cache
def _task_keys() -> frozenset[str]:
    definitions = workflow_schema()["$defs"]
    return frozenset(key for kind in TaskKind for key in definitions[f"{kind.value}_task"]["properties"])


def _which_kind(instance: dict[str, Json]) -> str:
    kinds = [kind.value for kind in TaskKind]
    given = [kind for kind in kinds if kind in instance]
    if given:
        pair = join(_(" and "), (f"“{kind}”" for kind in given))
        return _("A task is one thing: {kinds} cannot stand together.", kinds=pair)
    for key in instance:
        if end := did_you_mean(key, kinds, ""):
            return _("A task needs one of {kinds}; “{key}” is not one{end}", kinds=listed(kinds), key=key, end=end)
    return _("A task needs one of {kinds}.", kinds=listed(kinds))


def _with(template: str) -> Callable[[Violation], str]:
    """What names the limit and the value."""
    return lambda it: _(template, limit=it.limit, value=short_json(it.value))


def _any_of(violation: Violation) -> str:
    rule = _rule(violation.schema_path)
    if violation.schema_path[:-1] in (("$defs", "duration"), ("$defs", "timeout")):
        key = ".".join(str(step) for step in violation.path[-2:] if step in ("retry", violation.path[-1]))
        return duration_problem(violation.value, key if key in RANGES else "timeout") or _DURATION
    value = short_json(violation.value)
    if "description" in rule:  # a sentence of the catalogues, as the schema has it
        return _("{value} does not fit: {rule}", value=value, rule=Message(rule["description"]))
    wanted = alternatives(str(each.get("enum", each.get("type", ""))) for each in rule.get("anyOf", ()))
    return _("{value} does not fit: {wanted}.", value=value, wanted=wanted)


_DURATION = _("This is not a duration: write a number with ms, s, m, h or d, as in 30s or 1.5h.")
_ONE_KIND = ("oneOf", "oneOfNotValid", "oneOfMultipleValid")
_NAME_RULES = {
    "pattern ^[A-Za-z_][A-Za-z0-9_]*$": _("use letters, digits and _, not a digit first"),
    "pattern ^[\\p{L}_][\\p{L}\\p{M}\\p{Nd}_-]*$": _("use letters, digits, _ and -, a letter or _ first"),
    "pattern ^[^=\\u0000]+$": _("a variable has a name, without ="),
    "maxLength 100": _("it may be {most} characters long", most=100),
    "maxLength 200": _("it may be {most} characters long", most=200),
}
_EXPLANATIONS: dict[str, Callable[[Violation], str]] = {
    "anyOf": _any_of,
    "required": _with(N_("The key “{limit}” is missing.")),
    "enum": lambda it: _(
        "{value} is not one of {values}.", value=short_json(it.value), values=listed(map(str, it.limit))
    ),
    "minLength": _with(N_("This must not be empty.")),
    "maxLength": _with(N_("This may be {limit} characters long.")),
    "minItems": _with(N_("This list must not be empty.")),
    "minProperties": _with(N_("This must not be empty.")),
    "maxProperties": _with(N_("A step is one task: write one name in each item of the list.")),
    "uniqueItems": _with(N_("The list names something twice: {value}.")),
    "pattern": _with(N_("{value} is not written as it must be (pattern {limit}).")),
    "not": _with(N_("{value} cannot stand here.")),
}
