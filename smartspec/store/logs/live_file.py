"""What the running tasks of an execution have written so far: one file, frame after frame, gone when it has ended.

It is on disk as soon as it was read, so that a runner that is killed loses nothing. Nothing here is synced: a frame
outlives the process, and what is to outlive the machine is kept elsewhere when the task ends.
"""

from __future__ import annotations

import os
import struct
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

from smartspec.store.database import folders
from smartspec.store.logs.timestamps import TimeMark
from smartspec.value import field, frozen, mutable

_HEAD = struct.Struct("<4sIQQQ")  # the sign, bytes that follow, key of the task, offset in its log, ms since the epoch
_SIGN = b"log\n"
_MOST_KNOWN = 8  # files whose frames are remembered


class LiveLog:
    """The writing side: one process, any of its threads. The file is made with the first frame, anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None
        self._end = 0
        self._is_closed = False
        self._lock = threading.Lock()

    def put(self, task: int, offset: int, data: bytes, at_ms: int) -> bool:
        """A frame. False where the disk does not take all of it: then it takes nothing. No bytes: only the time."""
        frame = _HEAD.pack(_SIGN, len(data), task, offset, at_ms) + data
        with self._lock:
            if self._is_closed:
                return False
            try:
                if self._file is None:
                    self._file = folders.open_file(self.path, os.O_WRONLY | os.O_TRUNC | os.O_APPEND)
                if os.write(self._file, frame) == len(frame):
                    self._end += len(frame)
                    return True
            except OSError:
                pass
            self._take_back()
            return False

    def _take_back(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file, self._end)

    def close(self, *, remove: bool) -> None:
        with self._lock:
            self._is_closed = True
            if self._file is None:
                return
            os.close(self._file)
            self._file = None
        if remove:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)


@frozen
class _Frame:
    """`position` is where its bytes begin in the file."""

    offset: int
    at_ms: int
    position: int
    size: int


@mutable
class _Index:
    """The frames of a file as far as it was read; the last may still be on its way, or was broken off.

    `first` is how the file begins: its first frame tells one file from another of the same name.
    """

    first: bytes
    end: int = 0
    frames: dict[int, list[_Frame]] = field(default_factory=dict)
    last: tuple[int, _Frame] | None = None

    def read_on(self, opened: FileIO, size: int) -> None:
        self.last = None
        while size - self.end >= _HEAD.size:
            opened.seek(self.end)
            sign, length, task, offset, at_ms = _HEAD.unpack(opened.read(_HEAD.size))
            if sign != _SIGN:
                return
            position = self.end + _HEAD.size
            if length > size - position:
                self.last = task, _Frame(offset, at_ms, position, size - position)
                return
            self.frames.setdefault(task, []).append(_Frame(offset, at_ms, position, length))
            self.end = position + length

    def of(self, task: int) -> list[_Frame]:
        found = self.frames.get(task, [])
        return [*found, self.last[1]] if self.last is not None and self.last[0] == task else found


_known: OrderedDict[Path, _Index] = OrderedDict()
_reading = threading.Lock()


def _indexed(path: Path, opened: FileIO) -> _Index:
    """Only what came since the last look is read."""
    size, first = os.fstat(opened.fileno()).st_size, opened.read(_HEAD.size)
    index = _known.pop(path, None)
    if index is None or index.first != first or index.end > size:
        index = _Index(first)
    index.read_on(opened, size)
    _known[path] = index
    if len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    return index


def read(path: Path, task: int, offset: int, limit: int) -> bytes:
    """What a running task wrote from an offset on; empty at the end of what there is. Raises FileNotFoundError."""
    with FileIO(path) as opened, _reading:
        frames = _indexed(path, opened).of(task)
        return b"".join(_parts(opened, frames, offset, limit))


def _parts(opened: FileIO, frames: list[_Frame], offset: int, limit: int) -> Iterator[bytes]:
    first = bisect_right(frames, offset, key=lambda frame: frame.offset) - 1
    for frame in frames[max(0, first) :]:
        inside = offset - frame.offset
        if not 0 <= inside < frame.size:
            continue
        opened.seek(frame.position + inside)
        data = opened.read(min(limit, frame.size - inside))
        yield data
        offset += len(data)
        limit -= len(data)
        if not limit:
            return


def read_times(path: Path, task: int) -> list[TimeMark]:
    """Raises FileNotFoundError."""
    with FileIO(path) as opened, _reading:
        return [(frame.offset, frame.at_ms) for frame in _indexed(path, opened).of(task)]
