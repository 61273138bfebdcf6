"""Defaults of parameters that their own schema refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from smartspec.domain.definition.nodes import Path, PathProblem
from smartspec.domain.json_schema import explanations, steps
from smartspec.domain.json_schema.bounded_validation import Described, describe_violations
from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json, strings
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import _

_NOTHING = object()


def findings(schema: dict[str, Json]) -> Iterator[PathProblem]:
    """What does not fit of the defaults that can be known: those without templates. Places are within the schema.

    Raises Invalid where the schema cannot be used, or takes too long.
    """
    places: dict[Path, Path] = {}
    value = _example(schema, (), (), places)
    if value is _NOTHING:
        return
    if steps.is_too_costly(schema, value):
        sentence = _(
            "Validating the defaults takes more than {most} steps: schemas name others too many times over.",
            most=format_number(steps.MOST_STEPS),
        )
        yield (), sentence
        return
    what = _("Validating the defaults")
    for told_path, told_evaluation, why in describe_violations(schema, value, describe, what):
        path, evaluation_path = tuple(told_path), tuple(told_evaluation)
        where = next((at for at in places if _is_of_default(path, evaluation_path, at)), None)
        if where is not None:
            yield (*places[where], *path[len(where) :]), _("The default does not fit: it {why}.", why=why)


def violations_of_entries(schema: dict[str, Json], given: dict[str, Json]) -> Iterator[tuple[Path, str]]:
    """Of some parameters alone what does not fit, as (path, end of a sentence); nothing where that cannot be known."""
    try:
        if steps.is_too_costly(schema, given):
            return
        found = describe_violations(schema, given, describe, _("Validating the input"))
    except Invalid:
        return
    for told_path, told_evaluation, why in found:
        path, evaluation_path = tuple(told_path), tuple(told_evaluation)
        if path and _is_of_default(path, evaluation_path, path[:1]):
            yield path, why


def describe(schema: dict[str, Json], found: Iterable[Violation]) -> list[Described]:
    """The path, the evaluation path and the end of a sentence for each."""
    return [(list(each.path), list(each.evaluation_path), explanations.explain(each)) for each in found]


def _example(schema: Json, path: Path, place: Path, places: dict[Path, Path]) -> Any:
    """An input that holds every default, as far as objects go; `places` notes where each comes from."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    found: dict[str, Json] = {}
    for name, each in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(each, dict):
            continue
        below, where = (*path, name), (*place, "properties", name)
        if "default" not in each:
            value = _example(each, below, where, places)
        elif has_template(value := _filled(each, each["default"])):
            continue
        else:
            places[below] = (*where, "default")
        if value is not _NOTHING:
            found[name] = value
    return found or _NOTHING


def _filled(schema: Json, value: Json) -> Json:
    """A default with the defaults inside it, as an input is filled in."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(value, dict) or not isinstance(properties, dict):
        return value
    filled = dict(value)
    for name, each in properties.items():
        if isinstance(each, dict) and (name in filled or "default" in each):
            filled[name] = _filled(each, filled.get(name, each.get("default")))
    return filled


def has_template(value: Json) -> bool:
    return any("{{" in text for text in strings(value))


def _is_of_default(path: Path, evaluation_path: Path, default: Path) -> bool:
    """Whether it is the default's own schema that refuses it, and nothing that hangs on other parameters."""
    straight = tuple(step for name in default for step in ("properties", name))
    return path[: len(default)] == default and evaluation_path[: len(straight)] == straight
