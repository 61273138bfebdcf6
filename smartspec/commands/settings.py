"""What a user chooses for the application."""

import os
from typing import Any, cast

from smartspec.commands.registry import command
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid, SmartSpecError
from smartspec.languages import LANGUAGES
from smartspec.messages import Message, _, listed
from smartspec.store import settings
from smartspec.value import frozen


@frozen
class SettingSpec:
    """A setting that exists: its type, what holds when nothing is saved, what it is for, and what else it may be."""

    kind: type
    default: Json
    meaning: Message
    choices: tuple[str, ...] = ()


_KINDS = {int: _("a whole number"), bool: _("true or false"), str: _("text")}
SETTINGS: dict[str, SettingSpec] = {
    "language": SettingSpec(str, "", _("language of the window and the terminal"), ("", *LANGUAGES)),
    "runner.at_once": SettingSpec(int, os.cpu_count() or 1, _("executions that may run at once in all")),
    "runner.resume": SettingSpec(bool, True, _("interrupted executions go on by themselves")),
    "runner.log_cap_bytes": SettingSpec(int, 64 * 1024 * 1024, _("bytes of output kept per task")),
    "runner.python": SettingSpec(str, "", _("interpreter of python tasks; empty for the first python3 on the PATH")),
    "alerts.long_running_ms": SettingSpec(int, 3_600_000, _("running longer than this is long (milliseconds)")),
    "alerts.failure_rate_percent": SettingSpec(int, 20, _("more failures than this in 24 hours are many (percent)")),
    "alerts.failure_rate_least": SettingSpec(int, 10, _("executions in 24 hours before the rate counts")),
    "alerts.task_duration_ms": SettingSpec(int, 300_000, _("a task longer than this is costly (milliseconds)")),
    "alerts.task_memory_bytes": SettingSpec(
        int, 1_073_741_824, _("a task with more memory than this is costly (bytes)")
    ),
    "alerts.task_cpu_percent": SettingSpec(int, 80, _("a task with more CPU than this is costly (percent)")),
}


@command
def get_setting(key: str) -> Any:
    """The saved value, else the default, which is of the same type. Raises Invalid for a key that does not exist."""
    saved = settings.get(_known(key))
    return SETTINGS[key].default if saved is None else saved


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
    kind = SETTINGS[_known(key)].kind
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise Invalid(
            _("The setting {key} is {kind}: {meaning}.", key=key, kind=_KINDS[kind], meaning=SETTINGS[key].meaning)
        )
    if value is not None and (choices := SETTINGS[key].choices) and value not in choices:
        known = listed(filter(None, choices))
        raise Invalid(
            _("The setting {key} is one of {known}, or empty; not “{value}”.", key=key, known=known, value=value)
        )
    if kind is int and value is not None:
        RANGES[key].check(cast("int", value), _("The setting {key}", key=key))
    settings.set_(key, value)
    kept: Json = get_setting(key)
    return kept


def _known(key: str) -> str:
    if key not in SETTINGS:
        raise Invalid(_("There is no setting “{key}”{end}", key=key, end=did_you_mean(key, SETTINGS)))
    return key
