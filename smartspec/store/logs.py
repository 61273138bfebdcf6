"""Log files: raw bytes in segments, appended by one process, read by any from an offset."""

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SEGMENT_BYTES = 8 * 1024 * 1024
KEPT_SEGMENTS = 8  # the first, and the last seven
MOST_READ_BYTES = 64 * 1024
_NOTED_EVERY_S = 0.1


def _times_file(path: Path) -> Path:
    return path.with_suffix(".times")


def _segment(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_name(f"{path.name}.{number}")


class LogWriter:
    """Appends to one log; the file is made with the first byte. At the cap the middle goes, never the ends.

    `size` counts every byte written; `truncated` says that some are not there any more. Where the disk takes nothing
    the log has a gap, and says so once it goes on: the task is not disturbed.
    """

    def __init__(self, path: str | Path, cap: int = KEPT_SEGMENTS * SEGMENT_BYTES) -> None:
        self._name = path
        self._kept = max(2, cap // SEGMENT_BYTES)
        self._file: int | None = None
        self._digest = hashlib.sha256()
        self._marked = 0.0  # when the time was noted last, by the clock that only goes forward
        self._lost = 0  # bytes since the disk took the last one
        self.size = 0
        self.truncated = False
        self._is_cut = False  # the middle is gone

    @property
    def _path(self) -> Path:
        return Path(self._name)

    def write(self, data: bytes) -> None:
        if self._lost:
            mark = f"\n[smartspec: {self._lost:,} bytes could not be written: the disk was full or failed]\n".encode()
            if self._put(mark) < len(mark):
                self._lost += len(data)
                return
            self._lost = 0
        if (put := self._put(data)) < len(data):
            self._lost += len(data) - put
            self.truncated = True

    def _put(self, data: bytes) -> int:
        """How many bytes the disk took."""
        view = memoryview(data)
        try:
            self._note_time()
            while view:
                room = SEGMENT_BYTES - self.size % SEGMENT_BYTES
                put = os.write(self._open_segment(), view[:room])
                self._digest.update(view[:put])
                self.size += put
                view = view[put:]
                if self.size % SEGMENT_BYTES == 0:
                    self._leave_segment()
        except OSError:
            pass
        return len(data) - len(view)

    def _note_time(self) -> None:
        """Beside the log, which offset was written when: at most ten times a second."""
        now = time.monotonic()
        if now - self._marked < _NOTED_EVERY_S:
            return
        self._marked = now
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(_times_file(self._path), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            os.write(file, b"%d %d\n" % (self.size, time.time_ns() // 1_000_000))
        finally:
            os.close(file)

    def _open_segment(self) -> int:
        if self._file is None:
            number = self.size // SEGMENT_BYTES
            self._make_room(number)
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._file = os.open(_segment(self._path, number), flags, 0o600)
        return self._file

    def _make_room(self, number: int) -> None:
        """Before a segment begins, the oldest but the first goes."""
        gone = number - self._kept + 1
        if gone > 0:
            _segment(self._path, gone).unlink(missing_ok=True)
            self.truncated = True
            self._is_cut = True

    def _leave_segment(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def close(self) -> str | None:
        """Make what is kept durable; the answer is its sha256, None where nothing was written.

        Only now: of a long log most of what was made durable on the way would be gone by its end.
        """
        self._leave_segment()
        if not self.size:
            return None
        for segment in kept_segments(self._path, self.size):
            _make_durable(segment)
        return sha256(self._path, self.size) if self._is_cut else self._digest.hexdigest()


def _make_durable(file: Path) -> None:
    with suppress(OSError):  # what is not durable now may be so later; the record says how long the log is
        descriptor = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def kept_segments(path: Path, size: int) -> list[Path]:
    """Those that are there of a log of this size."""
    every = (_segment(path, number) for number in range(size // SEGMENT_BYTES + 1))
    return [segment for segment in every if segment.exists()]


def sha256(path: Path, size: int) -> str:
    """Of the bytes that are kept of a log of this size."""
    digest = hashlib.sha256()
    for segment in kept_segments(path, size):
        digest.update(segment.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class LogChunk:
    """Bytes of a log; `offset` is where they begin, `next` where to go on. `left_out` bytes before them are gone."""

    data: bytes
    offset: int
    next: int
    left_out: int = 0


def read(path: Path, offset: int, limit: int = MOST_READ_BYTES) -> LogChunk:
    """What follows an offset, at most `limit` bytes; empty at the end of what there is."""
    start = offset
    while True:
        segment = _segment(path, offset // SEGMENT_BYTES)
        try:
            with segment.open("rb") as opened:
                opened.seek(offset % SEGMENT_BYTES)
                data = opened.read(limit)
        except FileNotFoundError:
            following = _following(path, offset // SEGMENT_BYTES)
            if following is None:
                return LogChunk(b"", start, start)
            offset = following * SEGMENT_BYTES
            continue
        return LogChunk(data, offset, offset + len(data), offset - start)


def _following(path: Path, number: int) -> int | None:
    """The first segment after one that is gone."""
    numbers = [
        int(each.name.rpartition(".")[2]) for each in path.parent.glob(f"{path.name}.*") if each.suffix[1:].isdigit()
    ]
    return min((each for each in numbers if each > number), default=None)


def read_times(path: Path) -> list[tuple[int, int]]:
    """Offsets and when they were written (ms since the epoch), in order; empty where none were noted."""
    try:
        lines = _times_file(path).read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    pairs = (line.split(" ") for line in lines)
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(each.isdigit() for each in pair)]


def remove(path: Path) -> None:
    """All segments of a log, and its times."""
    for segment in [path, _times_file(path), *path.parent.glob(f"{path.name}.*")]:
        segment.unlink(missing_ok=True)
