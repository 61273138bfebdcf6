"""What can be known of a ledger that does not open, and what is newer in it than in a backup."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Literal

from smartspec.errors import DatabaseDamaged, DatabaseTooNew, NotFound
from smartspec.store.backup import backup_logs, backups, examination, newer, usable
from smartspec.store.backup.backup_logs import LogsFound
from smartspec.store.backup.backups import Backup
from smartspec.store.backup.examination import Examination as Examination  # part of the answers here
from smartspec.store.backup.examination import FileFound as FileFound
from smartspec.store.backup.examination import PagesFound as PagesFound
from smartspec.store.backup.newer import Newer as Newer
from smartspec.store.backup.newer import NewerExecution as NewerExecution
from smartspec.store.backup.newer import NewerVersion as NewerVersion
from smartspec.store.database import sidecars
from smartspec.value import frozen


def examine_ledger(path: Path) -> Examination:
    """What there is of it, told in a moment; nothing is written."""
    return examination.examine(path)


def examine_pages(path: Path) -> PagesFound:
    """Every page of it, read without writing."""
    return examination.examine_pages(path)


BackupState = Literal["sound", "changed", "newer"]


@frozen
class NewPlace:
    """A folder for a second ledger: what is in it, and what is free on its disk, None where that is not known."""

    is_taken: bool
    free: int | None


def newest_sound_backup(path: Path) -> Backup | None:
    """The newest one that can be taken: as it was made, byte for byte and row for row; None where there is none."""
    try:
        return usable.newest_sound(sidecars.resolve_path(path), lambda _backup, _why: None)
    except NotFound:
        return None


def check_backup(path: Path, backup: Backup) -> BackupState:
    """`sound`, else not as it was made (`changed`), or made by a `newer` program."""
    try:
        usable.check(sidecars.resolve_path(path), backup)
    except DatabaseDamaged:
        return "changed"
    except DatabaseTooNew:
        return "newer"
    return "sound"


def newer_than(path: Path, backup: Backup) -> Newer:
    """What is in the ledger, or in its logs, and not in this backup of it. Raises StorageError."""
    return newer.newer_than(path, backup)


def logs_of(path: Path, backup: Backup) -> LogsFound:
    """The long logs of a backup that stand beside the ledger. Raises StorageError."""
    file = sidecars.resolve_path(path)
    return backup_logs.survey(backups.file_of(file, backup), file.parent / "logs")


def look_at_place(folder: Path, name: str) -> NewPlace:
    """Whether a ledger of this name may be made there."""
    with suppress(OSError):  # it may not be looked at, or no folder can have such a name
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
        return NewPlace((folder / name).exists(), shutil.disk_usage(there).free if there is not None else None)
    return NewPlace(False, None)


def free_folder(stem: str) -> Path:
    """One in the home folder that is not there yet."""
    found, more = Path.home() / stem, 1
    while found.exists():
        more += 1
        found = Path.home() / f"{stem}-{more}"
    return found
