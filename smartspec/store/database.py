"""The one database of this process: opening it, reading it and writing to it."""

import os
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import peewee

from smartspec import changes
from smartspec.changes import Change, Topic
from smartspec.errors import (
    ConnectionFailed,
    DatabaseDamaged,
    DatabaseMissing,
    DiskFull,
    MigrationFailed,
    StorageError,
    TransactionFailed,
)
from smartspec.store import beside, folders, header, journals, migrations, places, restoring, sqlite, standing
from smartspec.store.sqlite import typed_errors

BUSY_TIMEOUT_MS = 15_000
LARGEST_JOURNAL_BYTES = 64 * 1024 * 1024
_BUSY_PAUSE_S = 0.01


class _Database(peewee.SqliteDatabase):
    """Opens what is there and never makes a file; a connection to a file that was opened anew since is let go."""

    def _connect(self) -> Any:
        if _opened is not None:
            _opened.check(to_write=False)
        address = f"{Path(str(self.database)).as_uri()}?mode=rw"
        made = sqlite.library.connect(address, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        try:
            self._add_conn_hooks(made)  # type: ignore[attr-defined]
        except BaseException:
            made.close()
            raise
        return made

    def connection(self) -> Any:
        if getattr(_local, "opening", None) != _opening and not in_transaction():
            close_connection()
            _local.opening = _opening
        return super().connection()  # type: ignore[no-untyped-call]


database = _Database(None)
writer_id = random.getrandbits(48)
_local = threading.local()
_inherited: list[Any] = []
_opening = 0  # how often a file was opened
_opened: standing.Opened | None = None  # the file, as it was then
_writing = threading.RLock()  # writers of one process queue here, and not in SQLite's busy loop


def path() -> Path:
    """The file that is open."""
    assert _opened is not None, "no database is open"
    return _opened.path


def folder() -> Path:
    """Where logs, backups and scratch stand: beside the file."""
    return path().parent


def is_open() -> bool:
    return database.database is not None


def open_database(file: Path, *, create_new: bool = False, allow_damaged: bool = False) -> tuple[str, ...]:
    """Open the file, made first if there is none, and bring its schema up to date.

    Where there is none but once was, a new one is made only if that is asked for (`create_new`). With
    `allow_damaged` also one is opened whose tables are not as they should be: to look at it, and to mend it. The answer
    is what a person should know of it, in sentences. Raises ConnectionFailed, DatabaseDamaged,
    DatabaseEncrypted, DatabaseForeign, DatabaseMissing, DatabaseTooNew or MigrationFailed; a file that
    is refused stays as it was, byte for byte.
    """
    file = beside.real(file)
    restoring.finish(file)
    header.check(file)
    if not create_new:
        _look_for_another(file)
    notices = _notices(file)
    _make_private(file)
    _install_fork_hook()
    before = _opened
    _begin_with(file)
    try:
        with typed_errors():
            if _migrated(file, allow_damaged):
                close_connection()  # one that made the schema is two to three times slower after it (measured)
                _settle()
            _choose_journal(file)
    except StorageError:
        _forget(before)
        raise
    return notices


def _notices(file: Path) -> tuple[str, ...]:
    """Of a new ledger whether its place is safe; of one that is there whether a journal was put aside."""
    if not file.exists() or not file.stat().st_size:
        return tuple(filter(None, (places.warning_of(file.parent),)))
    if _opened is not None and _opened.path == file:  # other threads may have it open
        return ()
    aside = journals.put_aside_if_foreign(file)
    if aside is None:
        return ()
    return (f"Beside {file} stood a journal (-wal) of another database; it was not played in, and is kept as {aside}.",)


def _begin_with(file: Path) -> None:
    global _opening, _opened
    close_connection()
    database.init(str(file), pragmas=_pragmas(), timeout=BUSY_TIMEOUT_MS // 1000)
    _opening, _opened = _opening + 1, standing.opened(file)


def _forget(before: standing.Opened | None) -> None:
    """It could not be opened: as before, none is open; one that was may be tried again."""
    global _opened
    close_connection()
    database.init(None if before is None else str(before.path))
    _opened = before


def reopen() -> None:
    """Take up what stands in the place of the file now; nothing is made. As `open_database`."""
    file = path()
    if not file.exists() or not file.stat().st_size:
        raise DatabaseMissing(f"The database {file} is gone or empty.")
    close_connection()
    open_database(file)


def check_file() -> None:
    """Whether the file still stands in its place. Raises DatabaseGone, DatabaseReplaced or ReadOnly. (A hot path.)"""
    if _opened is not None:
        _opened.check()
        if getattr(_local, "opening", None) == _opening and getattr(_local, "journal", None) is not None:
            _local.journal.check()


def _note_journal() -> None:
    """What this connection writes to, once it has read or written: from then on nobody else takes it away."""
    if _opened is not None and getattr(_local, "journal", None) is None:
        journal = standing.Journal(_opened)
        _local.journal = journal if journal.is_there else None


def _look_for_another(file: Path) -> None:
    """A ledger that is gone is not replaced by an empty one. Raises DatabaseMissing."""
    if file.exists() and file.stat().st_size:
        return
    if not file.exists() and (place := places.awaits_disk(file.parent)):
        raise DatabaseMissing(
            f"The database {file} is not there, and neither is the disk that is to be mounted at {place}: mount it. "
            "`smartspec db new` begins an empty ledger without it; nothing was made."
        )
    if traces := beside.traces(file):
        state = "is empty" if file.exists() else "is not there"
        raise DatabaseMissing(
            f"The database {file} {state}, but there was one, of which is left: {', '.join(traces)}. `smartspec db "
            "restore` takes the newest backup, `smartspec db new` begins an empty ledger; nothing was made."
        )


@cache
def _install_fork_hook() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_inherited)


def _forget_inherited() -> None:
    """In a forked process: a connection belongs to the process that made it; it is neither used nor closed here."""
    global _local, _writing, writer_id
    state = vars(database)["_state"]
    _inherited.append(state.conn)
    state.reset()
    _local, _writing, writer_id = threading.local(), threading.RLock(), random.SystemRandom().getrandbits(48)


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
        raise ConnectionFailed(f"The database {file} cannot be made: {why}. Choose another place with --db.") from error


def _pragmas() -> dict[str, object]:
    pragmas: dict[str, object] = {
        "busy_timeout": BUSY_TIMEOUT_MS,
        "synchronous": "FULL",
        "foreign_keys": 1,
        # 3.40 holds json_valid() in a CHECK for unsafe under an untrusted schema
        "trusted_schema": int(not sqlite.wal_is_safe),
        "journal_size_limit": LARGEST_JOURNAL_BYTES,
    }
    if sys.platform == "darwin":
        pragmas |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
    return pragmas


def _migrated(file: Path, allow_damaged: bool) -> bool:
    try:
        return migrations.migrate(database.connection(), file)
    except (DatabaseDamaged, MigrationFailed):
        if allow_damaged:
            return False
        raise


def _settle() -> None:
    """After a closer look at the schema: what it left to do, and that it needs no other one."""
    from smartspec.store import indexing

    indexing.rebuild_if_outdated()
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
            f"{file} is in use by another program in a way (WAL) that this SQLite {sqlite.library.sqlite_version} "
            "could damage; close the other program first."
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


def close_connection() -> None:
    """Close this thread's connection."""
    _local.journal = None
    if not database.is_closed():
        database.close()


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


def vacuum(pages: int) -> bool:
    """Give some of the pages that are free back to the disk, in one transaction; whether there are more to give."""
    before = int(scalar("PRAGMA freelist_count"))
    if before:
        with transaction():
            execute(f"PRAGMA incremental_vacuum({pages:d})").fetchall()
    after = int(scalar("PRAGMA freelist_count"))
    return 0 < after < before  # a file that was made without auto_vacuum keeps them


def in_transaction() -> bool:
    return getattr(_local, "written", None) is not None


@contextmanager
def transaction() -> Iterator[None]:
    """Write as one unit; what it changed is announced once it is committed. Raises StorageError."""
    if in_transaction():  # joined: the outermost block commits and announces
        yield
        return
    with _writing:
        check_file()
        try:
            connection = database.connection()
            connection.execute("BEGIN IMMEDIATE")
            _note_journal()
            _local.written, _local.then = defaultdict(set), []
            yield
            connection.execute("COMMIT")
        except sqlite.LIBRARY_ERRORS as error:
            _roll_back()
            raise _translated(error) from error
        except BaseException:
            _roll_back()
            raise
        finally:
            written, _local.written = getattr(_local, "written", None) or {}, None
    for act in _local.then:
        act()
    changes.publish(Change(topic, frozenset(ids)) for topic, ids in written.items())


@contextmanager
def snapshot() -> Iterator[Any]:
    """Several reads that see the database at one moment; nobody who writes waits for them. Writes only to TEMP tables.

    The answer is this thread's connection.
    """
    connection = database.connection()
    connection.execute("BEGIN DEFERRED")
    try:
        yield connection
    finally:
        connection.execute("COMMIT")


def _roll_back() -> None:
    if not database.is_closed() and (connection := database.connection()).in_transaction:
        connection.execute("ROLLBACK")


def after_commit(act: Callable[[], object]) -> None:
    """Do this once the transaction that is open is committed; never, where it is not."""
    _local.then.append(act)


def record_change(topic: Topic, pk: int) -> None:
    """Note, inside a transaction, that a row of this topic was written."""
    _local.written[topic].add(pk)


def _translated(error: Exception) -> StorageError:
    """As `sqlite.translated`; an I/O error on a disk without room is that of a full disk (so it is on tmpfs)."""
    typed = sqlite.translated(error)
    if isinstance(typed, TransactionFailed) and sqlite.is_io_error(error) and folders.is_full(folder()):
        return DiskFull(sqlite.FULL)
    return typed


def record_changes(topic: Topic, pks: Iterable[int]) -> None:
    """As `record_change`, of many rows."""
    _local.written[topic].update(pks)


def execute(sql: str, values: Sequence[Any] = ()) -> Any:
    """Run a statement on this thread's connection; the answer is its cursor. For the two hot paths."""
    try:
        return database.connection().execute(sql, values)
    except sqlite.LIBRARY_ERRORS as error:
        raise _translated(error) from error


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    try:
        answer: list[tuple[Any, ...]] = database.connection().execute(sql, values).fetchall()
        return answer
    except sqlite.LIBRARY_ERRORS as error:
        raise sqlite.translated(error) from error


def scalar(sql: str, values: Sequence[Any] = ()) -> Any:
    """The first column of the first row, or None."""
    found = rows(sql, values)
    return found[0][0] if found else None


def data_version() -> int:
    """A number that moves when another connection has committed. Raises as `check_file`."""
    check_file()
    version = int(scalar("PRAGMA data_version"))
    _note_journal()
    return version
