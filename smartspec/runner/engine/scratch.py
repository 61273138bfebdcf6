"""The folder that the tasks of an execution share. They may do with it what they like: no link in it is followed."""

from __future__ import annotations

import shutil
import stat
from contextlib import suppress
from pathlib import Path

from smartspec.commands import runs
from smartspec.errors import RunError
from smartspec.messages import _

_ASIDE = ".over-"  # the beginning of the name of one that is being removed


def make(folder: Path) -> None:
    """For the owner alone, with the place for outputs; what was put in its place goes. Raises OSError."""
    for each in (folder, folder / ".outputs"):
        if not _is_folder(each):
            each.unlink(missing_ok=True)
            runs.make_folder(each)


def check(folder: Path) -> None:
    """What an earlier task removed is there again. Raises RunError for what one put in its place. (A hot path.)"""
    for each in (folder, folder / ".outputs"):
        if _is_folder(each):
            continue
        with suppress(OSError):
            each.mkdir(mode=0o700)
        if not _is_folder(each):
            raise RunError(
                _("{folder} is no folder that can be used any more; a task removed or replaced it.", folder=each)
            )


def remove(folder: Path) -> None:
    """With all that is in it, or the link in its place; what cannot be removed stays."""
    with suppress(OSError):
        if _is_folder(folder):
            shutil.rmtree(folder, onerror=_open_up)
        else:
            folder.unlink(missing_ok=True)


def _is_folder(path: Path) -> bool:
    """A link to one is none."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _open_up(remover: object, path: str, _: object) -> None:
    """A task may have left a folder that not even its owner may write: once more, with the right to."""
    parent = Path(path).parent
    with suppress(OSError):
        for each in (parent, Path(path)):
            if _is_folder(each):
                each.chmod(0o700)
        target = Path(path)
        shutil.rmtree(target, ignore_errors=True) if _is_folder(target) else target.unlink()


def remove_stale() -> None:
    """Remove those of executions that have ended, or are not there (any more)."""
    root = runs.scratch_folder("x").parent
    if not _is_folder(root):
        return
    names = [each.name for each in root.iterdir()]
    for name in runs.over(name for name in names if not name.startswith(_ASIDE)):
        with suppress(OSError), runs.one_transaction():  # nobody makes one run again meanwhile
            if runs.over([name]):
                (root / name).rename(root / f"{_ASIDE}{name}")
    for each in root.iterdir():
        if each.name.startswith(_ASIDE):
            remove(each)
