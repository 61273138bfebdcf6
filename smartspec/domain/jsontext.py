"""JSON as it is stored: canonical, with nothing that another reader would refuse."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from smartspec.domain.json_errors import explain
from smartspec.domain.text import replace_unstorable as replace_unstorable_text
from smartspec.errors import Invalid
from smartspec.messages import _

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = Mapping[str, Json]


def as_mapping(value: object) -> JsonObject:
    """The value where it is an object, else an empty one: `check` tells of what has another shape than it must."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Json]:
    """As `as_mapping`, for a list."""
    return value if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The texts of a list, such as names of tasks."""
    return [each for each in as_list(value) if isinstance(each, str)]


def as_text(value: object) -> str | None:
    """As `as_mapping`, for a text."""
    return value if isinstance(value, str) else None


# made once: json.dumps makes one for every text that is not written its way
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_encode_sorted = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode


def dump(value: Json) -> str:
    """Compact, in the order given. Raises Invalid for NaN, infinities, NUL and what JSON has no word for."""
    try:
        text = _encode(value)
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(_("A text that holds half of a character (a lone surrogate) cannot be kept.")) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid(_("This cannot be kept as JSON: {why}.", why=error)) from error
    if "\\u0000" in text and "\0" in "".join(strings(value)):
        raise Invalid(_("A text with a NUL character cannot be kept."))
    return text


def replace_unstorable(value: Json) -> Json:
    """The value, with what cannot be kept of its texts replaced."""
    try:
        dump(value)
    except Invalid:
        return _replaced(value)
    return value


def _replaced(value: Json) -> Json:
    if isinstance(value, str):
        return replace_unstorable_text(value)
    if isinstance(value, list):
        return [_replaced(each) for each in value]
    if isinstance(value, dict):
        return {replace_unstorable_text(key): _replaced(each) for key, each in value.items()}
    return value


def canonical(value: Json) -> str:
    """The same text for the same meaning: keys sorted."""
    return _encode_sorted(value)


def strings(value: Json) -> list[str]:
    """Every text in it, keys too."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found += one
            waiting += one.values()
    return found


def load(text: str, what: str = _("This")) -> Json:
    """Raises Invalid for what is no JSON, naming what it was and where it broke; `what` begins the sentence."""

    def refuse(constant: str) -> Json:
        raise Invalid(_("{what} holds {constant}, which JSON has no word for.", what=what, constant=constant))

    try:
        found: Json = json.loads(text, parse_constant=refuse)
        return found
    except json.JSONDecodeError as error:
        raise Invalid(
            _(
                "{what} is not JSON (line {line}, column {column}): {why}",
                what=what, why=explain(error), line=error.lineno, column=error.colno,
            )
        ) from error  # fmt: skip
    except RecursionError as error:
        raise Invalid(_("{what} is nested too deeply.", what=what)) from error
    except ValueError as error:  # Python reads whole numbers of at most 4,300 digits
        raise Invalid(_("{what} holds a number that is too long to be read.", what=what)) from error
