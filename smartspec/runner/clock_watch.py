"""Three clocks held against each other: whether the machine slept, its clock was set, or nobody looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from smartspec.domain import times
from smartspec.domain.schedule.situation import Absence, AbsenceKind
from smartspec.runner import clocks
from smartspec.value import frozen

NOTICED = timedelta(seconds=5)  # what is less is no sleep, and a clock that is kept right
LONGEST_GAP = timedelta(seconds=60)  # without a look; a runner that was stopped, or a machine under great load


@frozen
class ClockReading:
    """`boottime` goes on while the machine sleeps, `uptime` does not; neither is moved with the date."""

    wall: datetime
    boottime: float
    uptime: float


def read_clocks() -> ClockReading:
    return ClockReading(times.now(), clocks.boottime(), clocks.uptime())


@frozen
class Elapsed:
    """What was between two looks: `slept`, and how far the clock was `set` (negative: back).

    `slept_in_all` are the seconds of all sleep since the machine was started, the same for every process.
    """

    begin: datetime
    end: datetime
    passed: timedelta
    slept: timedelta
    set: timedelta
    slept_in_all: float

    @property
    def absence(self) -> Absence | None:
        """When nobody looked; None: somebody did all the time."""
        if self.slept > NOTICED:
            return Absence(min(self.begin, self.end), self.end, AbsenceKind.ASLEEP)
        if self.set > NOTICED:
            return Absence(self.end - self.set, self.end, AbsenceKind.CLOCK)
        if self.passed > LONGEST_GAP:
            return Absence(min(self.begin, self.end), self.end, AbsenceKind.OFF)
        return None


class ClockWatch:
    """Remembers what the clocks said at the last look."""

    def __init__(self, read: Callable[[], ClockReading] = read_clocks) -> None:
        self._read = read
        self._last = read()

    @property
    def looked_at(self) -> datetime:
        """When that was, by the date of then."""
        return self._last.wall

    def look(self) -> Elapsed:
        before, now = self._last, self._read()
        self._last = now
        passed = timedelta(seconds=now.boottime - before.boottime)
        slept = passed - timedelta(seconds=now.uptime - before.uptime)
        return Elapsed(before.wall, now.wall, passed, slept, now.wall - before.wall - passed, now.boottime - now.uptime)
