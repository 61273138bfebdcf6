"""Whose a journal (-wal) is that stands beside a closed database: SQLite plays in any whose checksums are right.

A journal is foreign by proof only: what belongs to this database must never be put aside. It is proven by what SQLite
never writes (another page size, another application's first page, a size or kind of page that the schema does not
allow), or by trial: a copy of the database with it is broken or another ledger, and without it is sound. In a large
file most journals of our own show themselves before that, by pages that go on from those of the file.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import quote

from smartspec.errors import Conflict
from smartspec.store.database import folders, openers, sidecars, sqlite
from smartspec.store.database.header import APPLICATION_ID
from smartspec.store.database.sqlite import Connection
from smartspec.value import field, mutable

_HEADER, _FRAME = 32, 24  # bytes (sqlite.org, "WAL File Format")
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # the order of bytes in checksums
_MOST_FRAMES = 2_000  # that are read: their checksums cost 0.1 ms each
_OF_TABLE, _OF_INDEX = (0x0D, 0x05), (0x0A, 0x02)  # the kinds of pages of a B-tree, leaf and interior
_TRIAL, _FORGOTTEN_SECONDS = ".trial-", 3600
_SMALL_BYTES = 16 * 1024 * 1024  # a trial of such a file takes a moment; pages of a small one tell little
_ALIKE = 0.5  # the part of a page's bytes that stays where it goes on from an earlier one


@mutable
class Journal:
    """The committed pages of a journal, as they are first and last in it; `is_whole`: all of it was read."""

    page_size: int
    first: dict[int, bytes] = field(default_factory=dict)
    last: dict[int, bytes] = field(default_factory=dict)
    pages: int = 0  # of the database after its last commit
    is_whole: bool = True


def put_aside_if_foreign(file: Path) -> str | None:
    """Before SQLite opens the file; the answer is where a foreign journal lies now. Not while this process uses it."""
    journal = sidecars.journal(file, "-wal")
    try:
        if not file.stat().st_size or journal.stat().st_size <= _HEADER:
            return None
        found = read(journal)
        if found is None or not found.last or not _is_foreign(file, journal, found):
            return None
        with openers.alone(file):
            return _put_aside(file, journal)
    except (FileNotFoundError, Conflict):  # somebody else has it open, and it is theirs
        return None


def _put_aside(file: Path, journal: Path) -> str:
    kept = sidecars.journal(sidecars.aside(file), "-wal")
    journal.rename(kept)
    sidecars.journal(file, "-shm").unlink(missing_ok=True)  # the index of that journal
    folders.sync(file.parent)
    return str(kept)


def read(journal: Path) -> Journal | None:
    """None where it holds nothing that SQLite would play in."""
    with journal.open("rb") as opened:
        head = opened.read(_HEADER)
        magic, _, page_size, _, *salts = struct.unpack(">6I", head[:24])
        order = _MAGIC.get(magic)
        if order is None or page_size not in {1 << power for power in range(9, 17)}:
            return None
        checksum = _checksum(order, head[:24], (0, 0))
        if checksum != struct.unpack(">2I", head[24:]):
            return None
        found, pending = Journal(page_size), dict[int, bytes]()
        for number in range(_MOST_FRAMES + 1):
            frame = opened.read(_FRAME + page_size)
            if len(frame) < _FRAME + page_size or list(struct.unpack(">2I", frame[8:16])) != salts:
                break
            checksum = _checksum(order, frame[:8] + frame[_FRAME:], checksum)
            if checksum != struct.unpack(">2I", frame[16:24]):
                break
            page, size = struct.unpack(">2I", frame[:8])
            pending[page] = frame[_FRAME:]
            if size:
                found.pages = size
                for key, content in pending.items():
                    found.first.setdefault(key, content)
                found.last.update(pending)
                pending = {}
            found.is_whole = number < _MOST_FRAMES
    return found


def _checksum(order: str, data: bytes, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _is_foreign(file: Path, journal: Path, found: Journal) -> bool:
    with file.open("rb") as opened:
        head = opened.read(100)
        verdict = _by_first_page(head, found) or _by_pages(file, opened, found)
    return verdict == "foreign" or (verdict is None and _by_trial(file, journal))


Verdict = Literal["foreign", "ours"] | None


def _by_first_page(head: bytes, found: Journal) -> Verdict:
    page_size, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    if found.page_size != (65536 if page_size == 1 else page_size):
        return "foreign"
    first = found.last.get(1)
    if first is None:  # it is written whenever the size changes
        return "foreign" if found.is_whole and found.pages != pages else None
    is_made = int.from_bytes(first[68:72], "big") == APPLICATION_ID and first.startswith(b"SQLite format 3\0")
    was_made = int.from_bytes(head[68:72], "big") == APPLICATION_ID
    return "foreign" if was_made and not is_made else None


def _by_pages(file: Path, opened: BinaryIO, found: Journal) -> Verdict:
    """By the kinds of pages where the schema has not changed, and by how they go on from those of the file."""
    if 1 not in found.last and found.is_whole:
        for page, kinds in _roots(file):
            if page in found.last and found.last[page][0] not in kinds:
                return "foreign"
    if opened.seek(0, 2) <= _SMALL_BYTES:
        return None
    seen = [_goes_on(opened, page, found) for page in found.first if page > 1]
    told = [each for each in seen if each is not None]
    return "ours" if told and sum(told) * 2 >= len(told) else None


def _roots(file: Path) -> Iterator[tuple[int, tuple[int, int]]]:
    with suppress(*sqlite.LIBRARY_ERRORS), closing(_opened_alone(file)) as connection:
        rows = connection.execute("SELECT type, rootpage, sql FROM sqlite_master WHERE rootpage > 0").fetchall()
        for kind, page, sql in rows:
            without_rowid = "WITHOUT ROWID" in (sql or "").upper()
            yield page, _OF_TABLE if kind == "table" and not without_rowid else _OF_INDEX


def _goes_on(opened: BinaryIO, page: int, found: Journal) -> bool | None:
    """Whether a page holds most of what it held in the file; None where it held too little to tell."""
    opened.seek((page - 1) * found.page_size)
    before, after = opened.read(found.page_size), found.first[page]
    written = [index for index, byte in enumerate(before) if byte]
    if len(before) < len(after) or len(written) < found.page_size // 4:
        return None
    return bool(sum(before[index] == after[index] for index in written) >= len(written) * _ALIKE)


def _opened_alone(file: Path) -> Connection:
    """Without its journal, and without making anything beside it."""
    opened: Connection = sqlite.library.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)
    return opened


def _by_trial(file: Path, journal: Path) -> bool:
    """Whether a copy of the file is broken or another ledger with this journal, and sound without it."""
    for left in file.parent.glob(f"{_TRIAL}*"):  # by one that was killed
        if time.time() - left.stat().st_mtime > _FORGOTTEN_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError), tempfile.TemporaryDirectory(prefix=_TRIAL, dir=file.parent) as folder:
        copy = Path(folder, "trial.db")
        shutil.copyfile(file, copy)
        without = _ledger(_opened_alone(copy))
        if without is None:
            return False
        shutil.copyfile(journal, sidecars.journal(copy, "-wal"))
        return _ledger(sqlite.library.connect(copy)) != without
    return False


def _ledger(connection: Connection) -> list[tuple[object, ...]] | None:
    """What tells a sound ledger from every other one; None where it is not sound."""
    with closing(connection):
        try:
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return None
            made = connection.execute("SELECT value FROM metadata WHERE key = 'created_at'").fetchall()
            return [*made, *connection.execute("SELECT id FROM workspaces WHERE is_default = 1").fetchall()]
        except sqlite.LIBRARY_ERRORS:
            return None
