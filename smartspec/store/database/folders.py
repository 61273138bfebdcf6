"""Files and folders beside the database: for the owner alone, their names durable, gone when they are empty."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)
_LITTLE_BYTES = 64 * 1024  # with less, nothing more is taken


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


def write(file: Path, content: bytes) -> None:
    """A new file, in the place of one that is there; its bytes are durable, its name is not yet. Raises OSError."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def sync(path: Path) -> None:
    """Make the bytes of a file durable, or the names in a folder (nothing to do on Windows). Raises OSError."""
    is_folder = path.is_dir()
    if is_folder and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR | _BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_durable(path: Path) -> None:
    """As `sync`, where the system can: what is not durable now may be so later."""
    with suppress(OSError):
        sync(path)


def is_full(folder: Path, needed: int = _LITTLE_BYTES) -> bool:
    """Whether the disk has less room than that, in bytes; not where it cannot be asked."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < needed
    return False


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
