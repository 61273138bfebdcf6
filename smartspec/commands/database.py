"""What a user can do with the database file."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from smartspec import __version__, paths
from smartspec.changes import Topic
from smartspec.commands.registry import command
from smartspec.domain.event import EventType
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.errors import Conflict, DatabaseDamaged, DatabaseEncrypted, StorageError
from smartspec.formatting import format_size
from smartspec.messages import _
from smartspec.store import configs, database, events, history, search, workflows
from smartspec.store.backup import backups, inspection, integrity, missing_executions, repair, restore
from smartspec.store.backup.backup_logs import LogsFound as LogsFound  # part of the answers here
from smartspec.store.backup.backups import Backup as Backup
from smartspec.store.backup.missing_executions import MissingExecution as MissingExecution
from smartspec.store.backup.restore import StepCallback, ignore_steps
from smartspec.store.database import connection, looking, openers, opening, sidecars, sqlite, unsafe_locations
from smartspec.value import frozen

LITTLE_FREE_BYTES = 200 * 1024 * 1024


@frozen
class Version:
    """`journal_mode` is wal, or delete where the SQLite in use is too old for WAL."""

    schema: int
    application: str
    sqlite: str
    journal_mode: str
    why_not_wal: str | None


@frozen
class Health:
    """`status` is green, amber or red; sizes are bytes."""

    status: str
    findings: tuple[str, ...]
    database_bytes: int
    journal_bytes: int
    free_disk_bytes: int


def open_database(path: Path, *, allow_damaged: bool = False) -> tuple[str, ...]:
    """Open the file, made first if there is none. Raises StorageError; a refused file is left as it was.

    With `allow_damaged` also one whose tables are not as they should be: to check and to repair it. The answer is what
    a person should know of it, in sentences.
    """
    return opening.open_database(path, allow_damaged=allow_damaged)


def open_to_look(path: Path) -> tuple[str, ...]:
    """Open a ledger of whatever form to look at it only: nothing is written to it, nor beside it.

    The answer is what is not shown of it, in sentences. Raises StorageError where nothing of it can be read.
    """
    return looking.open_to_look(path)


def open_default_database() -> None:
    """Open the terminal's (SMARTSPEC_DB, else in the data folder), unless one is open. Raises StorageError."""
    if not database.is_open():
        opening.open_database(paths.database_path())


def new_database(path: Path) -> str | None:
    """Begin an empty ledger where there was one; what is left of that is kept, under the name that is answered.

    Raises Conflict where a ledger is there.
    """
    file = sidecars.resolve_path(path)
    if file.is_file() and file.stat().st_size:
        raise Conflict(_("There is a database at {file} already; put it out of the way first.", file=file))
    aside = restore.begin_anew(file)
    opening.open_database(file, create_new=True)
    return aside


@frozen
class Restored:
    """`aside` is where the old file is kept, `lost` what was made since, as far as it can still be seen.

    `paused`: how many executions had not ended when the backup was made; they go on when a person resumes them.
    `schedules`: how many stay paused too.
    """

    backup: Backup
    aside: str | None
    passed_over: tuple[str, ...]
    lost: tuple[MissingExecution, ...]
    paused: int
    schedules: int


def restore_database(
    path: Path, name: str | None = None, on_step: StepCallback = ignore_steps, patience_s: float = 0
) -> Restored:  # fmt: skip
    """Put a backup (the newest sound one, if none is named) in the place of a database, and open it.

    It works whatever is there: damaged, missing, empty or fine. The old file is kept under another name. Raises
    NotFound, DatabaseDamaged, DatabaseTooNew, DiskFull, Stopped where `on_step` does not want it, or Conflict where
    another process has it open for longer than `patience_s`; runners let go of it meanwhile.
    """
    file = sidecars.resolve_path(path)
    done = restore.restore(file, name, on_step, patience_s)
    opening.open_database(file)
    from smartspec.commands import restored_schedules  # with all that a schedule needs

    left = restored_schedules.resume(done.paused.schedules)
    aside = Path(done.aside) if done.aside else None
    found = missing_executions.since(datetime.fromisoformat(done.backup.made_at), aside)
    with database.transaction():
        events.add(EventType.DATABASE_RESTORED, message=done.backup.path, data={"aside": done.aside})
        database.record_change(Topic.DATABASE, 0)
    return Restored(done.backup, done.aside, tuple(done.passed_over), found, done.paused.executions, left)


