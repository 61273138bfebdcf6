"""The SQLite library in use, its rule about WAL, and its error codes as ours."""

import sqlite3 as standard
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import peewee

from smartspec import errors
from smartspec.messages import Message, _

Connection: TypeAlias = standard.Connection  # pysqlite3's has the same methods
Cursor: TypeAlias = standard.Cursor
library: Any = vars(peewee)["sqlite3"]  # pysqlite3 where it is installed, else the standard library
version: tuple[int, ...] = tuple(library.sqlite_version_info)
# Before 3.51.3 a WAL database that two connections write can be corrupted (sqlite.org, release notes of 3.51.3).
wal_is_safe: bool = version >= (3, 51, 3)

LIBRARY_ERRORS: tuple[type[Exception], ...] = (peewee.PeeweeException, library.Error, standard.Error)

FULL = _("The disk is full; free some space and try again. Nothing of the last change was kept.")
_BY_CODE: dict[str, tuple[type[errors.StorageError], Message]] = {
    "SQLITE_BUSY": (errors.TransactionFailed, _("Another program is writing to the database; try again in a moment.")),
    "SQLITE_LOCKED": (
        errors.TransactionFailed,
        _("Another program is writing to the database; try again in a moment."),
    ),
    "SQLITE_FULL": (errors.DiskFull, FULL),
    "SQLITE_IOERR": (
        errors.TransactionFailed,
        _("The disk answered with an error; nothing of the last change was kept."),
    ),
    "SQLITE_READONLY": (
        errors.ReadOnly,
        _("The database can be read but not written; check the rights of its folder."),
    ),
    "SQLITE_PERM": (errors.ReadOnly, _("The database can be read but not written; check the rights of its folder.")),
    "SQLITE_CANTOPEN": (
        errors.ConnectionFailed,
        _("The database cannot be opened; check that its folder can be written."),
    ),
    "SQLITE_CORRUPT": (
        errors.DatabaseDamaged,
        _("The database is damaged; `smartspec db restore` takes the newest backup."),
    ),
    "SQLITE_NOTADB": (
        errors.DatabaseEncrypted,
        _(
            "This is not a readable database: it is encrypted or another file. `smartspec db restore` takes the newest "
            "backup."
        ),
    ),
    "SQLITE_TOOBIG": (errors.QueryFailed, _("A text is too large for the database.")),
}


def row_key(inserted: Cursor) -> int:
    """The key of the row that an INSERT made."""
    assert inserted.lastrowid is not None, "it was no INSERT"
    return inserted.lastrowid


def translated(error: Exception) -> errors.StorageError:
    """The typed error for one of the library's."""
    code = _code(error)
    if code not in _BY_CODE:
        return errors.QueryFailed(_("The database refused a statement: {why}.", why=str(error).rstrip(".")))
    kind, sentence = _BY_CODE[code]
    return kind(sentence)


def _code(error: BaseException) -> str:
    """SQLITE_BUSY and the like, without the extension; looked for in what the error wraps too."""
    seen: BaseException | None = error
    while seen is not None:
        name = getattr(seen, "sqlite_errorname", None)
        if name:
            return "_".join(str(name).split("_")[:2])
        seen = seen.__cause__ or seen.__context__
    words = str(error)  # what copies a database tells no code
    return "SQLITE_BUSY" if "locked" in words else "SQLITE_FULL" if "is full" in words else ""


def is_io_error(error: BaseException) -> bool:
    return _code(error) == "SQLITE_IOERR"


@contextmanager
def typed_errors() -> Iterator[None]:
    """Around what asks the library itself. Raises StorageError, of the kind that `translated` says."""
    try:
        yield
    except LIBRARY_ERRORS as error:
        raise translated(error) from error


def is_integrity_error(error: BaseException) -> bool:
    return isinstance(error, peewee.IntegrityError | library.IntegrityError)
