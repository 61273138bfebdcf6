"""The logs of all tasks together, in the order in which they were written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from smartspec.domain import times
from smartspec.domain.execution import TaskExecution
from smartspec.gui.widgets.log.index import MOST_MATCHES, LogIndex
from smartspec.gui.widgets.log.source import LogLine
from smartspec.value import frozen, replace

MOST_LOGS = 500


@frozen
class _Run:
    """Lines that one attempt wrote without a pause; `at` is when, in ms since the epoch."""

    at: int
    log: int
    first: int
    count: int


class MergedLog:
    """Runs of lines, sorted by when they were written: a log notes that ten times a second."""

    def __init__(self, rows: Sequence[TaskExecution]) -> None:
        """The first 500 of the attempts."""
        self.logs = [LogIndex(row) for row in rows[:MOST_LOGS]]
        self.is_whole = len(rows) <= MOST_LOGS
        self._runs: list[_Run] = []
        self._ends: list[int] = []  # the place after each run
        self._runs_of: dict[int, list[tuple[int, int, int]]] = {}  # by log: (its first line, count, place)
        self.errors: list[int] = []

    @property
    def count(self) -> int:
        return self._ends[-1] if self._ends else 0

    @property
    def size(self) -> int:
        return sum(log.size for log in self.logs)

    def update_rows(self, rows: Sequence[TaskExecution]) -> None:
        """What is known of the attempts by now; new ones join."""
        known = {log.row.pk: log for log in self.logs}
        for row in rows[:MOST_LOGS]:
            if row.pk in known:
                known[row.pk].row = row
            else:
                self.logs.append(LogIndex(row))
        self.is_whole = len(rows) <= MOST_LOGS

    def read_on(self) -> bool:
        before = [log.count for log in self.logs]
        more = False
        for log in self.logs:
            if log.read_on():
                more = True
                break
        if before != [log.count for log in self.logs]:
            self._sort()
        return more

    def look_on(self) -> bool:
        more = any(log.look_on() for log in self.logs)
        self._place_errors()
        return more

    def _sort(self) -> None:
        runs = [run for number, log in enumerate(self.logs) for run in _runs(number, log)]
        runs.sort(key=lambda run: (run.at, run.log, run.first))
        places = [0, *accumulate(run.count for run in runs)]
        of: dict[int, list[tuple[int, int, int]]] = {}
        for run, place in zip(runs, places, strict=False):
            of.setdefault(run.log, []).append((run.first, run.count, place))
        self._runs, self._ends, self._runs_of = runs, places[1:], {log: sorted(each) for log, each in of.items()}
        self._place_errors()

    def _place_errors(self) -> None:
        self.errors = sorted(
            place for number, log in enumerate(self.logs) for place in self._places(number, log.errors)
        )

    def _places(self, log: int, lines: Sequence[int]) -> list[int]:
        """Where lines of one log stand among all."""
        runs = self._runs_of.get(log, [])
        firsts = [first for first, __, __ in runs]
        found: list[int] = []
        for line in lines:
            at = bisect_right(firsts, line) - 1
            if at >= 0 and line - runs[at][0] < runs[at][1]:
                found.append(runs[at][2] + line - runs[at][0])
        return found

    def read(self, first: int, count: int) -> list[LogLine]:
        runs, ends = self._runs, self._ends
        found: list[LogLine] = []
        at = bisect_right(ends, first)
        while len(found) < count and at < len(runs):
            run = runs[at]
            skipped = first + len(found) - (ends[at] - run.count)
            log = self.logs[run.log]
            lines = log.read(run.first + skipped, min(run.count - skipped, count - len(found)))
            found += [replace(line, task=log.row.label) for line in lines]
            if len(lines) < min(run.count - skipped, count - len(found) + len(lines)):
                break  # it has changed meanwhile
            at += 1
        return found

    def search(self, text: str) -> list[int]:
        found: list[int] = []
        for number, log in enumerate(self.logs):
            found += self._places(number, log.search(text))
            if len(found) >= MOST_MATCHES:
                break
        return sorted(found)[:MOST_MATCHES]


def _runs(number: int, log: LogIndex) -> list[_Run]:
    """From mark to mark; where none was noted, all of it when the attempt began."""
    start = times.to_ms(log.row.started_at) if log.row.started_at else 0
    marks = [(line, at) for line, at in log.line_times if line < log.count] or [(0, start)]
    begins = [0, *(line for line, __ in marks[1:])]
    ends = [*begins[1:], log.count]
    return [
        _Run(at, number, begin, end - begin)
        for (__, at), begin, end in zip(marks, begins, ends, strict=True)
        if end > begin
    ]
