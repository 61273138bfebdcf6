"""The logs of tasks as they are read again, wherever they are."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import TaskExecution
from smartspec.store import database
from smartspec.store.logs import layout, live_file, segments, timestamps
from smartspec.store.logs.segments import LogChunk
from smartspec.store.logs.timestamps import TimeMark
from smartspec.value import replace

MOST_READ_BYTES = 64 * 1024


def may_have_log(task: TaskExecution) -> bool:
    return task.log_bytes > 0 or _is_live(task)


def _is_live(task: TaskExecution) -> bool:
    return task.status is TaskStatus.RUNNING and task.task_type == "executor"


def path_of(task: TaskExecution) -> Path | None:
    """The file that holds a log, maybe with others; None where it stands in the database, or nothing was written."""
    if task.log_path is not None:
        return layout.root() / task.log_path
    if not _is_live(task):
        return None
    live, own = _live_files(task)
    return own if own.exists() else live if live.exists() else None


def _live_files(task: TaskExecution) -> tuple[Path, Path]:
    prefix = layout.prefix(*layout.execution_of(task))
    return layout.root() / f"{prefix}.live", layout.root() / layout.own_file(prefix, task.pk)


def read(task: TaskExecution, offset: int = 0, limit: int = MOST_READ_BYTES) -> LogChunk:
    """What follows an offset of an attempt's log, wherever it is; empty at the end of what there is."""
    if task.log_path is not None:
        return _read_file(task, offset, limit)
    if task.log_bytes:
        return _read_row(task, offset, limit)
    if not _is_live(task):
        return LogChunk(b"", offset, offset)
    live, own = _live_files(task)
    if own.exists():
        return segments.read(own, offset, limit)
    try:
        data = live_file.read(live, task.pk, offset, limit)
    except FileNotFoundError:  # not begun, or ended meanwhile
        now = _reread(task)
        return LogChunk(b"", offset, offset) if now is None or _is_live(now) else read(now, offset, limit)
    return LogChunk(data, offset, offset + len(data))


def _reread(task: TaskExecution) -> TaskExecution | None:
    found = database.rows(
        "SELECT status, log_path, log_bytes, log_offset FROM task_executions WHERE pk = ?", (task.pk,)
    )
    if not found:
        return None
    status, path, size, offset = found[0]
    return replace(task, status=TaskStatus(status), log_path=path, log_bytes=size, log_offset=offset)


def _read_file(task: TaskExecution, offset: int, limit: int) -> LogChunk:
    file = layout.root() / str(task.log_path)
    if task.log_offset is None:
        return segments.read(file, offset, limit)
    data = b""
    with suppress(FileNotFoundError), file.open("rb") as opened:
        opened.seek(task.log_offset + offset)
        data = opened.read(max(0, min(limit, task.log_bytes - offset)))
    return LogChunk(data, offset, offset + len(data))


def _read_row(task: TaskExecution, offset: int, limit: int) -> LogChunk:
    sql = "SELECT substr(log, ?, ?) FROM task_executions WHERE pk = ?"
    data = bytes(database.scalar(sql, (offset + 1, limit, task.pk)) or b"")
    return LogChunk(data, offset, offset + len(data))


def read_times(task: TaskExecution) -> list[TimeMark]:
    """Offsets and when they were written (ms since the epoch), in order; empty where none were noted."""
    if _is_live(task):
        with suppress(FileNotFoundError):
            return live_file.read_times(_live_files(task)[0], task.pk)
    packed = database.scalar("SELECT log_times FROM task_executions WHERE pk = ?", (task.pk,))
    if packed is not None:
        return timestamps.unpack(bytes(packed))
    return (
        _times_of_first_schema(layout.root() / task.log_path)
        if task.log_path is not None and task.log_offset is None
        else []
    )


def _times_of_first_schema(path: Path) -> list[TimeMark]:
    """As the first schema kept them: a line each."""
    try:
        lines = path.with_suffix(".times").read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    pairs = (line.split(" ") for line in lines)
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(each.isdigit() for each in pair)]
