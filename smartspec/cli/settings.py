"""`settings`: what you choose for the application."""

from __future__ import annotations

import click

from smartspec.cli.options import Group, command
from smartspec.cli.output import show, table
from smartspec.cli.session import session
from smartspec.commands import settings
from smartspec.domain.jsontext import dump, load
from smartspec.errors import Invalid
from smartspec.messages import tr


@click.group("settings", cls=Group)
def settings_group() -> None:
    """What you choose for the application."""


@command("get")
@click.argument("key", required=False)
def settings_get_command(key: str | None) -> None:
    """One setting, or all with what they mean.

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
    rows = ((name, dump(value), settings.SETTINGS[name].meaning) for name, value in found.items())
    show(found, table((tr("SETTING"), tr("VALUE"), tr("MEANING")), rows))


@command("set")
@click.argument("key")
@click.argument("value")
def settings_set_command(key: str, value: str) -> None:
    """Choose; `null` returns to the default.

    \b
    Example:
      smartspec settings set runner.at_once 4
    """
    session()
    try:
        given = load(value)
    except Invalid:
        given = value
    saved = settings.set_setting(key, given)
    show({key: saved}, tr("{key} is {value}.", key=key, value=dump(settings.get_setting(key))))


for _each in (settings_get_command, settings_set_command):
    settings_group.add_command(_each)
COMMANDS = (settings_group,)
