"""`cancel`, `give-up`, `pause` and `confirm`: what may be asked of an execution that is under way."""

from __future__ import annotations

import sys

import click

from smartspec.cli.echo import confirm
from smartspec.cli.options import WHICH, command
from smartspec.cli.output import show
from smartspec.cli.session import Session, session
from smartspec.commands import control, next_steps, ownership, runners
from smartspec.domain.engine.states import ExecutionStatus
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
    done = "is cancelled" if execution.status is ExecutionStatus.CANCELLED else "is being cancelled"
    if ownership.is_elsewhere(execution):
        done = f"{done}. {next_steps.describe(execution)}".removesuffix(".")
    show(execution, f"{execution.label} {done}.")
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
        confirm(f"The runner of {which} does not answer here. End it without that?")
        yes = True
    execution = control.give_up_execution(which, without_its_runner=yes, workspace=here.workspace)
    launch = _see_to_handlers(here)
    show(execution, f"{execution.label} is given up.")
    background.check(launch)


def _see_to_handlers(here: Session) -> Launch | None:
    """What is left to run of one that nobody runs needs a runner."""
    return background.ensure(here.file) if runners.has_pending() else None


@command("pause")
@WHICH
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
def pause_command(which: str, reason: str | None) -> None:
    """Start no further task; what runs goes on to its end. `resume` goes on.

    \b
    Example:
      smartspec pause backup --reason "the disk is needed elsewhere"
    """
    execution = control.pause_execution(which, reason, session().workspace)
    done = "is paused" if execution.status is ExecutionStatus.PAUSED else "pauses when what runs has ended"
    show(execution, f"{execution.label} {done}.")


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
    show(row, f"{task} is {'rejected' if reject else 'confirmed'}.")


COMMANDS = (cancel_command, give_up_command, pause_command, confirm_command)
