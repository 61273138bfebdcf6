"""What can be known of a ledger that does not open, and what is newer in it than in a backup."""

from __future__ import annotations

from pathlib import Path

from smartspec.errors import DatabaseDamaged, NotFound
from smartspec.store.backup import backups, examination, newer
from smartspec.store.backup.backups import Backup
from smartspec.store.backup.examination import Examination as Examination  # part of the answers here
from smartspec.store.backup.examination import FileFound as FileFound
from smartspec.store.backup.examination import PagesFound as PagesFound
from smartspec.store.backup.newer import Newer as Newer
from smartspec.store.backup.newer import NewerExecution as NewerExecution
from smartspec.store.database import sidecars


def examine_ledger(path: Path) -> Examination:
    """What there is of it, told in a moment; nothing is written."""
    return examination.examine(path)


def examine_pages(path: Path) -> PagesFound:
    """Every page of it, read without writing."""
    return examination.examine_pages(path)


def newest_sound_backup(path: Path) -> Backup | None:
    """The newest one that is as it was made, byte for byte and row for row; None where there is none."""
    try:
        return backups.newest_sound(sidecars.resolve_path(path), lambda _backup, _why: None)
    except NotFound:
        return None


def is_sound(path: Path, backup: Backup) -> bool:
    """Whether a backup is as it was made, byte for byte and row for row."""
    file = sidecars.resolve_path(path)
    try:
        backups.check_copy(backups.file_of(file, backup), backup)
    except DatabaseDamaged:
        return False
    return True


def newer_than(path: Path, backup: Backup) -> Newer:
    """The executions that are in the ledger, or in its logs, and not in this backup of it."""
    return newer.newer_than(path, backup)
