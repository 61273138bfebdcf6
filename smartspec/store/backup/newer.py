"""What is in a ledger, or only in its logs, and not in a backup of it: what a restored one lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from smartspec.domain import ids, times
from smartspec.errors import StorageError
from smartspec.store import conditions
from smartspec.store.backup import backups, missing_executions
from smartspec.store.backup.backups import Backup
from smartspec.store.database import looking, sidecars, sqlite
from smartspec.store.database.sqlite import Connection
from smartspec.value import field, frozen

T = TypeVar("T")
_Listed = tuple[str, str, int, str, int | None, int | None, str | None, str | None]
MOST_LISTED = 10_000
_AT_ONCE = 500  # of those that had not ended, in one question
_EXECUTION = "id, status, created_at, workflow_name, number, duration_ms, status_reason, error"
_COUNTS = (
    "SELECT count(*) FROM working_copies WHERE updated_at >= :made",
    "SELECT count(*) FROM config_history WHERE at >= :made",
    f"SELECT count(*) FROM executions WHERE {conditions.RUNNING} AND deleted_at IS NULL",  # noqa: S608 - our own words
)
_VERSIONS = (
    "SELECT coalesce(w.ref, 'removed'), v.number, v.version FROM workflow_versions AS v"
    " LEFT JOIN workflows AS w ON w.pk = v.workflow WHERE v.created_at >= ? ORDER BY v.created_at DESC, v.pk DESC"
)


@frozen
class NewerExecution:
    """`status` is None of one that only its log tells of; `reason` and `error` are as they are stored."""

    id: str
    at: datetime
    name: str | None = None
    number: int | None = None
    status: str | None = None
    duration_ms: int | None = None
    reason: str | None = None
    error: str | None = None


@frozen
class NewerVersion:
    ref: str
    number: int
    version: str


@frozen
class Newer:
    """`executions` newest first, at most MOST_LISTED of `count`; `by_status` counts all, None where only a log tells.

    Among them are those that the backup has as they were before their end. `drafts` and `settings` are those that were
    written since; `running` is how many run now. `is_readable`: all of the ledger could be read; else what was read,
    and logs, tell.
    """

    executions: tuple[NewerExecution, ...] = ()
    count: int = 0
    by_status: dict[str | None, int] = field(default_factory=dict)
    versions: tuple[NewerVersion, ...] = ()
    drafts: int = 0
    settings: int = 0
    running: int = 0
    is_readable: bool = True

    @property
    def is_nothing(self) -> bool:
        return not (self.count or self.versions or self.drafts or self.settings)


@frozen
class Known:
    """Of a backup: those that began while it was made, and the statuses of those that had not ended, by id."""

    made_ms: int
    ids: frozenset[str]
    open: dict[str, str]


def newer_than(file: Path, backup: Backup) -> Newer:
    """What is in a ledger and not in this backup of it. Raises StorageError where the backup cannot be read."""
    file = sidecars.resolve_path(file)
    known, reading = read_known(file, backup), Reading()
    found: dict[str, NewerExecution] = {}
    versions: list[NewerVersion] = []
    counts = [0, 0, 0]

    def read(mine: Connection) -> None:
        for each in reading.until_broken(_executions(mine, known)):
            found[each.id] = each
        versions.extend(reading.until_broken(_versions(mine, known)))
        for at, of in enumerate(_COUNTS):
            counts[at] = int(mine.execute(of, {"made": known.made_ms}).fetchone()[0])

    reading.run(file, read)
    for id_, _log in missing_executions.logged(file.parent / "logs"):
        if (ms := ids.ms_of(id_)) >= known.made_ms and id_ not in known.ids:
            found.setdefault(id_, NewerExecution(id_, times.from_ms(ms)))
    newer = sorted(found.values(), key=lambda each: (each.at, each.id), reverse=True)
    counted = dict(Counter(each.status for each in newer))
    listed = tuple(newer[:MOST_LISTED])
    drafts, settings, running = counts
    return Newer(
        listed, len(newer), counted, tuple(versions), drafts, settings, running, is_readable=not reading.is_broken
    )


class Reading:
    """Of a ledger that may be damaged: what is read until it breaks off counts."""

    def __init__(self) -> None:
        self.is_broken = False

    def run(self, file: Path, action: Callable[[Connection], object]) -> None:
        try:
            with looking.reading(file) as mine:
                action(mine)
        except StorageError:
            self.is_broken = True

    def until_broken(self, rows: Iterable[T]) -> Iterator[T]:
        try:
            yield from rows
        except sqlite.LIBRARY_ERRORS:
            self.is_broken = True


def read_known(file: Path, backup: Backup) -> Known:
    """Raises StorageError."""
    made_ms = times.to_ms(datetime.fromisoformat(backup.made_at))
    with looking.reading(backups.file_of(file, backup)) as copy:
        begun = copy.execute("SELECT id FROM executions WHERE created_at >= ?", (made_ms,)).fetchall()
        not_ended = f"SELECT id, status FROM executions WHERE status NOT IN {conditions.ENDED}"  # noqa: S608 - ours
        return Known(made_ms, frozenset(id_ for (id_,) in begun), dict(copy.execute(not_ended).fetchall()))


def rows_since(mine: Connection, known: Known, columns: str) -> Iterator[tuple[object, ...]]:
    """Of executions that the backup does not have; the first of the columns is the id."""
    for row in mine.execute(f"SELECT {columns} FROM executions WHERE created_at >= ?", (known.made_ms,)):  # noqa: S608
        if ids.is_id(row[0]) and row[0] not in known.ids:
            yield row


def rows_gone_on(mine: Connection, known: Known, columns: str) -> Iterator[tuple[object, ...]]:
    """Of those that it has, and that have gone on since; the first two of the columns are id and status."""
    open_ = list(known.open)
    for at in range(0, len(open_), _AT_ONCE):
        some = open_[at : at + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        for row in mine.execute(f"SELECT {columns} FROM executions WHERE id IN ({marks})", some):  # noqa: S608
            if row[1] != known.open[row[0]]:
                yield row


def _executions(mine: Connection, known: Known) -> Iterator[NewerExecution]:
    reads: tuple[Callable[..., Iterator[tuple[object, ...]]], ...] = (rows_gone_on, rows_since)
    for read in reads:
        for row in cast("Iterator[_Listed]", read(mine, known, _EXECUTION)):
            id_, status, at, name, number, lasted, reason, error = row
            yield NewerExecution(id_, times.from_ms(at), name, number, status, lasted, reason, error)


def _versions(mine: Connection, known: Known) -> Iterator[NewerVersion]:
    for row in mine.execute(_VERSIONS, (known.made_ms,)):
        yield NewerVersion(*row)