@frozen
class RestoredElsewhere:
    """`file` is the new ledger, `logs` the long ones that were copied along; the rest as in Restored."""

    file: str
    backup: Backup
    passed_over: tuple[str, ...]
    paused: int
    schedules: int
    logs: LogsFound


def restore_elsewhere(
    path: Path, name: str | None, folder: Path, on_step: StepCallback = ignore_steps, *, with_logs: bool = True
) -> RestoredElsewhere:  # fmt: skip
    """Make a ledger of a backup (the newest sound one, if none is named) in another folder; what is open stays open.

    Raises NotFound, DatabaseDamaged, DatabaseTooNew, DiskFull, ConnectionFailed, Stopped, or Conflict where there is a
    ledger already.
    """
    file = sidecars.resolve_path(path)
    target = sidecars.resolve_path(folder) / file.name
    done = restore.restore_to(file, name, target, on_step, with_logs=with_logs)
    return RestoredElsewhere(
        str(target), done.backup, tuple(done.passed_over), done.paused.executions, len(done.paused.schedules), done.logs
    )


def journal_path() -> Path:
    """What commits are written to first, where the open database is in WAL mode. Raises ConnectionFailed."""
    return sidecars.journal(database.path(), "-wal")


def is_wanted(path: Path) -> bool:
    """Whether somebody waits for all others to let go of a database."""
    return openers.is_wanted(path)


def reopen_database() -> None:
    """Take up what stands in the place of the database now. As `open_database`."""
    opening.reopen()


def is_open() -> bool:
    """Whether this process has a database open."""
    return database.is_open()


def is_to_look() -> bool:
    """Whether what is open is only looked at."""
    return database.is_to_look()


def close_database() -> None:
    opening.close_database()
    looking.let_go()


def forget_database() -> None:
    """From now on this process has none open. Not while other threads still use it."""
    close_database()
    connection.forget()


def close_connection() -> None:
    """This thread is done with the database."""
    database.close_connection()


def renew_connections() -> None:
    """The file can be used again: no thread goes on with a connection that was made while it could not."""
    connection.renew()


def real_path(path: Path) -> Path:
    """The file itself, where it is named by a link."""
    return sidecars.resolve_path(path)


def database_path() -> Path:
    return database.path()


@command
def database_stats() -> dict[str, int]:
    """How many workflows, executions and settings there are, the trash not counted."""
    return {
        "workflow_count": workflows.count(WorkflowFilter()),
        "execution_count": history.count(ExecutionFilter()),
        "config_count": configs.count(),
    }


@command
def database_version() -> Version:
    """The versions of the schema, of SmartSpec and of SQLite, and how the journal is kept."""
    why: str | None = None
    if not sqlite.wal_is_safe:
        version = sqlite.library.sqlite_version
        why = _("SQLite {version} is older than 3.51.3, which WAL needs to be safe", version=version)
    return Version(opening.schema_version(), __version__, sqlite.library.sqlite_version, opening.journal_mode(), why)


def little_room() -> str | None:
    """A sentence where there is little room left on the disk."""
    free = shutil.disk_usage(database.folder()).free
    return _("Only {free} are free on the disk.", free=format_size(free)) if free < LITTLE_FREE_BYTES else None


