"""`run` and the verbs that make something run on: resume, rerun, again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from smartspec.cli.detached import hand_over
from smartspec.cli.echo import echo
from smartspec.cli.follow import farewell
from smartspec.cli.foreground import run_here
from smartspec.cli.input_options import read_input
from smartspec.cli.options import (
    EXECUTION,
    EXIT_CODES,
    FILE_ENDINGS,
    PRIORITY,
    WHICH,
    WORKFLOW,
    command,
    name_options,
    read_json,
)
from smartspec.cli.output import short, show, where_it_runs
from smartspec.cli.session import session
from smartspec.commands import control, database, files, pause_everything, starting, workflow_sources
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.ids import RunnerPk
from smartspec.messages import _, tr, trn
from smartspec.runner import background

_parameters = click.option(
    "-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter, read by its declared type."
)
_input = click.option("--input", "input_", metavar="JSON|@FILE", help="The whole input as a JSON object.")


@command("run")
@click.argument("ref", metavar="REF|FILE", type=WORKFLOW)
@_parameters
@_input
@name_options
@click.option("--version", metavar="VERSION", help="Another version than the current one: a label or a number.")
@click.option("--detach", is_flag=True, help="Hand it to a background runner and return at once.")
@click.option("--priority", type=PRIORITY, help="Higher ones start first.")
@click.option("--session", "session_id", metavar="TEXT", help="A session to find it by.")
@click.option("--user", "user_name", metavar="TEXT", help="A user to find it by.")
@click.option("--correlation-id", metavar="TEXT", help="An id of yours to find it by.")
@click.option("--note", metavar="TEXT", help="Why it runs; kept with it, and found by search.")
def run_command(
    ref: str,
    parameters: tuple[str, ...],
    input_: str | None,
    version: str | None,
    detach: bool,
    name: str | None,
    move: bool,
    note: str | None,
    **known_by: Any,
) -> None:
    """Run a workflow, or a workflow file (which is imported first), and show what it does.

    It runs in the folder of the file that was imported last, and in the environment of this terminal, also with
    --detach.

    Ctrl-C or TERM cancels; a second one ends the handlers too. When the terminal is closed, or whoever reads the
    output goes away, the run goes on to its end. The exit code is 0 completed, 10 failed, 11 timeout, 12 paused,
    130 cancelled.

    \b
    Examples:
      smartspec run nightly-report -p day=2026-11-20
      smartspec run ./backup.yaml --input '{"target": "/mnt/nas"}'
      smartspec run reports.nightly-report --detach
    """
    here = session()
    if ref.lower().endswith(FILE_ENDINGS):
        imported = files.import_workflows(
            [workflow_sources.read_source(Path(ref))], name=name, move=move, workspace=here.workspace
        )[0]
        if not here.json:
            echo(f"{imported.workflow.ref} {where_it_runs(imported)}", err=True)
        ref = imported.workflow.id
    elif name is not None or move:
        raise click.UsageError(_("--name and --move are for a file."))
    given = read_input(read_json(input_, "--input") if input_ else {}, parameters, ref, version, here.workspace)

    def start(runner: RunnerPk | None) -> Execution:
        origin = Origin(Trigger.CLI, runner=runner, **known_by)
        return starting.start_execution(ref, given, version=version, origin=origin, note=note, workspace=here.workspace)

    if detach:
        hand_over(start(None))
    else:
        _exit_as(run_here(here, start))


def _exit_as(execution: Execution) -> None:
    resume = f"smartspec resume {short(execution.id)}"
    if execution.status == "paused":
        show(execution, tr("{ref} is paused; go on with: {command}", ref=execution.label, command=resume))
    elif execution.status in ("interrupted", "running"):  # running: that it ended could not be recorded
        show(execution, tr("{ref} was left as it is; go on with: {command}", ref=execution.label, command=resume))
    else:
        show(execution, farewell(execution))
    sys.exit(EXIT_CODES[execution.status])


def _go_on(execution: Execution, detach: bool) -> None:
    """What was queued again runs here, or in the background."""
    if detach or execution.status != "pending":
        launch = background.ensure(database.database_path()) if execution.status == "pending" else None
        show(execution, tr("{ref} goes on: {id}", ref=execution.label, id=execution.id))
        background.check(launch)
        return
    here = session()
    _exit_as(run_here(here, lambda __: execution))


_detach = click.option("--detach", is_flag=True, help="Hand it to a background runner and return at once.")


@command("resume")
@click.argument("which", metavar="ID", type=EXECUTION, required=False)
@click.option("--everything", is_flag=True, help="What `pause --everything` paused, in the background.")
@_detach
def resume_command(which: str | None, everything: bool, detach: bool) -> None:
    """Go on with a paused or interrupted execution, where it was.

    \b
    Examples:
      smartspec resume backup#42
      smartspec resume --everything
    """
    if (which is None) is not everything:
        raise click.UsageError(_("Name an execution, or use --everything."))
    here = session()
    if which is None:
        changed = pause_everything.resume_everything()
        if changed.executions or changed.schedules:
            background.check(background.ensure(here.file))
        told = tr("{executions} and {schedules} go on.",
                  executions=trn("{n} execution", "{n} executions", changed.executions),
                  schedules=trn("{n} schedule", "{n} schedules", changed.schedules))  # fmt: skip
        show({"executions": changed.executions, "schedules": changed.schedules}, told)
        return
    _go_on(control.resume_execution(which, here.workspace), detach)


@command("rerun")
@WHICH
@click.option("--from", "task", metavar="TASK", help="Run this task again and what follows, whatever it ended as.")
@_detach
def rerun_command(which: str, task: str | None, detach: bool) -> None:
    """Run again what failed, and everything after it, in the same execution.

    It runs in the environment of this terminal. With --from also what completed is run again, from a task on; the rest
    keeps its result.

    \b
    Examples:
      smartspec rerun backup#42
      smartspec rerun backup#42 --from copy
    """
    workspace = session().workspace
    if task is None:
        _go_on(control.rerun_failed(which, workspace), detach)
    else:
        _go_on(control.rerun_from(which, task, workspace), detach)


@command("again")
@WHICH
@_parameters
@_input
@_detach
def again_command(which: str, parameters: tuple[str, ...], input_: str | None, detach: bool) -> None:
    """Run the same input as a new execution, with today's version and settings; -p changes a parameter of it.

    \b
    Examples:
      smartspec again backup#42
      smartspec again nightly -p day=2026-11-21
    """
    here = session()
    workflow, before = control.to_run_again(which, here.workspace)
    base = read_json(input_, "--input") if input_ else before or {}
    given = read_input(base, parameters, workflow.id, None, here.workspace) if input_ or parameters else None

    def start(runner: RunnerPk | None) -> Execution:
        origin = Origin(Trigger.CLI, runner=runner)
        return control.run_again(which, given, origin=origin, workspace=here.workspace)

    if detach:
        hand_over(start(None))
    else:
        _exit_as(run_here(here, start))


COMMANDS = (run_command, resume_command, rerun_command, again_command)
