"""`call`: any command by its name."""

from __future__ import annotations

import click

from smartspec.cli.options import command, read_json
from smartspec.cli.output import show
from smartspec.cli.session import session
from smartspec.commands.calling import check_payload, takes_workspace
from smartspec.commands.result_json import to_json
from smartspec.compat import call
from smartspec.messages import _


@command("call")
@click.argument("name")
@click.argument("payload", required=False, metavar="[JSON|@FILE]")
def call_command(name: str, payload: str | None) -> None:
    """Run any command by its name, the 18 of SmartSpec Pro too; the answer is JSON.

    It is done in the workspace of --workspace, unless the payload names one; SmartSpec Pro's know none.

    \b
    Examples:
      smartspec call create_workflow_db '{"req": {"name": "My Workflow"}}'
      smartspec call list_executions_db '{"filter": {"status": "failed"}}'
      smartspec call get_database_stats
    """
    here = session()
    given = check_payload(read_json(payload, _("The payload")) if payload else {})
    if takes_workspace(name):
        given = {"workspace": here.workspace, **given}
    answer = call(name, given)
    here.json = True
    show(to_json(answer))


COMMANDS = (call_command,)
