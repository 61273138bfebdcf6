"""A config: one typed setting of a workflow."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smartspec.domain.jsontext import Json, dump, load
from smartspec.domain.text import plain
from smartspec.errors import Invalid

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_VALUE = 1_048_576


class ValueType(StrEnum):
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Config:
    """`value` is what it means: text, a number, true or false, or any JSON."""

    pk: int
    id: str
    workflow: int
    key: str
    value: Json
    value_type: ValueType
    description: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """A key as the config editor shows it: what the file declares and what a person saved, and which counts."""

    key: str
    value_type: ValueType
    value: Json
    source: str  # saved, default or missing
    declared: bool
    default: Json
    description: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One line of a value's history; `old` and `new` are the stored texts."""

    pk: int
    workflow: int
    key: str
    old: str | None
    new: str | None
    value_type: ValueType
    operation: str
    by: str | None
    at: datetime


def value_type(word: str) -> ValueType:
    """Raises Invalid."""
    try:
        return ValueType(word)
    except ValueError:
        raise Invalid(f"Invalid value type: {word}. The types are {', '.join(ValueType)}.") from None


def check_key(key: str) -> str:
    """Raises Invalid."""
    plain(key, "The key of a setting", 200)
    if not _KEY.fullmatch(key):
        raise Invalid(f"“{key}” cannot be the key of a setting: use letters, digits and _, not a digit first.")
    return key


def check_value(value: Json, kind: ValueType, key: str) -> Json:
    """The value, if it is of its kind. Raises Invalid naming field, value and rule."""
    if kind is ValueType.SECRET:
        raise Invalid(f"“{key}” is a secret; its value cannot be saved with the other settings.")
    fits = {
        ValueType.STRING: isinstance(value, str),
        ValueType.NUMBER: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
        ValueType.BOOLEAN: isinstance(value, bool),
        ValueType.JSON: True,
    }
    if not fits[kind]:
        shown = json.dumps(value, ensure_ascii=False)[:100]
        raise Invalid(f"“{key}” is a {kind}, and {shown} is not one.")
    plain(dump(value), f"“{key}”", LONGEST_VALUE)
    return value


def read_value(text: str, kind: ValueType, key: str) -> Json:
    """What a typed or stored text means for a kind. Raises Invalid."""
    if kind is ValueType.STRING:
        return check_value(text, kind, key)
    if kind is ValueType.SECRET:
        return text
    if kind is ValueType.NUMBER and not re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text):
        raise Invalid(f"“{key}” is a number, and “{text[:100]}” is not one.")
    if kind is ValueType.NUMBER:
        number = float(text) if re.search(r"[.eE]", text) else int(text)
        return check_value(number, kind, key)
    if kind is ValueType.BOOLEAN and text.strip().lower() not in ("true", "false"):
        raise Invalid(f"“{key}” is a boolean: write true or false, not “{text[:100]}”.")
    return check_value(load(text.strip().lower() if kind is ValueType.BOOLEAN else text, f"“{key}”"), kind, key)


def stored_text(value: Json, kind: ValueType) -> str:
    return value if kind is ValueType.STRING and isinstance(value, str) else dump(value)


def effective(declared: Mapping[str, Json], saved: Mapping[str, Config]) -> tuple[Setting, ...]:
    """Every key, declared ones first: the saved value, else the default. What blocks a start is in `problem`."""
    keys = [*declared, *(key for key in saved if key not in declared)]
    return tuple(_setting(key, declared.get(key), saved.get(key)) for key in keys)


def _setting(key: str, declaration: Json | None, saved: Config | None) -> Setting:
    has_default = declaration is not None and "default" in declaration
    default = declaration["default"] if declaration is not None and has_default else None
    kind = ValueType(declaration["type"]) if declaration is not None else saved.value_type if saved else None
    assert kind is not None
    value, source, problem = default, "default" if has_default else "missing", None
    if saved is not None:
        value, source = saved.value, "saved"
        problem = _misfit(saved, kind)
    elif kind is ValueType.SECRET:
        problem = f"“{key}” is a secret, and this version of SmartSpec cannot be given secrets yet."
    elif not has_default:
        problem = f"The setting “{key}” has neither a value nor a default; set it with `config set`."
    described = declaration.get("description") if declaration is not None else None
    return Setting(
        key,
        kind,
        value,
        source,
        declaration is not None,
        default,
        described or (saved.description if saved else None),
        problem,
    )


def _misfit(saved: Config, kind: ValueType) -> str | None:
    try:
        check_value(saved.value, kind, saved.key)
    except Invalid as error:
        return str(error)
    return None
