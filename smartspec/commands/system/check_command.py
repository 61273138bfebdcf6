"""A command that says by its exit code whether something holds: bounded in time, its last line is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from smartspec.commands.system.elsewhere import NO_WINDOW
from smartspec.domain.invisible import escape_invisible
from smartspec.domain.schedule.conditions import COMMAND_SECONDS
from smartspec.domain.schedule.machine_state import CommandEnd

_CHUNK, _LAST_BYTES, _LONGEST_LINE = 65_536, 4_000, 200
_LOOK_S = 0.2
_DRAINED_S = 0.2  # what it left running may hold the pipe open


def run_check(
    command: str, environment: Mapping[str, str], folder: str, seconds: float = COMMAND_SECONDS,
    is_told_to_end: threading.Event | None = None,
) -> CommandEnd:  # fmt: skip
    """Where the folder is not there the shell cannot start, as with any program: exit code 127."""
    try:
        process = subprocess.Popen(
            _argv(command), env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, creationflags=NO_WINDOW,
        )  # fmt: skip
    except OSError as error:
        return CommandEnd(127, _shown(str(error).encode()))
    assert process.stdout is not None
    tail = bytearray()
    reader = threading.Thread(target=_keep_last, args=(process.stdout, tail), daemon=True)
    reader.start()
    code = _waited(process, time.monotonic() + seconds, is_told_to_end or threading.Event())
    if code is None:
        _kill(process)
    reader.join(_DRAINED_S)
    return CommandEnd(code, _shown(bytes(tail)))


def _waited(process: subprocess.Popen[bytes], until: float, is_told_to_end: threading.Event) -> int | None:
    """Its exit code; None: its time is over."""
    while (left := until - time.monotonic()) > 0 and not is_told_to_end.is_set():
        with suppress(subprocess.TimeoutExpired):
            return process.wait(min(left, _LOOK_S))
    return None


def _argv(command: str) -> list[str] | str:
    return f'cmd.exe /d /s /c "{command}"' if os.name == "nt" else ["/bin/sh", "-c", command]


def _keep_last(pipe: IO[bytes], tail: bytearray) -> None:
    with suppress(OSError, ValueError):
        while chunk := os.read(pipe.fileno(), _CHUNK):
            tail += chunk
            del tail[:-_LAST_BYTES]
    with suppress(OSError):
        pipe.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With all that it has started."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _shown(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").split("\n")
    last = next((each.strip() for each in reversed(lines) if each.strip()), "")
    return escape_invisible(last[:_LONGEST_LINE])
