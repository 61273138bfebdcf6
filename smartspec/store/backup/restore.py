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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from smartspec.errors import Conflict, ConnectionFailed, DiskFull, Stopped
from smartspec.messages import _
from smartspec.store.backup import backups
from smartspec.store.backup.backups import Backup
from smartspec.store.database import folders, header, openers, sidecars
from smartspec.value import field, mutable

_COPY, _NOTE = "-restoring", "-restoring.json"
_PART, _LOOK_SECONDS = 1 << 20, 0.25
Step = Literal["check", "wait", "copy", "compare", "aside"]
StepCallback = Callable[[Step, float], bool]  # the step that is done now, the part of it; whether it is still wanted


def ignore_steps(step: Step, share: float) -> bool:
    """For who does not want to know; it is always wanted."""
    return True


@mutable
class Restored:
    """`aside` is the name under which the old file is kept, None where there was none."""

    backup: Backup
    aside: str | None = None
    passed_over: list[str] = field(default_factory=list)  # newer backups that are not as they were made


def restore(
    file: Path, name: str | None = None, on_step: StepCallback = ignore_steps, patience_s: float = 0
) -> Restored:  # fmt: skip
    """Take a backup by its name, else the newest sound one; wait as long for others to let go of the database.

    Raises NotFound, DatabaseDamaged where the named one is not as it was made, Conflict where another process has the
    database open, DiskFull, ConnectionFailed, and Stopped where `on_step` does not want it; then nothing has changed.
    """
    header.refuse_what_is_no_file(file)
    finish(file)
    passed_over: list[str] = []
    _tell(on_step, "check", 0)
    chosen = backups.verify(file, name) if name else backups.newest_sound(file, lambda _, why: passed_over.append(why))
    with _typed(file):
        _wait(file, on_step, patience_s)
        with openers.alone(file):
            copy = _copied(backups.file_of(file, chosen), chosen, sidecars.journal(file, _COPY), on_step)
            kept = sidecars.aside(file) if _there(file) else None
            _tell(on_step, "aside", 0, left=copy)
            _write_note(file, kept)
            finish(file)
    return Restored(chosen, str(kept) if kept else None, passed_over)


def restore_to(file: Path, name: str, target: Path, on_step: StepCallback = ignore_steps) -> Backup:
    """Put a backup of a database into another, new place; the database itself is not touched.

    Raises NotFound, DatabaseDamaged, Conflict where there is a file already, DiskFull, ConnectionFailed or Stopped;
    then there is nothing in that place.
    """
    if target.exists():
        raise Conflict(_("There is a file {file} already; choose a folder of its own.", file=target))
    _tell(on_step, "check", 0)
    chosen = backups.verify(file, name)
    with _typed(target):
        folders.make(target.parent)
        _copied(backups.file_of(file, chosen), chosen, sidecars.journal(target, _COPY), on_step).replace(target)
        folders.sync(target.parent)
    return chosen


def _wait(file: Path, on_step: StepCallback, patience_s: float) -> None:
    """Until nobody else has it open; that is asked again, with the lock held, by whoever goes on."""
    end = time.monotonic() + patience_s
    while True:
        _tell(on_step, "wait", 0)
        try:
            with openers.alone(file):
                return
        except Conflict:
            if time.monotonic() >= end:
                raise
        time.sleep(_LOOK_SECONDS)


def _copied(source: Path, of: Backup, copy: Path, on_step: StepCallback) -> Path:
    """A copy that is as the backup was made. Raises DatabaseDamaged or Stopped, and leaves none then."""
    try:
        _copy(source, copy, on_step)
        _tell(on_step, "compare", 0)
        backups.check_copy(copy, of)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def _tell(on_step: StepCallback, step: Step, share: float, left: Path | None = None) -> None:
    """Raises Stopped where it is not wanted any more; `left` goes then."""
    if not on_step(step, share):
        if left is not None:
            left.unlink(missing_ok=True)
        raise Stopped(_("Stopped; nothing was restored, and the ledger is as it was."))


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


def _copy(source: Path, copy: Path, on_step: StepCallback) -> None:
    whole, done = max(1, source.stat().st_size), 0
    copy.unlink(missing_ok=True)
    with (
        source.open("rb") as read,
        os.fdopen(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written,
    ):
        while part := read.read(_PART):
            written.write(part)
            done += len(part)
            _tell(on_step, "copy", done / whole)
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
