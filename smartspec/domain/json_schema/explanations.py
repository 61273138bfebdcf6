"""What is said of a violation of a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json
from smartspec.messages import N_, Message, _, _n, _p, join, listed

_TYPE_WORDS = {
    "object": _("a mapping"), "array": _("a list"), "string": _("text"), "number": _("a number"),
    "integer": _("a whole number"), "boolean": _("true or false"), "null": _("nothing"),
}  # fmt: skip
_TYPE_ORDER = tuple(_TYPE_WORDS)


def short_json(value: Json) -> str:
    """A value as it stands in a sentence: JSON, of 60 characters at most."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def explain(violation: Violation) -> Message:
    """The rest of a sentence that begins with the thing: `must be a number, not "x"`."""
    explained = _EXPLANATIONS.get(violation.keyword)
    if explained is not None:
        return explained(violation)
    value = short_json(violation.value)
    return _("does not fit its schema ({keyword}): {value}", keyword=violation.keyword, value=value)


def alternatives(words: Iterable[str]) -> Message:
    """`a, b or c`, each kept apart: a number or text."""
    return join(_p("between alternatives", " or "), words)


def type_words(wanted: str | Sequence[str]) -> Message:
    """The words for the types of a schema."""
    given = {wanted} if isinstance(wanted, str) else {*wanted}
    return alternatives(_TYPE_WORDS[each] for each in _TYPE_ORDER if each in given)


Explain = Callable[[Violation], Message]


def _with(template: str) -> Explain:
    """What names the limit and the value."""
    return lambda it: _(template, limit=it.limit, value=short_json(it.value))


def _names(violation: Violation) -> Message:
    return _("holds what it may not: {names}", names=listed(f"“{name}”" for name in violation.limit))


def _one_of(violation: Violation) -> Message:
    fitting = sum(not errors for errors in violation.limit)
    value = short_json(violation.value)
    if fitting > 1:
        return _("fits {n} of the alternatives, and must fit one: {value}", n=fitting, value=value)
    return _(_FITS_NONE, value=value)


def _refused(violation: Violation) -> Message:
    if violation.schema_path[-1:] == ("additionalProperties",):
        return _("may hold nothing")  # the engine names the value there, not its key
    return _("may not be there: {value}", value=short_json(violation.value))


def _property_name(violation: Violation) -> Message:
    name, why = violation.limit.value, explain(violation.limit)
    return _("has a name that cannot stand there: “{name}” {why}", name=name, why=why)


def _type(violation: Violation) -> Message:
    return _("must be {types}, not {value}", types=type_words(violation.limit), value=short_json(violation.value))


def _enum(violation: Violation) -> Message:
    values = listed(map(short_json, violation.limit))
    return _("must be one of {values}, not {value}", values=values, value=short_json(violation.value))


def _const(violation: Violation) -> Message:
    return _("must be {limit}, not {value}", limit=short_json(violation.limit), value=short_json(violation.value))


def _format(violation: Violation) -> Message:
    wanted = _FORMATS.get(str(violation.limit))
    if wanted is None:
        return _("must be written as {limit}, not {value}", limit=violation.limit, value=short_json(violation.value))
    return _("must be {what}, not {value}", what=wanted, value=short_json(violation.value))


_FORMATS = {
    "date": _("a date as 2026-11-16"), "date-time": _("a moment as 2026-11-16T14:30:00Z"),
    "time": _("a time of day as 14:30:00Z"), "email": _("an e-mail address"), "uri": _("a link with its scheme"),
    "hostname": _("the name of a host"),
}  # fmt: skip
_FITS_NONE = N_("must fit one of the alternatives, and {value} fits none")
_EXPLANATIONS: dict[str, Explain] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _with(N_("must be at least {limit}, not {value}")),
    "maximum": _with(N_("must be at most {limit}, not {value}")),
    "exclusiveMinimum": _with(N_("must be more than {limit}, not {value}")),
    "exclusiveMaximum": _with(N_("must be less than {limit}, not {value}")),
    "multipleOf": _with(N_("must be a multiple of {limit}, not {value}")),
    "minLength": lambda it: _n(
        "must have at least {n} character, not {value}", "must have at least {n} characters, not {value}", it.limit,
        value=short_json(it.value),
    ),
    "maxLength": lambda it: _n(
        "may have {n} character, not {value}", "may have {n} characters, not {value}", it.limit,
        value=short_json(it.value),
    ),
    "minItems": lambda it: _n("must have at least {n} entry", "must have at least {n} entries", it.limit),
    "maxItems": lambda it: _n(
        "may have {n} entry, not {size}", "may have {n} entries, not {size}", it.limit, size=len(it.value)
    ),
    "additionalItems": lambda it: _n("may have {n} entry", "may have {n} entries", it.limit),
    "minProperties": lambda it: _n("must have at least {n} key", "must have at least {n} keys", it.limit),
    "maxProperties": lambda it: _n(
        "may have {n} key, not {size}", "may have {n} keys, not {size}", it.limit, size=len(it.value)
    ),
    "uniqueItems": _with(N_("holds something twice: {value}")),
    "pattern": _with(N_("is not written as it must be (pattern {limit}): {value}")),
    "format": _format,
    "required": _with(N_("lacks “{limit}”")),
    "additionalProperties": _names,
    "unevaluatedProperties": _names,
    "unevaluatedItems": _with(N_("holds more than it may: {value}")),
    "propertyNames": _property_name,
    "contains": _with(N_("holds nothing, or not as much, of what it must: {value}")),
    "anyOf": _with(_FITS_NONE),
    "oneOf": _one_of,
    "oneOfNotValid": _one_of,
    "oneOfMultipleValid": _one_of,
    "not": _with(N_("may not be {value}")),
    "falseSchema": _refused,
    "contentEncoding": _with(N_("must be {limit}, not {value}")),
    "contentMediaType": _with(N_("must be {limit}, not {value}")),
}  # fmt: skip
