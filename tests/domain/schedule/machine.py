"""A machine with one schedule, lived through tick by tick: it sleeps, pauses, runs executions, and keeps the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.catch_up import next_start, waiting
from smartspec.domain.schedule.decide import decide, reschedule
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.situation import Absence, AbsenceKind, ActiveExecution, Pause, Situation
from smartspec.value import replace


@dataclass
class Started:
    """One execution of the workflow."""

    number: int
    at: datetime
    until: datetime
    due: datetime | None = None  # None: by hand
    is_catch_up: bool = False


@dataclass
class Machine:
    """What the runner of one machine does with a schedule; `takes` is how long an execution runs."""

    plan: Plan
    now: datetime
    takes: timedelta = timedelta()
    unmet: str = ""
    firings: list[Firing] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    looks: list[tuple[datetime, datetime, int]] = field(default_factory=list)  # since when it served, and pauses so far

    def __post_init__(self) -> None:
        self.serving_since = self.now
        self.next_run_at = self.plan.next_due(self.now)

    def tick(self, now: datetime) -> None:
        """One look of the runner."""
        self.now = now
        self.looks.append((now, self.serving_since, len(self.pauses)))
        decided = decide(self.plan, self.next_run_at, self._situation())
        assert (
            decided.look_at is None or decided.next_run_at is None or decided.look_at >= min(decided.next_run_at, now)
        )
        self.next_run_at = decided.next_run_at
        for each in self.started:
            if each.number in decided.ends:
                each.until = now
        for firing in decided.firings:
            self.firings.append(self._started(firing) if firing.decision.starts_at_once else firing)
        while (waits := next_start(self.plan, self._waits(), self._situation())) is not None:
            self.firings[self.firings.index(waits)] = self._started(waits)

    def awake(self, until: datetime, every: timedelta = timedelta(seconds=10)) -> None:
        """Looks as it would until then."""
        while self.now + every <= until:
            self.tick(self.now + every)
        self.tick(until)

    def away(self, until: datetime, kind: AbsenceKind = AbsenceKind.ASLEEP) -> None:
        """Asleep, off, or with its clock set forward; then it looks at once."""
        self.absences.append(Absence(self.now, until, kind))
        self.serving_since = until
        self.tick(until)

    def pause(self, by: str = "mira") -> None:
        self.pauses.append(Pause(self.now, None, by))

    def resume(self) -> None:
        self.pauses[-1] = replace(self.pauses[-1], end=self.now)
        self.tick(self.now)

    def change(self, plan: Plan) -> None:
        """Another rule or zone, from now on."""
        self.plan, self.next_run_at = plan, reschedule(plan, self.next_run_at, self.now)

    def run_by_hand(self) -> None:
        self.started.append(Started(len(self.started) + 1, self.now, self.now + self.takes))

    def by_due_time(self) -> Iterator[tuple[datetime, Firing]]:
        """Each due time that a row stands for, with the row."""
        for firing in self.firings:
            due: datetime | None = firing.scheduled_for
            for _each in range(firing.count):
                assert due is not None
                yield due, firing
                last, due = due, self.plan.next_due(due)
            assert last == firing.last

    def _waits(self) -> list[Firing]:
        return (
            [] if any(pause.end is None for pause in self.pauses) else waiting(self.plan, self.firings[::-1], self.now)
        )

    def _situation(self) -> Situation:
        active = tuple(
            ActiveExecution(ExecutionPk(each.number), each.number, each.due is not None, each.is_catch_up)
            for each in self.started
            if each.until > self.now
        )
        queued = sum(
            each.decision in (Decision.QUEUED, Decision.REPLACED) and each.execution is None for each in self.firings
        )
        return Situation(
            now=self.now, serving_since=self.serving_since, absences=tuple(self.absences), pauses=tuple(self.pauses),
            unmet=self.unmet, active=active, queued=queued,
        )  # fmt: skip

    def _started(self, firing: Firing) -> Firing:
        number = len(self.started) + 1
        is_catch_up = firing.decision in (Decision.CAUGHT_UP, Decision.SKIPPED_CONDITION)
        self.started.append(Started(number, self.now, self.now + self.takes, firing.last, is_catch_up))
        return replace(firing, execution=ExecutionPk(number))
