"""What a user chooses for the application."""

import os
from typing import cast

from smartspec.commands.registry import command
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.store import settings
from smartspec.value import frozen


@frozen
class SettingSpec:
    """A setting that exists: its type, what holds when nothing is saved, and what it is for."""

    kind: type
    default: Json
    meaning: str


SETTINGS: dict[str, SettingSpec] = {
    "runner.at_once": SettingSpec(int, os.cpu_count() or 1, "executions that may run at once in all"),
    "runner.resume": SettingSpec(bool, True, "interrupted executions go on by themselves"),
    "runner.log_cap_bytes": SettingSpec(int, 64 * 1024 * 1024, "bytes of output kept per task"),
    "runner.python": SettingSpec(str, "", "interpreter of python tasks; empty for the first python3 on the PATH"),
    "alerts.long_running_ms": SettingSpec(int, 3_600_000, "running longer than this is long (milliseconds)"),
    "alerts.failure_rate_percent": SettingSpec(int, 20, "more failures than this in 24 hours are many (percent)"),
    "alerts.failure_rate_least": SettingSpec(int, 10, "executions in 24 hours before the rate counts"),
    "alerts.task_duration_ms": SettingSpec(int, 300_000, "a task longer than this is costly (milliseconds)"),
    "alerts.task_memory_bytes": SettingSpec(int, 1_073_741_824, "a task with more memory than this is costly (bytes)"),
    "alerts.task_cpu_percent": SettingSpec(int, 80, "a task with more CPU than this is costly (percent)"),
}


@command
def get_setting(key: str) -> Json:
    """The saved value, else the default. Raises Invalid for a key that does not exist."""
    saved = settings.get(_known(key))
    return SETTINGS[key].default if saved is None else saved


@command
def list_settings() -> dict[str, Json]:
    """Every setting with the value that holds."""
    saved = settings.all_()
    return {key: saved.get(key, spec.default) for key, spec in SETTINGS.items()}


@command
def set_setting(key: str, value: Json) -> Json:
    """None returns to the default. Raises Invalid."""
    kind = SETTINGS[_known(key)].kind
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        words = {int: "a whole number", bool: "true or false", str: "text"}
        raise Invalid(f"The setting {key} is {words[kind]}: {SETTINGS[key].meaning}.")
    if kind is int and value is not None:
        RANGES[key].check(cast("int", value), f"The setting {key}")
    settings.set_(key, value)
    return get_setting(key)


def _known(key: str) -> str:
    if key not in SETTINGS:
        raise Invalid(f"There is no setting “{key}”{did_you_mean(key, SETTINGS)}")
    return key
