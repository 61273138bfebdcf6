"""What a schema refuses of a value, told within limits of time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import islice
from typing import Any

from smartspec import sandbox
from smartspec.domain.json_schema import cost, validation
from smartspec.domain.json_schema.validation import Violation
from smartspec.domain.jsontext import Json, dump
from smartspec.errors import Invalid
from smartspec.messages import _, pack, unpack

MOST_DESCRIBED = 100  # of what does not fit; a list of a million wrong entries is one mistake
_SMALL = 100_000  # characters: telling all that does not fit takes a hundred times the validating
Schema = dict[str, Json]
Described = tuple[Any, ...]  # JSON, but for the last, which is a text for a person
Describe = Callable[[Schema, Iterable[Violation]], list[Described]]


def describe_violations(schema: Schema, value: Json, describe: Describe, what: str) -> list[Described]:
    """What `describe`, a function of a module, makes of the violations.

    Raises Invalid where the schema cannot be used; and where it takes too long, with `what` as the beginning of the
    sentence.
    """
    is_cheap = cost.is_cheap(schema)
    if is_cheap and validation.is_valid(validation.compile_schema(schema), value):
        return []
    if is_cheap and len(dump(value)) <= _SMALL:
        return describe_unbounded(schema, value, describe)
    try:
        found = sandbox.call(f"{__name__}:in_sandbox", describe.__module__, describe.__name__, schema, value)
    except sandbox.SandboxError as error:
        if is_cheap:  # it is known not to fit: one thing is told
            return describe(schema, validation.first_violation(validation.compile_schema(schema), value))
        raise Invalid(_("{what} {why}; let the schema or the value hold less.", what=what, why=error)) from error
    if "invalid" in found:
        raise Invalid(unpack(found["invalid"]))
    return [(*rest, unpack(text)) for *rest, text in found["told"]]


def describe_unbounded(schema: Schema, value: Json, describe: Describe) -> list[Described]:
    """Without limits. Raises Invalid where the schema cannot be used."""
    return describe(schema, islice(validation.violations(validation.compile_schema(schema), value), MOST_DESCRIBED))


def in_sandbox(module: str, function: str, schema: Schema, value: Json) -> dict[str, object]:
    """What is told, or why the schema cannot be used; texts are packed."""
    try:
        told = describe_unbounded(schema, value, getattr(import_module(module), function))
    except Invalid as error:
        return {"invalid": pack(error.sentence)}
    return {"told": [[*rest, pack(text)] for *rest, text in told]}
