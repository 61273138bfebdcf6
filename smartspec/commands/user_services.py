"""The services that systemd runs for one user: asked and told through `systemctl --user` and `loginctl`."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Sequence

from smartspec.errors import RunError
from smartspec.messages import _
from smartspec.value import frozen

_SECONDS = 60


@frozen
class ServiceState:
    """As systemctl(1) words it: `active` is active, inactive, failed, activating …; `pid` is 0 where none runs."""

    active: str
    is_enabled: bool
    pid: int


def why_not() -> str:
    """Why no user services can be had here, to stand in a sentence as all that is raised here; empty: they can."""
    try:
        _systemctl("show", "--property=Version")
    except RunError as error:
        return error.sentence
    return ""


def start(name: str) -> None:
    """With each login, and now. Raises RunError."""
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", name)


def forget() -> None:
    """What is no longer in its folder. Raises RunError."""
    _systemctl("daemon-reload")


def state(name: str) -> ServiceState:
    """Raises RunError."""
    asked = "ActiveState,MainPID,UnitFileState"
    said = _systemctl("show", name, f"--property={asked}")
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return ServiceState(found["ActiveState"], found["UnitFileState"].startswith("enabled"), int(found["MainPID"]))


def enable_lingering() -> None:
    """Let this user's services run without a login too. Raises RunError."""
    _run(["loginctl", "enable-linger"])


def is_lingering() -> bool:
    """False also where nobody can say."""
    try:
        return _run(["loginctl", "show-user", getpass.getuser(), "--property=Linger", "--value"]).strip() == "yes"
    except RunError:
        return False


def _systemctl(*arguments: str) -> str:
    return _run(["systemctl", "--user", "--no-pager", *arguments])


def _run(command: Sequence[str]) -> str:
    asked = " ".join(each for each in command if each != "--no-pager")
    try:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS
        )
    except FileNotFoundError as error:
        raise RunError(_("there is no {program} here", program=command[0])) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RunError(_("`{command}` did not answer: {error}", command=asked, error=error)) from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [_("exit code {code}", code=done.returncode)])[-1]
        raise RunError(_("`{command}` says: {said}", command=asked, said=said.rstrip(".")))
    return done.stdout
