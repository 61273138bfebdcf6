"""`settings`: what you choose for the application."""

from __future__ import annotations

import click

from smartspec.cli.options import Group, command
from smartspec.cli.output import show, table
from smartspec.cli.session import session
from smartspec.commands import settings
from smartspec.domain.jsontext import Json, dump, load
from smartspec.domain.settings import SETTINGS, SettingSpec, known, read, write
from smartspec.errors import Invalid
from smartspec.messages import _, sentences, tr, translate


@click.group("settings", cls=Group)
def settings_group() -> None:
    """What you choose for the application."""


@command("get")
@click.argument("key", required=False)
def settings_get_command(key: str | None) -> None:
    """One setting, or all with what they do.

    \b
    Example:
      smartspec settings get
    """
    session()
    if key:
        value = settings.get_setting(key)
        show({key: value}, dump(value))
        return
    found = settings.list_settings()
    rows = ((name, write(SETTINGS[name], value), _explained(SETTINGS[name])) for name, value in found.items())
    show(found, table((tr("SETTING"), tr("VALUE"), tr("MEANING")), rows))


def _explained(spec: SettingSpec) -> str:
    told = _("{title}. {explanation}", title=spec.title, explanation=spec.explanation)
    if not spec.overridden_by:
        return translate(told)
    return translate(sentences([told, _("{variable} holds instead.", variable=spec.overridden_by)]))


@command("set")
@click.argument("key")
@click.argument("value")
def settings_set_command(key: str, value: str) -> None:
    """Choose; `null` returns to the default.

    \b
    Examples:
      smartspec settings set runner.at_once 4
      smartspec settings set alerts.long_running_ms 90m
      smartspec settings set runner.log_cap_bytes 256MiB
    """
    session()
    saved = settings.set_setting(key, _read(key, value))
    show({key: saved}, tr("{key} is {value}.", key=key, value=write(SETTINGS[key], settings.get_setting(key))))


def _read(key: str, text: str) -> Json:
    """JSON; else, where the setting counts something, a number with its unit, and of anything else the text itself."""
    try:
        return load(text)
    except Invalid:
        spec = known(key)
        return text if spec.unit is None else read(spec, text)


for _each in (settings_get_command, settings_set_command):
    settings_group.add_command(_each)
COMMANDS = (settings_group,)
