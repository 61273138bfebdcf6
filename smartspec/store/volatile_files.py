"""Files that are memory: never on a disk, gone when the machine restarts."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from smartspec.store.database import folders

_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def place() -> Path | None:
    """A folder whose files are memory, of this user or with folders of its own for each; None where none is known."""
    candidates = [each for each in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm") if each]  # noqa: S108 - looked at below
    for each in map(Path, candidates):
        if each.is_absolute() and _is_memory(each) and os.access(each, os.W_OK | os.X_OK):
            return each
    return None


def _is_memory(folder: Path) -> bool:
    """By the kernel's list of what is mounted where; elsewhere than on Linux there is none."""
    try:
        mounted = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        at = folder.resolve(strict=True)
    except OSError:
        return False
    mounts = {Path(fields[1].replace("\\040", " ")): fields[2] for line in mounted if len(fields := line.split()) > 2}
    nearest = next((each for each in (at, *at.parents) if each in mounts), None)
    return nearest is not None and mounts[nearest] in _IN_MEMORY


def write(link: Path, content: bytes) -> bool:
    """Keep bytes in memory, and a link to them; False where there is no such place. Raises OSError."""
    where = place()
    if where is None:
        return False
    file = Path(tempfile.mkdtemp(prefix="smartspec-", dir=where)) / link.name
    try:
        folders.write(file, content)
        link.unlink(missing_ok=True)
        link.symlink_to(file)
    except OSError:
        _remove_file(file)
        raise
    return True


def remove(link: Path) -> None:
    """What a link leads to, with the folder that was made for it."""
    if link.is_symlink():
        _remove_file(link.readlink())


def _remove_file(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
        if file.parent.name.startswith("smartspec-"):
            file.parent.rmdir()
