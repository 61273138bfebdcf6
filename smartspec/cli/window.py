"""`open`, `screenshot` and `demo`: the way to the window, and what `demo` does without a screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from smartspec import paths
from smartspec.cli.echo import echo
from smartspec.cli.options import EXIT_CODES, command
from smartspec.cli.session import Session, Window, closed_session, session
from smartspec.domain.workspace import SAMPLES
from smartspec.errors import Conflict, Invalid
from smartspec.messages import _, tr

_SAMPLE = "samples.folder-inventory"  # the workflow that is run where there is no screen


@command("open")
@click.argument("what", required=False)
def open_command(what: str | None) -> None:
    """Show the window: on its own, on an execution (smartspec://execution/ID), or with a file to import.

    A window that is open for this database comes to the front instead of a second one.

    \b
    Examples:
      smartspec open
      smartspec open nightly.yaml
    """
    here = closed_session()
    target = what or ""
    if target and "://" not in target:
        target = str(Path(target).absolute())
    sys.exit(_window(here).show(here.file, open_target=target, workspace=_asked_for(here)))


@command("screenshot")
@click.argument("page")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", help="The colours (light).")
@click.option("--size", metavar="WIDTHxHEIGHT", default="1280x800", help="In logical pixels (1280x800).")
@click.option("--scale", type=float, default=1.0, help="Pixels for each of them, 0.5 to 4 (1).")
def screenshot_command(page: str, file: Path, theme: str, size: str, scale: float) -> None:
    """Draw a page of the window into a PNG file, without a screen.

    PAGE is a page (workflows, execution, history), a tab of one (definition, versions, log, compare) or a dialog (run,
    settings, about); a name that is none of them is answered with all that are. It shows the workflow that ran last, or
    the execution that failed last.

    \b
    Example:
      smartspec screenshot history history.png --theme dark
    """
    here = closed_session()
    width, __, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 200 <= int(width) <= 8_000 and 200 <= int(height) <= 8_000):
        raise Invalid(_("“{size}” is not a size: write two numbers from 200 to 8000, as 1280x800.", size=size))
    if not 0.5 <= scale <= 4:  # click's own range lets “nan” through
        raise Invalid(_("“{scale}” is not a scale: write a number from 0.5 to 4.", scale=scale))
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    shown = (int(width), int(height))
    _window(here).draw(here.file, page, file, scheme=theme, size=shown, workspace=_asked_for(here))
    echo(tr("Drew {page} into {file}.", page=page, file=file))


def _asked_for(here: Session) -> str:
    """The workspace, where one was named; else the window shows the last one."""
    named = os.environ.get("SMARTSPEC_WORKSPACE") or here.workspace != "default"
    return here.workspace if named else ""


def _window(here: Session) -> Window:
    if here.window is None or not here.window.is_possible():
        raise Conflict(
            _(
                "There is no screen here to show a window on; `{command}` lists what the terminal can do.",
                command="smartspec --help",
            )
        )
    return here.window


@command("demo")
def demo_command() -> None:
    """Open the window on sample data; without a screen run a sample on this machine, and show its record.

    The samples are in a workspace of their own, `samples`: five workflows, and in the window a past of 200 executions.

    \b
    Example:
      smartspec demo
    """
    here = closed_session()
    if here.window is not None and here.window.is_possible():
        echo(tr("Opening the window on sample data in {file}", file=here.file))
        sys.exit(here.window.show(here.file, with_samples=True))
    _run_a_sample()


def _run_a_sample() -> None:
    from smartspec.cli.foreground import run_here
    from smartspec.cli.output import execution_record, show
    from smartspec.commands import database, executions, samples, starting
    from smartspec.domain.execution import Origin, Trigger

    here = session()
    here.workspace = SAMPLES
    folder = paths.resources() / "samples"
    imported = samples.import_samples()
    echo(tr("There is no screen to show the window on, so here is the terminal."))
    where = {"workspace": SAMPLES, "file": database.database_path()}
    echo(tr("The samples are in the workspace “{workspace}” of {file}:", **where))
    for each in imported:
        echo(f"  {each.workflow.ref:24} {each.workflow.description}")
    looked_at = folder.parent.parent  # the checkout, or the installed package
    echo(f"\n{tr('Running {ref} on {folder}', ref=_SAMPLE, folder=looked_at)}\n")
    given = {"folder": str(looked_at)}
    ended = run_here(
        here,
        lambda runner: starting.start_execution(
            _SAMPLE, given, origin=Origin(Trigger.CLI, runner=runner), workspace=SAMPLES
        ),
    )
    again = f"smartspec --workspace {SAMPLES} execution folder-inventory"
    echo(f"\n{tr('Its record, which `{command}` shows again:', command=again)}\n")
    show(ended, execution_record(ended, executions.list_task_executions(ended.id)))
    if ended.status != "completed":
        sys.exit(EXIT_CODES[ended.status])


COMMANDS = (open_command, screenshot_command, demo_command)
