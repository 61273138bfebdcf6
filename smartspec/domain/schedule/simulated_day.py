"""One day of a simulation, schedule by schedule: what runs, and which due times are passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile

from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.simulate import SimulatedSchedule, SimulatedStart, Simulation
from smartspec.value import frozen

_INSTANT = timedelta(microseconds=1)
_MOST = 2_000  # due times of one schedule: an interval may be of seconds


@frozen
class DayLane:
    """`starts` run at some time of the day, in their order. `passed` are due times at which it did not start, with what
    was decided: those that are caught up with later among them.
    """

    starts: tuple[SimulatedStart, ...] = ()
    passed: tuple[tuple[datetime, Decision], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.starts and not self.passed


def day_lanes(
    simulation: Simulation, schedules: Sequence[SimulatedSchedule], begin: datetime, end: datetime
) -> tuple[DayLane, ...]:
    """Of each schedule, from `begin` until before `end`."""
    starts: list[list[SimulatedStart]] = [[] for _ in schedules]
    for each in simulation.starts:
        if each.begins < end and each.ends > begin:
            starts[each.schedule].append(each)
    return tuple(
        DayLane(tuple(sorted(found, key=lambda each: each.begins)), tuple(_passed(schedule.plan, firings, begin, end)))
        for found, schedule, firings in zip(starts, schedules, simulation.firings, strict=True)
    )


def _passed(
    plan: Plan, firings: Iterable[Firing], begin: datetime, end: datetime
) -> Iterator[tuple[datetime, Decision]]:
    for each in firings:
        if each.decision in (Decision.RAN, Decision.QUEUED, Decision.REPLACED):
            continue
        if each.last >= begin and each.scheduled_for < end:
            yield from ((due, each.decision) for due in _due_times(plan, each, begin, end))


def _due_times(plan: Plan, firing: Firing, begin: datetime, end: datetime) -> Iterable[datetime]:
    if firing.count == 1:
        return (firing.scheduled_for,)
    found = plan.due_times(max(firing.scheduled_for, begin) - _INSTANT)
    return islice(takewhile(lambda due: due <= firing.last and due < end, found), _MOST)
