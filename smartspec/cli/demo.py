"""`demo`: the samples, and one of them run."""

from __future__ import annotations

import sys

import click

from smartspec import paths
from smartspec.cli.foreground import run_here
from smartspec.cli.options import EXIT_CODES, command
from smartspec.cli.output import execution_record, show
from smartspec.cli.session import session
from smartspec.commands import database, executions, files, starting, workspaces
from smartspec.domain.execution import Origin, Trigger


@command("demo")
def demo_command() -> None:
    """Import the samples into the workspace `samples`, run one on this machine, and show its record.

    \b
    Example:
      smartspec demo
    """
    here = session()
    if not any(each.slug == "samples" for each in workspaces.list_workspaces()):
        workspaces.create_workspace("samples")
    here.workspace = "samples"
    folder = paths.resources() / "samples"
    sources = [files.read_source(file) for file in sorted(folder.glob("*.yaml"))]
    imported = files.import_workflows(sources, workspace="samples")
    click.echo(f"There is no window yet; the samples are in the workspace “samples” of {database.database_path()}:")
    for each in imported:
        click.echo(f"  {each.workflow.ref:24} {each.workflow.description}")
    looked_at = folder.parent.parent  # the checkout, or the installed package
    click.echo(f"\nRunning samples.folder-inventory on {looked_at}\n")
    given = {"folder": str(looked_at)}
    ended = run_here(
        here,
        lambda runner: starting.start_execution(
            "samples.folder-inventory", given, origin=Origin(Trigger.CLI, runner=runner), workspace="samples"
        ),
    )
    click.echo("\nIts record, which `smartspec --workspace samples execution folder-inventory` shows again:\n")
    show(ended, execution_record(ended, executions.list_task_executions(ended.id)))
    if ended.status != "completed":
        sys.exit(EXIT_CODES[ended.status])


COMMANDS = (demo_command,)
