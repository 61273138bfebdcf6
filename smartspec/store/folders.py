"""Files and folders beside the database: for the owner alone, their names durable, gone when they are empty."""

import os
from contextlib import suppress
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


def make(folder: Path, *, durable: bool = True) -> None:
    """It, and what is missing above it; the name of each is durable before anything stands in it. Raises OSError."""
    if folder.is_dir():
        return
    make(folder.parent, durable=durable)
    try:
        folder.mkdir(0o700)  # one by one: `parents` would leave those above it to the umask
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    if durable:
        make_durable(folder.parent)


def open_file(file: Path, flags: int) -> int:
    """The descriptor of a file that is made where it is missing, with its folder. Raises OSError."""
    make(file.parent)
    try:
        return os.open(file, flags | os.O_CREAT | _BINARY, 0o600)
    except FileNotFoundError:  # the folder was empty just now, and removed
        make(file.parent)
        return os.open(file, flags | os.O_CREAT | _BINARY, 0o600)


def make_durable(place: Path) -> None:
    """The bytes of a file, or the names in a folder, where the system can; what is not durable now may be so later."""
    with suppress(OSError):
        descriptor = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR | _BINARY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_empty(folder: Path, below: Path) -> None:
    """The folder and those above it that are empty now; `below` stays."""
    while folder != below and below in folder.parents:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent
