"""What schedules would do in the days to come: decided as the runner decides, with executions as long as usual."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.catch_up import LONGEST_TURN, catch_up_at, next_start, waiting
from smartspec.domain.schedule.decide import decide
from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.situation import Absence, AbsenceKind, ActiveExecution, Situation
from smartspec.value import field, frozen, mutable, replace

_DAY = timedelta(days=1)
_ESTIMATED = timedelta(minutes=1)  # of a workflow that has not run yet
_RECENT = 40  # firings that are looked through for those that wait
MOST_STARTS = 50_000


@frozen
class SimulatedSchedule:
    """`workflow` is the same for schedules of one workflow; `usual_ms` is how long it typically takes, None where it
    has never run."""

    workflow: int
    plan: Plan
    usual_ms: int | None = None

    @property
    def takes(self) -> timedelta:
        return _ESTIMATED if self.usual_ms is None else timedelta(milliseconds=self.usual_ms)


@frozen
class SimulatedStart:
    """`schedule` is its place among those that were given. From `at` to `begins` it waits for a place of the runner."""

    schedule: int
    due: datetime
    at: datetime
    begins: datetime
    ends: datetime
    is_catch_up: bool


@frozen
class Simulation:
    """`firings` are those of each schedule. `until` is earlier than was asked for where there were too many starts."""

    start: datetime
    until: datetime
    starts: tuple[SimulatedStart, ...]
    firings: tuple[tuple[Firing, ...], ...]
    sleeps: tuple[Absence, ...]


@frozen
class NightlySleep:
    """From one time of day to another, by the clock of the machine's zone."""

    begin: time
    end: time


def simulate(
    schedules: Sequence[SimulatedSchedule], start: datetime, days: int, zone: tzinfo, places: int,
    sleep: NightlySleep | None = None,
) -> Simulation:  # fmt: skip
    """`places` is how many executions run at once. It ends early at 50,000 starts."""
    until = start + days * _DAY
    sleeps = tuple(_sleeps(sleep, start, until, zone)) if sleep else ()
    return _Machine(schedules, start, until, places, sleeps).lived()


def _sleeps(sleep: NightlySleep, start: datetime, until: datetime, zone: tzinfo) -> Iterator[Absence]:
    day = start.astimezone(zone).date() - _DAY
    while (begin := moment_of(datetime.combine(day, sleep.begin), zone)) < until:
        ends_on = day if sleep.begin < sleep.end else day + _DAY
        end = moment_of(datetime.combine(ends_on, sleep.end), zone)
        if end > start:
            yield Absence(max(begin, start), end, AbsenceKind.ASLEEP)
        day += _DAY


@mutable
class _State:
    next_run_at: datetime | None
    look_at: datetime | None = None
    firings: list[Firing] = field(default_factory=list)


