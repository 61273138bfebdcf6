"""Commands under the names that other programs know, before those of this one."""

from collections.abc import Mapping
from typing import Any

from smartspec.commands import calling
from smartspec.commands.database import open_default_database
from smartspec.compat import smartspec_pro
from smartspec.domain.jsontext import Json


def call(name: str, payload: Mapping[str, Json] | None = None) -> Any:
    """Run a command by its name, or one of the 18 of SmartSpec Pro by its own; the answer is JSON-like.

    Where no ledger is open yet, that of the terminal is opened. Raises SmartSpecError.
    """
    if name not in smartspec_pro.NAMES:
        return calling.call(name, payload, others=smartspec_pro.NAMES)
    open_default_database()
    return smartspec_pro.answer(name, calling.check_payload({} if payload is None else payload))
