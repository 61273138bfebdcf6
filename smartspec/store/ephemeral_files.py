"""What is kept of an execution outside the database and its backups, until it has ended: what may hold secrets."""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from smartspec.errors import ConnectionFailed, DiskFull
from smartspec.messages import _
from smartspec.store import database, volatile_files
from smartspec.store.database import folders, sqlite

ENVIRONMENT = "environment"
SECRETS = "secrets"  # those that are kept for this session only
_TRIES = 3
_YOUNG_SECONDS = 600.0  # what is written before its row is inserted is not yet left over


def write(execution: str, name: str, content: bytes, *, volatile: bool = False) -> None:
    """Keep some bytes of an execution, durably and for the owner alone. Raises StorageError.

    `volatile`: in memory, where the machine has files that are; the folder then holds only where they are.

    Nobody looks for them before this is done. A power cut may leave a beginning (the content has to tell its end), and
    where the file system forgets the name of a synced file, nothing: then that is said when it is missed.
    """
    folder = _folder(execution)
    try:
        for left in reversed(range(_TRIES)):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                folder.parent.chmod(0o700)
                if not (volatile and volatile_files.write(folder / name, content)):
                    folders.write(folder / name, content)
                break
            except FileNotFoundError:  # what the former end of the execution left was removed just now
                if not left:
                    raise
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(sqlite.FULL) from error
        raise ConnectionFailed(_("{file} cannot be written: {why}.", file=folder / name, why=why)) from error


def read(execution: str, name: str) -> bytes | None:
    """None where nothing is kept by this name, or it cannot be read."""
    try:
        return (_folder(execution) / name).read_bytes()
    except OSError:
        return None


def remove(execution: str) -> None:
    """All that is kept of an execution."""
    with suppress(FileNotFoundError):
        _folder(execution).lstat()
        volatile_files.remove(_folder(execution) / SECRETS)
        shutil.rmtree(_folder(execution), ignore_errors=True)


def all_of() -> tuple[tuple[str, bool], ...]:
    """The ids of executions of which something is kept, and whether that is old enough to be left over."""
    young = time.time() - _YOUNG_SECONDS
    found = []
    with suppress(OSError):
        for entry in os.scandir(database.folder() / "ongoing"):
            with suppress(OSError):
                found.append((entry.name, entry.stat(follow_symlinks=False).st_mtime < young))
    return tuple(found)


def _folder(execution: str) -> Path:
    return database.folder() / "ongoing" / execution
