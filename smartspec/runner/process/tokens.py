"""The token that marks every process of an attempt, wherever it went: it is in its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TOKEN = "SMARTSPEC_TOKEN"
_NOT_OURS = (PermissionError, FileNotFoundError, ProcessLookupError)  # another user's, or gone meanwhile


def token_of(execution: str, attempt: str) -> str:
    """What marks every process that an attempt starts; `attempt` is task.item.attempt."""
    return f"{execution}/{attempt}/"


def with_token(*prefixes: str) -> list[int]:
    """The processes whose token begins so. Where environments cannot be read there are none to find.

    Raises OSError where nothing can be looked at: no file may be opened any more.
    """
    wanted = tuple(prefix.encode() for prefix in prefixes)
    own = os.getpid()
    return [pid for pid, environment in _environments() if pid != own and _token(environment).startswith(wanted)]


def _token(environment: bytes) -> bytes:
    """Empty where there is none."""
    mark = f"{TOKEN}=".encode()
    if environment.startswith(mark):
        return environment[len(mark) :].partition(b"\0")[0] or b"\0"
    return environment.partition(b"\0" + mark)[2].partition(b"\0")[0]


def has_token(pid: int) -> bool:
    """Whether a task of anybody started it (Linux)."""
    try:
        return bool(_token(Path(f"/proc/{pid}/environ").read_bytes()))
    except OSError:
        return False


def _environments() -> Iterable[tuple[int, bytes]]:
    if sys.platform != "linux":
        yield from _environments_elsewhere()
        return
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(*_NOT_OURS):
                yield int(entry.name), Path(entry.path, "environ").read_bytes()


def _environments_elsewhere() -> Iterable[tuple[int, bytes]]:
    import psutil

    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            pairs = process.environ().items()
            yield process.pid, b"\0".join(f"{name}={value}".encode("utf-8", "replace") for name, value in pairs)
