"""What is found of a ledger that does not open, read without writing anything to it or beside it."""

from __future__ import annotations

import os
import re
import shutil
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from smartspec.errors import StorageError
from smartspec.store.backup import backups
from smartspec.store.backup.backups import Backup
from smartspec.store.database import file_identity, header, looking, sidecars, sqlite, unsafe_locations
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

_MOST_LOGS = 20_000  # that are looked at one by one
_WAL_HEADER, _WAL_FRAME = 32, 24  # bytes (sqlite.org, "WAL File Format")
_PAGE, _TREE = re.compile(r"\bpage (\d+)"), re.compile(r"\bTree (\d+)\b")


@frozen
class FileFound:
    """`changed` is None where there is no such file."""

    size: int = 0
    changed: datetime | None = None


@frozen
class LogsFound:
    """`is_whole`: all were looked at; else there are more."""

    count: int = 0
    size: int = 0
    newest: datetime | None = None
    is_whole: bool = True


@frozen
class PlaceFound:
    """`warning` says why a ledger is not safe there, `awaits` where a disk is to be mounted and is not."""

    filesystem: str | None
    is_writable: bool
    free: int | None
    warning: str | None
    awaits: Path | None

    @property
    def is_there(self) -> bool:
        return self.free is not None


@frozen
class Examination:
    """`schema` is None where the header cannot be read; `commits` in the journal are not in the file yet."""

    file: Path
    database: FileFound
    schema: int | None
    journal: FileFound
    commits: int
    logs: LogsFound
    backups: tuple[Backup, ...]
    place: PlaceFound
    can_look: bool


@frozen
class PagesFound:
    """What SQLite finds wrong in the pages, as it says it; `damaged` are their numbers, `tables` whose they are.

    `pages` is how many there are, 0 where not even that can be read.
    """

    findings: tuple[str, ...]
    damaged: frozenset[int]
    tables: frozenset[str]
    pages: int


def examine(file: Path) -> Examination:
    """All that can be told in a moment."""
    file = sidecars.resolve_path(file)
    journal = sidecars.journal(file, "-wal")
    return Examination(
        file, _file(file), _schema(file), _file(journal), _commits(journal), _logs(file.parent / "logs"),
        tuple(backups.list_backups(file)), _place(file.parent), _can_look(file),
    )  # fmt: skip


def examine_pages(file: Path) -> PagesFound:
    """Every page of it; that takes a minute where there are millions of executions."""
    try:
        with looking.reading(file) as connection:
            pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
            names = dict(connection.execute("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage").fetchall())
            found = list(dict.fromkeys(_findings(connection, sorted(set(names.values())))))
    except StorageError as error:
        return PagesFound((str(error.sentence),), frozenset(), frozenset(), 0)
    damaged = frozenset(int(number) for line in found for number in _PAGE.findall(line))
    trees = {int(number) for line in found for number in _TREE.findall(line)}
    return PagesFound(tuple(found), damaged, frozenset(names[each] for each in trees if each in names), pages)


def _findings(connection: Connection, tables: Iterable[str]) -> Iterator[str]:
    """What SQLite finds; where it cannot begin (an index of texts that is damaged stops it), table by table."""
    try:
        yield from _checked(connection, "")
    except sqlite.LIBRARY_ERRORS as error:
        yield str(error)
        for table in tables:
            with suppress(*sqlite.LIBRARY_ERRORS):
                yield from _checked(connection, f"('{table}')")


def _checked(connection: Connection, of: str) -> Iterator[str]:
    for (words,) in connection.execute(f"PRAGMA integrity_check{of}"):
        if words != "ok":
            yield str(words)


def _file(file: Path) -> FileFound:
    try:
        found = file.stat()
    except OSError:
        return FileFound()
    return FileFound(found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _schema(file: Path) -> int | None:
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
    except OSError:
        return None
    return int.from_bytes(head[60:64], "big") if len(head) == 100 and head.startswith(b"SQLite") else None


def _commits(journal: Path) -> int:
    """By its frames, whose checksums are not asked."""
    try:
        with journal.open("rb") as opened:
            head = opened.read(_WAL_HEADER)
            if len(head) < _WAL_HEADER:
                return 0
            page_size, salts, count = struct.unpack(">I", head[8:12])[0], head[16:24], 0
            while len(frame := opened.read(_WAL_FRAME)) == _WAL_FRAME and frame[8:16] == salts:
                count += frame[4:8] != b"\0\0\0\0"
                opened.seek(page_size, os.SEEK_CUR)
    except OSError:
        return 0
    return count


def _logs(folder: Path) -> LogsFound:
    count, size, newest, is_whole = 0, 0, 0.0, True
    for found in _files(folder):
        if count == _MOST_LOGS:
            is_whole = False
            break
        count, size, newest = count + 1, size + found.st_size, max(newest, found.st_mtime)
    return LogsFound(count, size, datetime.fromtimestamp(newest, UTC) if count else None, is_whole)


def _files(folder: Path) -> Iterator[os.stat_result]:
    for parent, _folders, names in os.walk(folder):
        for name in names:
            try:
                yield Path(parent, name).lstat()
            except OSError:
                continue


def _place(folder: Path) -> PlaceFound:
    awaits = unsafe_locations.awaits_disk(folder)
    if not folder.is_dir():
        return PlaceFound(None, False, None, None, awaits)
    writable = os.access(folder, os.W_OK) and file_identity.is_disk_writable(str(folder))
    kind = unsafe_locations.filesystem_of(folder)
    return PlaceFound(kind, writable, shutil.disk_usage(folder).free, unsafe_locations.warning_of(folder), awaits)


def _can_look(file: Path) -> bool:
    """Whether anything of it can be read."""
    try:
        header.check(file, None)
        with looking.reading(file):
            return True
    except (StorageError, OSError):
        return False
