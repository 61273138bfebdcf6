"""What a person chose in a message on the desktop is done: by the runner that sent it, without a window but to open."""

from __future__ import annotations

import logging
import subprocess
from datetime import timedelta
from pathlib import Path

from smartspec.commands import control, deliveries, quiet
from smartspec.commands.environment import inherited
from smartspec.commands.program import command_line
from smartspec.domain import times
from smartspec.domain.notification.action import MessageAction
from smartspec.errors import SmartSpecError
from smartspec.messages import _

_QUIET = timedelta(hours=1)
logger = logging.getLogger(__name__)


def perform(ledger: Path, action: str, execution: str) -> SmartSpecError | None:
    """`execution` is an id, empty where the message was about many. The answer is why it could not be done."""
    try:
        match action:
            case MessageAction.RERUN:
                control.rerun_failed(execution)
            case MessageAction.STOP:
                control.cancel_execution(execution)
            case MessageAction.ALL_RIGHT:
                deliveries.accept_running_long(execution)
            case MessageAction.QUIET:
                quiet.quiet_until(times.now() + _QUIET)
            case _:
                _open(ledger, execution)
    except SmartSpecError as error:
        logger.warning("%s: %s", action, error)
        return error
    return None


def _open(ledger: Path, execution: str) -> None:
    """In the window that is open, else in a new one."""
    argv = command_line(ledger, ["open", f"smartspec://execution/{execution}"])
    try:
        subprocess.Popen(
            argv, env=inherited(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        logger.warning(_("No window could be opened: {error}.", error=error))
