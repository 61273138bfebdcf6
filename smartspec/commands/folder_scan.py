"""What is at a path that a schedule watches: the files, and what tells that they are others than before."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from smartspec.commands.environment import home
from smartspec.domain.schedule.events import FileChange, FileEvent
from smartspec.domain.schedule.file_watch import MOST_ENTRIES, WHOLE, FileStamp, Place, Sight, fits_name

_ENTRIES_HAVE_NO_INODE = sys.platform == "win32"
_LARGEST = 2**63 - 1  # of a number in the ledger


class _TooManyError(Exception):
    """More entries than one look takes."""


def absolute(path: str) -> str:
    """With the home of this user for `~`, and of others for theirs where the system knows it."""
    try:
        return str(Path(home(), Path(path).expanduser()))
    except RuntimeError:  # ~nobody
        return path


def see(event: FileEvent, last: Sight | None = None) -> Sight:
    """One look, which may take as long as a disk that does not answer. Nothing is raised: what goes wrong is told.

    `last` is it still where no name has come or gone, and nothing but names counts.
    """
    path = absolute(event.path)
    try:
        return _seen(event, path, Path(path).stat(), last)
    except (FileNotFoundError, NotADirectoryError):
        return Sight(device=_device_above(path))
    except PermissionError:
        return Sight(problem="denied")
    except _TooManyError:
        return Sight(problem="many")
    except (OSError, ValueError) as error:  # a loop of links, a disk that fails, a NUL
        return Sight(problem=f"error: {getattr(error, 'strerror', None) or error}")


def _seen(event: FileEvent, path: str, found: os.stat_result, last: Sight | None) -> Sight:
    device = found.st_dev & _LARGEST
    if stat.S_ISDIR(found.st_mode):
        names, unread = _names(event, found), list[str]()
        if last is not None and names is not None and (last.device, last.names) == (device, names):
            return last
        return Sight(Place.FOLDER, dict(_files(event, path, unread)), device, unread=tuple(unread), names=names)
    if event.is_of_folder:
        return Sight(problem="no_folder")
    return Sight(Place.FILE, {WHOLE: _stamp(found)}, device)


def _names(event: FileEvent, folder: os.stat_result) -> tuple[int, int] | None:
    """None while one more name might leave the folder's time of change as it is."""
    if event.change is not FileChange.APPEARED or event.recursive or _stamp(folder).may_change_unseen(time.time_ns()):
        return None
    return folder.st_ino, folder.st_mtime_ns


def _files(event: FileEvent, path: str, unread: list[str]) -> Iterator[tuple[str, FileStamp]]:
    """Links are followed to files, never to folders. What goes meanwhile is not there."""
    left, folders = MOST_ENTRIES, [""]
    while folders:
        folder = folders.pop()
        for entry in _entries(path, folder, unread):
            left -= 1
            if left < 0:
                raise _TooManyError
            name = folder + entry.name
            if entry.is_dir(follow_symlinks=False):
                if event.recursive and not entry.name.startswith("."):
                    folders.append(name + os.sep)
            elif fits_name(event, entry.name) and (stamp := _stamp_of(entry)) is not None:
                yield name, stamp


def _entries(path: str, folder: str, unread: list[str]) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(f"{path}{os.sep}{folder}") as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        if not folder:
            raise
    except PermissionError:
        if not folder:
            raise
        unread.append(folder)


def _stamp_of(entry: os.DirEntry[str]) -> FileStamp | None:
    """None for what is no file: a folder behind a link, a link to nothing, a pipe."""
    try:
        found = os.stat(entry.path) if _ENTRIES_HAVE_NO_INODE else entry.stat()  # noqa: PTH116 - many, and often
    except OSError:
        return None
    return _stamp(found) if stat.S_ISREG(found.st_mode) else None


def _stamp(found: os.stat_result) -> FileStamp:
    return FileStamp(found.st_mtime_ns, found.st_size, found.st_ino & _LARGEST, found.st_ctime_ns)


def _device_above(path: str) -> int | None:
    for parent in Path(path).parents:
        with suppress(OSError):
            return parent.stat().st_dev & _LARGEST
    return None
