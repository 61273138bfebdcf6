"""Opening the database: made where there is none, refused where it is not ours, brought up to date."""

import os
import time
from contextlib import suppress
from pathlib import Path

from smartspec.errors import (
    ConnectionFailed,
    DatabaseDamaged,
    DatabaseMissing,
    MigrationFailed,
    StorageError,
    TransactionFailed,
)
from smartspec.messages import N_, _, listed
from smartspec.store import migrations
from smartspec.store.backup import restore
from smartspec.store.database import folders, header, journals, sidecars, sqlite, unsafe_locations
from smartspec.store.database.connection import (
    BUSY_TIMEOUT_MS,
    begin_with,
    close_connection,
    database,
    install_fork_hook,
    path,
    restore_previous,
    state,
)
from smartspec.store.database.queries import execute, scalar
from smartspec.store.database.sqlite import typed_errors
from smartspec.store.database.transactions import transaction

_BUSY_PAUSE_S = 0.01


def open_database(file: Path, *, create_new: bool = False, allow_damaged: bool = False) -> tuple[str, ...]:
    """Open the file, made first if there is none, and bring its schema up to date.

    Where there is none but once was, a new one is made only if that is asked for (`create_new`). With
    `allow_damaged` also one is opened whose tables are not as they should be: to look at it, and to mend it. The answer
    is what a person should know of it, in sentences. Raises ConnectionFailed, DatabaseDamaged,
    DatabaseEncrypted, DatabaseForeign, DatabaseMissing, DatabaseTooNew, MigrationFailed or another StorageError; a file
    that is refused stays as it was, byte for byte.
    """
    file = sidecars.resolve_path(file)
    restore.finish(file)
    header.check(file, migrations.latest())
    if not create_new:
        _refuse_to_replace(file)
    notices = _notices(file)
    _make_private(file)
    install_fork_hook()
    before = state.opened
    begin_with(file)
    try:
        with typed_errors():
            if _migrated(file, allow_damaged):
                close_connection()  # one that made the schema is two to three times slower after it (measured)
                _settle()
            _choose_journal(file)
    except StorageError:
        restore_previous(before)
        raise
    return notices


def _notices(file: Path) -> tuple[str, ...]:
    """Of a new ledger whether its place is safe; of one that is there whether a journal was put aside."""
    if not file.exists() or not file.stat().st_size:
        return tuple(filter(None, (unsafe_locations.warning_of(file.parent),)))
    if state.opened is not None and state.opened.path == file:  # other threads may have it open
        return ()
    aside = journals.put_aside_if_foreign(file)
    if aside is None:
        return ()
    return (
        _(
            "Beside {file} stood a journal (-wal) of another database; it was not played in, and is kept as {aside}.",
            file=file, aside=aside,
        ),
    )  # fmt: skip


def reopen() -> None:
    """Take up what stands in the place of the file now; nothing is made.

    Raises DatabaseMissing, or as `open_database`.
    """
    file = path()
    if not file.exists() or not file.stat().st_size:
        raise DatabaseMissing(_("The database {file} is gone or empty.", file=file))
    close_connection()
    open_database(file)


_IS_EMPTY = N_(
    "The database {file} is empty, but there was one, of which is left: {traces}. `smartspec db restore` takes the "
    "newest backup, `smartspec db new` begins an empty ledger; nothing was made."
)
_IS_NOT_THERE = N_(
    "The database {file} is not there, but there was one, of which is left: {traces}. `smartspec db restore` takes the "
    "newest backup, `smartspec db new` begins an empty ledger; nothing was made."
)


def _refuse_to_replace(file: Path) -> None:
    """A ledger that is gone is not replaced by an empty one. Raises DatabaseMissing."""
    if file.exists() and file.stat().st_size:
        return
    if not file.exists() and (place := unsafe_locations.awaits_disk(file.parent)):
        raise DatabaseMissing(
            _(
                "The database {file} is not there, and neither is the disk that is to be mounted at {place}: mount it. "
                "`smartspec db new` begins an empty ledger without it; nothing was made.",
                file=file,
                place=place,
            )
        )
    if traces := sidecars.traces(file):
        template = _IS_EMPTY if file.exists() else _IS_NOT_THERE
        raise DatabaseMissing(_(template, file=file, traces=listed(traces)))


def _make_private(file: Path) -> None:
    """Folders and files for the owner alone, whatever the umask; the file is never opened again while connected."""
    try:
        folders.make(file.parent, durable=False)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConnectionFailed(
            _("The database {file} cannot be made: {why}. Choose another place with --db.", file=file, why=why)
        ) from error


def _migrated(file: Path, allow_damaged: bool) -> bool:
    try:
        return migrations.migrate(database.connection(), file)
    except (DatabaseDamaged, MigrationFailed):
        if allow_damaged:
            return False
        raise


def _settle() -> None:
    """After a closer look at the schema: what it left to do, and that it needs no other one."""
    from smartspec.store import search_index

    search_index.rebuild_if_outdated()
    migrations.note_known(database.connection())


def _choose_journal(file: Path) -> None:
    """WAL where the library may write it, else the rollback journal; an old library refuses a file that is in use."""
    if sqlite.wal_is_safe:
        _begin_wal()
        return
    try:
        mode = scalar("PRAGMA journal_mode=DELETE")
    except TransactionFailed:
        mode = "wal"
    if mode != "delete":
        raise ConnectionFailed(
            _(
                "{file} is in use by another program in a way (WAL) that this SQLite {version} "
                "could damage; close the other program first.",
                file=file,
                version=sqlite.library.sqlite_version,
            )
        )


def _begin_wal() -> None:
    """SQLite does not wait for others here, whatever busy_timeout says: two first starts at once are told “locked”."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            scalar("PRAGMA journal_mode=WAL")
            return
        except TransactionFailed:
            if time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE_S)


def close_database() -> None:
    """Close this thread's connection for good; the last one of all leaves no journal behind.

    What was learned of the data is kept for the planner of queries: without it, it takes the wrong index (measured).
    """
    if not database.is_closed():
        with suppress(*sqlite.LIBRARY_ERRORS, StorageError):  # another writes, or the file is read-only: then not now
            connection = database.connection()
            was_known = migrations.is_known(connection)
            for pragma in ("busy_timeout=0", "analysis_limit=400", "optimize"):
                connection.execute(f"PRAGMA {pragma}")
            if was_known:  # its tables for the planner are no change of the schema
                migrations.note_known(connection)
    close_connection()


def journal_mode() -> str:
    """As SQLite says it: wal, or delete."""
    return str(scalar("PRAGMA journal_mode"))


def schema_version() -> int:
    """How many steps of the schema the file has seen."""
    return int(scalar("PRAGMA user_version"))


def update_statistics() -> None:
    """What the planner of queries knows of the tables, counted anew over all rows."""
    execute("ANALYZE")
    execute("PRAGMA optimize")


def vacuum(pages: int) -> bool:
    """Give some of the pages that are free back to the disk, in one transaction; whether there are more to give."""
    before = int(scalar("PRAGMA freelist_count"))
    if before:
        with transaction():
            execute(f"PRAGMA incremental_vacuum({pages:d})").fetchall()
    after = int(scalar("PRAGMA freelist_count"))
    return 0 < after < before  # a file that was made without auto_vacuum keeps them
