"""Random histories: at every moment those alerts are open that a plain model says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from smartspec.commands import files, recording, schedules, settings, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.schedule.firing import Decision
from smartspec.store import schedules as schedule_rows
from tests.commands.alert_world import NOW, World, decided, hourly

E, D = ExecutionStatus, Decision
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OK, BAD = Report(E.COMPLETED), Report(E.FAILED)


@pytest.fixture
def world(store: Callable[..., files.Imported], monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(monkeypatch)
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    settings.set_setting("alerts.backup_age_ms", 3_000 * 86_400_000)
    return made


class Ended(NamedTuple):
    begun: datetime
    ended: datetime
    is_good: bool
    by_schedule: bool


class Model:
    """The rules of docs/alerts.md, over lists: nothing of it is shared with what it is held against."""

    def __init__(self) -> None:
        self.ended: list[Ended] = []
        self.begun: datetime | None = None  # of the one that runs, by its key below
        self.running: int | None = None
        self.due: list[tuple[datetime, datetime, bool]] = []  # due, decided at, whether it is owed
        self.undecided: datetime | None = None
        self.counts_from = NOW
        self.is_paused = self.is_archived = self.was_low = False

    def may_take(self) -> timedelta:
        took = sorted(each.ended - each.begun for each in self.ended if each.is_good)
        if len(took) < 5:
            return HOUR
        mark = took[min(len(took) - 1, round(len(took) * 0.95))]
        return max(2 * mark, mark + 5 * MINUTE)

    def open(self, now: datetime, free: int) -> set[str]:
        return {name for name, holds in (
            ("long_running", self.begun is not None and now - self.begun > self.may_take()),
            ("high_failure", self._fails(now)), ("missed", self._is_missed(now)), ("disk_low", self._is_low(free)),
        ) if holds}  # fmt: skip

    def _fails(self, now: datetime) -> bool:
        day = [each for each in self.ended if each.begun >= now - DAY]
        bad = sum(not each.is_good for each in day)
        return not self.is_archived and len(day) >= 10 and bad / len(day) > 0.2

    def _is_missed(self, now: datetime) -> bool:
        if self.is_paused or self.is_archived or self.begun is not None:
            return False
        good = [each for each in self.ended if each.is_good]
        after = max([self.counts_from, *(max(good, key=lambda each: each.begun).ended for _one in good[:1])])
        owed = [(max(due, at)) for due, at, is_owed in self.due if is_owed and due > after]
        if not owed and self.undecided is not None and self.undecided > after:
            owed = [self.undecided]
        return bool(owed) and owed[0] + self.may_take() + 10 * MINUTE < now

    def _is_low(self, free: int) -> bool:
        self.was_low = free < (2 << 30) * (1.1 if self.was_low else 1)
        return self.was_low


class History:
    """A workflow with a schedule each hour, on a machine where anything happens, told to the ledger and to the model."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._random = world, random.Random(seed)
        self.model, self._schedule = Model(), hourly(world)
        self._next = NOW + HOUR

    def step(self) -> None:
        self._world.goes_on(timedelta(minutes=self._random.randint(1, 50), seconds=self._random.randint(0, 59)))
        act = self._random.choice([
            self._end_one, self._end_one, self._fail_some, self._begin, self._finish, self._decide, self._decide,
            self._decide, self._leave_alone, self._pause, self._archive, self._fill_the_disk,
        ])  # fmt: skip
        act()

    def _end_one(self) -> None:
        self._ended(self._random.random() < 0.7)

    def _fail_some(self) -> None:
        for _number in range(self._random.randint(1, 4)):
            self._ended(False)

    def _ended(self, is_good: bool) -> None:
        took = timedelta(seconds=self._random.randint(1, 1_500))
        begun = self._world.now - took - timedelta(milliseconds=len(self.model.ended))
        recording.record_execution("job", begun, begun + took, OK if is_good else BAD)
        self.model.ended.append(Ended(begun, begun + took, is_good, False))

    def _begin(self) -> None:
        if self.model.running is None and not self.model.is_archived:
            self.model.running, self.model.begun = recording.begin_execution("job").number, self._world.now

    def _finish(self) -> None:
        if self.model.running is not None and self.model.begun is not None:
            is_good = self._random.random() < 0.5
            recording.end_execution(f"job#{self.model.running}", OK if is_good else BAD)
            self.model.ended.append(Ended(self.model.begun, self._world.now, is_good, False))
            self.model.running = self.model.begun = None

    def _decide(self) -> None:
        """What is due up to now is decided about, if it is not paused."""
        if self.model.is_paused or self.model.is_archived:
            return
        following = schedule_rows.get(self._schedule.pk).next_run_at
        assert following is not None
        self._next = following
        while self._next <= self._world.now:
            is_late = self._random.random() < 0.3
            at = self._world.now if is_late else self._next
            choices = [(D.RAN, E.FAILED), (D.RAN, E.COMPLETED), (D.SKIPPED_OVERLAP, None), (D.SKIPPED_BLACKOUT, None),
                       (D.COULD_NOT_START, None), (D.SKIPPED_ASLEEP, None)]  # fmt: skip
            decision, status = self._random.choice(choices)
            took = min(SECOND, self._world.now - at)
            decided(self._schedule, self._next, decision, at, status, took)
            if status is not None:
                self.model.ended.append(Ended(at, at + took, status is E.COMPLETED, True))
            self.model.due.append((self._next, at, decision is not D.SKIPPED_BLACKOUT))
            self._next += HOUR

    def _leave_alone(self) -> None:
        """Nobody decides about anything for hours."""
        self._world.goes_on(timedelta(hours=self._random.randint(1, 30)))

    def _pause(self) -> None:
        self._decide()
        if self.model.is_archived:
            return
        if self.model.is_paused:
            schedules.resume_schedule("hourly")
            self.model.counts_from = self._world.now
        else:
            schedules.pause_schedule("hourly")
        self.model.is_paused = not self.model.is_paused

    def _archive(self) -> None:
        if self.model.is_paused:
            return
        if self.model.is_archived:
            workflows.deactivate_workflow("job")
            workflows.activate_workflow("job")
            self.model.counts_from = self._world.now
        elif self._random.random() < 0.3:
            workflows.archive_workflow("job")
        else:
            return
        self.model.is_archived = not self.model.is_archived

    def _fill_the_disk(self) -> None:
        self._world.free = int((2 << 30) * self._random.choice([0.5, 0.99, 1.05, 1.2, 9]))

    def expected(self) -> set[str]:
        due = schedule_rows.get(self._schedule.pk).next_run_at
        self.model.undecided = due if due is not None and due <= self._world.now else None
        return self.model.open(self._world.now, self._world.free)


@pytest.mark.parametrize("seed", range(4))
def test_at_every_moment_those_are_open_that_the_model_says(world: World, seed: int) -> None:
    history, seen, seen_open = History(world, seed), set[str](), set[str]()
    for number in range(120):
        history.step()
        before, after_a_commit = {*seen_open}, {kind.value for kind, _subject in world.looks_again()}
        found, expected = {kind.value for kind, _subject in world.looks()}, history.expected()
        assert found == expected, f"step {number} of {seed}"
        assert before & expected <= after_a_commit, "a look after a commit closes what is over"
        assert after_a_commit - expected == set(), "and nothing else"
        seen, seen_open = seen | found, found
    assert len(seen) >= 3, "what never happens proves nothing"


def test_negative_control_a_model_without_grace_is_found_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "may_take", lambda _self: 30 * MINUTE)
    history = History(world, 1)
    with pytest.raises(AssertionError):
        for _number in range(120):
            history.step()
            assert {kind.value for kind, _subject in world.looks()} == history.expected()
