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
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from smartspec.errors import Conflict, ConnectionFailed, DiskFull, Stopped
from smartspec.messages import _
from smartspec.store.backup import backup_logs, backups, unfinished, usable
from smartspec.store.backup.backup_logs import LogsFound
from smartspec.store.backup.backups import Backup
from smartspec.store.backup.unfinished import Paused
from smartspec.store.database import folders, header, openers, sidecars
from smartspec.value import field, mutable

_COPY, _NOTED = "-restoring", ".json"
_NOTE = _COPY + _NOTED
_PART, _LOOK_SECONDS, _NAME_SECONDS = 1 << 20, 0.1, 2.0
Step = Literal["check", "copy", "compare", "logs", "wait", "aside"]
StepCallback = Callable[[Step, float, str], bool]  # what is done now, the part of it, a sentence; is it wanted


def ignore_steps(step: Step, share: float, told: str) -> bool:
    """For who does not want to know; it is always wanted."""
    return True


@mutable
class Restored:
    """`aside` is the name under which the old file is kept, None where there was none; `paused` what had
    not ended when the backup was made; `logs` are those that were copied along.
    """

    backup: Backup
    aside: str | None = None
    passed_over: list[str] = field(default_factory=list)  # newer backups that are not taken, and why
    paused: Paused = Paused()
    logs: LogsFound = LogsFound()


def restore(
    file: Path, name: str | None = None, on_step: StepCallback = ignore_steps, patience_s: float = 0
) -> Restored:  # fmt: skip
    """Take a backup by its name, else the newest sound one; wait as long for others to let go of the database.

    Runners begin nothing meanwhile, and let go; others use it until the copy stands beside it. Raises NotFound,
    DatabaseDamaged where the named one is not as it was made, DatabaseTooNew, Conflict where another process has the
    database open, DiskFull, ConnectionFailed, and Stopped where `on_step` does not want it; then nothing has changed.
    """
    header.refuse_what_is_no_file(file)
    finish(file)
    done = _chosen(file, name, on_step)
    with _typed(file), openers.wanted(file):
        copy = sidecars.journal(file, _COPY)
        with _copied(backups.file_of(file, done.backup), done.backup, copy, on_step) as done.paused:
            kept = _take_place(file, on_step, time.monotonic() + patience_s)
    done.aside = str(kept) if kept else None
    return done


def restore_to(
    file: Path, name: str | None, target: Path, on_step: StepCallback = ignore_steps, *, with_logs: bool = True
) -> Restored:  # fmt: skip
    """Put a backup of a database, with its long logs, into another, new place; the database itself is not touched.

    Raises NotFound, DatabaseDamaged, DatabaseTooNew, Conflict where there is a file already, DiskFull,
    ConnectionFailed or Stopped; then there is nothing of it in that place.
    """
    with _typed(target, is_new=True):
        is_taken = target.exists()
    if is_taken:
        raise Conflict(_("There is a file {file} already; choose a folder of its own.", file=target))
    done = _chosen(file, name, on_step)
    source, logs = backups.file_of(file, done.backup), target.parent / "logs"
    with _typed(target, is_new=True), _new_folders(target.parent, logs):
        copy = sidecars.journal(target, _COPY)
        with _copied(source, done.backup, copy, on_step) as done.paused:
            if with_logs:
                done.logs = _logs_copied(source, file.parent / "logs", logs, on_step)
            copy.replace(target)
            folders.sync(target.parent)
    return done


def _logs_copied(source: Path, logs: Path, target: Path, on_step: StepCallback) -> LogsFound:
    _tell(on_step, "logs")
    whole, done = max(1, backup_logs.survey(source, logs).size), 0

    def on_copied(size: int) -> None:
        nonlocal done
        done += size
        _tell(on_step, "logs", min(1.0, done / whole))

    return backup_logs.copy_logs(source, logs, target, on_copied)


@contextmanager
def _new_folders(*wanted: Path) -> Iterator[None]:
    """What of them was not there before goes again with whatever goes wrong, so far as it holds nothing else."""
    made = [each for each in wanted if not each.exists()]
    folders.make(wanted[0])
    try:
        yield
    except BaseException:
        for each in reversed(made):
            if each == wanted[0]:
                with suppress(OSError):
                    each.rmdir()
            else:
                shutil.rmtree(each, ignore_errors=True)
        raise


def _chosen(file: Path, name: str | None, on_step: StepCallback) -> Restored:
    """The backup that is taken, which can be."""
    _tell(on_step, "check")
    passed_over: list[str] = []
    if name is None:
        found = usable.newest_sound(file, lambda _, why: passed_over.append(why))
        return Restored(found, passed_over=passed_over)
    found = backups.find(file, name)
    usable.check(file, found)
    return Restored(found)


@contextmanager
def _copied(source: Path, of: Backup, copy: Path, on_step: StepCallback) -> Iterator[Paused]:
    """A copy that is as the backup was made, but for what had not ended, and schedules: they are paused.

    Raises DatabaseDamaged or Stopped. What goes wrong, with it or after it, leaves none, unless a note says that it
    is taken.
    """
    try:
        _copy(source, copy, on_step)
        _tell(on_step, "compare")
        backups.check_copy(copy, of)
        yield unfinished.pause(copy)
    except BaseException:
        if not copy.with_name(copy.name + _NOTED).exists():
            _remove(copy)
        raise


def _take_place(file: Path, on_step: StepCallback, until: float) -> Path | None:
    """Once nobody else has the file open; the answer is where that is kept. From the note on it is always finished."""
    while True:
        _wait(file, on_step, until)
        try:
            with openers.alone(file):
                _tell(on_step, "aside")
                kept = sidecars.aside(file) if _there(file) else None
                _write_note(file, kept)
                finish(file)
                return kept
        except Conflict:
            if time.monotonic() >= until:
                raise


def _wait(file: Path, on_step: StepCallback, until: float) -> None:
    """Until it is free, or it has been waited for long enough."""
    named_at = -_NAME_SECONDS
    while (now := time.monotonic()) < until and not openers.is_free(file):
        is_time = now - named_at > _NAME_SECONDS
        named_at = now if is_time else named_at
        _tell(on_step, "wait", told=openers.awaited(file) if is_time else "")
        time.sleep(_LOOK_SECONDS)


def _tell(on_step: StepCallback, step: Step, share: float = 0, told: str = "") -> None:
    """Raises Stopped where it is not wanted any more."""
    if not on_step(step, share, told):
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
    _remove(copy)
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


def _remove(copy: Path) -> None:
    """And what was left beside it: a journal would be played into the next one."""
    for ending in ("", *sidecars.JOURNALS):
        sidecars.journal(copy, ending).unlink(missing_ok=True)


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
def _typed(file: Path, *, is_new: bool = False) -> Iterator[None]:
    """`is_new`: it is made in a place of its own, and the way out is another one."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        if error.errno == errno.ENOSPC or folders.is_full(file.parent):
            raise DiskFull(
                _(
                    "There is no room for a copy of the backup beside {file}; free some space, or restore to a new "
                    "place on another disk.",
                    file=file,
                )
            ) from error
        if is_new:
            raise ConnectionFailed(
                _("{file} could not be made: {why}; choose another folder.", file=file, why=why)
            ) from error
        raise ConnectionFailed(
            _("{file} could not be restored: {why}. Restore to a new place instead.", file=file, why=why)
        ) from error
