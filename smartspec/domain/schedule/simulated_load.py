"""What a simulation comes to: by day and by hour, and in sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.simulate import SimulatedStart, Simulation
from smartspec.domain.schedule.situation import AbsenceKind
from smartspec.value import frozen

_DAY = timedelta(days=1)
HOURS = 24
BESIDE = (Decision.SKIPPED_OVERLAP, Decision.QUEUED, Decision.REPLACED)  # what found one that still ran


@frozen
class SimulatedDay:
    """`hours` are starts by hour of the local day: an hour that comes twice counts together. `overlaps` found one that
    still ran. `length` is 23 or 25 hours where the clock is moved. `is_whole`: all of it was looked at.
    """

    day: date
    starts: int
    hours: tuple[int, ...]
    overlaps: int
    length: timedelta
    is_whole: bool


@frozen
class HourLoad:
    """Of an hour of the local day, the mean of all days: starts, and how many of them wait for a place."""

    starts: float
    waiting: float


@frozen
class SimulatedSums:
    """`slept_over` are due times that came in sleep, `caught_up` starts that make up for such."""

    starts: int
    run_time: timedelta
    most_at_once: int
    overlaps: int
    slept_over: int
    caught_up: int


def by_day(simulation: Simulation, zone: tzinfo) -> tuple[SimulatedDay, ...]:
    """Each day that was asked for, by the clock of the zone; nothing is in those that it did not come to."""
    days = [*_days(simulation, zone)]
    hours: dict[date, list[int]] = {day: [0] * HOURS for day in days}
    overlaps: Counter[date] = Counter()
    for start in simulation.starts:
        local = start.begins.astimezone(zone)
        if local.date() in hours:
            hours[local.date()][local.hour] += 1
    for firing in overlapping(simulation):
        overlaps[firing.scheduled_for.astimezone(zone).date()] += firing.count
    return tuple(
        SimulatedDay(
            day, sum(hours[day]), tuple(hours[day]), overlaps[day], _length(day, zone),
            day_begin(day + _DAY, zone) <= simulation.until,
        )
        for day in days
    )  # fmt: skip


def by_hour(simulation: Simulation, zone: tzinfo) -> tuple[HourLoad, ...]:
    """Over the days that it came to."""
    number = sum(day_begin(day, zone) < simulation.until for day in _days(simulation, zone)) or 1
    starts, waiting = [0] * HOURS, [0] * HOURS
    for each in simulation.starts:
        hour = each.begins.astimezone(zone).hour
        starts[hour] += 1
        waiting[hour] += waits(each)
    return tuple(HourLoad(starts[hour] / number, waiting[hour] / number) for hour in range(HOURS))


def waits(start: SimulatedStart) -> bool:
    """Whether no place is free when it may start."""
    return start.begins > start.at


def sums(simulation: Simulation) -> SimulatedSums:
    run_time = sum((simulation.awake(each.begins, each.ends) for each in simulation.starts), timedelta())
    return SimulatedSums(
        len(simulation.starts), run_time, most_at_once(simulation)[0],
        sum(each.count for each in overlapping(simulation)),
        sum(each.count for each in _all(simulation) if each.reason.startswith(f"{AbsenceKind.ASLEEP}:")),
        sum(each.is_catch_up for each in simulation.starts),
    )  # fmt: skip


def most_at_once(simulation: Simulation) -> tuple[int, datetime]:
    """Of those that run or wait for a place, and when that is first."""
    steps = sorted([(each.at, 1) for each in simulation.starts] + [(each.ends, -1) for each in simulation.starts])
    most, at, now = 0, simulation.start, 0
    for moment, step in steps:
        now += step
        if now > most:
            most, at = now, moment
    return most, at


def overlapping(simulation: Simulation) -> Iterator[Firing]:
    """The due times that found one that still ran."""
    return (each for each in _all(simulation) if each.decision in BESIDE)


def day_begin(day: date, zone: tzinfo) -> datetime:
    """Its first moment by the clock of the zone, in UTC."""
    return moment_of(datetime.combine(day, time()), zone)


def _all(simulation: Simulation) -> Iterator[Firing]:
    return (each for firings in simulation.firings for each in firings)


def _days(simulation: Simulation, zone: tzinfo) -> Iterator[date]:
    day = simulation.start.astimezone(zone).date()
    while day_begin(day, zone) < simulation.asked_until:
        yield day
        day += _DAY


def _length(day: date, zone: tzinfo) -> timedelta:
    return day_begin(day + _DAY, zone) - day_begin(day, zone)
