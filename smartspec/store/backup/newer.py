"""What is in a ledger, or only in its logs, and not in a backup of it: the executions that a restored one lacks."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from smartspec.domain import ids, times
from smartspec.errors import StorageError
from smartspec.store.backup import backups, missing_executions
from smartspec.store.backup.backups import Backup
from smartspec.store.database import looking, sidecars
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

_FIRST = 5


@frozen
class NewerExecution:
    """`status` is None of one that only its log tells of; `detail` is its reason or error in the stored words."""

    id: str
    at: datetime
    name: str | None = None
    number: int | None = None
    status: str | None = None
    duration_ms: int | None = None
    detail: str | None = None


@frozen
class Newer:
    """The `first` few, newest first, of `count`; `by_status` counts all, None those of which only a log is known.

    `versions`: versions of workflows made since. `is_readable`: the ledger itself could be read; else logs alone tell.
    """

    first: tuple[NewerExecution, ...]
    count: int
    by_status: dict[str | None, int]
    versions: int
    is_readable: bool


def newer_than(file: Path, backup: Backup) -> Newer:
    """What is in a ledger and not in this backup of it."""
    file, made_ms = sidecars.resolve_path(file), times.to_ms(datetime.fromisoformat(backup.made_at))
    found: dict[str, NewerExecution] = {}
    versions, is_readable = 0, True
    known = _known(backups.file_of(file, backup), made_ms)
    try:
        with looking.reading(file) as mine:
            found = {each.id: each for each in _in(mine, made_ms)}
            versions = _versions(mine, made_ms)
    except (StorageError, OSError):
        is_readable = False
    for id_, _log in missing_executions.logged(file.parent / "logs"):
        if (ms := ids.ms_of(id_)) >= made_ms:
            found.setdefault(id_, NewerExecution(id_, times.from_ms(ms)))
    newer = sorted((each for each in found.values() if each.id not in known), key=lambda each: (each.at, each.id))
    counted = Counter(each.status for each in newer)
    return Newer(tuple(newer[: -_FIRST - 1 : -1]), len(newer), dict(counted), versions, is_readable)


def _known(copy: Path, made_ms: int) -> set[str]:
    """Those that a backup has though they began while it was made."""
    with looking.reading(copy) as connection:
        rows = connection.execute("SELECT id FROM executions WHERE created_at >= ?", (made_ms,)).fetchall()
    return {id_ for (id_,) in rows}


def _in(connection: Connection, made_ms: int) -> list[NewerExecution]:
    rows = connection.execute(
        "SELECT id, created_at, workflow_name, number, status, duration_ms, coalesce(status_reason, error)"
        " FROM executions WHERE created_at >= ?", (made_ms,),
    )  # fmt: skip
    return [NewerExecution(id_, times.from_ms(at), *rest) for id_, at, *rest in rows if ids.is_id(id_)]


def _versions(connection: Connection, made_ms: int) -> int:
    made = connection.execute("SELECT count(*) FROM workflow_versions WHERE created_at >= ?", (made_ms,))
    return int(made.fetchone()[0])
