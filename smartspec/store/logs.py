"""The output of tasks: where it is while they run, where it is kept, and how it is read again.

While a task runs its bytes are frames in the live file of its execution, which is made with the first of them and goes
with the end of the execution: one write each, no sync, no file or folder for a task. When the task ends, in the same
transaction as its end:

- what is at most 4 KiB in all goes into its row: durable with the commit, the cheapest there is;
- what is at most 64 KiB is appended, whole, to the one file that the tasks of the execution share;
- what is longer has had a file of its own since it grew beyond that, in segments.

A copy of the 64 KiB at most is the price of the first two; a file for each task would cost two blocks on the disk and
two changes of a folder, and a frame cannot be read in one piece. Files bear the key of a task's row, never its name.
Logs of the first schema (a path, no offset, times in a file beside it) are read as those of the third kind.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from smartspec.domain import times
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import EMPTY_LOG, Log
from smartspec.domain.execution import TaskExecution
from smartspec.store import database, folders, livelog, logtimes, segments
from smartspec.store.livelog import LiveLog
from smartspec.store.logtimes import Mark, Times
from smartspec.store.segments import KEPT_SEGMENTS, SEGMENT_BYTES, LogChunk, SegmentWriter
from smartspec.value import replace

LARGEST_IN_ROW_BYTES = 4 * 1024
LARGEST_SHARED_BYTES = 64 * 1024
MOST_READ_BYTES = 64 * 1024
_MOST_TAKEN_BYTES = 1024 * 1024
MOST_HELD_BYTES = 1024 * 1024  # of a log that no disk takes: then bytes are lost
_KEEP = (
    "UPDATE task_executions SET log_path = ?, log_bytes = ?, log_truncated = ?, log_sha256 = ?, log_offset = ?,"
    " log = ?, log_times = ? WHERE pk = ?"
)
DEFAULT_CAP_BYTES = KEPT_SEGMENTS * SEGMENT_BYTES


def _root() -> Path:
    return database.folder() / "logs"


def _place(execution_id: str, created_at: datetime) -> str:
    """What the names of an execution's logs begin with, below the folder of logs."""
    return f"{created_at:%Y/%m}/{execution_id}"


def _own(place: str, task: int) -> str:
    return f"{place}/{task}.log"


# Writing


class ExecutionLogs:
    """The logs of one execution, for the process that runs it."""

    def __init__(self, execution_id: str, created_at: datetime, cap: int = DEFAULT_CAP_BYTES) -> None:
        """Of each log at most `cap` bytes are kept."""
        self.root = _root()
        self.place = _place(execution_id, created_at)
        self.cap = cap
        self.live = LiveLog(self.root / f"{self.place}.live")

    def of(self, task: int) -> LogWriter:
        """For the attempt whose row has this key."""
        return LogWriter(self, task)

    def add_to_shared(self, data: bytes) -> Log:
        """Raises OSError."""
        name = f"{self.place}.log"
        return Log(path=name, offset=_append(self.root / name, data))

    def close(self, *, remove: bool) -> None:
        """`remove`: everything that is in the live file is kept elsewhere."""
        self.live.close(remove=remove)


def _append(file: Path, data: bytes) -> int:
    """Whole and durable; the answer is where it begins. Raises OSError; what came of it then nobody reads."""
    opened = folders.open_file(file, os.O_WRONLY | os.O_APPEND)
    try:
        if os.write(opened, data) < len(data):
            raise OSError("the disk is full")
        offset = os.lseek(opened, 0, os.SEEK_CUR) - len(data)
        os.fsync(opened)
    finally:
        os.close(opened)
    if not offset:
        folders.make_durable(file.parent)
    return offset


