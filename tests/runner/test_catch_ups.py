"""Catch-ups of all schedules start one after another: real ledgers, a clock that the test moves."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from smartspec.commands import (
    control,
    database,
    executions,
    files,
    firing,
    schedule_lookup,
    schedule_runs,
    schedules,
    workflows,
)
from smartspec.commands.firing_situation import Service
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.starting import start_execution
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.catch_up import LONGEST_TURN, waiting
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database as rows
from smartspec.store import firings
from tests.clock import HANGS_AFTER_S
from tests.conftest import run_on
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(TUESDAY, monkeypatch)


def jobs(store: Store, **expressions: str) -> None:
    """A workflow each, with a schedule of its name."""
    for name, expression in expressions.items():
        store({"name": name, "tasks": {"a": {"run": "true"}}})
        schedules.create_schedule(name, expression, name=name)


def started() -> list[Execution]:
    """Oldest first."""
    return [*executions.list_executions(ExecutionFilter(), limit=10_000).rows][::-1]


def begun() -> list[tuple[str, str]]:
    return [(each.workflow_name, each.trigger.value) for each in started()]


def run_open() -> None:
    for each in started():
        if each.status is E.PENDING:
            run_on(each)


def awake(scheduler: Scheduler, machine: Machine, seconds: float) -> None:
    machine.goes_on(seconds=seconds)
    scheduler.turn()


def slept(machine: Machine, **much: float) -> Scheduler:
    """It served before, and looks the moment that the machine wakes."""
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.sleeps(**much)
    scheduler.turn()
    return scheduler


def test_those_of_different_schedules_start_one_after_another(store: Store, machine: Machine) -> None:
    """The oldest due time first; the next one when the one before has ended, however often it is looked at."""
    jobs(store, late="0 23 * * *", early="0 21 * * *", middle="0 22 * * *")
    scheduler = slept(machine, days=3)
    awake(scheduler, machine, 29)
    assert not started(), "the network comes back first"
    awake(scheduler, machine, 1)
    order = ["early", "middle", "late"]
    for number in (1, 2, 3):
        for _ in range(3):
            awake(scheduler, machine, 10)
        assert [name for name, _ in begun()] == order[:number]
        run_open()
    awake(scheduler, machine, 10)
    assert begun() == [(name, "catchup") for name in order]


def test_one_that_hangs_holds_up_the_others_for_an_hour(store: Store, machine: Machine) -> None:
    jobs(store, one="0 21 * * *", other="0 22 * * *", third="0 23 * * *")
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    first = machine.now
    again = scheduler.turn()
    assert again is not None and again <= first + LONGEST_TURN, "nothing else would wake it"
    machine.is_set(first + LONGEST_TURN - timedelta(seconds=1))
    scheduler.turn()
    assert [name for name, _ in begun()] == ["one"]
    awake(scheduler, machine, 32)
    assert [name for name, _ in begun()] == ["one", "other"]
    awake(scheduler, machine, 60)
    assert len(begun()) == 2, "and the second one the third"


def test_one_that_is_paused_holds_up_nothing(store: Store, machine: Machine) -> None:
    jobs(store, one="0 21 * * *", other="0 22 * * *")
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    control.pause_execution(started()[0].id)
    awake(scheduler, machine, 1)
    assert [name for name, _ in begun()] == ["one", "other"]


def test_a_runner_that_begins_anew_knows_what_runs(store: Store, machine: Machine) -> None:
    jobs(store, one="0 21 * * *", other="0 22 * * *")
    awake(slept(machine, days=1), machine, 30)
    assert len(started()) == 1
    anew = Scheduler(machine.read)
    awake(anew, machine, 31)
    assert len(started()) == 1
    run_open()
    awake(anew, machine, 1)
    assert len(started()) == 2


def test_of_two_runners_one_starts_one(store: Store, machine: Machine) -> None:
    jobs(store, **{f"job-{number}": f"{number} 21 * * *" for number in range(6)})
    runners = [slept(machine, days=1), *(Scheduler(machine.read) for _ in range(2))]
    machine.goes_on(seconds=31)
    together = threading.Barrier(len(runners))

    def look(scheduler: Scheduler) -> None:
        together.wait(HANGS_AFTER_S)
        scheduler.turn()
        database.close_connection()

    threads = [threading.Thread(target=look, args=(each,)) for each in runners]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert begun() == [("job-0", "catchup")]


def test_what_is_due_today_waits_for_no_catch_up(store: Store, machine: Machine) -> None:
    """One of another workflow starts beside it; one of the same workflow behind it, and is not passed over."""
    jobs(store, missed="0 7 * * *", other="*/10 * * * *")
    schedules.create_schedule("missed", "40 8 * * *", name="the same")
    scheduler = slept(machine, hours=24, minutes=33)
    awake(scheduler, machine, 30)
    assert begun() == [("missed", "catchup")], "of `other` 08:30 is missed too, and waits for its turn"
    awake(scheduler, machine, 7 * 60)
    assert begun()[1:] == [("other", "cron")] and started()[1].scheduled_for == machine.now.replace(second=0)
    (same,) = schedule_lookup.list_firings("the same", limit=1).rows
    assert same.decision is Decision.QUEUED
    run_open()
    awake(scheduler, machine, 1)
    assert ("missed", "cron") in begun()


def test_one_whose_workflow_is_busy_is_passed_over_until_it_is_free(store: Store, machine: Machine) -> None:
    jobs(store, busy="0 21 * * *", free="0 22 * * *")
    by_hand = start_execution("busy")
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    assert begun()[1:] == [("free", "catchup")]
    run_on(by_hand)
    awake(scheduler, machine, 1)
    assert len(begun()) == 2, "it is not its turn: the other one has not ended"
    run_open()
    awake(scheduler, machine, 1)
    assert begun()[2:] == [("busy", "catchup")]


def test_what_was_missed_comes_before_what_somebody_asks_for(store: Store, machine: Machine) -> None:
    jobs(store, past="0 9 * * *", missed="0 21 * * *")
    schedule_runs.backfill_schedule("past", TUESDAY - timedelta(days=9), TUESDAY)
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    for _ in range(2):
        run_open()
        awake(scheduler, machine, 1)
    assert [name for name, _ in begun()] == ["past", "missed", "past"]
    dues = [each.scheduled_for for each in started()]
    assert dues == [TUESDAY.replace(hour=9), TUESDAY.replace(hour=21), TUESDAY.replace(hour=9) - timedelta(days=9)]


def test_a_pause_ends_what_waits_and_the_ledger_says_so(store: Store, machine: Machine) -> None:
    jobs(store, first="0 20 * * *", waits="0 21 * * *")
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    schedules.pause_schedule("waits")
    awake(scheduler, machine, 24 * 3600)
    schedules.resume_schedule("waits")
    said = [(each.decision, each.execution) for each in schedule_lookup.list_firings("waits").rows]
    assert said == [(Decision.SKIPPED_PAUSED, None)] * 2
    assert all((each.reason or "").startswith("paused: ") for each in schedule_lookup.list_firings("waits").rows)
    run_open()
    awake(scheduler, machine, 60)
    assert "waits" not in [name for name, _ in begun()]


def test_a_short_pause_without_a_due_time_ends_nothing(store: Store, machine: Machine) -> None:
    jobs(store, first="0 20 * * *", waits="0 21 * * *")
    scheduler = slept(machine, days=1)
    awake(scheduler, machine, 30)
    schedules.pause_schedule("waits")
    run_open()
    awake(scheduler, machine, 60)
    assert len(begun()) == 1
    schedules.resume_schedule("waits")
    awake(scheduler, machine, 1)
    assert begun()[1:] == [("waits", "catchup")]


@pytest.mark.parametrize("away", [workflows.deactivate_workflow, workflows.archive_workflow, workflows.delete_workflow])
def test_schedules_of_a_workflow_that_is_put_away_want_no_runner(
    away: Callable[[str], object], store: Store, machine: Machine
) -> None:
    """And what they had due meanwhile is not made up for, though no runner has seen it."""
    jobs(store, job="0 * * * *")
    machine.goes_on(minutes=90)  # nobody looks: 09:00 is missed
    away("job")
    assert not firing.any_active() and not schedule_lookup.is_unserved()
    machine.goes_on(hours=5)
    if away is workflows.delete_workflow:
        workflows.restore_workflow("job")
    else:
        if away is workflows.archive_workflow:
            workflows.deactivate_workflow("job")
        workflows.activate_workflow("job")
    assert firing.any_active() and schedule_lookup.is_unserved()
    said = [
        (f"{each.scheduled_for:%H:%M}", each.decision.value, each.count)
        for each in schedule_lookup.list_firings("job").rows
    ]
    assert said == [("10:00", "skipped_paused", 5), ("09:00", "skipped_missed", 1)]
    scheduler = Scheduler(machine.read)
    awake(scheduler, machine, 31)
    assert not started()
    assert schedule_lookup.get_schedule("job").next_run_at == TUESDAY.replace(hour=15)


def test_what_waits_of_a_workflow_that_is_put_away_wants_no_runner(store: Store, machine: Machine) -> None:
    jobs(store, job="0 9 * * *")
    schedule_runs.backfill_schedule("job", TUESDAY - timedelta(days=2), TUESDAY)
    schedules.update_schedule("job", end_at=machine.now + timedelta(days=1))
    workflows.archive_workflow("job")
    assert not firing.any_active()


@pytest.mark.parametrize("seed", range(8))
def test_what_a_condition_held_up_is_chosen_as_the_rule_says(seed: int, store: Store, machine: Machine) -> None:
    """Random ledgers: the first that starts is the oldest of `catch_up.waiting`."""
    chance = random.Random(seed)
    jobs(store, job="0 * * * *")
    schedule = schedules.update_schedule(
        "job",
        misfire=chance.choice([Misfire.ONCE, Misfire.ALL]),
        catch_up_cap=chance.randint(1, 3),
        overlap=Overlap.ALLOW,
    )
    kinds = ["skipped_condition"] * 4 + ["skipped_missed", "skipped_paused", "caught_up", "skipped_overlap"]
    with rows.transaction():
        rows.execute("UPDATE schedules SET conditions = '{}' WHERE pk = ?", (schedule.pk,))
        for hour in range(12):
            decision = Decision(chance.choice(kinds))
            at = TUESDAY - timedelta(hours=12 - hour)
            firings.add(schedule, Firing(scheduled_for=at, decision=decision, reason=str(hour)), machine.now)
    stored = firings.newest(schedule.pk, 100)
    owed = waiting(plan_of(schedule), [row.firing for row in stored], machine.now)
    on_time_first = sorted(owed, key=lambda each: (each.decision is Decision.SKIPPED_CONDITION, each.scheduled_for))
    firing.look(machine.now, Service(machine.now - timedelta(minutes=1)))
    ran = [row.scheduled_for for row in firings.newest(schedule.pk, 100) if row.execution is not None]
    assert ran == [each.scheduled_for for each in on_time_first[:1]]
