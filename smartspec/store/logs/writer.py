"""The output of tasks while they run, and where it is kept when they end."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from smartspec.domain.engine.transitions import EMPTY_LOG, Log
from smartspec.store.database import folders
from smartspec.store.logs import layout, segments, timestamps
from smartspec.store.logs.live_file import LiveLog
from smartspec.store.logs.segments import KEPT_SEGMENTS, SEGMENT_BYTES, SegmentWriter
from smartspec.store.logs.timestamps import Times
from smartspec.value import replace

LARGEST_IN_ROW_BYTES = 4 * 1024
LARGEST_SHARED_BYTES = 64 * 1024
_MOST_TAKEN_BYTES = 1024 * 1024
MOST_HELD_BYTES = 1024 * 1024  # of a log that no disk takes: then bytes are lost
DEFAULT_CAP_BYTES = KEPT_SEGMENTS * SEGMENT_BYTES


class ExecutionLogs:
    """The logs of one execution, for the process that runs it."""

    def __init__(self, execution_id: str, created_at: datetime, cap: int = DEFAULT_CAP_BYTES) -> None:
        """Of each log at most `cap` bytes are kept."""
        self.root = layout.root()
        self.prefix = layout.prefix(execution_id, created_at)
        self.cap = cap
        self.live = LiveLog(self.root / f"{self.prefix}.live")

    def of(self, task: int) -> LogWriter:
        """For the attempt whose row has this key."""
        return LogWriter(self, task)

    def add_to_shared(self, data: bytes) -> Log:
        """Raises OSError."""
        name = f"{self.prefix}.log"
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
        writer = SegmentWriter(self._logs.root / layout.own_file(self._logs.prefix, self._task), self._logs.cap)
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
        path = self._logs.root / layout.own_file(self._logs.prefix, self._task)
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
            name, digest = layout.own_file(self._logs.prefix, self._task), self._segments.close()
            log = Log(bytes=self.size, truncated=self._segments.truncated, sha256=digest, path=name)
        else:
            log = keep_short(self._logs, bytes(self._all))
        return replace(log, times=timestamps.pack(self._times.marks))


def keep_short(logs: ExecutionLogs, data: bytes) -> Log:
    """In the row where it is small, or nothing else takes it; else in the shared file."""
    log = Log(data=data)
    if len(data) > LARGEST_IN_ROW_BYTES:
        with suppress(OSError):
            log = logs.add_to_shared(data)
    return replace(log, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
