"""`config`: the settings of a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from smartspec.cli.echo import ask_secret
from smartspec.cli.options import MOMENT, WORKFLOW, Group, command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import session
from smartspec.commands import configs
from smartspec.domain.config import ConfigChange, Setting, ValueType, stored_text
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import MASK
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.formatting import DASH
from smartspec.messages import Message, _, _p, tr, translate, trn

_SOURCES: dict[str, Message] = {
    "saved": _p("a source", "saved"), "default": _p("a source", "default"), "variable": _p("a source", "variable"),
    "missing": _p("a source", "missing"), "session": _p("a source", "session"),
}  # fmt: skip


@click.group("config", cls=Group)
def config_group() -> None:
    """The settings of a workflow: the file declares them, a person sets them."""


@command("list")
@click.argument("ref", type=WORKFLOW)
@click.option("--as-of", type=MOMENT, metavar="TIME", help="The saved values as they were then.")
@click.option("--history", is_flag=True, help="What was set and unset, newest first.")
def list_command(ref: str, as_of: datetime | None, history: bool) -> None:
    """Every setting with the value that holds and where it comes from.

    \b
    Examples:
      smartspec config list nightly
      smartspec config list nightly --as-of 7d
    """
    workspace = session().workspace
    if as_of is not None:
        values = configs.configs_as_of(ref, as_of, workspace)
        show(values, table((tr("KEY"), tr("VALUE")), values.items(), tr("Nothing was set then.")))
    elif history:
        _show_history(configs.config_history(ref, workspace=workspace))
    else:
        _show_settings(configs.list_configs(ref, workspace))


def _show_history(changes: Sequence[ConfigChange]) -> None:
    rows = (
        (moment(each.at), each.key, _text(each.old, each.value_type), _text(each.new, each.value_type), each.by or "")
        for each in changes
    )
    headings = (tr("WHEN"), tr("KEY"), tr("OLD"), tr("NEW"), tr("WHO"))
    show(changes, table(headings, rows, tr("Nothing was ever set.")))


def _show_settings(settings: Sequence[Setting]) -> None:
    lines = (
        (each.key, each.value_type, one_line(_text(each.value, each.value_type), 60),
         _source(each), translate(each.problem or each.description or ""))
        for each in settings
    )  # fmt: skip
    show(settings, table((tr("KEY"), tr("TYPE"), tr("VALUE"), tr("FROM"), ""), lines, tr("It has no settings.")))


def _source(setting: Setting) -> str:
    """Which of its values holds: the one of the file, or the one that a person saved."""
    source = translate(_SOURCES[setting.source])
    return source if setting.declared else tr("{source}, not declared", source=source)


def _text(value: Json, kind: ValueType) -> str:
    if value is None:
        return DASH
    return MASK if kind is ValueType.SECRET else stored_text(value, kind)


@command("get")
@click.argument("ref", type=WORKFLOW)
@click.argument("key")
def get_command(ref: str, key: str) -> None:
    """Print one value; of a secret only that it is there.

    \b
    Example:
      smartspec config get nightly api_url
    """
    setting = configs.get_config(ref, key, session().workspace)
    show(setting, "" if setting.value is None else _text(setting.value, setting.value_type))


@command("set")
@click.argument("ref", type=WORKFLOW)
@click.argument("key")
@click.argument("value", required=False)
@click.option("--type", "kind", metavar="TYPE", help="string, number, boolean, json or secret, for an undeclared key.")
@click.option("--description", metavar="TEXT")
def set_command(ref: str, key: str, value: str | None, kind: str | None, description: str | None) -> None:
    """Save a value; it is read by the type of the key.

    A secret goes into the keyring of this machine, never into the database. Leave its value out: it is asked for, or
    read from a pipe, so that it stands in no list of processes and no history of the shell.

    \b
    Examples:
      smartspec config set nightly retries 5
      smartspec config set nightly limits '{"rows": 10}'
      smartspec config set nightly token
      pass show nightly | smartspec config set nightly token
    """
    workspace = session().workspace
    if configs.kind_of_setting(ref, key, kind, workspace) is ValueType.SECRET:
        if value is not None:
            raise Invalid(_("“{key}” is a secret: leave its value out, it is asked for, or pipe it in.", key=key))
        value = ask_secret(key)
    elif value is None:
        raise click.UsageError(_("Missing argument '{name}'.", name="VALUE"))
    saved = configs.set_config(ref, key, value, value_type=kind, description=description, workspace=workspace)
    show(saved, tr("{key} is {value}.", key=key, value=_text(saved.value, saved.value_type)))


@command("unset")
@click.argument("ref", type=WORKFLOW)
@click.argument("key", required=False)
@click.option("--all", "everything", is_flag=True, help="Every saved value.")
def unset_command(ref: str, key: str | None, everything: bool) -> None:
    """Forget a saved value, so that the default holds again.

    \b
    Example:
      smartspec config unset nightly retries
    """
    here = session()
    if everything:
        count = configs.delete_all_configs(ref, here.workspace)
        show({"forgotten": count}, trn("{n} value was forgotten.", "{n} values were forgotten.", count))
    elif key is None:
        raise click.UsageError(_("Name the key, or use --all."))
    else:
        gone = configs.delete_config(ref, key, here.workspace)
        done = tr("{key} was forgotten.", key=key) if gone else tr("{key} was not set.", key=key)
        show({"forgotten": int(gone)}, done)


for each in (list_command, get_command, set_command, unset_command):
    config_group.add_command(each)
COMMANDS = (config_group,)
