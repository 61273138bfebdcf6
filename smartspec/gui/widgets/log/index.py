"""Where the lines of a log begin: so that any of them is found at once, however large the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from smartspec.commands import execution_logs
from smartspec.domain.execution import TaskExecution
from smartspec.domain.failure_lines import lines_with_stems, speaks_of_error
from smartspec.gui.widgets.log import ansi
from smartspec.gui.widgets.log.source import ASKED, LogLine
from smartspec.value import field, mutable

_CHUNK = 64 * 1024  # bytes that are read at a time
EVERY = 256  # lines between two marks
LONGEST_LINE = 16 * 1024  # bytes; a longer one counts as several
MOST_MATCHES = 10_000


@mutable
class LogIndex:
    """Of one attempt's log; it is used by one thread at a time. `lines` counts those known so far."""

    row: TaskExecution
    lines: int = 0
    marks: list[int] = field(default_factory=lambda: [0])  # the offset of every EVERYth line
    size: int = 0  # bytes that were looked at
    left_out: int = 0
    times: list[tuple[int, int]] = field(default_factory=list)  # offsets and when they were written, in ms
    line_times: list[tuple[int, int]] = field(default_factory=list)  # the lines that begin there
    errors: list[int] = field(default_factory=list)  # the lines that speak of an error, as far as was looked
    _begun: int = 0  # bytes of the line that is not closed yet
    _looked: int = 0  # bytes that were looked at for errors, and the lines that close in them
    _looked_lines: int = 0

    def read_on(self, most: int = 8 * 1024 * 1024) -> bool:
        """Look at what follows, at most so many bytes; False at the end of what there is."""
        end = self.size + most
        self.times = execution_logs.read_log_times(self.row)
        while self.size < end:
            chunk = execution_logs.read_log(self.row, self.size)
            if not chunk.data:
                return False
            if chunk.left_out:
                self.left_out += chunk.left_out
                self.size = chunk.offset
            self._note_times(chunk.data)
            self._count_lines(chunk.data)
            self.size = chunk.next
        return True

    def _note_times(self, data: bytes) -> None:
        """Which line begins, or goes on, where each mark of the times stands in what follows."""
        at, line, end = 0, self.lines, self.size + len(data)
        first = bisect_right(self.times, (self.size - 1, 1 << 62))
        for offset, ms in self.times[first : bisect_right(self.times, (end - 1, 1 << 62))]:
            line += _lines_between(data, at, offset - self.size)
            at = offset - self.size
            if not self.line_times or self.line_times[-1][0] < line:
                self.line_times.append((line, ms))

    def _count_lines(self, data: bytes) -> None:
        """Whole parts at once, where no line is too long: a log of gigabytes keeps nobody waiting."""
        parts = data.split(b"\n")
        if self._begun + len(parts[0]) >= LONGEST_LINE or max(map(len, parts)) >= LONGEST_LINE:
            self._count_one_by_one(data)
            return
        closed, at, offset = len(parts) - 1, 0, self.size
        mark = EVERY - self.lines % EVERY
        while mark <= closed:
            offset += sum(map(len, parts[at:mark])) + mark - at
            self.marks.append(offset)
            at, mark = mark, mark + EVERY
        self.lines += closed
        self._begun = len(parts[-1]) + (0 if closed else self._begun)

    def _count_one_by_one(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            newline = data.find(b"\n", at)
            end = len(data) if newline < 0 else newline + 1
            room = LONGEST_LINE - self._begun
            is_closed = newline >= 0
            if end - at > room or (end - at == room and not is_closed):
                end, is_closed = at + room, True
            self._begun += end - at
            if is_closed:
                self._close(self.size + end)
            at = end

    def _close(self, following: int) -> None:
        self.lines += 1
        self._begun = 0
        if self.lines % EVERY == 0:
            self.marks.append(following)

    @property
    def count(self) -> int:
        """Lines to show, the one that is not closed included."""
        return self.lines + (1 if self._begun else 0)

    def read(self, first: int, count: int) -> list[LogLine]:
        """Some lines, counted from 0."""
        found: list[LogLine] = []
        number, offset = first // EVERY * EVERY, self.marks[min(first // EVERY, len(self.marks) - 1)]
        for line in self._from(first // EVERY):
            if number >= first + count:
                break
            if number >= first:
                found.append(LogLine(line, self._written(offset), number))
            offset += len(line) + (len(line) < LONGEST_LINE)
            number += 1
        return found

    def _written(self, offset: int) -> int | None:
        at = bisect_right(self.times, (offset, 1 << 62)) - 1
        return self.times[at][1] if at >= 0 else None

    def _from(self, mark: int) -> Iterator[bytes]:
        offset, rest = self.marks[min(mark, len(self.marks) - 1)], b""
        while offset < self.size:
            chunk = execution_logs.read_log(self.row, offset, min(_CHUNK, self.size - offset))
            if not chunk.data:
                break
            offset = chunk.next
            rest += chunk.data
            *lines, rest = _split(rest)
            yield from lines
        if rest:
            yield rest

    def search(self, text: str) -> list[int]:
        """The lines that hold a text as they are shown, letter case aside; at most 10,000."""
        wanted = text.lower().encode()
        return self._where(lambda line: _holds(line, wanted)) if wanted else []

    def look_on(self, most: int = 1024 * 1024) -> bool:
        """Look for errors in what is known, at most in so many bytes; False where all of it was looked at."""
        end = min(self.size, self._looked + most)
        while self._looked < end:
            chunk = execution_logs.read_log(self.row, self._looked, min(_CHUNK, self.size - self._looked))
            if not chunk.data:
                return False  # it is gone meanwhile
            self._looked = chunk.offset
            if not self._look_at(chunk.data):
                return False  # a line that is not closed
        return self._looked < self.size

    def _look_at(self, data: bytes) -> bool:
        """Whether any line of it was looked at: one that is not closed is only where nothing more will come."""
        whole = data.rfind(b"\n") + 1
        if not whole and len(data) < _CHUNK and (self._begun and self.row.status == "running"):
            return False
        data = data[:whole] if whole else data
        at, line = 0, self._looked_lines
        for offset in lines_with_stems(data):
            line += _lines_between(data, at, offset)
            at = offset
            end = data.find(b"\n", offset)
            if speaks_of_error(data[offset : end if end >= 0 else len(data)][:ASKED]):
                self.errors.append(line)
        self._looked_lines += _lines_between(data, 0, len(data))
        self._looked += len(data)
        return True

    def _where(self, fits: Callable[[bytes], bool], most: int = MOST_MATCHES) -> list[int]:
        found: list[int] = []
        for number, line in enumerate(self._from(0)):
            if fits(line):
                found.append(number)
                if len(found) >= most:
                    break
        return found


def _holds(line: bytes, wanted: bytes) -> bool:
    """Of a line with colours or overwritten parts what is seen of it."""
    if b"\x1b" in line or b"\r" in line:
        line = ansi.strip_ansi(line).encode()
    return wanted in line.lower() or (not line.isascii() and wanted in _lower(line))


def _lower(line: bytes) -> bytes:
    return line.decode("utf-8", "replace").lower().encode()


def _lines_between(data: bytes, begin: int, end: int) -> int:
    """How many lines close there, those counted that are closed for their length."""
    closed = data.count(b"\n", begin, end)
    if end - begin < LONGEST_LINE:
        return closed
    return closed + sum(len(line) // LONGEST_LINE for line in data[begin:end].split(b"\n"))


def _split(data: bytes) -> list[bytes]:
    """The closed lines, and what is not closed; long ones in parts."""
    found: list[bytes] = []
    *closed, rest = data.split(b"\n")
    for line in closed:
        while len(line) >= LONGEST_LINE:
            found.append(line[:LONGEST_LINE])
            line = line[LONGEST_LINE:]
        found.append(line)
    while len(rest) >= LONGEST_LINE:
        found.append(rest[:LONGEST_LINE])
        rest = rest[LONGEST_LINE:]
    return [*found, rest]