class LogWriter:
    """The log of one attempt; from one thread at a time. What cannot be written to the disk never disturbs the task."""

    def __init__(self, logs: ExecutionLogs, task: int) -> None:
        self._logs = logs
        self._task = task
        self._all = bytearray()  # while it is short
        self._shown = 0  # of these, how many are in the live file
        self._segments: SegmentWriter | None = None
        self._times = Times()
        self._is_closed = False

    @property
    def size(self) -> int:
        return len(self._all) if self._segments is None else self._segments.size

    def write(self, data: bytes) -> None:
        if self._is_closed or not data:
            return
        at_ms = time.time_ns() // 1_000_000
        self._mark(at_ms)
        if self._segments is None and self.size + len(data) > LARGEST_SHARED_BYTES:
            self._move_out(len(data))
        if self._segments is None:
            self._all += data
            self._show(at_ms)
            return
        self._segments.write(data)

    def take(self, pipe: int) -> int | None:
        """As `SegmentWriter.take`, once the log is long."""
        if self._segments is None or self._is_closed:
            return None
        self._mark(time.time_ns() // 1_000_000)
        return self._segments.take(pipe, _MOST_TAKEN_BYTES)

    def _mark(self, at_ms: int) -> None:
        if self._times.note(self.size, at_ms) and self._segments is not None:
            self._logs.live.put(self._task, self.size, b"", at_ms)

    def _show(self, at_ms: int) -> None:
        """In the live file; what the disk did not take is tried again with what follows."""
        if self._logs.live.put(self._task, self._shown, bytes(self._all[self._shown :]), at_ms):
            self._shown = len(self._all)

    def _move_out(self, more: int) -> None:
        """To a file of its own; where the disk takes nothing it stays in memory for a while."""
        writer = SegmentWriter(self._logs.root / _own(self._logs.place, self._task), self._logs.cap)
        if writer.begin(bytes(self._all)):
            self._segments = writer
        elif self.size + more > MOST_HELD_BYTES:
            writer.write(bytes(self._all))
            self._segments = writer
        if self._segments is not None:
            self._all.clear()

    def tail(self, size: int) -> bytes:
        """The last bytes of what is kept."""
        if self._segments is None:
            return bytes(self._all[-size:])
        path = self._logs.root / _own(self._logs.place, self._task)
        tail, offset = b"", max(0, self.size - size)
        with suppress(OSError):
            while chunk := segments.read(path, offset, size).data:
                tail, offset = tail + chunk, offset + len(chunk)
        return tail

    def close(self) -> Log:
        """Nothing more is written; the answer is where it is kept, for the row."""
        self._is_closed = True
        if not self.size:
            return EMPTY_LOG
        if self._segments is not None:
            name, digest = _own(self._logs.place, self._task), self._segments.close()
            log = Log(bytes=self.size, truncated=self._segments.truncated, sha256=digest, path=name)
        else:
            log = _kept(self._logs, bytes(self._all))
        return replace(log, times=logtimes.pack(self._times.marks))


def _kept(logs: ExecutionLogs, data: bytes) -> Log:
    """In the row where it is small, or nothing else takes it; else in the shared file."""
    log = Log(data=data)
    if len(data) > LARGEST_IN_ROW_BYTES:
        with suppress(OSError):
            log = logs.add_to_shared(data)
    return replace(log, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


# What was running when its process was killed


def keep_of_killed(task: TaskExecution) -> None:
    """Keep what an attempt wrote that nobody writes on, as one step with the end of all that runs of its execution."""
    logs = ExecutionLogs(*_execution_of(task))
    log = _kept_of_killed(logs, task)
    database.after_commit(partial(_remove_live, logs))
    if log.bytes:
        values = (log.path, log.bytes, int(log.truncated), log.sha256, log.offset, log.data, log.times)
        database.execute(_KEEP, (*values, task.pk))


def _kept_of_killed(logs: ExecutionLogs, task: TaskExecution) -> Log:
    live = logs.live.path
    own = _own(logs.place, task.pk)
    data, marks = b"", list[Mark]()
    with suppress(OSError):
        data = livelog.read(live, task.pk, 0, 2 * MOST_HELD_BYTES)
        marks = livelog.read_times(live, task.pk)
    size = segments.size_of(logs.root / own)
    if size and size >= len(data):
        digest = segments.sha256(logs.root / own, size)
        log = Log(bytes=size, truncated=segments.is_cut(logs.root / own, size), sha256=digest, path=own)
    else:
        segments.remove(logs.root / own, size)
        log = _kept(logs, data) if data else EMPTY_LOG
    return replace(log, times=logtimes.pack(_thinned(marks)))


def _thinned(marks: list[Mark]) -> list[Mark]:
    noted = Times()
    for offset, at_ms in marks:
        noted.note(offset, at_ms)
    return noted.marks


def _remove_live(logs: ExecutionLogs) -> None:
    with suppress(OSError):
        logs.live.path.unlink(missing_ok=True)


def _execution_of(task: TaskExecution) -> tuple[str, datetime]:
    id_, created_at = database.rows("SELECT id, created_at FROM executions WHERE pk = ?", (task.execution,))[0]
    return id_, times.from_ms(created_at)


# Reading


def may_have_log(task: TaskExecution) -> bool:
    return task.log_bytes > 0 or _is_live(task)


def _is_live(task: TaskExecution) -> bool:
    return task.status is TaskStatus.RUNNING and task.task_type == "executor"


def path_of(task: TaskExecution) -> Path | None:
    """The file that holds a log, maybe with others; None where it stands in the database, or nothing was written."""
    if task.log_path is not None:
        return _root() / task.log_path
    if not _is_live(task):
        return None
    live, own = _live_places(task)
    return own if own.exists() else live if live.exists() else None


def _live_places(task: TaskExecution) -> tuple[Path, Path]:
    place = _place(*_execution_of(task))
    return _root() / f"{place}.live", _root() / _own(place, task.pk)


def read(task: TaskExecution, offset: int = 0, limit: int = MOST_READ_BYTES) -> LogChunk:
    """What follows an offset of an attempt's log, wherever it is; empty at the end of what there is."""
    if task.log_path is not None:
        return _read_file(task, offset, limit)
    if task.log_bytes:
        return _read_row(task, offset, limit)
    if not _is_live(task):
        return LogChunk(b"", offset, offset)
    live, own = _live_places(task)
    if own.exists():
        return segments.read(own, offset, limit)
    try:
        data = livelog.read(live, task.pk, offset, limit)
    except FileNotFoundError:  # not begun, or ended meanwhile
        now = _as_it_is_now(task)
        return LogChunk(b"", offset, offset) if now is None or _is_live(now) else read(now, offset, limit)
    return LogChunk(data, offset, offset + len(data))


def _as_it_is_now(task: TaskExecution) -> TaskExecution | None:
    found = database.rows(
        "SELECT status, log_path, log_bytes, log_offset FROM task_executions WHERE pk = ?", (task.pk,)
    )
    if not found:
        return None
    status, path, size, offset = found[0]
    return replace(task, status=TaskStatus(status), log_path=path, log_bytes=size, log_offset=offset)


def _read_file(task: TaskExecution, offset: int, limit: int) -> LogChunk:
    file = _root() / str(task.log_path)
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


def read_times(task: TaskExecution) -> list[Mark]:
    """Offsets and when they were written (ms since the epoch), in order; empty where none were noted."""
    if _is_live(task):
        with suppress(FileNotFoundError):
            return livelog.read_times(_live_places(task)[0], task.pk)
    packed = database.scalar("SELECT log_times FROM task_executions WHERE pk = ?", (task.pk,))
    if packed is not None:
        return logtimes.unpack(bytes(packed))
    return _times_beside(_root() / task.log_path) if task.log_path is not None and task.log_offset is None else []


def _times_beside(path: Path) -> list[Mark]:
    """As the first schema kept them: a line each."""
    try:
        lines = path.with_suffix(".times").read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    pairs = (line.split(" ") for line in lines)
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(each.isdigit() for each in pair)]


# Removing


def remove(execution_id: str, created_at: datetime) -> None:
    """Every log of an execution, and the folders that are empty then."""
    place = _root() / _place(execution_id, created_at)
    for suffix in (".log", ".live"):
        with suppress(OSError):
            place.with_name(f"{place.name}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    folders.remove_empty(place.parent, _root())
