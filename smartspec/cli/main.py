"""The terminal's entry point: the commands, and how errors leave."""

from __future__ import annotations

import errno
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from smartspec import __version__, errors, languages, logs, paths
from smartspec.cli import click_texts, screen
from smartspec.cli.echo import echo, echo_notice, shortened
from smartspec.cli.help import in_language
from smartspec.cli.options import Group
from smartspec.cli.session import Session, Window, shared_options
from smartspec.domain.text import escape_undecodable, one_line
from smartspec.errors import Invalid, SmartSpecError
from smartspec.messages import Message, _, join, tr, translate

# Where each command is at home; a module is imported when one of its commands is used, or when all are listed.
_HOMES = {
    "files": ("import", "export", "check", "new"),
    "workflows": (
        "list", "show", "rename", "duplicate", "activate", "deactivate", "archive", "delete", "restore", "purge",
    ),
    "run": ("run", "resume", "rerun", "again"),
    "runner": ("runner",),
    "notify": ("notify",),
    "ping": ("ping",),
    "window": ("open", "screenshot", "demo"),
    "record": ("record",),
    "importing": ("import-executions",),
    "compare": ("compare", "replay"),
    "activity": ("now",),
    "executions": ("history", "execution", "tasks", "note", "pin", "waiting", "timed-out"),
    "logs": ("logs", "events"),
    "control": ("cancel", "give-up", "pause", "confirm", "retry"),
    "versions": ("versions", "diff", "rollback"),
    "audit": ("audit",),
    "configs": ("config",),
    "database": ("db", "stats"),
    "metrics": ("metrics",),
    "alerts": ("alerts",),
    "workspaces": ("workspace",),
    "schedules": ("schedule", "event"),
    "settings": ("settings",),
    "call": ("call",),
    "completion": ("completion",),
}  # fmt: skip


# What a person can do something about, whoever ran into it
_OF_THE_SYSTEM = frozenset({
    errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG,
    errno.EROFS, errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.EIO,
})  # fmt: skip


class LazyGroup(Group):
    """The commands by name, each imported from its home when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for names in _HOMES.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for home, names in _HOMES.items():
            if cmd_name in names:
                module = import_module(f"smartspec.cli.{home}")
                commands: tuple[click.Command, ...] = module.COMMANDS
                return in_language(next(each for each in commands if each.name == cmd_name))
        return None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Every command has examples: smartspec COMMAND --help",
)
@click.version_option(
    __version__, prog_name="smartspec", message="%(prog)s %(version)s", help="Show the version and exit."
)
@shared_options
def smartspec() -> None:
    """The local workflow ledger: define workflows, run them on this machine, and look back for years."""


def main(arguments: list[str] | None = None, window: Window | None = None) -> int:
    """Run a command of the terminal; the answer is the exit code.

    Where its result could not be shown that is a failure, unless the code says how a run ended: that holds.
    """
    languages.use(languages.preferred())
    click_texts.install()
    session = Session(window=window)
    try:
        with _warnings_shown():
            code = _exit_code(arguments, session)
    finally:
        session.close()
    unshown = screen.failure()
    if unshown is None or code or session.tells_of_a_run:
        return code
    echo_notice(unshown)
    return SmartSpecError.exit_code


@contextmanager
def _warnings_shown() -> Iterator[None]:
    """What the parts below warn of is a sentence here; what nobody expected leaves a report."""
    logger, printer = logging.getLogger("smartspec"), _WarningPrinter(logging.WARNING)
    logger.addHandler(printer)
    try:
        yield
    finally:
        logger.removeHandler(printer)


class _WarningPrinter(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or isinstance(error, SmartSpecError):
            said = record.msg if isinstance(record.msg, Message) else record.getMessage()
            echo_notice(join(": ", [said, error.sentence]) if error else said)
        else:
            _report("".join(traceback.format_exception(error)))


def _exit_code(arguments: list[str] | None, session: Session) -> int:
    try:
        in_language(smartspec).main(arguments, prog_name="smartspec", standalone_mode=False, obj=session)
    except (click.Abort, KeyboardInterrupt):
        return _stopped()
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    except click.ClickException as error:
        _show_usage_error(error)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the edge of the program: a bug is loud, and leaves a report
        if isinstance(error.__cause__, KeyboardInterrupt):  # a class was being made (Python 3.11)
            return _stopped()
        if (known := _as_known(error)) is None:
            _report("".join(traceback.format_exception(error)))
            return 70
        _show_error(known)
        return known.exit_code
    return 0


def _stopped() -> int:
    echo_notice(_("stopped."))
    return 130


def _as_known(error: Exception) -> SmartSpecError | None:
    """What to say of an error that a person can do something about; None: it is a bug."""
    if isinstance(error, SmartSpecError):
        return error
    if isinstance(error, UnicodeEncodeError):
        text = one_line(escape_undecodable(error.object), 200)
        return Invalid(_("“{text}” holds bytes that are not UTF-8, and cannot be kept.", text=text))
    if isinstance(error, OverflowError):  # from the database, which counts in 64 bits
        return Invalid(_("A number that was given is larger than any that can be kept (64 bits)."))
    if isinstance(error, OSError) and error.errno in _OF_THE_SYSTEM:
        return SmartSpecError(_("{file}: {why}.", file=error.filename or _("A file"), why=errors.reason(error)))
    return None


def _show_error(error: SmartSpecError) -> None:
    """One sentence; behind an Invalid every problem with its place."""
    echo_notice(error.sentence)
    if isinstance(error, Invalid):
        for problem in error.problems:
            if problem.line is not None:
                echo(f"  {shortened(translate(problem.as_line))}", err=True)


def _show_usage_error(error: click.ClickException) -> None:
    """What click found wrong with the words that were typed, and how the command is used."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # a group of commands, and none of them was named
        echo(error.format_message(), err=True)
        return
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context):
        hint = tr("Try '{command}' for help.", command=f"{context.command_path} --help")
        echo(f"{context.get_usage()}\n{hint}\n", err=True)
    echo(tr("Error: {sentence}", sentence=shortened(_said(error))), err=True)


def _said(error: click.ClickException) -> str:
    """In the language that is spoken: `format_message` makes a plain text of what it was given."""
    return translate(error.message) if type(error) is click.UsageError else error.format_message()


def _report(text: str) -> None:
    """A bug is loud, and leaves a report; where that cannot be kept, it is told."""
    file = logs.write_report(paths.data_folder(), text)
    report = tr("A report is in {file}.", file=file) if file else text
    echo_notice(f"{tr('This is an error in SmartSpec itself.')} {report}")
