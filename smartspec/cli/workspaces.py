"""`workspace`: separate sets of workflows and executions."""

from __future__ import annotations

import click

from smartspec.cli.options import Group, command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import session
from smartspec.commands import workspaces
from smartspec.messages import tr


@click.group("workspace", cls=Group)
def workspace_group() -> None:
    """Separate sets of workflows and executions."""


@command("list")
def workspace_list_command() -> None:
    """The workspaces there are.

    \b
    Example:
      smartspec workspace list
    """
    session()
    found = workspaces.list_workspaces()
    rows = ((each.slug, each.name, moment(each.created_at)) for each in found)
    show(found, table((tr("WORKSPACE"), tr("NAME"), tr("MADE")), rows))


@command("new")
@click.argument("name")
def workspace_new_command(name: str) -> None:
    """Make a workspace.

    \b
    Example:
      smartspec workspace new "Client work"
    """
    session()
    made = workspaces.create_workspace(name)
    show(made, tr("The workspace “{slug}” is there; use it with --workspace {slug}.", slug=made.slug))


@command("remove")
@click.argument("name")
def workspace_remove_command(name: str) -> None:
    """Remove an empty workspace.

    \b
    Example:
      smartspec workspace remove client-work
    """
    session()
    workspaces.delete_workspace(name)
    show({"removed": name}, tr("The workspace “{name}” is gone.", name=name))


for _each in (workspace_list_command, workspace_new_command, workspace_remove_command):
    workspace_group.add_command(_each)
COMMANDS = (workspace_group,)
