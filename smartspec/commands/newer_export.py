"""What is newer than a backup, as files: before it is restored, so that it can be brought back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from smartspec.commands import row_files
from smartspec.domain import progress_callback, times
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import unwritable
from smartspec.store.backup import newer, newer_rows
from smartspec.store.backup.backups import Backup
from smartspec.store.backup.newer import Known, Reading
from smartspec.store.backup.newer_rows import NewerText, Read, Row
from smartspec.store.database import sidecars
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

_FILES: dict[str, Read] = {"executions.jsonl": newer_rows.ended_since, "ended-since.jsonl": newer_rows.gone_on}
WORKFLOWS = "workflows"
_TELL_EVERY = 100


@frozen
class Exported:
    """`folder` holds `executions` that have ended (`smartspec import-executions` takes them), `gone_on` that the backup
    has before their end, and `texts` of workflows. `is_whole`: all of the ledger could be read.
    """

    folder: Path
    executions: int
    gone_on: int
    texts: int
    is_whole: bool


def export_newer(
    path: Path, backup: Backup, within: Path, on_progress: ProgressCallback = ignore_progress
) -> Exported:  # fmt: skip
    """Write it into a new folder within one. Raises Invalid where that cannot be written, StorageError, and Stopped;
    then there is no such folder.
    """
    file = sidecars.resolve_path(path)
    known = newer.read_known(file, backup)
    made = times.from_ms(known.made_ms)
    folder = _new_folder(within, f"{file.stem}-newer-than-{made.astimezone():%Y-%m-%d-%H%M}")
    try:
        folder.mkdir(parents=True)
        return _written(file, known, folder, on_progress)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise unwritable(folder, error) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _new_folder(within: Path, name: str) -> Path:
    found, more = within / name, 1
    while found.exists():
        more += 1
        found = within / f"{name}-{more}"
    return found


def _written(file: Path, known: Known, folder: Path, on_progress: ProgressCallback) -> Exported:
    reading = Reading()
    counts = [0, 0, 0]

    def write(mine: Connection) -> None:
        for at, (name, read) in enumerate(_FILES.items()):
            rows = _told(reading.until_broken(read(mine, known)), on_progress)
            counts[at] = row_files.write_rows(folder / name, rows, ())
            if not counts[at]:
                (folder / name).unlink()
        counts[-1] = _write_texts(reading.until_broken(newer_rows.texts(mine, known)), folder / WORKFLOWS)

    reading.run(file, write)
    executions, gone_on, texts = counts
    return Exported(folder, executions, gone_on, texts, is_whole=not reading.is_broken)


def _told(rows: Iterable[Row], on_progress: ProgressCallback) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % _TELL_EVERY == 0:
            progress_callback.report_progress(on_progress, 0)
        yield row


def _write_texts(texts: Iterable[NewerText], folder: Path) -> int:
    count = 0
    for each in texts:
        folder.mkdir(exist_ok=True)
        _free_name(folder, each).write_text(each.source, encoding="utf-8", newline="")
        count += 1
    return count


def _free_name(folder: Path, text: NewerText) -> Path:
    """No other text has it: one of the trash may have the same ref."""
    stem = re.sub(r"[^\w.-]", "_", text.ref) + ("-draft" if text.number is None else f"-v{text.number}")
    found, more = folder / f"{stem}.{text.format}", 1
    while found.exists():
        more += 1
        found = folder / f"{stem}-{more}.{text.format}"
    return found
