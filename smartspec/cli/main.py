"""The terminal's front door: the commands, and how errors leave."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from smartspec import __version__, paths
from smartspec.cli import configs, database, executions, run, versions, workflows
from smartspec.cli.options import command
from smartspec.cli.session import Session, shared_options, use_utf8
from smartspec.domain import times
from smartspec.errors import Invalid, SmartSpecError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Every command has examples: smartspec COMMAND --help",
)
@click.version_option(__version__, prog_name="smartspec", message="%(prog)s %(version)s")
@shared_options
def smartspec() -> None:
    """The local workflow ledger: define workflows, run them on this machine, and look back for years."""


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      smartspec completion bash >> ~/.bashrc
    """
    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(smartspec, {}, "smartspec", "_SMARTSPEC_COMPLETE").source())


for _module in (workflows, run, executions, versions, configs, database):
    for _command in _module.COMMANDS:
        smartspec.add_command(_command)
smartspec.add_command(completion_command)


def main(arguments: list[str] | None = None) -> int:
    """Run a command of the terminal; the answer is the exit code."""
    use_utf8()
    try:
        smartspec.main(arguments, prog_name="smartspec", standalone_mode=False, obj=Session())
    except SmartSpecError as error:
        _tell(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("smartspec: stopped.", err=True)
        return 130
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001 - the edge of the program: a bug is loud, and leaves a report
        click.echo(f"smartspec: This is an error in SmartSpec itself. A report is in {_report()}.", err=True)
        return 70
    return 0


def _tell(error: SmartSpecError) -> None:
    """One sentence; behind an Invalid every problem with its place."""
    click.echo(f"smartspec: {error}", err=True)
    if isinstance(error, Invalid):
        for problem in error.problems:
            if problem.line is not None:
                click.echo(f"  {problem}", err=True)


def _report() -> Path:
    """Write down what is needed to find a bug."""
    folder = paths.data_folder() / "reports"
    file = folder / f"{times.now():%Y%m%dT%H%M%S}.txt"
    text = f"SmartSpec {__version__}, Python {sys.version}, {sys.platform}\n{traceback.format_exc()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(text, encoding="utf-8")
    except OSError:
        click.echo(text, err=True)
    return file