@command
def database_health(*, pages: bool = True) -> Health:
    """A quick look: pages, foreign keys, the schema, room on the disk, the journal, and what the last check found.

    Without `pages` neither these nor foreign keys are looked at: that takes seconds where there are a million rows.
    """
    red = _what_is_wrong(pages)
    if red:  # somebody may have been at it just then: what is told was seen twice
        red = [each for each in _what_is_wrong(pages) if each in red]
    warnings = (little_room(), unsafe_locations.warning_of(database.folder()), integrity.last_check(), _long_journal())
    amber = [warning for warning in warnings if warning]
    status = "red" if red else "amber" if amber else "green"
    file = database.path()
    free = shutil.disk_usage(file.parent).free
    return Health(status, (*red, *amber), file.stat().st_size, _journal_bytes(), free)


def _what_is_wrong(pages: bool) -> list[str]:
    try:
        with database.fresh_connection() as fresh:
            found = [inspection.page_finding(each) for each in integrity.quick(fresh)] if pages else []
            if not found:
                found = inspection.schema_findings(fresh)
                found = [*found, *(inspection.foreign_key_findings(fresh) if pages else ())]
    except (DatabaseDamaged, DatabaseEncrypted) as error:
        return [error.sentence]
    return found


def _journal_bytes() -> int:
    journal = sidecars.journal(database.path(), "-wal")
    return journal.stat().st_size if journal.exists() else 0


def _long_journal() -> str | None:
    bytes_ = _journal_bytes()
    if bytes_ <= database.LARGEST_JOURNAL_BYTES:
        return None
    size = format_size(bytes_)
    return _("The journal has grown to {size}; some program holds an old view open.", size=size)


@command
def check_database(on_progress: ProgressCallback = ignore_progress) -> tuple[str, ...]:
    """A thorough look at everything; each finding names what mends it, empty where all is well. Raises Stopped."""
    found = tuple(inspection.inspect(on_progress))
    if not inspection.is_damaged(found):  # to such a file nothing is written
        with suppress(StorageError):  # a file that is read-only is looked at all the same
            integrity.note(len(found))
    return found


def is_damaged(findings: Sequence[str]) -> bool:
    """Whether these findings of a check say that pages are damaged: then only a backup helps."""
    return inspection.is_damaged(findings)


@frozen
class Repaired:
    """`done`, and what is `left` as it was: sentences. `backup` is the file as it was before."""

    backup: Backup
    done: tuple[str, ...]
    left: tuple[str, ...]


def repair_database(on_progress: ProgressCallback = ignore_progress) -> Repaired:
    """Make anew what can be had from the rows, after a copy of the file as it is.

    Raises DatabaseDamaged where only a backup helps, and Stopped; then nothing has changed.
    """
    found = repair.repair(database.path(), on_progress)
    assert found.backup is not None
    with suppress(StorageError), database.transaction():
        events.add(
            EventType.DATABASE_REPAIRED, message=found.backup.path, data={"done": found.done, "left": found.left}
        )
        database.record_change(Topic.DATABASE, 0)
        integrity.note(len(found.left))
    return Repaired(found.backup, tuple(found.done), tuple(found.left))


@command
def back_up_database(reason: str = "asked for", on_progress: ProgressCallback = ignore_progress) -> Backup:
    """A verified copy in the folder `backups`. Raises Stopped, with no copy made."""
    made = backups.backup(database.database.connection(), database.path(), reason, on_progress)
    with database.transaction():
        events.add(EventType.DATABASE_BACKED_UP, message=made.path)
        database.record_change(Topic.DATABASE, 0)
    return made


@command
def list_backups(path: Path | None = None) -> tuple[Backup, ...]:
    """Newest first; of the open database, or of one that need not even be there."""
    return tuple(backups.list_backups(sidecars.resolve_path(path) if path else database.path()))


@command
def verify_backup(name: str, path: Path | None = None) -> Backup:
    """Look at a backup, byte for byte and row for row. Raises NotFound, or DatabaseDamaged where it has changed."""
    return backups.verify(sidecars.resolve_path(path) if path else database.path(), name)


@command
def optimize_database() -> None:
    """Bring the statistics that queries are planned by up to date, and put the full-text index together."""
    search.optimize()
    opening.update_statistics()
    with database.transaction():
        events.add(EventType.DATABASE_OPTIMIZED)
        database.record_change(Topic.DATABASE, 0)
