"""What schedules would do in the days to come: decided as the runner decides, with executions as long as usual."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo
from operator import attrgetter

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress, report_progress
from smartspec.domain.schedule.catch_up import LONGEST_TURN, catch_up_at, next_start
from smartspec.domain.schedule.decide import decide
from smartspec.domain.schedule.due import moment_of
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.situation import Absence, AbsenceKind, ActiveExecution, Situation
from smartspec.value import field, frozen, mutable, replace

_DAY = timedelta(days=1)
_ESTIMATED = timedelta(minutes=1)  # of a workflow that has not run yet
_RECENT = 40  # sleeps that a due time may have come in
MOST_STARTS = 50_000
MOST_LOOKS = 200_000  # a look may also pass a due time over
_TELL_EVERY = 500
_GLANCE = 0.05  # of a look: what is in line stays there


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
    """`firings` are those of each schedule; `execution` of one is the place of its start among `starts`, from 1 on.
    `until` is earlier than `asked_until` where there was too much to look at. `places` is how many ran at once.
    """

    start: datetime
    until: datetime
    asked_until: datetime
    places: int
    starts: tuple[SimulatedStart, ...]
    firings: tuple[tuple[Firing, ...], ...]
    sleeps: tuple[Absence, ...]

    def awake(self, begin: datetime, end: datetime) -> timedelta:
        """How much of that time the machine does not sleep."""
        slept = (min(end, each.end) - max(begin, each.start) for each in self.sleeps)
        return end - begin - sum((each for each in slept if each > timedelta()), timedelta())


@frozen
class NightlySleep:
    """From one time of day to another, by the clock of the machine's zone."""

    begin: time
    end: time


def simulate(
    schedules: Sequence[SimulatedSchedule], start: datetime, days: int, zone: tzinfo, places: int,
    sleep: NightlySleep | None = None, on_progress: ProgressCallback = ignore_progress,
) -> Simulation:  # fmt: skip
    """Of so many days of the zone's calendar, that of `start` the first. `places` is how many executions run at once.

    It ends early at 50,000 starts, and at 200,000 looks at schedules. Raises Stopped.
    """
    until = moment_of(datetime.combine(start.astimezone(zone).date() + days * _DAY, time()), zone)
    sleeps = tuple(_sleeps(sleep, start, until, zone)) if sleep else ()
    return _Machine(schedules, start, until, places, sleeps).lived(on_progress)


def _sleeps(sleep: NightlySleep, start: datetime, until: datetime, zone: tzinfo) -> Iterator[Absence]:
    day = start.astimezone(zone).date() - _DAY
    while (begin := moment_of(datetime.combine(day, sleep.begin), zone)) < until:
        ends_on = day if sleep.begin < sleep.end else day + _DAY
        end = moment_of(datetime.combine(ends_on, sleep.end), zone)
        if end > start and end > begin:
            yield Absence(max(begin, start), end, AbsenceKind.ASLEEP)
        day += _DAY


@mutable
class _State:
    """`decide_at` is when there is something to decide; `in_line`: a catch-up waits for that of another schedule.
    `waits` are the places of firings that wait for their execution, the oldest first.
    """

    next_run_at: datetime | None
    look_at: datetime | None = None
    decide_at: datetime | None = None
    in_line: bool = False
    firings: list[Firing] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)


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

    def lived(self, on_progress: ProgressCallback) -> Simulation:
        for number, state in enumerate(self._states):
            self._look_at(number, state.next_run_at)
        now, cost, told, whole = self._start, 0.0, -float(_TELL_EVERY), self._until - self._start
        while self._looks and cost < MOST_LOOKS and len(self._starts) < MOST_STARTS:
            now, number = heapq.heappop(self._looks)
            cost += _GLANCE
            if now == self._states[number].look_at and not self._stays_in_line(number, now):
                self._look(now, number)
                cost += 1 - _GLANCE
            if cost >= told + _TELL_EVERY:
                told = cost
                report_progress(on_progress, (now - self._start) / whole)
        until = now if self._looks else self._until
        firings = tuple(tuple(each.firings) for each in self._states)
        return Simulation(
            self._start, until, self._until, len(self._places), tuple(self._starts), firings, tuple(self._sleeps)
        )

    def _look_at(self, number: int, moment: datetime | None) -> None:
        """Then, and not before."""
        self._states[number].look_at = moment
        if moment is not None and moment < self._until:
            heapq.heappush(self._looks, (moment, number))

    def _stays_in_line(self, number: int, now: datetime) -> bool:
        """Of thousands that wait for their turn after a night, most are not looked at closely."""
        state, turn = self._states[number], self._next_turn()
        if not state.in_line or turn <= now or (state.decide_at is not None and state.decide_at <= now):
            return False
        self._look_at(number, turn if state.decide_at is None else min(turn, state.decide_at))
        return True

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
        for each in decided.firings:
            if each.decision.starts_later:
                state.waits.append(len(state.firings))
            state.firings.append(self._run(number, each, now) if each.decision.starts_at_once else each)
        self._start_waiting(number, now)
        state.decide_at, state.in_line = decided.look_at, bool(state.waits) and self._next_turn() > now
        moments = [decided.look_at, self._may_start_at(number, now) if state.waits else None]
        self._look_at(number, min((each for each in moments if each is not None), default=None))

    def _start_waiting(self, number: int, now: datetime) -> None:
        """What can start; the rest waits on."""
        plan, state = self._schedules[number].plan, self._states[number]
        while state.waits:
            firing = next_start(plan, [state.firings[place] for place in state.waits], self._situation(number, now))
            if firing is None or (firing.decision is Decision.CAUGHT_UP and self._next_turn() > now):
                return
            place = next(each for each in state.waits if state.firings[each] is firing)
            state.waits.remove(place)
            state.firings[place] = self._run(number, firing, now)

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
        state = self._states[number]
        return sum(state.firings[place].decision in (Decision.QUEUED, Decision.REPLACED) for place in state.waits)

    def _run(self, number: int, firing: Firing, now: datetime) -> Firing:
        schedule = self._schedules[number]
        begins = self._awake_at(max(now, heapq.heappop(self._places)))
        ends = self._ends(begins, schedule.takes)
        heapq.heappush(self._places, ends)
        start = SimulatedStart(number, firing.last, now, begins, ends, firing.decision is Decision.CAUGHT_UP)
        if start.is_catch_up:
            self._catching_up = len(self._starts)
        pk = ExecutionPk(len(self._starts) + 1)
        self._starts.append(start)
        self._active[schedule.workflow].append((pk, start))
        return replace(firing, execution=pk)

    def _awake_at(self, moment: datetime) -> datetime:
        """Then, or when the machine wakes."""
        place = bisect_right(self._sleeps, moment, key=attrgetter("start")) - 1
        return max(moment, self._sleeps[place].end) if place >= 0 else moment

    def _ends(self, begins: datetime, takes: timedelta) -> datetime:
        """What runs stands still while the machine sleeps."""
        for each in self._sleeps[bisect_right(self._sleeps, begins, key=attrgetter("start")) :]:
            if begins + takes <= each.start:
                break
            begins, takes = each.end, takes - (each.start - begins)
        return begins + takes

    def _end(self, number: int, ends: Sequence[ExecutionPk], now: datetime) -> None:
        """What makes room for another ends now."""
        for pk in ends:
            old = self._starts[pk - 1]
            self._starts[pk - 1] = replace(old, ends=max(now, old.begins))
        workflow = self._schedules[number].workflow
        self._active[workflow] = [each for each in self._active[workflow] if each[0] not in ends]
