"""`cancel`, `give-up`, `pause` and `confirm`: what may be asked of an execution that is under way."""

from __future__ import annotations

import click

from smartspec.cli.options import WHICH, command
from smartspec.cli.output import show
from smartspec.cli.session import session
from smartspec.commands import steering
from smartspec.domain.states import ExecutionStatus


@command("cancel")
@WHICH
def cancel_command(which: str) -> None:
    """End an execution: what runs is ended, what waits does not start. A second cancel ends the handlers.

    \b
    Example:
      smartspec cancel backup
    """
    execution = steering.cancel_execution(which, session().workspace)
    done = "is cancelled" if execution.status is ExecutionStatus.CANCELLED else "is being cancelled"
    show(execution, f"{execution.label} {done}.")


@command("give-up")
@WHICH
def give_up_command(which: str) -> None:
    """End an interrupted execution as failed, instead of resuming it.

    \b
    Example:
      smartspec give-up backup#42
    """
    execution = steering.give_up_execution(which, session().workspace)
    show(execution, f"{execution.label} is given up.")


@command("pause")
@WHICH
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
def pause_command(which: str, reason: str | None) -> None:
    """Start no further task; what runs goes on to its end. `resume` goes on.

    \b
    Example:
      smartspec pause backup --reason "the disk is needed elsewhere"
    """
    execution = steering.pause_execution(which, reason, session().workspace)
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
    row = steering.confirm_task(which, task, reject=reject, workspace=session().workspace)
    show(row, f"{task} is {'rejected' if reject else 'confirmed'}.")


COMMANDS = (cancel_command, give_up_command, pause_command, confirm_command)
