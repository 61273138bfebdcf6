"""The database that this process has open: its file, and each thread's connection to it."""

import os
import random
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import peewee

from smartspec.errors import ConnectionFailed
from smartspec.messages import _
from smartspec.store.database import file_identity, sqlite

BUSY_TIMEOUT_MS = 15_000
LARGEST_JOURNAL_BYTES = 64 * 1024 * 1024


class _Database(peewee.SqliteDatabase):
    """Opens what is there and never makes a file; a connection to a file that was opened anew since is let go."""

    def connect(self, reuse_if_open: bool = False) -> bool:
        """As it is asked by whatever reads or writes. Raises ConnectionFailed where no database is open."""
        if self.database is None:
            raise ConnectionFailed(_("No database is open."))
        return bool(super().connect(reuse_if_open))

    def _connect(self) -> sqlite.Connection:
        if state.opened is None or self.database is None:
            raise ConnectionFailed(_("No database is open."))
        state.opened.check(to_write=False)
        made: sqlite.Connection = sqlite.library.connect(
            state.opened.address, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None
        )
        try:
            self._add_conn_hooks(made)  # type: ignore[attr-defined]
        except BaseException:
            made.close()
            raise
        return made

    def fresh_connection(self) -> sqlite.Connection:
        """One of its own, to be closed by whoever asked for it."""
        return self._connect()

    def connection(self) -> sqlite.Connection:
        """This thread's. Raises ConnectionFailed where no database is open, or DatabaseGone, DatabaseReplaced."""
        if self.database is None:
            raise ConnectionFailed(_("No database is open."))
        if getattr(state.local, "opening", None) != state.openings and not in_transaction():
            close_connection()
            state.local.opening = state.openings
        found: sqlite.Connection = super().connection()  # type: ignore[no-untyped-call]
        return found


class _State:
    """What this process knows of the file that it has open."""

    def __init__(self) -> None:
        self.local = threading.local()
        self.writing = threading.RLock()  # writers of one process queue here, and not in SQLite's busy loop
        self.writer_id = random.getrandbits(48)  # tells its events from those of other processes
        self.opened: file_identity.OpenedFile | None = None  # the file, as it was when it was opened
        self.openings = 0  # how often a file was opened


database = _Database(None)
state = _State()
_inherited: list[sqlite.Connection | None] = []


def writer_id() -> int:
    """What the events of this process bear; another after a fork."""
    return state.writer_id


def path() -> Path:
    """The file that is open. Raises ConnectionFailed where none is."""
    if state.opened is None:
        raise ConnectionFailed(_("No database is open."))
    return state.opened.path


def folder() -> Path:
    """Where logs, backups and scratch stand: beside the file."""
    return path().parent


def is_open() -> bool:
    return database.database is not None


def begin_with(file: Path, *, to_look: str = "") -> None:
    """`to_look`: the address of what is read instead, where nothing is to be written."""
    close_connection()
    opened = file_identity.opened(file, to_look)  # first: it may not be there
    database.init(str(file), pragmas=_pragmas(), timeout=BUSY_TIMEOUT_MS // 1000)
    state.openings, state.opened = state.openings + 1, opened


def renew() -> None:
    """Each thread lets its connection go before it uses it again: one made meanwhile may only be able to read."""
    state.openings += 1


def is_to_look() -> bool:
    """Whether what is open is only looked at: nothing is written to it, nor beside it."""
    return state.opened is not None and state.opened.is_to_look


def forget() -> None:
    """No database is open from now on."""
    close_connection()
    database.init(None)
    state.opened = None


def restore_previous(before: file_identity.OpenedFile | None) -> None:
    """It could not be opened: as before, none is open; one that was may be tried again."""
    close_connection()
    database.init(None if before is None else str(before.path))
    state.opened = before


def check_file(*, to_write: bool = True) -> None:
    """Whether the file still stands in its place. Raises DatabaseGone, DatabaseReplaced or ReadOnly. (A hot path.)"""
    if state.opened is not None:
        state.opened.check(to_write=to_write)
        journal = getattr(state.local, "journal", None)
        if journal is not None and getattr(state.local, "opening", None) == state.openings:
            journal.check()


def check_disk() -> None:
    """Whether its disk may still be written. Raises ReadOnly where it might be before, or DatabaseGone."""
    if state.opened is not None:
        state.opened.check_disk()


def note_journal() -> None:
    """What this connection writes to, once it has read or written: from then on nobody else takes it away."""
    if state.opened is not None and getattr(state.local, "journal", None) is None:
        journal = file_identity.JournalFile(state.opened)
        state.local.journal = journal if journal.is_there else None


@cache
def install_fork_hook() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_inherited)


def _forget_inherited() -> None:
    """In a forked process: a connection belongs to the process that made it; it is neither used nor closed here."""
    peewees = vars(database)["_state"]
    _inherited.append(peewees.conn)
    peewees.reset()
    state.local, state.writing = threading.local(), threading.RLock()
    state.writer_id = random.SystemRandom().getrandbits(48)


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


def close_connection() -> None:
    """Close this thread's connection."""
    state.local.journal = None
    if not database.is_closed():
        database.close()


def in_transaction() -> bool:
    return getattr(state.local, "written", None) is not None


@contextmanager
def fresh_connection() -> Iterator[sqlite.Connection]:
    """One that has read nothing before: for what looks whether the file is sound. Raises StorageError.

    A connection remembers how the full-text index was put together when it looked at it last; `integrity_check` and
    `quick_check` hold that against the file, and find damage where others have merged its pieces since (FTS5, up to
    SQLite 3.53.4).
    """
    with sqlite.typed_errors(), closing(database.fresh_connection()) as made:
        yield made


@contextmanager
def snapshot() -> Iterator[sqlite.Connection]:
    """Several reads that see the database at one moment; nobody who writes waits for them. Writes only to TEMP tables.

    The answer is this thread's connection.
    """
    connection = database.connection()
    connection.execute("BEGIN DEFERRED")
    try:
        yield connection
    finally:
        connection.execute("COMMIT")
