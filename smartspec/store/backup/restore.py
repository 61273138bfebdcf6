"""Putting a backup in the place of a database that is damaged, missing, empty or fine.

Killed at any step, what is found afterwards is the old file or the restored one. The copy is made and verified beside
the old file first. Then a note says what is to be moved where; from the note on it is always finished: by this
process, or by whoever opens the database next. Nothing is ever overwritten: what was there is kept under a name of its
own, its journal with it (a journal that stayed would be played into the copy).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from smartspec.errors import ConnectionFailed, DiskFull
from smartspec.messages import _
from smartspec.store.backup import backups
from smartspec.store.backup.backups import Backup
from smartspec.store.database import folders, header, openers, sidecars
from smartspec.value import field, mutable

_COPY, _NOTE = "-restoring", "-restoring.json"


@mutable
class Restored:
    """`aside` is the name under which the old file is kept, None where there was none."""

    backup: Backup
    aside: str | None = None
    passed_over: list[str] = field(default_factory=list)  # newer backups that are not as they were made


def restore(file: Path, name: str | None = None) -> Restored:
    """Take a backup by its name, else the newest sound one.

    Raises NotFound, DatabaseDamaged where the named one is not as it was made, Conflict where another process has the
    database open, DiskFull and ConnectionFailed; then nothing has changed.
    """
    header.refuse_what_is_no_file(file)
    finish(file)
    passed_over: list[str] = []
    chosen = backups.verify(file, name) if name else backups.newest_sound(file, lambda _, why: passed_over.append(why))
    with _typed(file), openers.alone(file):
        copy = sidecars.journal(file, _COPY)
        _copy(backups.file_of(file, chosen), copy)
        backups.check_copy(copy, chosen)
        kept = sidecars.aside(file) if _there(file) else None
        _write_note(file, kept)
        finish(file)
    return Restored(chosen, str(kept) if kept else None, passed_over)


def begin_anew(file: Path) -> str | None:
    """Put an empty or leftover file out of the way, so that a new ledger can be made; the answer is its new name.

    Raises ConnectionFailed for what is no file, and stays.
    """
    header.refuse_what_is_no_file(file)
    finish(file)
    if not _there(file):
        return None
    kept = sidecars.aside(file)
    with _typed(file), openers.alone(file):
        _put_aside(file, kept)
    return str(kept)


def finish(file: Path) -> None:
    """Go on with a restoring that was broken off, if there is one."""
    note = sidecars.journal(file, _NOTE)
    if not note.exists():
        return
    with _typed(file), _only_one(note) as is_there:
        if is_there:
            kept, copy = json.loads(note.read_text(encoding="utf-8"))["aside"], sidecars.journal(file, _COPY)
            if copy.exists():
                if kept:
                    _put_aside(file, Path(kept))
                copy.replace(file)
                folders.sync(file.parent)
            note.unlink(missing_ok=True)
            folders.sync(file.parent)


def _there(file: Path) -> bool:
    return any(sidecars.journal(file, ending).exists() for ending in ("", *sidecars.JOURNALS))


def _put_aside(file: Path, kept: Path) -> None:
    for ending in ("", *sidecars.JOURNALS):
        with suppress(FileNotFoundError):
            sidecars.journal(file, ending).rename(sidecars.journal(kept, ending))
    folders.sync(file.parent)


def _copy(source: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    with (
        source.open("rb") as read,
        os.fdopen(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written,
    ):
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())
    folders.sync(copy.parent)


def _write_note(file: Path, kept: Path | None) -> None:
    note = sidecars.journal(file, _NOTE)
    partial = note.with_name(f"{note.name}.partial")
    folders.write(partial, json.dumps({"aside": str(kept) if kept else None}).encode())
    partial.replace(note)
    folders.sync(file.parent)


@contextmanager
def _only_one(note: Path) -> Iterator[bool]:
    """One process at a time finishes; False where another one has done it meanwhile."""
    if os.name != "posix":  # there a file that somebody else moves cannot be moved
        yield note.exists()
        return
    import fcntl

    try:
        opened = note.open("r+b")
    except FileNotFoundError:
        yield False
        return
    with opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield note.exists() and os.path.samestat(os.fstat(opened.fileno()), note.stat())


@contextmanager
def _typed(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        if error.errno == errno.ENOSPC or folders.is_full(file.parent):
            raise DiskFull(
                _("There is no room for a copy of the backup beside {file}; free some space.", file=file)
            ) from error
        raise ConnectionFailed(_("{file} could not be restored: {why}.", file=file, why=why)) from error
