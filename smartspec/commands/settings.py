"""What a user chooses for the application."""

from __future__ import annotations

import shutil
from typing import Any

from smartspec.commands.registry import command
from smartspec.domain.jsontext import Json
from smartspec.domain.notification import quiet_hours
from smartspec.domain.settings import SETTINGS, check, known
from smartspec.errors import Invalid, SmartSpecError
from smartspec.messages import _
from smartspec.store import database, settings

_PYTHON = "runner.python"


@command
def get_setting(key: str) -> Any:
    """The saved value, else the default, which is of the same type. Raises Invalid for a key that does not exist."""
    default = known(key).default
    saved = settings.get(key)
    return default if saved is None else saved


def saved_language() -> str:
    """The setting `language`; empty also where it cannot be read, which stops nothing that is said."""
    try:
        return str(get_setting("language"))
    except (SmartSpecError, ValueError):
        return ""


@command
def list_settings() -> dict[str, Json]:
    """Every setting with the value that holds."""
    saved = settings.all_()
    return {key: saved.get(key, spec.default) for key, spec in SETTINGS.items()}


@command
def set_setting(key: str, value: Json) -> Json:
    """Save a setting; None returns to the default. Raises Invalid."""
    known(key)
    if value is not None:
        check(key, value)
        _check_program(key, value)
        _check_quiet_hours(key, value)
    settings.set_(key, value)
    kept: Json = get_setting(key)
    return kept


@command
def set_settings(values: dict[str, Json]) -> dict[str, Json]:
    """Save several at once, or none of them; None returns to the default. What they were. Raises Invalid."""
    with database.transaction():
        before = {key: settings.get(key) for key in values if known(key)}
        for key, value in values.items():
            set_setting(key, value)
    return before


def _check_quiet_hours(key: str, value: Json) -> None:
    if key == "notifications.quiet":
        quiet_hours.parse(str(value))


def _check_program(key: str, value: Json) -> None:
    if key == _PYTHON and value and shutil.which(str(value)) is None:
        raise Invalid(_("“{program}” is no program that can be run here.", program=value))
