"""Another process of this program, detached from this one; whoever started it can ask why it did not come up."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from smartspec.commands.environment import inherited
from smartspec.commands.program import command_line
from smartspec.errors import RunError
from smartspec.messages import Message, _

_LOOK_SECONDS = 0.02
_LONGEST_WORDS = 2_000
_DETACHED: dict[str, Any] = (
    {"creationflags": 0x00000208} if os.name == "nt" else {"start_new_session": True}
)  # no console, own group


class Launch:
    """One start of it. What it says while it comes up is kept here, and nowhere else."""

    def __init__(self, database: Path, arguments: Sequence[str]) -> None:
        """Raises RunError."""
        self._said = _private_file()
        self._has_said = ""
        self._is_over = threading.Event()
        try:
            self._popen = subprocess.Popen(
                command_line(database, arguments),
                env=inherited(),
                cwd=Path.home() if Path.home().is_dir() else None,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said or subprocess.DEVNULL,
                **_DETACHED,
            )
        except OSError as error:
            if self._said is not None:
                self._said.close()
            raise RunError(
                _("No runner could be started: {error}. What is queued stays queued.", error=error)
            ) from error
        threading.Thread(target=self._collect, name="background runner", daemon=True).start()

    def _collect(self) -> None:
        """Or it stays a zombie of ours. What it said at its end is kept, the file is not."""
        self._popen.wait()
        self._has_said = self._last_words()
        if self._said is not None:
            self._said.close()
        self._is_over.set()

    def check(self, came_up: Callable[[], bool], seconds: float = 0.0) -> None:
        """Wait so long for it to come up. Raises RunError, with what it said last, where it has ended instead."""
        wait_for(lambda: came_up() or self._is_over.is_set(), seconds)
        if self._is_over.is_set() and self._popen.returncode and not came_up():
            raise RunError(self._why())

    def _why(self) -> Message:
        said = self._has_said.rstrip(".") or _("it ended with exit code {code}", code=self._popen.returncode)
        return _(
            "No runner came up: {why}. What is queued stays queued; `{command}` runs it here.",
            why=said,
            command="smartspec runner",
        )

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - _LONGEST_WORDS))
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("smartspec: ") if lines else ""


def wait_for(came: Callable[[], bool], seconds: float) -> None:
    """Until then, or so long."""
    deadline = time.monotonic() + seconds
    while not came() and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def _private_file() -> IO[bytes] | None:
    """None where there is no room for one: then the reason is not known."""
    with suppress(OSError):
        return tempfile.TemporaryFile()
    return None
