"""Commands by their names: each registers itself where it stands, with `@command`.

The verbs of runners (`runs`, `runners`, `sub_executions`) bear no `@command`: they are not for anybody to call.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])
_REGISTERED: dict[str, Callable[..., object]] = {}


def command(function: F) -> F:
    """Let a function be called by its name: from the terminal (`call`), and by programs."""
    name = function.__name__
    assert name not in _REGISTERED, f"there are two commands {name}"
    _REGISTERED[name] = function
    return function


@lru_cache
def commands() -> Mapping[str, Callable[..., object]]:
    """Every command by its name. All modules of verbs are imported for that: only who calls by name has need of it."""
    package = import_module("smartspec.commands")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTERED.items()))
