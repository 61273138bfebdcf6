"""What stands beside a database file: its journal, its backups, and the traces that say that there was one."""

from __future__ import annotations

import os
import re
from datetime import datetime
from glob import escape
from pathlib import Path

from smartspec import paths
from smartspec.domain import times
from smartspec.messages import Message, _, _n

JOURNALS = ("-wal", "-shm", "-journal")  # SQLite's own, each named after the database


def resolve_path(file: Path) -> Path:
    """The file itself, where it was named by a link: what belongs to it stands beside it, and not beside the link."""
    return Path(os.path.realpath(paths.expanded(file)))


def journal(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def backups(file: Path) -> Path:
    return file.parent / "backups"


def is_backup_of(file: Path, name: str) -> bool:
    return bool(re.match(rf"{re.escape(file.stem)}-\d{{8}}T\d{{9}}Z\b", name))


def stamp(moment: datetime) -> str:
    """A moment (UTC) in the name of a file."""
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"


def aside(file: Path) -> Path:
    """A name for a file that is put out of the way; no other file has it."""
    stem = f"{file.stem}-aside-{stamp(times.now())}"
    found, number = file.with_name(f"{stem}{file.suffix}"), 1
    while any(journal(found, ending).exists() for ending in ("", *JOURNALS)):
        number += 1
        found = file.with_name(f"{stem}-{number}{file.suffix}")
    return found


def traces(file: Path) -> list[Message]:
    """What says that there was a ledger here, in words: a new one is not made in its place without being asked for."""
    found: list[Message] = []
    if count := sum(is_backup_of(file, each.name) for each in backups(file).glob("*.db")):
        found.append(_n("{n} backup", "{n} backups", count))
    if (journal_file := journal(file, "-wal")).exists() and journal_file.stat().st_size:
        found.append(_("its journal {name}", name=journal_file.name))
    if any(file.parent.glob(f"{escape(file.stem)}-aside-*")):
        found.append(_("a file that was put aside"))
    if not _has_another(file) and _is_filled(file.parent / "logs"):
        found.append(_("logs of executions"))
    return found


def _has_another(file: Path) -> bool:
    """Whether another ledger stands in the folder, whose logs they may be."""
    return any(each != file and each.is_file() and "-aside-" not in each.name for each in file.parent.glob("*.db"))


def _is_filled(folder: Path) -> bool:
    return any(each.is_file() for each in folder.rglob("*"))
