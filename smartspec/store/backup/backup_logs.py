"""The logs that a backup speaks of: they stand beside the ledger, and are copied to a new place with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from smartspec.store.database import folders, sqlite
from smartspec.store.logs import segments
from smartspec.value import frozen

_NAMED = "SELECT DISTINCT log_path FROM task_executions WHERE log_path IS NOT NULL AND log_bytes > 0"


@frozen
class LogsFound:
    """`count` logs are there, `size` bytes in all; `missing` ones are not there any more."""

    count: int = 0
    size: int = 0
    missing: int = 0


def survey(copy: Path, folder: Path) -> LogsFound:
    """Of what is in a backup, in the folder of logs. Raises StorageError."""
    count = size = missing = 0
    for files in _logs(copy, folder):
        count, missing = count + bool(files), missing + (not files)
        size += sum(each.stat().st_size for each in files)
    return LogsFound(count, size, missing)


def copy_logs(copy: Path, folder: Path, target: Path, on_copied: Callable[[int], object]) -> LogsFound:
    """To another folder of logs, durable; `on_copied` is told the bytes of each file. Raises OSError, StorageError."""
    count = size = missing = 0
    for files in _logs(copy, folder):
        count, missing = count + bool(files), missing + (not files)
        for each in files:
            size += (copied := _copied(each, target / each.relative_to(folder)))
            on_copied(copied)
    return LogsFound(count, size, missing)


def _copied(file: Path, target: Path) -> int:
    folders.make(target.parent)
    shutil.copyfile(file, target)
    shutil.copystat(file, target)
    target.chmod(0o600)
    folders.sync(target)
    return target.stat().st_size


def _logs(copy: Path, folder: Path) -> Iterator[list[Path]]:
    """The files of each log, none where it is gone; what lies outside of the folder is not its log."""
    with sqlite.typed_errors(), closing(_opened(copy)) as connection:
        for (name,) in connection.execute(_NAMED):
            path = folder / str(name)
            is_ours = not Path(name).is_absolute() and ".." not in Path(name).parts
            times = path.with_suffix(".times")  # as the first schema kept them
            yield [*segments.files_of(path), *([times] if times.is_file() else [])] if is_ours else []


def _opened(copy: Path) -> sqlite.Connection:
    made: sqlite.Connection = sqlite.library.connect(f"file:{quote(str(copy))}?mode=ro&immutable=1", uri=True)
    return made