class _Machine:
    """Looks at each schedule when something may happen to it, in the order of time."""

    def __init__(
        self,
        schedules: Sequence[SimulatedSchedule],
        start: datetime,
        until: datetime,
        places: int,
        sleeps: Sequence[Absence],
    ) -> None:
        self._schedules, self._start, self._until, self._sleeps = schedules, start, until, sleeps
        self._states = [_State(each.plan.next_due(start)) for each in schedules]
        self._starts: list[SimulatedStart] = []
        self._active: dict[int, list[tuple[ExecutionPk, SimulatedStart]]] = {each.workflow: [] for each in schedules}
        self._places = [start] * places  # when each becomes free
        self._looks: list[tuple[datetime, int]] = []
        self._slept = 0  # how many of the sleeps are over
        self._catching_up: int | None = None  # the place of the last catch-up among the starts

    def lived(self) -> Simulation:
        for number, state in enumerate(self._states):
            self._look_at(number, state.next_run_at)
        now = self._start
        while self._looks and len(self._starts) < MOST_STARTS:
            now, number = heapq.heappop(self._looks)
            if now > self._until:
                break
            if now == self._states[number].look_at:
                self._look(now, number)
        until = min(now, self._until) if self._looks and len(self._starts) >= MOST_STARTS else self._until
        firings = tuple(tuple(each.firings) for each in self._states)
        return Simulation(self._start, until, tuple(self._starts), firings, tuple(self._sleeps))

    def _look_at(self, number: int, moment: datetime | None) -> None:
        """Then, and not before."""
        self._states[number].look_at = moment
        if moment is not None and moment <= self._until:
            heapq.heappush(self._looks, (moment, number))

    def _look(self, now: datetime, number: int) -> None:
        while self._slept < len(self._sleeps) and self._sleeps[self._slept].end <= now:
            self._slept += 1
        if self._slept < len(self._sleeps) and self._sleeps[self._slept].start <= now:
            self._look_at(number, self._sleeps[self._slept].end)
            return
        plan, state = self._schedules[number].plan, self._states[number]
        decided = decide(plan, state.next_run_at, self._situation(number, now))
        state.next_run_at = decided.next_run_at
        self._end(number, decided.ends, now)
        state.firings += [
            self._run(number, each, now) if each.decision.starts_at_once else each for each in decided.firings
        ]
        waits = self._start_waiting(number, now)
        moments = [decided.look_at, self._may_start_at(number, now) if waits else None]
        self._look_at(number, min((each for each in moments if each is not None), default=None))

    def _start_waiting(self, number: int, now: datetime) -> list[Firing]:
        """What still waits after what can start has."""
        plan, firings = self._schedules[number].plan, self._states[number].firings
        while True:
            waits = waiting(plan, reversed(firings[-_RECENT:]))
            firing = next_start(plan, waits, self._situation(number, now))
            if firing is None or (firing.decision is Decision.CAUGHT_UP and self._next_turn() > now):
                return waits
            firings[firings.index(firing)] = self._run(number, firing, now)

    def _may_start_at(self, number: int, now: datetime) -> datetime:
        ends = min((each.ends for _pk, each in self._active[self._schedules[number].workflow]), default=now)
        at = catch_up_at(self._schedules[number].plan, self._situation(number, now))
        return max(ends, at, self._next_turn(), now + timedelta(seconds=1))

    def _next_turn(self) -> datetime:
        """When the next catch-up may start, of whichever schedule."""
        if self._catching_up is None:
            return self._start
        last = self._starts[self._catching_up]
        return min(last.ends, last.at + LONGEST_TURN)

    def _situation(self, number: int, now: datetime) -> Situation:
        workflow = self._schedules[number].workflow
        self._active[workflow] = active = [each for each in self._active[workflow] if each[1].ends > now]
        beside = tuple(ActiveExecution(pk, pk, by_schedule=True, is_catch_up=one.is_catch_up) for pk, one in active)
        since = self._sleeps[self._slept - 1].end if self._slept else self._start
        recent = tuple(self._sleeps[max(0, self._slept - _RECENT) : self._slept])
        return Situation(now=now, serving_since=since, absences=recent, active=beside, queued=self._queued(number))

    def _queued(self, number: int) -> int:
        recent = self._states[number].firings[-_RECENT:]
        return sum(each.decision in (Decision.QUEUED, Decision.REPLACED) and each.execution is None for each in recent)

    def _run(self, number: int, firing: Firing, now: datetime) -> Firing:
        schedule = self._schedules[number]
        begins = max(now, heapq.heappop(self._places))
        ends = begins + schedule.takes
        heapq.heappush(self._places, ends)
        start = SimulatedStart(number, firing.last, now, begins, ends, firing.decision is Decision.CAUGHT_UP)
        if start.is_catch_up:
            self._catching_up = len(self._starts)
        pk = ExecutionPk(len(self._starts) + 1)
        self._starts.append(start)
        self._active[schedule.workflow].append((pk, start))
        return replace(firing, execution=pk)

    def _end(self, number: int, ends: Sequence[ExecutionPk], now: datetime) -> None:
        """What makes room for another ends now."""
        for pk in ends:
            old = self._starts[pk - 1]
            self._starts[pk - 1] = replace(old, ends=max(now, old.begins))
        workflow = self._schedules[number].workflow
        self._active[workflow] = [each for each in self._active[workflow] if each[0] not in ends]


# What it comes to


@frozen
class SimulatedDay:
    """`hours` are starts by hour of the local day: an hour that comes twice counts together. `overlaps` found one that
    still ran."""

    day: date
    starts: int
    hours: tuple[int, ...]
    overlaps: int
    length: timedelta


def by_day(simulation: Simulation, zone: tzinfo) -> tuple[SimulatedDay, ...]:
    """Each day of the simulation, by the clock of the zone."""
    first, last = (moment.astimezone(zone).date() for moment in (simulation.start, simulation.until))
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    hours: dict[date, list[int]] = {day: [0] * 24 for day in days}
    overlaps = dict.fromkeys(days, 0)
    for start in simulation.starts:
        local = start.begins.astimezone(zone)
        if local.date() in hours:
            hours[local.date()][local.hour] += 1
    for due in _overlapping(simulation):
        overlaps[due.astimezone(zone).date()] += 1
    return tuple(
        SimulatedDay(day, sum(hours[day]), tuple(hours[day]), overlaps[day], _length(day, zone)) for day in days
    )


def overlap_count(simulation: Simulation) -> int:
    return len(_overlapping(simulation))


def most_at_once(simulation: Simulation) -> int:
    """Of those that run or wait for a place."""
    steps = sorted([(each.at, 1) for each in simulation.starts] + [(each.ends, -1) for each in simulation.starts])
    most = now = 0
    for _moment, step in steps:
        now += step
        most = max(most, now)
    return most


def run_time(simulation: Simulation) -> timedelta:
    return sum((each.ends - each.begins for each in simulation.starts), timedelta())


def _overlapping(simulation: Simulation) -> list[datetime]:
    beside = (Decision.SKIPPED_OVERLAP, Decision.QUEUED, Decision.REPLACED)
    return [each.scheduled_for for firings in simulation.firings for each in firings if each.decision in beside]


def _length(day: date, zone: tzinfo) -> timedelta:
    begin, end = (moment_of(datetime.combine(each, time()), zone) for each in (day, day + _DAY))
    return end - begin
