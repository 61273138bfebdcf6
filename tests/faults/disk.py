"""A disk that can fail: a SQLite VFS in memory (apsw), under the real commands.

It keeps of each file what is durable and what was written since the last sync. A power cut keeps any part of that:
each sector of 512 bytes of each write by itself, in any order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from smartspec.store import database
from smartspec.store.database import sqlite
from smartspec.store.database.connection import state

SECTOR = 512
_POWERSAFE_OVERWRITE = 0x1000  # what unix declares too: bytes that are not written are not changed


class PowerCut(BaseException):
    """From here on nothing reaches the disk."""


@dataclass
class File:
    """`now` is what programs see; `durable` what a power cut cannot take; `pending` the writes between."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # offset and bytes; None: cut off there

    def write(self, offset: int, data: bytes | None) -> None:
        self.pending.append((offset, data))
        put(self.now, offset, data)

    def sync(self) -> None:
        for offset, data in self.pending:
            put(self.durable, offset, data)
        self.pending.clear()

    def lose_power(self, chance: random.Random, keeps: float) -> None:
        for offset, data in self.pending:
            for at, part in sectors(offset, data):
                if chance.random() < keeps:
                    put(self.durable, at, part)
        self.now, self.pending = bytearray(self.durable), []


def put(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def sectors(offset: int, data: bytes | None) -> Iterator[tuple[int, bytes | None]]:
    if data is None:
        yield offset, None
        return
    at = 0
    while at < len(data):
        room = SECTOR - (offset + at) % SECTOR
        yield offset + at, data[at : at + room]
        at += room


class Disk(apsw.VFS):
    """`fault` is asked before each write and sync (and cut off): it may raise."""

    def __init__(self, name: str) -> None:
        self.files: dict[str, File] = {}
        self.fault: Callable[[str], None] = lambda kind: None
        self.writes = self.syncs = 0
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        """A Handle; SQLite asks only that it has the methods of a VFSFile, which opens a real file when it is made."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        temporary = path is None
        file = File() if temporary else self.files.setdefault(str(path), File())
        flags[1] = flags[0]
        return Handle(self, file, temporary)

    def xAccess(self, path: str, flags: int) -> bool:
        return path in self.files

    def xDelete(self, path: str, sync: bool) -> None:
        self.touch("write")
        if self.files.pop(path, None) is None:
            raise apsw.IOError

    def xFullPathname(self, path: str) -> str:
        return path

    def touch(self, kind: str) -> None:
        if kind == "sync":
            self.syncs += 1
        else:
            self.writes += 1
        self.fault(kind)

    def lose_power(self, chance: random.Random, keeps: float | None = None) -> None:
        """What is on the disk after a power cut; everybody has let go of it. `keeps`: how likely a sector stays."""
        keeps = chance.choice([0.0, 0.5, 0.9, 1.0]) if keeps is None else keeps
        for file in self.files.values():
            file.lose_power(chance, keeps)
        self.fault = lambda kind: None

    def write_out(self, folder: Path, stem: str) -> Path:
        """The files of a database as real ones, for somebody else to look at."""
        for path, file in self.files.items():
            name = Path(path).name
            (folder / name.replace(name.partition(".")[0], stem, 1)).write_bytes(file.now)
        return folder / f"{stem}.db"


class Handle:
    """An open file."""

    def __init__(self, disk: Disk, file: File, temporary: bool) -> None:
        self._disk, self._file, self._temporary = disk, file, temporary
        self._level = 0

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        if not self._temporary:
            self._disk.touch("write")
        self._file.write(offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        if not self._temporary:
            self._disk.touch("write")
        self._file.write(size, None)

    def xSync(self, flags: int) -> None:
        if not self._temporary:
            self._disk.touch("sync")
        self._file.sync()

    def xFileSize(self) -> int:
        return len(self._file.now)

    def xLock(self, level: int) -> None:
        self._level = level

    def xUnlock(self, level: int) -> None:
        self._level = level

    def xCheckReservedLock(self) -> bool:
        return self._level > 1

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return _POWERSAFE_OVERWRITE

    def xClose(self) -> None:
        self._level = 0


# apsw, as the store knows a library


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        wrapped = sqlite.library.OperationalError(str(error))
        word = type(error).__name__.removesuffix("Error").upper()
        wrapped.sqlite_errorname = f"SQLITE_{'IOERR' if word == 'IO' else word}"
        raise wrapped from error


class Cursor:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection.raw.cursor()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        with translated():
            before = self._connection.raw.total_changes()
            self._cursor.execute(sql, tuple(values))
            self.lastrowid = self._connection.raw.last_insert_rowid()
            self.rowcount = self._connection.raw.changes() if self._connection.raw.total_changes() != before else 0
        return self

    def executemany(self, sql: str, rows: Any) -> Cursor:
        with translated():
            self._cursor.executemany(sql, [tuple(row) for row in rows])
        return self

    def __iter__(self) -> Iterator[Any]:
        with translated():
            yield from self._cursor

    def fetchone(self) -> Any:
        with translated():
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        with translated():
            return self._cursor.fetchall()

    @property
    def description(self) -> Any:
        return self._cursor.description

    def close(self) -> None:
        self._cursor.close(True)


class Connection:
    """An apsw connection with the face of the standard one."""

    def __init__(self, file: str, disk: Disk, name: str, pragmas: dict[str, str]) -> None:
        with translated():
            self.raw = apsw.Connection(file, vfs=name)
            # without shared memory there is one connection, and WAL wants to know that first
            for pragma, value in {"locking_mode": "EXCLUSIVE", **pragmas}.items():
                self.raw.execute(f"PRAGMA {pragma}={value}")

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    def cursor(self, *_: Any) -> Cursor:
        return Cursor(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        return Cursor(self).execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> Cursor:
        return Cursor(self).executemany(sql, rows)

    def create_function(self, name: str, count: int, function: Any, **_: Any) -> None:
        self.raw.create_scalar_function(name, function, count)

    def close(self) -> None:
        with translated():
            self.raw.close(True)


@contextmanager
def mounted(name: str, **pragmas: str) -> Iterator[Disk]:
    """The store uses this disk, with pragmas that are set last."""
    disk = Disk(name)
    peewee_database: Any = database.database
    before = peewee_database._connect

    def connect() -> Connection:
        own = dict(peewee_database._pragmas)
        connection = Connection(peewee_database.database, disk, name, {})
        peewee_database._load_functions(connection)
        for pragma, value in {**own, **pragmas}.items():
            connection.execute(f"PRAGMA {pragma}={value}")
        return connection

    peewee_database._connect = connect
    try:
        yield disk
    finally:
        peewee_database._connect = before
        disk.unregister()


def drop_connection() -> None:
    """As if the process had ended: nothing is written any more, and nothing waits for it."""
    peewee_database: Any = database.database
    peewees = peewee_database._state
    connection, state.local.written = peewees.conn, None
    peewees.reset()
    if connection is not None:
        connection.raw.close(True)
