"""Random histories of a machine with schedules, on real ledgers: it sleeps, its clock is set, runners are killed, others
look too, somebody pauses and edits. Held against a plain reading: which due times there were, each explained once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from smartspec.commands import database, files, schedule_lookup, schedules, workflows
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain.schedule.catch_up import LONGEST_TURN
from smartspec.domain.schedule.due import due_between
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database as rows
from smartspec.store import firings
from tests.faults.conftest import times_
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RULES = ("*/5 * * * *", "*/20 * * * *", "7 * * * *", "0,30 8-12 * * *")
CALM = ("awake", "awake", "awake", "asleep", "off", "busy", "kill", "another", "end", "end")
SPELLS = {
    "edited": (*CALM, "pause", "resume", "edit", "put away", "ahead"),
    "clock": (*CALM, "ahead", "back", "there and back"),
}


class _Killed(BaseException):
    """A runner that is gone in the middle of a transaction."""


class History:
    """What happens to three schedules of two workflows; `owed` are the due times there were of each, by plain reading."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
        self.chance = random.Random(seed)
        self.machine = Machine(TUESDAY, monkeypatch)
        self._monkeypatch = monkeypatch
        for name in ("one", "two"):
            store({"name": name, "tasks": {"a": {"run": "true"}}})
        names = (("one", "a"), ("one", "b"), ("two", "c"))
        self.names = [self._made(workflow, name).name for workflow, name in names]
        self.scheduler = Scheduler(self.machine.read)
        self.owed: dict[str, set[datetime]] = {name: set() for name in self.names}
        self._read_until = dict.fromkeys(self.names, self.machine.now)
        self.said: list[str] = []

    def _made(self, workflow: str, name: str) -> Schedule:
        return schedules.create_schedule(
            workflow, self.chance.choice(RULES), name=name, timezone="UTC", misfire=self.chance.choice(list(Misfire)),
            overlap=self.chance.choice(list(Overlap)), catch_up_cap=self.chance.randint(1, 4),
        )  # fmt: skip

    def lived(self, kind: str, spells: int) -> None:
        for _ in range(spells):
            what = self.chance.choice(SPELLS[kind])
            self.said.append(what)
            getattr(self, "_" + what.replace(" ", "_"))()
            assert catching_up(self.machine.now) <= 1, "catch-ups start one after another"
        for name in self.names:
            if schedule_lookup.get_schedule(name).status is ScheduleStatus.PAUSED:
                self._resumed(name)
        self._look(self.machine.now)
        for _ in range(6):
            self._awake()
        self._read_all()

    # What may happen

    def _awake(self) -> None:
        for _ in range(self.chance.randint(1, 8)):
            self.machine.goes_on(seconds=self.chance.choice([10, 30, 50]))
            self.scheduler.turn()

    def _asleep(self) -> None:
        self.machine.sleeps(minutes=self.chance.randint(1, 400))
        self.scheduler.turn()

    def _busy(self) -> None:
        """It serves, and does not come to look."""
        self.machine.goes_on(minutes=self.chance.randint(1, 30))
        self.scheduler.turn()

    def _off(self) -> None:
        self.machine.goes_on(minutes=self.chance.randint(0, 600))
        self.scheduler = Scheduler(self.machine.read)

    def _another(self) -> None:
        """A second runner looks, and the first one once more."""
        self.machine.goes_on(seconds=20)
        Scheduler(self.machine.read).turn()
        self.scheduler.turn()

    def _kill(self) -> None:
        with self._killed_after(self.chance.randint(1, 3)):
            self._awake()

    @contextmanager
    def _killed_after(self, writes: int) -> Iterator[None]:
        """In the middle of the transaction of a row."""
        real, left = firings.add, [writes]

        def add(*given: object) -> None:
            real(*given)  # type: ignore[arg-type]
            left[0] -= 1
            if not left[0]:
                raise _Killed

        with self._monkeypatch.context() as patched:
            patched.setattr(firings, "add", add)
            try:
                yield
            except _Killed:
                self.scheduler = Scheduler(self.machine.read)

    def _end(self) -> None:
        """Everything that is active has ended."""
        with rows.transaction():
            rows.execute("UPDATE executions SET status = 'completed' WHERE status = 'pending'")
        self.scheduler.turn()

    def _ahead(self) -> None:
        self.machine.is_set(self.machine.now + timedelta(minutes=self.chance.randint(1, 300)))
        self.scheduler.turn()

    def _back(self) -> None:
        self._read_all()
        back = self.machine.now - timedelta(minutes=self.chance.randint(1, 300))
        self.machine.is_set(max(back, TUESDAY + timedelta(minutes=1)))  # not to before they were made
        self.scheduler.turn()

    def _there_and_back(self) -> None:
        """It is wrong for a while, and set right again."""
        right, minutes = self.machine.now, self.chance.randint(1, 2_000)
        self.machine.is_set(right + timedelta(minutes=minutes))
        for _ in range(3):
            self.machine.goes_on(seconds=20)
            self.scheduler.turn()
        self._read_all()
        self.machine.is_set(right + timedelta(minutes=1))
        self.scheduler.turn()

    def _pause(self) -> None:
        name = self.chance.choice(self.names)
        if schedule_lookup.get_schedule(name).status is ScheduleStatus.ACTIVE:
            schedules.pause_schedule(name)

    def _resume(self) -> None:
        name = self.chance.choice(self.names)
        if schedule_lookup.get_schedule(name).status is ScheduleStatus.PAUSED:
            self._resumed(name)

    def _resumed(self, name: str) -> None:
        self._read(name)
        schedules.resume_schedule(name)

    def _edit(self) -> None:
        """What has come and nobody has looked at stays to be decided, by the new rule; of a paused one it is over."""
        name = self.chance.choice(self.names)
        schedule = schedule_lookup.get_schedule(name)
        is_paused, plan = schedule.status is ScheduleStatus.PAUSED, plan_of(schedule)
        undecided = schedule.next_run_at if not is_paused else None
        if undecided is not None and undecided <= self.machine.now:
            self.owed[name] |= set(self._between(plan, self._read_until[name], undecided - timedelta(seconds=1)))
            self._read_until[name] = undecided - timedelta(seconds=1)
        else:
            self._read(name)
        schedules.update_schedule(name, self.chance.choice(RULES))

    def _put_away(self) -> None:
        workflow = self.chance.choice(["one", "two"])
        workflows.deactivate_workflow(workflow)
        if self.chance.random() < 0.5:
            self._awake()
        else:
            self._off()
        workflows.activate_workflow(workflow)

    def _look(self, _now: datetime) -> None:
        self.scheduler.turn()

    # The plain reading

    def _read_all(self) -> None:
        for name in self.names:
            self._read(name)

    def _read(self, name: str) -> None:
        """Every due time up to now, of the rule as it is."""
        plan = plan_of(schedule_lookup.get_schedule(name))
        self.owed[name] |= set(self._between(plan, self._read_until[name], self.machine.now))
        self._read_until[name] = max(self._read_until[name], self.machine.now)

    def _between(self, plan: Plan, after: datetime, end: datetime) -> Iterator[datetime]:
        return due_between(plan.rule, plan.zone, after, end)


