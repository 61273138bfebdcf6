"""What a user chooses for the application."""

import os
from dataclasses import dataclass
from typing import cast

from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.store import settings


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that exists: its type, what holds when nothing is saved, and what it is for."""

    kind: type
    default: Json
    meaning: str


CHOICES: dict[str, Choice] = {
    "runner.at_once": Choice(int, os.cpu_count() or 1, "executions that may run at once in all"),
    "runner.resume": Choice(bool, True, "interrupted executions go on by themselves"),
    "runner.log_cap_bytes": Choice(int, 64 * 1024 * 1024, "bytes of output kept per task"),
    "runner.python": Choice(str, "", "interpreter of python tasks; empty for the first python3 on the PATH"),
    "alerts.long_running_ms": Choice(int, 3_600_000, "running longer than this is long (milliseconds)"),
    "alerts.failure_rate_percent": Choice(int, 20, "more failures than this in 24 hours are many (percent)"),
    "alerts.failure_rate_least": Choice(int, 10, "executions in 24 hours before the rate counts"),
    "alerts.task_duration_ms": Choice(int, 300_000, "a task longer than this is costly (milliseconds)"),
    "alerts.task_memory_bytes": Choice(int, 1_073_741_824, "a task with more memory than this is costly (bytes)"),
    "alerts.task_cpu_percent": Choice(int, 80, "a task with more CPU than this is costly (percent)"),
}


def get_setting(key: str) -> Json:
    """The saved value, else the default. Raises Invalid for a key that does not exist."""
    saved = settings.get(_known(key))
    return CHOICES[key].default if saved is None else saved


def list_settings() -> dict[str, Json]:
    """Every setting with the value that holds."""
    saved = settings.all_()
    return {key: saved.get(key, choice.default) for key, choice in CHOICES.items()}


def set_setting(key: str, value: Json) -> Json:
    """None returns to the default. Raises Invalid."""
    kind = CHOICES[_known(key)].kind
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        words = {int: "a whole number", bool: "true or false", str: "text"}
        raise Invalid(f"The setting {key} is {words[kind]}: {CHOICES[key].meaning}.")
    if kind is int and value is not None:
        RANGES[key].check(cast("int", value), f"The setting {key}")
    settings.set_(key, value)
    return get_setting(key)


def _known(key: str) -> str:
    if key not in CHOICES:
        raise Invalid(f"There is no setting “{key}”{did_you_mean(key, CHOICES)}")
    return key
