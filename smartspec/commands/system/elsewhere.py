"""What Windows and macOS tell of networks and idle time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of a console, on Windows
_SECONDS = 10
# Names as the settings show them; what it says is JSON, a list or one text.
_PROFILES = ["powershell", "-NoProfile", "-NonInteractive", "-Command",
             "ConvertTo-Json @(Get-NetConnectionProfile | ForEach-Object Name)"]  # fmt: skip


def networks() -> tuple[str, ...] | None:
    """macOS tells no name to a program that may not know where it is."""
    return parse_profiles(_said(_PROFILES)) if sys.platform == "win32" else None


def parse_profiles(said: str | None) -> tuple[str, ...] | None:
    try:
        found = json.loads(said) if said and said.strip() else None
    except ValueError:
        return None
    names = [found] if isinstance(found, str) else found
    return tuple(each for each in names if isinstance(each, str)) if isinstance(names, list) else None


def idle_ms() -> int | None:
    if sys.platform == "win32":
        return _since_input()
    return parse_idle(_said(["/usr/sbin/ioreg", "-c", "IOHIDSystem", "-d", "4"])) if sys.platform == "darwin" else None


def parse_idle(said: str | None) -> int | None:
    """Of IOHIDSystem, which counts nanoseconds since the last input."""
    found = re.search(r'"HIDIdleTime" = (\d+)', said or "")
    return int(found[1]) // 1_000_000 if found else None


def _said(argv: Sequence[str]) -> str | None:
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            argv, capture_output=True, timeout=_SECONDS, check=True, stdin=subprocess.DEVNULL, creationflags=NO_WINDOW
        )
        return done.stdout.decode("utf-8", "replace")
    return None


def _since_input() -> int | None:
    """Of the session of this user: GetLastInputInfo."""
    if sys.platform != "win32":
        return None
    import ctypes

    class LastInput(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("ticks", ctypes.c_uint)]

    last = LastInput(ctypes.sizeof(LastInput), 0)
    if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    now = ctypes.windll.kernel32.GetTickCount() & 0xFFFFFFFF
    return (now - last.ticks) & 0xFFFFFFFF  # both begin anew after 49.7 days
