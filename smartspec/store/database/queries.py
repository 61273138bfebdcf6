"""Statements on this thread's connection, with errors of our own."""

from collections.abc import Sequence
from typing import Any

from smartspec.errors import DiskFull, StorageError, TransactionFailed
from smartspec.store.database import folders, sqlite
from smartspec.store.database.connection import check_file, database, folder, is_to_look, note_journal


def translated(error: Exception) -> StorageError:
    """As `sqlite.translated`; an I/O error on a disk without room is that of a full disk (so it is on tmpfs)."""
    typed = sqlite.translated(error)
    if isinstance(typed, TransactionFailed) and sqlite.is_io_error(error) and folders.is_full(folder()):
        return DiskFull(sqlite.FULL)
    return typed


def execute(sql: str, values: Sequence[object] = ()) -> sqlite.Cursor:
    """Run a statement on this thread's connection; the answer is its cursor. Raises StorageError."""
    try:
        return database.connection().execute(sql, values)
    except sqlite.LIBRARY_ERRORS as error:
        raise translated(error) from error


def rows(sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a statement and read all that it answers. Raises StorageError."""
    try:
        answer: list[tuple[Any, ...]] = database.connection().execute(sql, values).fetchall()
        return answer
    except sqlite.LIBRARY_ERRORS as error:
        raise translated(error) from error


def scalar(sql: str, values: Sequence[object] = ()) -> Any:
    """The first column of the first row, or None. Raises StorageError."""
    found = rows(sql, values)
    return found[0][0] if found else None


def data_version() -> int:
    """A number that moves when another connection has committed. Raises as `check_file`."""
    check_file(to_write=not is_to_look())
    version = int(scalar("PRAGMA data_version"))
    note_journal()
    return version
