"""Where the lines of a log begin: so that any of them is found at once, however large the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from smartspec.commands import execution_logs
from smartspec.domain.execution import TaskExecution
from smartspec.value import field, frozen, mutable

_CHUNK = 64 * 1024  # bytes that are read at a time
EVERY = 256  # lines between two marks
LONGEST_LINE = 16 * 1024  # bytes; a longer one counts as several
MOST_MATCHES = 10_000
ERROR = re.compile(rb"(?:error\b|\b(?:fatal|failed|failure|exception|traceback|panic|denied|cannot)\b)", re.IGNORECASE)
WARNING = re.compile(rb"\b(?:warn|warning|deprecated)\b", re.IGNORECASE)


@frozen
class LogLine:
    """The bytes of a line without its newline, and about when it was written (ms since the epoch)."""

    raw: bytes
    at: int | None


@mutable
class LogIndex:
    """Of one attempt's log; it is used by one thread at a time. `lines` counts those known so far."""

    row: TaskExecution
    lines: int = 0
    marks: list[int] = field(default_factory=lambda: [0])  # the offset of every EVERYth line
    size: int = 0  # bytes that were looked at
    left_out: int = 0
    times: list[tuple[int, int]] = field(default_factory=list)  # offsets and when they were written, in ms
    _begun: int = 0  # bytes of the line that is not closed yet

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
            self._count_lines(chunk.data)
            self.size = chunk.next
        return True

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
                found.append(LogLine(line, self._written(offset)))
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
        """The lines that hold a text, letter case aside; at most 10,000."""
        wanted = text.encode().lower()
        return self._where(lambda line: wanted in line.lower()) if wanted else []

    def first_error(self) -> int | None:
        """The first line that speaks of an error."""
        return next(iter(self._where(lambda line: ERROR.search(line) is not None, 1)), None)

    def _where(self, fits: Callable[[bytes], bool], most: int = MOST_MATCHES) -> list[int]:
        found: list[int] = []
        for number, line in enumerate(self._from(0)):
            if fits(line):
                found.append(number)
                if len(found) >= most:
                    break
        return found


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
