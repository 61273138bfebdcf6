"""The logs of what was running when its process was killed: whoever finds it gone keeps what there is."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from smartspec.domain.engine.transitions import EMPTY_LOG, Log
from smartspec.domain.execution import TaskExecution
from smartspec.store import database
from smartspec.store.logs import layout, live_file, segments, timestamps
from smartspec.store.logs.timestamps import TimeMark, Times
from smartspec.store.logs.writer import MOST_HELD_BYTES, ExecutionLogs, keep_short
from smartspec.value import replace

_KEEP = (
    "UPDATE task_executions SET log_path = ?, log_bytes = ?, log_truncated = ?, log_sha256 = ?, log_offset = ?,"
    " log = ?, log_times = ? WHERE pk = ?"
)


def keep(task: TaskExecution) -> None:
    """Keep what an attempt wrote that nobody writes on, as one step with the end of all that runs of its execution."""
    logs = ExecutionLogs(*layout.execution_of(task))
    log = _gathered(logs, task)
    database.after_commit(partial(_remove_live, logs))
    if log.bytes:
        values = (log.path, log.bytes, int(log.truncated), log.sha256, log.offset, log.data, log.times)
        database.execute(_KEEP, (*values, task.pk))


def _gathered(logs: ExecutionLogs, task: TaskExecution) -> Log:
    live = logs.live.path
    own = layout.own_file(logs.prefix, task.pk)
    data, marks = b"", list[TimeMark]()
    with suppress(OSError):
        data = live_file.read(live, task.pk, 0, 2 * MOST_HELD_BYTES)
        marks = live_file.read_times(live, task.pk)
    size = segments.size_of(logs.root / own)
    if size and size >= len(data):
        digest = segments.sha256(logs.root / own, size)
        log = Log(bytes=size, truncated=segments.is_cut(logs.root / own, size), sha256=digest, path=own)
    else:
        segments.remove(logs.root / own, size)
        log = keep_short(logs, data) if data else EMPTY_LOG
    return replace(log, times=timestamps.pack(_thinned(marks)))


def _thinned(marks: list[TimeMark]) -> list[TimeMark]:
    noted = Times()
    for offset, at_ms in marks:
        noted.note(offset, at_ms)
    return noted.marks


def _remove_live(logs: ExecutionLogs) -> None:
    with suppress(OSError):
        logs.live.path.unlink(missing_ok=True)
