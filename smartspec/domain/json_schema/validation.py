"""JSON Schema, validated offline, with patterns matched in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

Path = tuple[str | int, ...]
LATEST = "https://json-schema.org/draft/2020-12/schema"
DRAFTS = (
    LATEST,
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-04/schema",
)
_NO_JSON = _("A text holds half of a character (a lone surrogate).")
NO_PATTERN = _("it is not a regular expression")
_MANY_VALUES = 200_000  # more than any workflow file has
_LARGEST_PATTERN_BYTES = 1_000_000  # of one compiled pattern


@frozen
class Violation:
    """One thing that does not fit.

    `path` leads to the value, `keyword` is the rule that refuses it and `limit` what the rule says: a number, a list,
    the name of a property; of propertyNames it is the violation of the name. `schema_path` leads to
    the rule in the schema, and `evaluation_path` too, as it was reached: through references.
    """

    path: Path
    keyword: str
    limit: Any
    value: Any
    schema_path: Path
    evaluation_path: Path = ()


def draft_of(schema: Json) -> str | None:
    """The meta-schema that a schema is written in, 2020-12 where it says none; None for one that is not known."""
    named = schema.get("$schema", LATEST) if isinstance(schema, dict) else LATEST
    named = named.removesuffix("#") if isinstance(named, str) else ""
    return named if named in DRAFTS else None


def _refuse(uri: str) -> NoReturn:
    raise ValueError(f"{uri} is outside of the file")


def compile_schema(schema: Mapping[str, object] | bool) -> Validator:
    """The validator of a schema. Raises Invalid where it is none, or names what is not in it."""
    import jsonschema_rs

    options = jsonschema_rs.RegexOptions(size_limit=_LARGEST_PATTERN_BYTES)
    try:
        return jsonschema_rs.validator_for(
            schema if isinstance(schema, bool) else dict(schema),
            pattern_options=options,
            validate_formats=True,
            retriever=_refuse,
        )
    except ValueError as error:  # its ValidationError is one too
        raise Invalid(_("The schema cannot be used: {why}.", why=_first_line(error))) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def violations(validator: Validator, value: Json) -> Iterator[Violation]:
    """What in a value does not fit, of a large one the first thing. Raises Invalid for what no JSON can hold."""
    import jsonschema_rs

    try:
        if _is_large(value):  # every violation costs a copy of what it is in, at once for all
            validator.validate(value)
        else:
            yield from map(_violation, validator.iter_errors(value))
    except jsonschema_rs.ValidationError as error:
        yield _violation(error)
    except (UnicodeEncodeError, OverflowError) as error:
        raise Invalid(_NO_JSON) from error


def _is_large(value: Json) -> bool:
    waiting, seen = [value], 0
    while waiting and seen <= _MANY_VALUES:
        one = waiting.pop()
        if isinstance(one, dict | list):
            seen += len(one)
            waiting += one.values() if isinstance(one, dict) else one
    return seen > _MANY_VALUES


def is_valid(validator: Validator, value: Json) -> bool:
    """Raises Invalid for a value that no JSON can hold."""
    try:
        return validator.is_valid(value)
    except (UnicodeEncodeError, OverflowError) as error:
        raise Invalid(_NO_JSON) from error


def first_violation(validator: Validator, value: Json) -> list[Violation]:
    """One thing in a value that does not fit, found without looking for the others; empty where all fits."""
    import jsonschema_rs

    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        return [_violation(error)]
    return []


def _violation(error: ValidationError) -> Violation:
    keyword = error.kind.name
    limit = error.kind.value
    if keyword == "propertyNames":
        limit = _violation(limit)
    return Violation(
        tuple(error.instance_path),
        keyword,
        limit,
        error.instance,
        tuple(error.schema_path),
        tuple(error.evaluation_path),
    )


@lru_cache
def _meta(draft: str) -> Validator:
    return compile_schema({"$schema": draft, "$ref": draft})


def schema_violations(schema: Json) -> list[Violation]:
    """Where a schema is no JSON Schema of its draft, which must be known."""
    draft = draft_of(schema)
    assert draft is not None
    return list(violations(_meta(draft), schema))


def pattern_problem(pattern: str) -> str | None:
    """Why a regular expression cannot be used, as the end of a sentence, NO_PATTERN for one; None where it can."""
    import jsonschema_rs

    try:
        compile_schema({"pattern": pattern})
    except Invalid:
        pass
    else:
        return None
    try:
        jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=jsonschema_rs.FancyRegexOptions())
    except ValueError:
        return _("it is too large; repeat less") if _is_known_to_python(pattern) else NO_PATTERN
    if any(mark in pattern for mark in ("(?=", "(?!", "(?<=", "(?<!")):
        return _(
            "look-around is not available, because patterns are matched in linear time; write it without (?=, (?!, (?<"
        )
    return _("back-references and their like are not available, because patterns are matched in linear time")


def _is_known_to_python(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return "{" in pattern
