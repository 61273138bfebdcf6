"""A JSON payload as the arguments of a command: objects become the dataclasses that it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from smartspec.domain import times
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.messages import _, _p, join, listed
from smartspec.value import is_value

_LARGEST = 2**63 - 1  # SQLite's
_LISTS = (tuple, list, Sequence, Iterable, Collection)


def bind_arguments(command: Callable[..., object], payload: Mapping[str, Json]) -> dict[str, object]:
    """A payload as the arguments of a command: objects become the values it takes, texts paths, moments and words.

    Raises Invalid for what it does not know or lacks, and for a value of another type.
    """
    hints = get_type_hints(command)
    known, required = list[str](), set[str]()
    for name, each in inspect.signature(command).parameters.items():
        if each.kind is each.VAR_KEYWORD:
            options = get_type_hints(*get_args(hints[name]))  # the keys of its Unpack[…]
            known, hints = [*known, *options], {**hints, **options}
        elif get_origin(hints.get(name)) is not Callable:  # those are for programs alone
            known.append(name)
            required |= {name} if each.default is each.empty else set()
    unknown = [key for key in payload if key not in known]
    missing = [name for name in known if name in required and name not in payload]
    if unknown or missing:
        values = {"command": command.__name__, "key": [*unknown, *missing][0], "names": listed(known)}
        if unknown:
            raise Invalid(_("{command} does not know “{key}”: it takes {names}.", **values))
        raise Invalid(_("{command} needs “{key}”: it takes {names}.", **values))
    given = {key: value for key, value in payload.items() if value is not None or _may_be_null(hints.get(key))}
    for name in known:
        if name in required and name not in given:
            raise Invalid(_("“{name}” cannot be null.", name=name))
    return {key: _bind_value(value, hints.get(key), key) for key, value in given.items()}


def _is_json(hint: object) -> bool:
    """Whether anything goes: `Json` is a list as well as an object, whatever its own name has become in a hint."""
    return {Sequence, Mapping} <= {get_origin(each) for each in get_args(hint)}


def _may_be_null(hint: object) -> bool:
    """Where it may not, null stands for what is left out."""
    return hint in (None, Any, type(None)) or type(None) in get_args(hint)


def _bind_value(value: Json, hint: object, name: str) -> object:
    hint = Any if _is_json(hint) else hint
    if isinstance(value, list) and getattr(hint, "__origin__", None) is tuple:
        return tuple(_bind_value(each, get_args(hint)[0], name) for each in value)
    kinds = [kind for kind in map(_below_new_type, (hint, *get_args(hint))) if isinstance(kind, type)]
    if value is None:
        return None
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise Invalid(_("“{name}” is a number of more than 64 bits.", name=name))
    if name == "limit" and isinstance(value, int) and value < 1:
        raise Invalid(_("“limit” must be at least 1."))
    if not isinstance(value, list) and _is_list(hint):
        raise Invalid(_("“{name}” must be a list.", name=name))
    is_object = _is_mapping(hint) or (not _is_list(hint) and any(is_value(kind) for kind in kinds))
    if not isinstance(value, dict) and is_object:
        raise Invalid(_("“{name}” must be an object.", name=name))
    if isinstance(value, list) and (member := _member_of(hint)) is not None:
        return [_bind_member(each, member, name) for each in value]
    for kind in kinds:
        if is_value(kind) and isinstance(value, dict):
            return _bind_object(kind, value, name)
        if kind is Path:
            return Path(_bind_path(value, name))
        if kind is datetime and isinstance(value, str):
            return _bind_moment(value, name)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _bind_enum(kind, value, name)
    plain = [kind for kind in kinds if kind in (str, int, float, bool)]
    if datetime in kinds and not plain:
        raise Invalid(_("“{name}” must be a time, such as 2026-11-20T09:00.", name=name))
    fitting = (*plain, *((int,) if float in plain else ()))
    if plain and (not isinstance(value, fitting) or (isinstance(value, bool) and bool not in plain)):
        types = join(_p("between the last two of what may be", " or "), [kind.__name__ for kind in plain])
        raise Invalid(_("“{name}” must be of the type {types}.", name=name, types=types))
    return value


def _bind_path(value: Json, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise Invalid(_("“{name}” must be the name of a file.", name=name))
    return value


def _is_mapping(hint: object) -> bool:
    return any(get_origin(each) in (dict, Mapping) for each in (hint, *get_args(hint)))


def _is_list(hint: object) -> bool:
    return _member_of(hint) is not None


def _below_new_type(hint: object) -> object:
    """Of a key of a row: int."""
    return getattr(hint, "__supertype__", hint)


def _member_of(hint: object) -> object:
    """What a list holds; None where it is no list that is wanted."""
    lists = (each for each in (hint, *get_args(hint)) if get_origin(each) in _LISTS)
    return next((get_args(each)[0] for each in lists), None)


def _bind_member(value: Json, hint: object, name: str) -> object:
    """A member of a list. Raises Invalid for null, which is none."""
    if value is None and not _may_be_null(hint):
        raise Invalid(_("A member of “{name}” cannot be null.", name=name))
    return _bind_value(value, hint, name)


def _bind_object(kind: Any, value: Mapping[str, Json], name: str) -> object:
    hints = get_type_hints(kind)
    unknown = [key for key in value if key not in hints]
    if unknown:
        raise Invalid(
            _("“{name}” does not know “{key}”: it takes {names}.", name=name, key=unknown[0], names=listed(hints))
        )
    values = {}
    for key, each in value.items():
        hint = hints[key]
        member = next((a for a in get_args(hint) if isinstance(a, type)), str)
        is_set = getattr(hint, "__origin__", None) is frozenset
        one = each if isinstance(each, list) else [each]
        values[key] = (
            frozenset(_bind_value(item, member, key) for item in one) if is_set else _bind_value(each, hint, key)
        )
    try:
        return kind(**values)
    except TypeError as error:
        raise Invalid(_("“{name}” is not complete: {why}.", name=name, why=error)) from error


def _bind_moment(value: str, name: str) -> datetime:
    try:
        return times.parse_moment(value, times.now())
    except Invalid as error:
        raise Invalid(_("“{name}”: {why}", name=name, why=error)) from error


def _bind_enum(kind: type[Enum], value: Json, name: str) -> Enum:
    try:
        return kind(value)
    except ValueError:
        words = listed(str(each.value) for each in kind)
        raise Invalid(
            _("“{name}” cannot be “{value}”: it is one of {words}.", name=name, value=value, words=words)
        ) from None
