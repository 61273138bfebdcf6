"""`cancel`, `give-up`, `pause`, `confirm` and `retry`: what may be asked of an execution that is under way."""

from __future__ import annotations

import sys

import click

from smartspec.cli.echo import confirm
from smartspec.cli.options import EXECUTION, WHICH, command
from smartspec.cli.output import show
from smartspec.cli.session import Session, session
from smartspec.commands import control, next_steps, ownership, pause_everything, retries, runners
from smartspec.commands.pause_everything import Changed
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.messages import _, tr, translate, trn
from smartspec.runner import background
from smartspec.runner.launch import Launch


@command("cancel")
@WHICH
def cancel_command(which: str) -> None:
    """End an execution: what runs is ended, what waits does not start. A second cancel ends the handlers.

    \b
    Example:
      smartspec cancel backup
    """
    here = session()
    execution = control.cancel_execution(which, here.workspace)
    launch = _see_to_handlers(here)
    label = execution.label
    is_over = execution.status is ExecutionStatus.CANCELLED
    parts = [tr("{ref} is cancelled.", ref=label) if is_over else tr("{ref} is being cancelled.", ref=label)]
    if ownership.is_elsewhere(execution):
        parts.append(translate(next_steps.describe(execution)))
    show(execution, " ".join(parts))
    background.check(launch)


@command("give-up")
@WHICH
@click.option("--yes", is_flag=True, help="Do not ask, of one that is in the hands of a runner.")
def give_up_command(which: str, yes: bool) -> None:
    """End an interrupted execution as failed, instead of resuming it.

    Also one whose runner is of another machine, or does not heed a cancel: it is asked whether to do without that
    runner. If it lives after all, it ends what it runs.

    \b
    Example:
      smartspec give-up backup#42
    """
    here = session()
    if not yes and sys.stdin.isatty() and control.needs_agreement(which, here.workspace):
        confirm(tr("The runner of {execution} does not answer here. End it without that?", execution=which))
        yes = True
    execution = control.give_up_execution(which, without_its_runner=yes, workspace=here.workspace)
    launch = _see_to_handlers(here)
    show(execution, tr("{ref} is given up.", ref=execution.label))
    background.check(launch)


def _see_to_handlers(here: Session) -> Launch | None:
    """What is left to run of one that nobody runs needs a runner."""
    return background.ensure(here.file) if runners.has_pending() else None


@command("pause")
@click.argument("which", metavar="ID", type=EXECUTION, required=False)
@click.option("--all", "all_", is_flag=True, help="All that runs or waits to, of all workspaces.")
@click.option("--everything", is_flag=True, help="As --all, and all schedules that are on.")
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
def pause_command(which: str | None, all_: bool, everything: bool, reason: str | None) -> None:
    """Start no further task; what runs goes on to its end. `resume` goes on.

    With --everything nothing starts by itself any more, in any workspace, until `resume --everything`.

    \b
    Examples:
      smartspec pause backup --reason "the disk is needed elsewhere"
      smartspec pause --all
      smartspec pause --everything
    """
    here = session()
    if [which is not None, all_, everything].count(True) != 1:
        raise click.UsageError(_("Name an execution, or use --all or --everything."))
    if everything:
        _show_changed(pause_everything.pause_everything(reason), tr("Paused"))
        return
    if which is None:
        paused = control.pause_all(reason)
        show(paused, trn("{n} execution pauses.", "{n} executions pause.", len(paused)))
        return
    execution = control.pause_execution(which, reason, here.workspace)
    label = execution.label
    is_paused = execution.status is ExecutionStatus.PAUSED
    later = tr("{ref} pauses when what runs has ended.", ref=label)
    show(execution, tr("{ref} is paused.", ref=label) if is_paused else later)


def _show_changed(changed: Changed, done: str) -> None:
    parts = (
        trn("{n} execution", "{n} executions", changed.executions),
        trn("{n} schedule", "{n} schedules", changed.schedules),
    )
    show({"executions": changed.executions, "schedules": changed.schedules}, f"{done}: {', '.join(parts)}.")


@command("confirm")
@WHICH
@click.argument("task")
@click.option("--reject", is_flag=True, help="Say no: the task has failed.")
def confirm_command(which: str, task: str, reject: bool) -> None:
    """Answer a task that waits for a person.

    \b
    Example:
      smartspec confirm release#7 approve
    """
    row = control.confirm_task(which, task, reject=reject, workspace=session().workspace)
    show(row, tr("{task} is rejected.", task=task) if reject else tr("{task} is confirmed.", task=task))


@command("retry")
@WHICH
@click.argument("task", required=False)
def retry_command(which: str, task: str | None) -> None:
    """Try at once what waits for its next attempt, instead of when its delay is over: one task, or all that wait.

    \b
    Example:
      smartspec retry fetch#7 download
    """
    rows = retries.retry_now(which, task, session().workspace)
    show(rows, trn("{n} retry begins now.", "{n} retries begin now.", len(rows)))


COMMANDS = (cancel_command, give_up_command, pause_command, confirm_command, retry_command)
