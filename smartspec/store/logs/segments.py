"""The file of a long log: raw bytes in segments, of which the first and the last are kept."""

import hashlib
import os
import threading
from pathlib import Path

from smartspec.store.database import folders
from smartspec.value import frozen

SEGMENT_BYTES = 8 * 1024 * 1024
KEPT_SEGMENTS = 8  # the first, and the last seven


def _segment(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_name(f"{path.name}.{number}")


class SegmentWriter:
    """Appends to one log; the file is made with the first byte. At the cap the middle goes, never the ends.

    `size` counts every byte written; `truncated` says that some are not there any more. Where the disk takes nothing
    the log has a gap, and says so once it goes on: the task is not disturbed.
    """

    def __init__(self, path: Path, cap: int = KEPT_SEGMENTS * SEGMENT_BYTES) -> None:
        self._path = path
        self._kept = max(2, cap // SEGMENT_BYTES)
        self._file: int | None = None
        self._lost = 0  # bytes since the disk took the last one
        self.size = 0
        self.truncated = False

    def begin(self, data: bytes) -> bool:
        """With these bytes; False where the disk does not take all of them: then nothing is there."""
        if self._write_all(data) == len(data):
            return True
        self._leave_segment()
        remove(self._path, self.size)
        self.size = 0
        return False

    def write(self, data: bytes) -> None:
        if self._lost:
            mark = f"\n[smartspec: {self._lost:,} bytes could not be written: the disk was full or failed]\n".encode()
            if self._write_all(mark) < len(mark):
                self._lost += len(data)
                return
            self._lost = 0
        if (put := self._write_all(data)) < len(data):
            self._lost += len(data) - put
            self.truncated = True

    def take(self, pipe: int, most: int) -> int | None:
        """Move what a pipe holds, at most so many bytes, to the file by itself: no copy of it comes by here.

        0 at its end, None where that cannot be done (now): then it is to be read. Raises BlockingIOError where nothing
        is there.
        """
        if self._lost or not hasattr(os, "splice"):
            return None
        try:
            moved = os.splice(pipe, self._open_segment(), min(most, self._room))
        except BlockingIOError:
            raise
        except OSError:
            return None
        self._add(moved)
        return moved

    def _write_all(self, data: bytes) -> int:
        """How many bytes the disk took."""
        view = memoryview(data)
        try:
            while view:
                put = os.write(self._open_segment(), view[: self._room])
                self._add(put)
                view = view[put:]
        except OSError:
            pass
        return len(data) - len(view)

    @property
    def _room(self) -> int:
        return SEGMENT_BYTES - self.size % SEGMENT_BYTES

    def _add(self, size: int) -> None:
        self.size += size
        if self.size % SEGMENT_BYTES == 0:
            self._leave_segment()

    def _open_segment(self) -> int:
        if self._file is None:
            number = self.size // SEGMENT_BYTES
            self._make_room(number)
            self._file = folders.open_file(_segment(self._path, number), os.O_WRONLY | os.O_TRUNC)
        return self._file

    def _make_room(self, number: int) -> None:
        """Before a segment begins, the oldest but the first goes."""
        gone = number - self._kept + 1
        if gone > 0:
            _segment(self._path, gone).unlink(missing_ok=True)
            self.truncated = True

    def _leave_segment(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def close(self) -> str:
        """Make what is kept durable; the answer is its sha256.

        Only now: of a long log most of what was made durable, or hashed, on the way would be gone by its end.
        """
        self._leave_segment()
        try:
            syncing = threading.Thread(target=self._make_durable)  # the disk works while it is hashed
            syncing.start()
        except RuntimeError:  # the system allows no more threads
            self._make_durable()
            return sha256(self._path, self.size)
        digest = sha256(self._path, self.size)
        syncing.join()
        return digest

    def _make_durable(self) -> None:
        for segment in _kept(self._path, self.size):
            folders.make_durable(segment)
        folders.make_durable(self._path.parent)


def _kept(path: Path, size: int) -> list[Path]:
    """Those that are there of a log of this size."""
    every = (_segment(path, number) for number in range(size // SEGMENT_BYTES + 1))
    return [segment for segment in every if segment.exists()]


def sha256(path: Path, size: int) -> str:
    """Of the bytes that are kept of a log of this size."""
    digest = hashlib.sha256()
    for segment in _kept(path, size):
        with segment.open("rb") as opened:
            digest = _updated(digest, opened)
    return digest.hexdigest()


def _updated(digest: "hashlib._Hash", opened: object) -> "hashlib._Hash":
    while data := opened.read(1024 * 1024):  # type: ignore[attr-defined]
        digest.update(data)
    return digest


def size_of(path: Path) -> int:
    """How many bytes were written to a log that nobody writes to any more; 0 where there is none."""
    numbers = [0, *_numbers(path)]
    try:
        return max(numbers) * SEGMENT_BYTES + _segment(path, max(numbers)).stat().st_size
    except FileNotFoundError:
        return 0


def files_of(path: Path) -> list[Path]:
    """What there is of a log that nobody writes to any more: its file, and those of its later segments."""
    every = (path, *(_segment(path, number) for number in sorted(_numbers(path))))
    return [each for each in every if each.is_file()]


def is_cut(path: Path, size: int) -> bool:
    """Whether the middle of a log of this size is gone."""
    return len(_kept(path, size)) < -(-size // SEGMENT_BYTES)


def _numbers(path: Path) -> list[int]:
    """Of the segments after the first, as they are there."""
    try:
        names = [each.name for each in path.parent.iterdir() if each.name.startswith(f"{path.name}.")]
    except FileNotFoundError:
        return []
    return [int(number) for name in names if (number := name.removeprefix(f"{path.name}.")).isdecimal()]


@frozen
class LogChunk:
    """Bytes of a log; `offset` is where they begin, `next` where to go on. `left_out` bytes before them are gone."""

    data: bytes
    offset: int
    next: int
    left_out: int = 0


def read(path: Path, offset: int, limit: int) -> LogChunk:
    """What follows an offset, at most `limit` bytes; empty at the end of what there is."""
    start = offset
    while True:
        segment = _segment(path, offset // SEGMENT_BYTES)
        try:
            with segment.open("rb") as opened:
                opened.seek(offset % SEGMENT_BYTES)
                data = opened.read(limit)
        except FileNotFoundError:
            later = [number for number in _numbers(path) if number > offset // SEGMENT_BYTES]
            if not later:
                return LogChunk(b"", start, start)
            offset = min(later) * SEGMENT_BYTES
            continue
        return LogChunk(data, offset, offset + len(data), offset - start)


def remove(path: Path, size: int) -> None:
    """All segments of a log of this size."""
    for segment in _kept(path, size):
        segment.unlink(missing_ok=True)
