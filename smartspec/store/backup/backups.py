"""Backups: whole copies in the folder `backups`, each with a small JSON beside it. The folder is the list.

Listing and verifying need no open database: they are wanted most when it cannot be opened.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from glob import escape
from pathlib import Path
from urllib.parse import quote

from smartspec import __version__, paths
from smartspec.domain import progress_callback, times
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import DatabaseDamaged, DiskFull, NotFound, StorageError, TransactionFailed
from smartspec.formatting import format_size
from smartspec.messages import _
from smartspec.store.backup import integrity
from smartspec.store.database import folders, sidecars, sqlite
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

_COPIED = 0.5  # the part of the work that is copying; the rest is looking at the copy
_PAGES_AT_ONCE = 4096
_STEP_BYTES = _PAGES_AT_ONCE * 4096
_LOCK = "backup"  # the name of the savepoint that holds one view of the database
_FORGOTTEN_SECONDS = 24 * 3600  # a copy that names no process and is older than this was never finished


@frozen
class Backup:
    """`size` in bytes; `rows` per table; `made_at` is ISO text in UTC.

    `flawed`: a copy of a database that had something wrong with its rows; it is no backup to go back to unasked.
    """

    path: str
    made_at: str
    reason: str
    size: int
    sha256: str
    rows: dict[str, int]
    application_version: str
    flawed: bool = False


def backup(
    connection: Connection,
    file: Path,
    reason: str,
    on_progress: ProgressCallback = ignore_progress,
    *,
    flawed: bool = False,
) -> Backup:
    """Copy the open database, verify the copy, and only then give it its name.

    Raises DatabaseDamaged, DiskFull or Stopped. With `flawed`, rows and indexes are copied as they are: that is the
    copy from before a repair.
    """
    folder = sidecars.backups(file)
    with _typed(folder, file):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        _sweep(file)
        moment = times.now()
        stem = f"{file.stem}-{sidecars.stamp(moment)}"
        target, partial = folder / f"{stem}.db", folder / f"{stem}.{os.getpid()}.partial"
        try:
            _copy(connection, partial, on_progress)
            rows = _verified(partial, lambda share: on_progress(_COPIED + share * (1 - _COPIED)), flawed=flawed)
            size, digest = partial.stat().st_size, sha256(partial)
            made = Backup(str(target), moment.isoformat(), reason, size, digest, rows, __version__, flawed)
            folders.write(target.with_suffix(".json"), json.dumps(asdict(made), indent=1).encode())
            partial.replace(target)
            folders.sync(folder)
        except BaseException:
            target.with_suffix(".json").unlink(missing_ok=True)
            raise
        finally:
            _remove(partial)
    return made


@contextmanager
def _typed(folder: Path, file: Path) -> Iterator[None]:
    """Errors of the library and of the disk as sentences that say what there is no room for."""
    try:
        yield
    except sqlite.LIBRARY_ERRORS as error:
        typed = sqlite.translated(error)
        no_room = isinstance(typed, DiskFull) or (sqlite.is_io_error(error) and folders.is_full(folder, _STEP_BYTES))
        raise (_full(folder, file) if no_room else typed) from error
    except OSError as error:
        if folders.is_full(folder, _STEP_BYTES):
            raise _full(folder, file) from error
        why = (error.strerror or str(error)).lower()
        raise TransactionFailed(_("No backup could be made in {folder}: {why}.", folder=folder, why=why)) from error


def _full(folder: Path, file: Path) -> StorageError:
    free, needed = shutil.disk_usage(folder).free, file.stat().st_size
    return DiskFull(
        _(
            "There is no room for a backup in {folder}: it needs {needed}, {free} are free. No backup was made.",
            folder=folder,
            needed=format_size(needed),
            free=format_size(free),
        )
    )


def _copy(connection: Connection, partial: Path, on_progress: ProgressCallback) -> None:
    def look(_: int, remaining: int, pages: int) -> None:
        progress_callback.report_progress(on_progress, _COPIED * (1 - remaining / max(1, pages)))

    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    copy = sqlite.library.connect(partial)
    try:
        with _one_view(connection):
            connection.backup(copy, pages=_PAGES_AT_ONCE, progress=look)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


@contextmanager
def _one_view(connection: Connection) -> Iterator[None]:
    """One read transaction around the copy: SQLite begins it again whenever somebody else commits between its steps.

    Under WAL nobody waits for it. Under a rollback journal everybody would: there it is copied in steps.
    """
    if connection.in_transaction or connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        yield
        return
    connection.execute(f"SAVEPOINT {_LOCK}")
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield
    finally:
        connection.execute(f"RELEASE {_LOCK}")


def _sweep(file: Path) -> None:
    """Remove what killed backups of this database have left."""
    from psutil import pid_exists

    stem = escape(file.stem)
    for partial in sidecars.backups(file).glob(f"{stem}-*.partial*"):
        named = re.search(r"\.(\d+)\.partial", partial.name)
        with suppress(OSError):
            old = time.time() - partial.stat().st_mtime > _FORGOTTEN_SECONDS
            if old if named is None else not pid_exists(int(named.group(1))):
                partial.unlink()
    for description in sidecars.backups(file).glob(f"{stem}-*.json"):
        with suppress(OSError):
            if not description.with_suffix(".db").exists() and time.time() - description.stat().st_mtime > 60:
                description.unlink()


def _remove(partial: Path) -> None:
    for ending in ("", *sidecars.JOURNALS):
        sidecars.journal(partial, ending).unlink(missing_ok=True)


def _verified(file: Path, on_progress: ProgressCallback = ignore_progress, *, flawed: bool = False) -> dict[str, int]:
    """The number of rows per table of a sound copy. Raises DatabaseDamaged."""
    address = f"file:{quote(str(file))}?mode=ro&immutable=1"
    with sqlite.typed_errors(), closing(sqlite.library.connect(address, uri=True)) as copy:
        found = [] if flawed else integrity.pages(copy, on_progress)
        broken = [] if flawed else copy.execute("PRAGMA foreign_key_check").fetchall()
        if found or broken:
            count = len(broken)
            nowhere = _("{count} rows point nowhere; `smartspec db repair` mends that", count=count)
            why = found[0] if found else nowhere
            raise DatabaseDamaged(_("The database is damaged, so no backup was made of it: {why}.", why=why))
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        return {name: _count(copy, name) for (name,) in tables.fetchall()}


def _count(copy: Connection, table: str) -> int:
    return int(copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name from the schema


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def list_backups(file: Path) -> Iterator[Backup]:
    """The complete ones of a database, newest first. A copy whose description cannot be read is none."""
    for description in sorted(sidecars.backups(file).glob("*.json"), reverse=True):
        if sidecars.is_backup_of(file, description.name) and description.with_suffix(".db").exists():
            with suppress(ValueError, TypeError, OSError):
                yield Backup(**json.loads(description.read_text(encoding="utf-8")))


def find(file: Path, name: str) -> Backup:
    """By its file's name or path. Raises NotFound."""
    path = paths.expanded(Path(name)).absolute()
    for each in list_backups(file):
        here = file_of(file, each)
        if name in (each.path, here.name, here.stem) or path == here:
            return each
    if path.is_file():
        folder = sidecars.backups(file)
        raise NotFound(
            _("{name} is no backup of this ledger; put it into {folder} with its .json.", name=name, folder=folder)
        )
    raise NotFound(_("There is no backup “{name}”; `smartspec db backups` lists them.", name=name))


def file_of(file: Path, each: Backup) -> Path:
    """Where a backup lies now: the folder may have been moved since it was made."""
    return sidecars.backups(file) / Path(each.path).name


def verify(file: Path, name: str) -> Backup:
    """Check a backup's bytes against its description, and its rows. Raises NotFound or DatabaseDamaged."""
    each = find(file, name)
    check_copy(file_of(file, each), each)
    return each


def check_copy(copy: Path, each: Backup) -> None:
    """Whether a file is this backup, byte for byte and row for row. Raises DatabaseDamaged where not.

    What keeps it from being read (OSError, StorageError) is its cause.
    """
    refused = DatabaseDamaged(_("The backup {name} is not as it was made; take another.", name=Path(each.path).name))
    try:
        sound = sha256(copy) == each.sha256 and _verified(copy, flawed=True) == each.rows
    except (OSError, StorageError) as error:
        raise refused from error
    if not sound:
        raise refused
