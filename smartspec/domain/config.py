"""A config: one typed setting of a workflow."""

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from smartspec.domain.ids import ConfigChangePk, ConfigPk, WorkflowPk
from smartspec.domain.invisible import check_one_line
from smartspec.domain.jsontext import Json, JsonObject, as_text, dump, load
from smartspec.domain.masking import MASK
from smartspec.domain.text import check_text
from smartspec.errors import Invalid
from smartspec.messages import N_, _, listed
from smartspec.value import frozen

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_VALUE = 1_048_576
SECRET_PREFIX = "SMARTSPEC_SECRET_"


class ValueType(StrEnum):
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"
    SECRET = "secret"


@frozen
class Config:
    """`value` is what it means: text, a number, true or false, any JSON; of a secret its reference."""

    pk: ConfigPk
    id: str
    workflow: WorkflowPk
    key: str
    value: Json
    value_type: ValueType
    description: str | None
    created_at: datetime
    updated_at: datetime


@frozen
class Setting:
    """A key as the config editor shows it: what the file declares and what a person saved, and which counts.

    Of a secret, `value` is {"$secret": reference}, as a snapshot holds it.
    """

    key: str
    value_type: ValueType
    value: Json
    source: str  # saved, default, session, variable (of the environment) or missing
    declared: bool
    default: Json
    description: str | None
    problem: str | None


@frozen
class ConfigChange:
    """One line of a value's history; `old` and `new` are the stored texts."""

    pk: ConfigChangePk
    workflow: WorkflowPk
    key: str
    old: str | None
    new: str | None
    value_type: ValueType
    operation: str
    by: str | None
    at: datetime


def value_type(word: str) -> ValueType:
    """The type of that name. Raises Invalid where there is none."""
    try:
        return ValueType(word)
    except ValueError:
        why = _("Invalid value type: {word}. The types are {types}.", word=word, types=listed(ValueType))
        raise Invalid(why) from None


def check_key(key: str) -> str:
    """The key. Raises Invalid for one that cannot be named in a template."""
    check_one_line(key, _("The key of a setting"), 200)
    if not _KEY.fullmatch(key):
        raise Invalid(
            _("“{key}” cannot be the key of a setting: use letters, digits and _, not a digit first.", key=key)
        )
    return key


def check_value(value: Json, kind: ValueType, key: str) -> Json:
    """The value, if it is of its kind (a secret's: its reference). Raises Invalid naming field, value and rule."""
    fits = {
        ValueType.STRING: isinstance(value, str),
        ValueType.NUMBER: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
        ValueType.BOOLEAN: isinstance(value, bool),
        ValueType.JSON: True,
        ValueType.SECRET: isinstance(value, str),
    }
    if not fits[kind]:
        shown = json.dumps(value, ensure_ascii=False)[:100]
        raise Invalid(_("“{key}” is a {kind}, and {value} is not one.", key=key, kind=kind, value=shown))
    check_text(dump(value), f"“{key}”", LONGEST_VALUE)
    return value


def read_value(text: str, kind: ValueType, key: str) -> Json:
    """What a typed or stored text means for a kind. Raises Invalid where it means nothing."""
    if kind is ValueType.STRING:
        return check_value(text, kind, key)
    if kind is ValueType.SECRET:
        return text
    if kind is ValueType.NUMBER and not re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text):
        raise Invalid(_("“{key}” is a number, and “{text}” is not one.", key=key, text=text[:100]))
    if kind is ValueType.NUMBER:
        number = float(text) if re.search(r"[.eE]", text) else int(text)
        return check_value(number, kind, key)
    if kind is ValueType.BOOLEAN and text.strip().lower() not in ("true", "false"):
        raise Invalid(_("“{key}” is a boolean: write true or false, not “{text}”.", key=key, text=text[:100]))
    return check_value(load(text.strip().lower() if kind is ValueType.BOOLEAN else text, f"“{key}”"), kind, key)


def stored_text(value: Json, kind: ValueType) -> str:
    return value if kind in (ValueType.STRING, ValueType.SECRET) and isinstance(value, str) else dump(value)


def secret_keys(declared: Mapping[str, JsonObject]) -> tuple[str, ...]:
    """Those of the declared keys that are secrets."""
    return tuple(key for key, declaration in declared.items() if declaration.get("type") == ValueType.SECRET)


def secret_variables(ref: str, key: str) -> tuple[str, str]:
    """The variables of the environment that may hold a secret of a workflow, the more special one first."""
    special, general = (re.sub(r"[^A-Z0-9]", "_", text.upper()) for text in (f"{ref}_{key}", key))
    return SECRET_PREFIX + special, SECRET_PREFIX + general


def masked(settings: Mapping[str, Json]) -> dict[str, Json]:
    """A snapshot as templates see it that may not see secrets."""
    return {key: MASK if is_secret_reference(value) else value for key, value in settings.items()}


def secret_reference(where: str) -> dict[str, Json]:
    """What a snapshot holds in place of a secret that is kept there."""
    return {"$secret": where}


def is_secret_reference(value: object) -> bool:
    """Whether a value of a snapshot stands for a secret."""
    return isinstance(value, dict) and value.keys() == {"$secret"}


def effective_settings(
    declared: Mapping[str, JsonObject], saved: Mapping[str, Config], secrets: Mapping[str, str]
) -> tuple[Setting, ...]:
    """Every key, declared ones first: the saved value, else the default. What blocks a start is in `problem`.

    `secrets` holds the reference of each secret that has a value today.
    """
    keys = [*declared, *(key for key in saved if key not in declared)]
    return tuple(_setting(key, declared.get(key), saved.get(key), secrets.get(key)) for key in keys)


def _setting(key: str, declaration: JsonObject | None, saved: Config | None, secret: str | None) -> Setting:
    declared = declaration or {}
    kind = saved.value_type if saved else ValueType.JSON
    if declaration is not None:
        kind = ValueType(str(declaration["type"]))
    default = declared.get("default")
    value, source = default, "default" if "default" in declared else "missing"
    problem: str | None = None if "default" in declared else _(_MISSING[kind is ValueType.SECRET], key=key)
    if saved is not None:
        value, source, problem = saved.value, "saved", _type_problem(saved, kind)
    if kind is ValueType.SECRET and secret is not None and (saved is None or problem is None):
        source = "saved" if saved is not None and secret == saved.value else "variable"
        value, problem = secret_reference(secret), None
    description = as_text(declared.get("description")) or (saved.description if saved else None)
    return Setting(key, kind, value, source, declaration is not None, default, description, problem)


_MISSING = {
    False: N_("The setting “{key}” has neither a value nor a default; set it with `config set`."),
    True: N_("The secret “{key}” is not set; set it with `config set`, or give it in the variable SMARTSPEC_SECRET_…."),
}


def _type_problem(saved: Config, kind: ValueType) -> str | None:
    if ValueType.SECRET in (saved.value_type, kind) and saved.value_type is not kind:
        return _(
            "“{key}” is a {kind} now, and a {saved} was saved for it; unset it and set it anew.",
            key=saved.key, kind=kind, saved=saved.value_type,
        )  # fmt: skip
    try:
        check_value(saved.value, kind, saved.key)
    except Invalid as error:
        return error.sentence
    return None
