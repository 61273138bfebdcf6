"""Only the lines of a log that speak of an error, with some around them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from smartspec.gui.widgets.log.source import LogLine, LogSource

CONTEXT = 2  # lines before and after


class ErrorsOnly:
    """Stretches of another source, and between them a place that says how many lines were left out."""

    def __init__(self, source: LogSource) -> None:
        self.source = source
        self._spans: list[tuple[int, int]] = []  # from, to (exclusive) in the source
        self._begins = [0]  # the place of each stretch, its gap before it; and of the end
        self.errors: list[int] = []
        self.update()

    @property
    def count(self) -> int:
        return self._begins[-1]

    @property
    def size(self) -> int:
        return self.source.size

    def update(self) -> None:
        """After the source knows more."""
        spans: list[tuple[int, int]] = []
        for error in self.source.errors:
            begin, end = max(0, error - CONTEXT), min(self.source.count, error + CONTEXT + 1)
            if spans and begin <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((begin, end))
        before = [0, *(end for __, end in spans)]
        gaps = [1 if begin > last else 0 for (begin, __), last in zip(spans, before, strict=False)]
        lengths = (end - begin + gap for (begin, end), gap in zip(spans, gaps, strict=True))
        self._spans, self._begins = spans, [0, *accumulate(lengths)]
        self.errors = [place for error in self.source.errors if (place := self.place(error)) is not None]

    def read_on(self) -> bool:
        more = self.source.read_on()
        self.update()
        return more

    def look_on(self) -> bool:
        more = self.source.look_on()
        self.update()
        return more

    def place(self, line: int) -> int | None:
        """Where a line of the source stands here; None where it was left out."""
        at = bisect_right(self._spans, (line, 1 << 62)) - 1
        if at < 0 or line >= self._spans[at][1]:
            return None
        return self._begins[at] + self._gap(at) + line - self._spans[at][0]

    def line_at(self, place: int) -> int:
        """The line of the source that stands at a place; of a gap the one after it."""
        at = max(0, bisect_right(self._begins, place) - 1)
        return self._spans[at][0] + max(0, place - self._begins[at] - self._gap(at))

    def _gap(self, at: int) -> int:
        before = self._spans[at - 1][1] if at else 0
        return 1 if self._spans[at][0] > before else 0

    def read(self, first: int, count: int) -> list[LogLine]:
        found: list[LogLine] = []
        spans, begins = self._spans, self._begins
        at = bisect_right(begins, first) - 1
        while len(found) < count and 0 <= at < len(spans):
            place = first + len(found)
            inside = place - begins[at] - self._gap(at)
            begin, end = spans[at]
            if inside < 0:
                left_out = begin - (spans[at - 1][1] if at else 0)
                found.append(LogLine(str(left_out).encode()))
                continue
            found += self.source.read(begin + inside, min(end - begin - inside, count - len(found)))
            if first + len(found) < begins[at + 1] and len(found) < count:
                break  # it has changed meanwhile
            at += 1
        return found

    def search(self, text: str) -> list[int]:
        return [place for line in self.source.search(text) if (place := self.place(line)) is not None]


def nearest(lines: list[int], line: int, by: int) -> int:
    """The place in a sorted list of the next (by 1) or previous (-1) one after a line, round at the ends."""
    at = bisect_right(lines, line) if by > 0 else bisect_left(lines, line) - 1
    return at % len(lines)
