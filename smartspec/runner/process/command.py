"""What is started for a task, and starting it."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from smartspec.errors import RunError
from smartspec.messages import _
from smartspec.runner.process.pipes import Pipes
from smartspec.runner.process.spawn import spawn
from smartspec.value import frozen

_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@frozen
class Command:
    """What to start. `stdin` None: it is empty. `token` marks everything that it starts.

    stdout and stderr share one pipe, which keeps the order of what is written; `apart`: each has its own, and the order
    is as close as two allow.
    """

    argv: list[str]
    env: Mapping[str, str]
    cwd: Path
    token: str
    stdin: bytes | None = None
    apart: bool = False


def start(command: Command, outlets: Pipes) -> subprocess.Popen[bytes]:
    """In a process group of its own. Raises RunError with a sentence when it cannot be started."""
    _check(command)
    return spawn(
        command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
        stdout=outlets.stdout,
        stderr=outlets.stderr,
        start_new_session=os.name == "posix",
        creationflags=_NO_WINDOW,
    )


def _check(command: Command) -> None:
    """Raises RunError for what no system can start; what this one cannot is found out by `spawn`."""
    if not command.argv or not command.argv[0]:
        raise RunError(_("There is no command to start: its first word is empty."))
    folder = command.cwd
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError:
        raise RunError(
            _(
                "The working folder {folder} does not exist; make it, change `cwd`, or import the workflow from where"
                " its file is now.",
                folder=folder,
            )
        ) from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise RunError(
            _("The working folder {folder} cannot be used: {why}; change `cwd`.", folder=folder, why=why)
        ) from error
    if not is_folder:
        raise RunError(_("The working folder {folder} is no folder; change `cwd`.", folder=folder))
