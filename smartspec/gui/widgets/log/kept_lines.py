"""The lines of a log that were read and are kept, by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smartspec.gui.widgets.log.shown_line import Row, ShownLine
from smartspec.gui.widgets.log.source import LogLine

_AHEAD = 200  # lines that are asked for beyond those seen
_MOST = 4_000


class KeptLines:
    """Where there are too many all of them go: those that are seen are asked for again."""

    def __init__(self) -> None:
        self.widest = 0  # columns of the longest that was ever taken
        self._lines: dict[int, ShownLine] = {}
        self._asked = (0, 0)

    def __len__(self) -> int:
        return len(self._lines)

    def clear(self) -> None:
        """Those of another log come."""
        self._lines, self._asked, self.widest = {}, (0, 0), 0

    def forget(self, numbers: Iterable[int] | None = None) -> None:
        """These, or all, are read anew."""
        if numbers is None:
            self._lines.clear()
        for number in numbers or ():
            self._lines.pop(number, None)
        self._asked = (0, 0)

    def take(self, first: int, lines: Sequence[LogLine]) -> int:
        """The answer is how long the longest name of a task among them is."""
        if len(self._lines) > _MOST:
            self._lines.clear()
        taken = [ShownLine(line) for line in lines]
        self._lines.update(enumerate(taken, start=first))
        self.widest = max(self.widest, max((line.columns for line in taken), default=0))
        return max((len(line.line.task) for line in taken), default=0)

    def get(self, number: int) -> ShownLine | None:
        return self._lines.get(number)

    def rows(self, number: int, columns: int) -> list[Row]:
        """How a line is broken at so many columns; one that is not here has one row."""
        line = self._lines.get(number)
        return line.rows(columns) if line is not None and not line.is_gap else [[]]

    def to_ask_for(self, seen: range, count: int) -> tuple[int, int] | None:
        """The first line and how many, where one that is seen is not here and not asked for yet."""
        missing = next((number for number in seen if number not in self._lines), None)
        if missing is None:
            return None
        start = max(0, missing - _AHEAD)
        span = (start, min(count - start, len(seen) + 2 * _AHEAD))
        if span == self._asked:
            return None
        self._asked = span
        return span
