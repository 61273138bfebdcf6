"""The input of an execution: read, completed with defaults, and validated by the `params` of its version."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.render import render
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.json_schema import references, steps
from smartspec.domain.json_schema.bounded_validation import MOST_DESCRIBED, Described, describe_violations
from smartspec.domain.json_schema.explanations import alternatives, explain
from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json, load
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid, Problem
from smartspec.formatting import format_number
from smartspec.messages import _, listed, sentences

Schema = Mapping[str, Any]
_MOST_HOPS = 10
_INTEGER = re.compile(r"[-+]?[0-9]{1,4000}")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_TYPE_OF: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}
_WORDS = {
    "integer": _("a whole number"), "number": _("a number"), "boolean": _("true or false"),
    "array": _("a JSON list"), "object": _("a JSON object"),
}  # fmt: skip


def complete(schema: Schema | None, given: Mapping[str, Json], names: Names) -> dict[str, Json]:
    """The parameters: what was given, then the defaults, rendered. Raises Invalid with every violation at once."""
    if schema is None:
        if given:
            raise Invalid(_("This workflow takes no input, and was given {names}.", names=listed(sorted(given))))
        return {}
    try:
        params: dict[str, Json] = _filled(schema, given, names)
    except TemplateError as error:
        raise Invalid(_("A default of a parameter cannot be worked out: {why}", why=error)) from error
    problems = list(input_problems(schema, params))
    if problems:
        raise Invalid(sentences(problem.sentence for problem in problems), problems)
    return params


def _filled(schema: Schema, given: Json, names: Names) -> Any:
    """Missing entries of `properties` are filled in wherever their object exists."""
    if not isinstance(given, dict):
        return given
    properties = schema.get("properties")
    filled = dict(given)
    for name, each in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(each, dict):
            continue
        if name not in filled and "default" in each:
            filled[name] = render(each["default"], names)
        if name in filled:
            filled[name] = _filled(each, filled[name], names)
    return filled


def input_problems(schema: Schema, params: Json) -> list[Problem]:
    """What does not fit, as sentences; unknown names are refused unless the schema lets them in.

    Raises Invalid where the schema itself cannot be used, or takes too long.
    """
    strict = {"properties": {}, "additionalProperties": False, **schema}
    if steps.is_too_costly(strict, params):
        most = format_number(steps.MOST_STEPS)
        raise Invalid(
            _(
                "The input cannot be validated: its schema takes more than {most} steps, because schemas name others"
                " many times over.",
                most=most,
            )
        )
    what = _("Validating the input by `params`")
    return [Problem(path, sentence) for path, sentence in describe_violations(strict, params, describe, what)]


def describe(schema: dict[str, Json], found: Iterable[Violation]) -> list[Described]:
    """A path and a sentence for each."""
    return [each for violation in sorted(found, key=_place) for each in _sentences(violation, schema)]


def _place(violation: Violation) -> list[str]:
    return [str(step) for step in violation.path]


def _sentences(violation: Violation, schema: Schema) -> list[Described]:
    path = ".".join(str(step) for step in violation.path)
    if violation.keyword == "additionalProperties" and not path:
        return [*_unknown(violation.limit[:MOST_DESCRIBED], schema)]
    if violation.keyword == "required":
        missing = f"{path}.{violation.limit}" if path else violation.limit
        return [(missing, _("The parameter “{name}” is missing.", name=missing))]
    if not path:
        return [("", _("The input {why}.", why=explain(violation)))]
    return [(path, _("The parameter “{name}” does not fit: it {why}.", name=path, why=explain(violation)))]


def _unknown(names: Iterable[str], schema: Schema) -> Iterator[tuple[str, str]]:
    known = list(schema.get("properties") or {})
    taken: list[str] = [*known]
    taken += [_("those that match {pattern}", pattern=each) for each in schema.get("patternProperties") or ()]
    hint = _("It takes none.")
    if taken:
        more = ["…"] if len(taken) > MOST_DESCRIBED else []
        hint = _("The parameters are {names}.", names=listed([*taken[:MOST_DESCRIBED], *more]))
    for name in names:
        end = did_you_mean(name, known)
        yield name, sentences([_("There is no parameter “{name}”{end}", name=name, end=end), hint])


def read_parameter(name: str, text: str, schema: Schema | None) -> Json:
    """What `-p name=text` means, by the declared type. Raises Invalid for a text that no declared type has."""
    kinds = declared_types(schema, name)
    if not kinds or kinds == ["string"]:
        return text
    for kind in kinds:
        if kind == "string":
            continue
        try:
            return _of_type(kind, text)
        except (ValueError, Invalid):
            continue
    if "string" in kinds:
        return text
    wanted = alternatives(_WORDS.get(kind, kind) for kind in kinds)
    raise Invalid(
        _("The parameter “{name}” must be {wanted}, and “{text}” is not.", name=name, wanted=wanted, text=text)
    )


def coerce_texts(given: Mapping[str, Json], schema: Schema | None) -> dict[str, Json]:
    """The `input` of a sub-workflow: where no text fits, one that is exactly a number or a boolean is taken for it.

    What tasks write as key=value is text.
    """
    return {name: _taken(value, declared_types(schema, name)) for name, value in given.items()}


def _taken(value: Json, kinds: list[str]) -> Json:
    if not isinstance(value, str) or "string" in kinds:
        return value
    for kind in ("integer", "number", "boolean"):
        if kind in kinds:
            try:
                return _of_type(kind, value)
            except ValueError:
                continue
    return value


def declared_types(schema: Schema | None, name: str) -> list[str]:
    """The types that a parameter may have, as far as its schema names them; none: any."""
    properties = (schema or {}).get("properties")
    declared = properties.get(name) if isinstance(properties, dict) else None
    return list(dict.fromkeys(_types(schema, declared, 0)))


def _types(schema: Json, declared: Json, depth: int) -> Iterator[str]:
    if not isinstance(declared, dict) or depth > _MOST_HOPS:
        return
    kinds = declared.get("type")
    if isinstance(kinds, str | list):
        yield from [kinds] if isinstance(kinds, str) else [each for each in kinds if isinstance(each, str)]
    elif isinstance(reference := declared.get("$ref"), str) and reference.startswith("#/"):
        path = references.resolve_pointer(schema, reference[1:])
        yield from () if path is None else _types(schema, references.value_at(schema, path), depth + 1)
    elif "enum" in declared or "const" in declared:
        values = declared.get("enum", [declared.get("const")])
        yield from (_TYPE_OF.get(type(each), "null") for each in (values if isinstance(values, list) else ()))
    else:
        for keyword in ("anyOf", "oneOf"):
            for each in declared[keyword] if isinstance(declared.get(keyword), list) else ():
                yield from _types(schema, each, depth + 1)


def _of_type(kind: str, text: str) -> Json:
    """Raises ValueError or Invalid."""
    if kind in ("integer", "number"):
        if _INTEGER.fullmatch(text):
            return int(text)
        if kind == "number" and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        return _no(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _no(text)
    if kind == "null":
        return None if text == "null" else _no(text)
    value = load(text)
    return value if isinstance(value, dict if kind == "object" else list) else _no(text)


def _no(text: str) -> Json:
    raise ValueError(text)
