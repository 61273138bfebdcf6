"""The value of a text with expressions: worked out here where that is cheap, else where it can be ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from smartspec import sandbox
from smartspec.domain.definition import redacted
from smartspec.domain.definition.chains import chains_of
from smartspec.domain.definition.expressions import Expression, parse
from smartspec.domain.definition.jinja_sandbox import LONGEST_TEXT
from smartspec.domain.definition.json_values import to_text
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.jsontext import Json
from smartspec.domain.text import one_line
from smartspec.messages import _, pack, sentences, unpack

Names = Mapping[str, object]
Parts = Sequence[str | Expression]
_SHOWN = 100  # characters of a text in a sentence


def evaluate(text: str, names: Names) -> Json:
    """A text with its expressions in their places; a text that is one expression keeps its type.

    Raises TemplateError, and what `sandbox.interruptible` was given to raise.
    """
    parts = parse(text)
    if names.get(redacted.REDACTED_NAME) and (why := redacted.redaction_problem(_chains(parts), names)) is not None:
        raise TemplateError(why)
    try:
        if all(part.is_cheap for part in parts if isinstance(part, Expression)):
            return _joined(parts, names)
        return _bounded(text, parts, names)
    except TemplateError as error:
        raise _with_reason(error, parts, names) from None


def _joined(parts: Parts, names: Names) -> Json:
    if len(parts) == 1 and not isinstance(parts[0], str):
        value: Json = parts[0](names)
        _check_length(len(value) if isinstance(value, str) else 0)
        return value
    done: list[str] = []
    length = 0
    for part in parts:
        done.append(part if isinstance(part, str) else to_text(part(names)))
        length += len(done[-1])
        _check_length(length)
    return "".join(done)


def _check_length(length: int) -> None:
    if length > LONGEST_TEXT:
        raise TemplateError(_("The text is longer than 1 MiB."))


# In a process of its own


def _bounded(text: str, parts: Parts, names: Names) -> Json:
    values, answers = _wanted(parts, names)
    try:
        found = sandbox.call(f"{__name__}:in_sandbox", text, values, answers)
    except sandbox.SandboxError as error:
        shown = one_line(text, _SHOWN)
        raise TemplateError(
            _("“{text}” {why}; make it smaller, or let a task work it out.", text=shown, why=error)
        ) from error
    if "error" in found:
        raise TemplateError(unpack(found["error"]))
    value: Json = found["value"]
    return value


def in_sandbox(text: str, values: dict[str, Json], answers: dict[str, bool]) -> dict[str, Json]:
    """The value or the sentence of an error, packed.

    `answers` are those of the functions success, failure and always.
    """
    functions = {name: lambda answer=answer: answer for name, answer in answers.items()}
    try:
        return {"value": _joined(parse(text), {**values, **functions})}
    except TemplateError as error:
        return {"error": pack(error.sentence)}


def _wanted(parts: Parts, names: Names) -> tuple[dict[str, object], dict[str, bool]]:
    """What of all the names is asked for: the rest need not be handed over."""
    values: dict[str, object] = {}
    answers = {}
    for chain in _chains(parts):
        root = chain[0]
        assert root is not None
        given = names.get(root)
        if callable(given):
            answers[root] = bool(given())
        else:
            _take(values, names, chain)
    return values, answers


def _chains(parts: Parts) -> Iterator[list[str | None]]:
    for part in parts:
        if isinstance(part, Expression):
            yield from chains_of(part.node)


def _take(into: dict[str, object], source: Mapping[str, object], chain: Sequence[str | None]) -> None:
    """Take over what a chain of names leads to; all of a value where the next name is not known or it is no mapping."""
    name, *rest = chain
    if name is None or name not in source:
        return
    value = source[name]
    if not rest or rest[0] is None or not isinstance(value, Mapping):
        into[name] = value
        return
    inner = into.setdefault(name, {})
    if isinstance(inner, dict) and inner is not value:  # else all of it is there
        _take(inner, value, rest)


# What was cut before a template saw it


def _with_reason(error: TemplateError, parts: Parts, names: Names) -> TemplateError:
    """With what the expressions read of which only the end was kept."""
    for chain in _chains(parts):
        for at, (name, stream) in enumerate(pairwise(chain)):
            if name == "result" and stream in ("stdout", "stderr") and stream in _truncated(chain[: at + 1], names):
                why = _(
                    "Only the last 64 KiB of {stream} are kept for templates; write to $SMARTSPEC_OUTPUT.",
                    stream=stream,
                )
                return TemplateError(sentences([error.sentence, why]))
    return error


def _truncated(chain: Sequence[str | None], names: Names) -> Sequence[str]:
    """The streams of a result that were cut; the chain leads to the result."""
    found: object = names
    for name in chain:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found.get("truncated", ()) if isinstance(found, Mapping) else ()
