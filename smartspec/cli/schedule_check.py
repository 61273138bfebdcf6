"""`schedule check`: whether the machine is as a schedule wants it, now."""

from __future__ import annotations

import sys

import click

from smartspec.cli.echo import echo_notice
from smartspec.cli.options import command
from smartspec.cli.output import show
from smartspec.cli.session import session
from smartspec.commands import schedule_conditions
from smartspec.commands.schedule_conditions import ConditionCheck
from smartspec.commands.schedule_plan import conditions_of
from smartspec.domain.schedule.schedule import Schedule
from smartspec.messages import tr, translate

_DOES_NOT_HOLD = 1


@command("check")
@click.argument("which", metavar="NAME|ID")
def check_command(which: str) -> None:
    """Ask the machine whether the conditions of a schedule hold now, its command too. Exit code 1: they do not.

    \b
    Examples:
      smartspec schedule check night
      smartspec schedule check night --json
    """
    found = schedule_conditions.check_conditions(which, workspace=session().workspace)
    if found is None:
        show(
            {"state": None, "unmet": None, "untold": None},
            tr("It has no conditions: whatever the machine does, it starts."),
        )
        return
    show(found, in_words(found))
    if found.unmet:
        sys.exit(_DOES_NOT_HOLD)


def in_words(found: ConditionCheck) -> str:
    """Two sentences at most."""
    said = tr("Its conditions hold now.")
    if found.unmet:
        said = tr("Its conditions do not hold now: {why}.", why=translate(found.unmet))
    return tr("{sentence} But {untold}.", sentence=said, untold=translate(found.untold)) if found.untold else said


def now_in_words(schedule: Schedule) -> str | None:
    """Without running its command. None: it has no conditions."""
    found = schedule_conditions.check_conditions(schedule.id, with_command=False)
    if found is None:
        return None
    if not conditions_of(schedule).command:
        return in_words(found)
    return tr("{sentence} (Its command is run when it is due, and by: {command})",
              sentence=in_words(found), command="smartspec schedule check")  # fmt: skip


def warn_of_networks(schedule: Schedule) -> None:
    """Say on standard error which of its networks this machine has never been on."""
    for sentence in schedule_conditions.unknown_networks(conditions_of(schedule)):
        echo_notice(sentence)
