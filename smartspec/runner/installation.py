"""A runner that stays, from now on and with each login."""

from __future__ import annotations

from pathlib import Path

from smartspec.commands import process_identity, runner_installation
from smartspec.commands.runner_installation import Installed
from smartspec.runner import background
from smartspec.runner.launch import Launch, wait_for


def install(database: Path, *, linger: bool = False) -> Installed:
    """Let a runner start at login, and wait a moment for one that stays from now on. Raises Invalid, RunError."""
    done = runner_installation.install_runner(database, linger=linger)
    if done.is_started:
        wait_for(_stays, background.STARTUP_SECONDS)
    elif not _stays():
        Launch(database, ["runner", runner_installation.INSTALLED]).check(_stays, background.STARTUP_SECONDS)
    return done


def _stays() -> bool:
    """Whether one lives that stays as long as it is installed: its command line says so."""
    return any(runner_installation.INSTALLED in process_identity.command_of(each) for each in background.alive())