def catching_up(now: datetime) -> int:
    """Those that take a turn: not for longer than an hour, nor where the clock was set back by more since."""
    sql = "SELECT count(*) FROM executions WHERE trigger = 'catchup' AND status = 'pending' AND created_at BETWEEN ? AND ?"
    near = (int(each.timestamp() * 1000) for each in (now - LONGEST_TURN, now + LONGEST_TURN))
    return int(rows.scalar(sql, tuple(near)))


def check(history: History) -> None:
    """Every due time is in one row, what stands in the rows were due times, and nothing began early or twice."""
    for name in history.names:
        found = schedule_lookup.list_firings(name, limit=10_000).rows
        told = [each for each in found if not each.cause]
        owed = {due: holding(told, due) for due in sorted(history.owed[name])}
        wrong = {due: n for due, n in owed.items() if n > 1 or (not n and due <= history.machine.now)}
        assert not wrong, f"{name}: {wrong}"
        assert sum(each.count for each in told) == sum(owed.values()), name
    assert not rows.rows("SELECT 1 FROM schedule_firings GROUP BY schedule, scheduled_for, cause HAVING count(*) > 1")
    assert not rows.rows(
        "SELECT 1 FROM schedule_firings WHERE execution IS NOT NULL GROUP BY execution HAVING count(*) > 1"
    )
    began = (
        "SELECT count(*) FROM executions WHERE pk NOT IN (SELECT execution FROM schedule_firings WHERE execution > 0)"
    )
    assert rows.scalar(began) == 0, "each has its row"
    assert not rows.rows("SELECT 1 FROM executions WHERE created_at < scheduled_for"), "none is early"
    assert not rows.rows("SELECT 1 FROM schedule_firings WHERE decision = 'ran' AND execution IS NULL")


def holding(told: list[StoredFiring], due: datetime) -> int:
    return sum(each.scheduled_for <= due <= (each.until or each.scheduled_for) for each in told)


@pytest.mark.parametrize("kind", SPELLS)
@pytest.mark.parametrize("seed", range(times_(5, 300)))
def test_every_due_time_is_explained_once(
    kind: str, seed: int, store: Store, db: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    history = History(seed, monkeypatch, store)
    history.lived(kind, 25)
    print(", ".join(history.said))
    check(history)
    database.close_connection()


def test_a_row_that_is_gone_is_noticed(store: Store, db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same check of a ledger that lost a row, and of one that has told of a due time twice."""
    monkeypatch.setenv("TZ", "UTC")
    history = History(0, monkeypatch, store)
    history.lived("edited", 10)
    check(history)
    pk = rows.scalar("SELECT pk FROM schedule_firings WHERE execution IS NULL LIMIT 1")
    with rows.transaction():
        rows.execute("INSERT INTO metadata VALUES ('removing', '1')")
        rows.execute("UPDATE schedule_firings SET count = count + 1 WHERE pk = ?", (pk,))
    with pytest.raises(AssertionError):
        check(history)
    with rows.transaction():
        rows.execute("DELETE FROM schedule_firings WHERE pk = ?", (pk,))
    with pytest.raises(AssertionError):
        check(history)
