"""`runner`: what runs what is queued, in this process or as one that stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import click

from smartspec import logs
from smartspec.cli.echo import echo, echo_notice
from smartspec.cli.options import Group, command
from smartspec.cli.output import show
from smartspec.cli.session import Session, closed_session, session, shared_options
from smartspec.commands import database
from smartspec.errors import Conflict, Invalid, StorageError
from smartspec.messages import _, join, tr, translate
from smartspec.runner import background, recovery
from smartspec.runner.engine import scratch


@click.group(
    "runner",
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--until-idle",
    is_flag=True,
    help="End when there has been nothing to do for a while, and no schedule is active.",
)
@click.option(
    "--installed", is_flag=True, help="Stay as long as `runner install` holds, then end as with --until-idle."
)
@click.option("--sweep", is_flag=True, help="Only end the processes that gone runners left.")
@click.option(
    "--log-level", type=click.Choice(logs.LEVELS), default="info", show_default=True, help="What it writes down."
)
@shared_options
@click.pass_context
def runner_group(context: click.Context, until_idle: bool, installed: bool, sweep: bool, log_level: str) -> None:
    """Run what is queued and what schedules have due, in this process, until Ctrl-C.

    `smartspec db log` shows what it wrote down meanwhile. One that starts at login and stays is installed by `install`.

    \b
    Examples:
      smartspec runner
      smartspec runner --log-level debug
      smartspec runner install
    """
    if context.invoked_subcommand is not None:
        if until_idle or installed or sweep:
            raise Invalid(
                _(
                    "{options} are for {way} alone.",
                    options="--until-idle, --installed, --sweep",
                    way="`smartspec runner`",
                )
            )
        return
    session(recover=not sweep)
    if sweep:
        recovery.recover()
        scratch.remove_stale()
        return
    file = database.database_path()
    if not (until_idle or installed):
        if background.is_there():
            raise Conflict(_("A background runner serves this database already."))
        echo(tr("Running what is queued in {file}; Ctrl-C ends this.", file=file), err=True)
    logs.keep(file.parent, log_level)
    background.serve(_stays(until_idle, installed))


def _stays(until_idle: bool, installed: bool) -> Callable[[], bool]:
    if installed:
        from smartspec.commands import runner_installation

        return runner_installation.while_installed(database.database_path())
    return lambda: not until_idle


@command("install")
@click.option("--linger", is_flag=True, help="Also without a login: systemd keeps this user's services running.")
def runner_install_command(linger: bool) -> None:
    """Have a runner of this database that starts with each login and stays, also without the window.

    A user service of systemd where there is one, else an autostart entry of the desktop; a launch agent on macOS, a
    value of the Run key on Windows.

    \b
    Examples:
      smartspec runner install
      smartspec runner install --linger
    """
    from smartspec.commands import runner_installation
    from smartspec.runner import installation

    file = session().file
    done = installation.install(file, linger=linger)
    if done.why:
        echo_notice(_("No user service of systemd can be had here: {why}.", why=done.why))
    found = runner_installation.look_at_runner(file)
    wrote = _("Wrote {file}.", file=found.place) if done.is_new else _("Installed already: {file}.", file=found.place)
    show(found, translate(join("\n", [wrote, found.report])))


@command("uninstall")
def runner_uninstall_command() -> None:
    """Have none start with a login any more. One that serves now ends when it has nothing to do and no schedule is
    active.

    \b
    Example:
      smartspec runner uninstall
    """
    from smartspec.commands import runner_installation

    file = closed_session().file
    removed = runner_installation.uninstall_runner(file)
    told = [tr("Removed {file}.", file=each) for each in removed]
    nothing = tr("No runner of {file} starts at login: nothing was removed.", file=file)
    show({"removed": removed}, "\n".join(told) or nothing)


@command("status")
def runner_status_command() -> None:
    """Whether a runner of this database starts at login, what is wrong with that, and which one serves now.

    \b
    Example:
      smartspec runner status
    """
    from smartspec.commands import runner_installation

    here = closed_session()
    _open_if_there(here)
    found = runner_installation.look_at_runner(here.file)
    show(found, translate(found.report))


def _open_if_there(here: Session) -> None:
    """What is installed is told whatever became of the ledger."""
    with suppress(StorageError):
        if here.file.is_file():
            here.open(recover=False)


for _each in (runner_install_command, runner_uninstall_command, runner_status_command):
    runner_group.add_command(_each)
COMMANDS = (runner_group,)
