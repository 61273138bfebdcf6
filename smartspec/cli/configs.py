"""`config`: the settings of a workflow."""

from __future__ import annotations

from datetime import datetime

import click

from smartspec.cli.options import MOMENT, WORKFLOW, command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import session
from smartspec.commands import configs
from smartspec.domain.config import ValueType, stored_text
from smartspec.domain.text import one_line


@click.group("config")
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
    here = session()
    if as_of is not None:
        values = configs.configs_as_of(ref, as_of, here.workspace)
        show(values, table(("KEY", "VALUE"), values.items(), "Nothing was set then."))
        return
    if history:
        changes = configs.config_history(ref, workspace=here.workspace)
        rows = ((moment(each.at), each.key, each.old or "—", each.new or "—", each.by or "") for each in changes)
        show(changes, table(("WHEN", "KEY", "OLD", "NEW", "WHO"), rows, "Nothing was ever set."))
        return
    settings = configs.list_configs(ref, here.workspace)
    lines = (
        (each.key, each.value_type, one_line(_text(each.value, each.value_type), 60),
         each.source + ("" if each.declared else ", not declared"), each.problem or each.description or "")
        for each in settings
    )  # fmt: skip
    show(settings, table(("KEY", "TYPE", "VALUE", "FROM", ""), lines, "It has no settings."))


def _text(value: object, kind: ValueType) -> str:
    return "—" if value is None else stored_text(value, kind)


@command("get")
@click.argument("ref", type=WORKFLOW)
@click.argument("key")
def get_command(ref: str, key: str) -> None:
    """Print one value.

    \b
    Example:
      smartspec config get nightly api_url
    """
    setting = configs.get_config(ref, key, session().workspace)
    show(setting, "" if setting.value is None else stored_text(setting.value, setting.value_type))


@command("set")
@click.argument("ref", type=WORKFLOW)
@click.argument("key")
@click.argument("value")
@click.option("--type", "kind", metavar="TYPE", help="string, number, boolean or json, for a key that is not declared.")
@click.option("--description", metavar="TEXT")
def set_command(ref: str, key: str, value: str, kind: str | None, description: str | None) -> None:
    """Save a value; it is read by the type of the key.

    \b
    Examples:
      smartspec config set nightly retries 5
      smartspec config set nightly limits '{"rows": 10}'
    """
    workspace = session().workspace
    saved = configs.set_config(ref, key, value, value_type=kind, description=description, workspace=workspace)
    show(saved, f"{key} is {stored_text(saved.value, saved.value_type)}.")


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
        show({"forgotten": count}, f"{count} values were forgotten.")
    elif key is None:
        raise click.UsageError("Name the key, or use --all.")
    else:
        gone = configs.delete_config(ref, key, here.workspace)
        show({"forgotten": int(gone)}, f"{key} was forgotten." if gone else f"{key} was not set.")


for each in (list_command, get_command, set_command, unset_command):
    config_group.add_command(each)
COMMANDS = (config_group,)
