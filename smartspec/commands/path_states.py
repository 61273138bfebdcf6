"""Whether a path that somebody names is there, and can be read."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from smartspec.commands.environment import home


class PathState(StrEnum):
    FOLDER = "folder"
    FILE = "file"
    UNREADABLE = "unreadable"
    MISSING = "missing"


def path_state(path: str, folder: str = "") -> PathState:
    """What is at a path; a relative one counts from a folder, by default from the home of this user."""
    try:
        at = Path(folder or home(), path)
        if not at.exists():
            return PathState.MISSING
        is_folder = at.is_dir()
        readable = os.access(at, os.R_OK | (os.X_OK if is_folder else 0))
    except PermissionError:  # of a folder above it
        return PathState.UNREADABLE
    except (OSError, ValueError):  # a NUL, a name that is too long
        return PathState.MISSING
    if not readable:
        return PathState.UNREADABLE
    return PathState.FOLDER if is_folder else PathState.FILE
