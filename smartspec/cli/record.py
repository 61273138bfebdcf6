"""`record`: a command that runs as always, and leaves its record."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from smartspec.cli.echo import echo_notice
from smartspec.cli.options import DURATION, command, read_json
from smartspec.cli.session import Session, closed_session
from smartspec.commands import process_identity, recording
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.execution import Origin, Trigger
from smartspec.domain.ids import RunnerPk
from smartspec.domain.invisible import escape_invisible
from smartspec.domain.ranges import RANGES
from smartspec.domain.text import escape_undecodable, replace_unstorable
from smartspec.errors import RunError, SmartSpecError, reason
from smartspec.messages import _
from smartspec.runner import background
from smartspec.runner.pings.pinger import Pinger
from smartspec.runner.process.process_exit import result_of, with_usage
from smartspec.runner.record.recorded_command import RecordedCommand
from smartspec.runner.record.recording import Recording, RecordingSpec, working_folder

_NOT_FOUND, _NOT_EXECUTABLE, _SIGNALLED = 127, 126, 128  # as shells say it (POSIX, 2.8.2 Exit Status for Commands)


@command("record", takes_bytes=True, allow_interspersed_args=False)
@click.option(
    "--name", metavar="NAME", help="The workflow it belongs to, made where there is none; else the program's name."
)
@click.option("--input", "input_", metavar="JSON|@FILE", help="What it was given, for the record.")
@click.option(
    "--every", "every_ms", type=DURATION, metavar="DURATION", help="It is to succeed so often (1d, 90m): else an alert."
)
@click.option("--session", "session_id", metavar="TEXT", help="A session to find it by.")
@click.option("--user", "user_name", metavar="TEXT", help="A user to find it by.")
@click.option("--correlation-id", metavar="TEXT", help="An id of yours to find it by.")
@click.argument("argv", metavar="COMMAND…", nargs=-1, required=True, type=click.UNPROCESSED)
def record_command(
    name: str | None, input_: str | None, every_ms: int | None, argv: tuple[str, ...], **known_by: Any
) -> None:
    """Run a command as always, and keep its output, exit code, times, memory and environment as an execution.

    The command has the same terminal, output, signals and exit code as without `record`. When the ledger cannot be
    written it runs all the same, and one line on stderr says so. What it writes is kept with secrets masked: the
    values of SMARTSPEC_SECRET_… and of the workflow's secrets.

    \b
    Examples:
      smartspec record --name nightly ./nightly.sh
      smartspec record --name backup --every 1d ./backup.sh
      smartspec record -- make -j4 backup
      smartspec record --name train --input '{"epochs": 3}' -- python train.py --epochs 3
    """
    here = closed_session()
    if every_ms is not None:
        RANGES["alerts.every_ms"].check(every_ms, _("The rhythm in milliseconds"))
    here.tells_of_a_run = True
    given = read_json(input_ if input_.startswith("@") else replace_unstorable(input_), "--input") if input_ else None
    what = {"command": [escape_undecodable(word) for word in argv], "cwd": working_folder()}
    ids: dict[str, Any] = {key: text and escape_undecodable(text) for key, text in known_by.items()}
    origin = Origin(Trigger.CLI, **ids)
    pinger = Pinger()
    recording_ = Recording(echo_notice, pinger)
    recorder = _Recorder(here)
    named = escape_undecodable(name) if name else escape_invisible(escape_undecodable(_name_of(argv)))
    recording_.begin(RecordingSpec(named, what, given, origin, here.workspace, every_ms), recorder.register)
    code = _run(argv, recording_, recorder)
    with suppress(KeyboardInterrupt):  # then it goes without an answer, by the code of the command
        pinger.wait()
    with suppress(SmartSpecError):
        if here.is_open:
            background.ensure_told(here.file)
    here.close()
    _exit_like(code)


class _Recorder:
    """This process, as the one who records."""

    def __init__(self, here: Session) -> None:
        self._here = here
        self._key: RunnerPk | None = None

    def register(self) -> RunnerPk:
        self._here.open(recover=False)
        self._key = recording.register_recorder(process_identity.this_process("recording"))
        return self._key

    def leave(self) -> None:
        if self._key is not None:
            recording.unregister_recorder(self._key)


def _name_of(argv: tuple[str, ...]) -> str:
    return Path(argv[0]).name or argv[0]


def _run(argv: tuple[str, ...], kept: Recording, recorder: _Recorder) -> int:
    """The exit code, negative for a signal."""
    command_ = RecordedCommand(argv, kept.write, kept.pass_time)
    try:
        ended = command_.run()
    except RunError as error:
        echo_notice(error.sentence)
        kept.end(AttemptResult(status=TaskStatus.FAILED, reason="start", error=str(error)), last=recorder.leave)
        return _NOT_FOUND if isinstance(error.__cause__, FileNotFoundError) else _NOT_EXECUTABLE
    was_ended = (command_.is_interrupted and ended.code != 0) or -ended.code == signal.SIGINT
    cancelled = AttemptResult(status=TaskStatus.CANCELLED, reason="user")
    kept.end(with_usage(cancelled, ended) if was_ended else result_of(ended), last=recorder.leave)
    if command_.unshown is not None:
        echo_notice(_("not all that the command wrote could be shown: {why}.", why=reason(command_.unshown)))
    return ended.code


def _exit_like(code: int) -> None:
    """As the command did: with its exit code, or by the signal that ended it.

    What this process cannot die of (KILL, or anything as the first process of a container) is 128 more, as in a shell.
    """
    if code < 0 and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
    sys.exit(code if code >= 0 else _SIGNALLED - code)


COMMANDS = (record_command,)
