"""The first hundred bytes of a database file, read before anything connects to it."""

from pathlib import Path
from urllib.parse import quote

from smartspec import __version__
from smartspec.errors import ConnectionFailed, DatabaseDamaged, DatabaseEncrypted, DatabaseForeign, DatabaseTooNew
from smartspec.messages import _
from smartspec.store.database import sidecars, sqlite

APPLICATION_ID = 0x534D5350  # “SMSP”
_MAGIC = b"SQLite format 3\0"


def check(file: Path, newest: int | None) -> None:
    """Refuse a file that is not ours, or whose schema is newer than `newest` (None: any). Raises a StorageError."""
    refuse_what_is_no_file(file)
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
    except FileNotFoundError:
        return
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConnectionFailed(
            _("{file} cannot be opened: {why}. Choose another place with --db.", file=file, why=why)
        ) from error
    if not head:
        return
    if not head.startswith(_MAGIC):
        raise DatabaseEncrypted(
            _(
                "{file} is not a readable database: it is encrypted, damaged or another kind of file. "
                "`smartspec db restore` takes the newest backup, and keeps this file.",
                file=file,
            )
        )
    if len(head) < 100:
        raise DatabaseDamaged(
            _("{file} is damaged: it ends in its header. `smartspec db restore` takes the newest backup.", file=file)
        )
    schema_cookie, user_version, application_id = (int.from_bytes(head[at : at + 4], "big") for at in (40, 60, 68))
    if schema_cookie or user_version or application_id:  # else nothing was ever made in it
        _check_numbers(file, user_version, application_id, newest)


def refuse_what_is_no_file(file: Path) -> None:
    """Raises ConnectionFailed. To open a pipe would wait for its other side; SQLite makes journals beside devices."""
    if file.is_dir():
        raise ConnectionFailed(_("{file} is a folder; name the database file in it.", file=file))
    if file.exists() and not file.is_file():
        raise ConnectionFailed(
            _(
                "{file} is no file (a pipe, socket or device); it can hold no database."
                " Choose another place with --db.",
                file=file,
            )
        )


def _check_numbers(file: Path, user_version: int, application_id: int, newest: int | None) -> None:
    if application_id != APPLICATION_ID:
        raise DatabaseForeign(
            _("{file} was made by another program; it is left as it is.{end}", file=file, end=_if_ours(file))
        )
    if newest is not None and user_version > newest:
        raise DatabaseTooNew(
            _(
                "{file} was made by {maker}: its schema is {schema}, and {newest} is the newest that this "
                "one, {version}, knows; install the newer one.",
                file=file,
                maker=_maker(file),
                schema=user_version,
                newest=newest,
                version=__version__,
            )
        )


def _if_ours(file: Path) -> str:
    """A way out where there are backups: then it may well be ours, with a first page that is damaged."""
    if not any(sidecars.is_backup_of(file, each.name) for each in sidecars.backups(file).glob("*.db")):
        return ""
    return _(" If it was a ledger of yours, it is damaged: `smartspec db restore` takes the newest backup.")


def _maker(file: Path) -> str:
    """The version that wrote a file, read without making any file beside it."""
    try:
        connection = sqlite.library.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)
        found = connection.execute("SELECT value FROM metadata WHERE key = 'application_version'").fetchone()
        connection.close()
    except sqlite.LIBRARY_ERRORS:
        return _("a newer SmartSpec")
    is_known = found and found[0] != __version__  # a copy from between two releases has the number of this one
    return f"SmartSpec {found[0]}" if is_known else _("a newer SmartSpec")
