"""Calling a command by its name, with a JSON payload."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from inspect import signature
from typing import Any

from smartspec.commands.argument_binding import bind_arguments
from smartspec.commands.database import open_default_database
from smartspec.commands.registry import commands
from smartspec.commands.result_json import to_json
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.messages import _


def check_payload(payload: object) -> dict[str, Json]:
    """Raises Invalid for what is no JSON object, and for half characters and NUL in it, whatever takes them."""
    if not isinstance(payload, dict):
        raise Invalid(_("The payload of a command is a JSON object."))
    dump(payload)
    return payload


def takes_workspace(name: str) -> bool:
    """Whether there is a command of this name that is told where to do it."""
    function = commands().get(name)
    return function is not None and "workspace" in signature(function).parameters


def call(name: str, payload: Mapping[str, Json] | None = None, *, others: Collection[str] = ()) -> Any:
    """Run a command by name with a JSON-like payload; the answer is JSON-like. Raises SmartSpecError.

    Where no ledger is open yet, that of the terminal is opened. `others` are names that are known elsewhere, for the
    guess at what was meant.
    """
    open_default_database()
    given = check_payload({} if payload is None else payload)
    function = commands().get(name)
    if function is None:
        raise Invalid(_("There is no command “{name}”{end}", name=name, end=did_you_mean(name, [*commands(), *others])))
    return to_json(function(**bind_arguments(function, given)))
