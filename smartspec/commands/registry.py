"""Commands by their names: each registers itself where it stands, with `@command`.

The verbs of runners (`runs`, `runners`, `sub_executions`) bear no `@command`: they are not for anybody to call.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from smartspec.domain.jsontext import Json

F = TypeVar("F", bound=Callable[..., Any])
_REGISTERED: dict[str, Callable[..., Any]] = {}


def command(function: F) -> F:
    """Let a function be called by its name: from the terminal (`call`), and by programs."""
    name = function.__name__
    assert name not in _REGISTERED, f"there are two commands {name}"
    _REGISTERED[name] = function
    return function


@lru_cache
def commands() -> Mapping[str, Callable[..., Any]]:
    """Every command by its name. All modules of verbs are imported for that: only who calls by name has need of it."""
    package = import_module("smartspec.commands")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTERED.items()))


def check_payload(payload: object) -> dict[str, Json]:
    """Raises Invalid for what is no JSON object, and for half characters and NUL in it, whatever takes them."""
    from smartspec.domain.jsontext import dump
    from smartspec.errors import Invalid

    if not isinstance(payload, dict):
        raise Invalid("The payload of a command is a JSON object.")
    dump(payload)
    return payload


def call(name: str, payload: Mapping[str, Json] | None = None, *, others: Collection[str] = ()) -> Json:
    """Run a command by name with a JSON-like payload; the answer is JSON-like. Raises SmartSpecError.

    Where no ledger is open yet, that of the terminal is opened. `others` are names that are known elsewhere, for the
    guess at what was meant.
    """
    from smartspec.commands.argument_binding import bind_arguments
    from smartspec.commands.database import open_default_database
    from smartspec.commands.result_json import to_json
    from smartspec.domain.text import did_you_mean
    from smartspec.errors import Invalid

    open_default_database()
    given = check_payload({} if payload is None else payload)
    function = commands().get(name)
    if function is None:
        raise Invalid(f"There is no command “{name}”{did_you_mean(name, [*commands(), *others])}")
    return to_json(function(**bind_arguments(function, given)))
