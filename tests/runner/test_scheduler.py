"""What schedules start, and what is written down of every due time: real ledgers, a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest

from smartspec.commands import (
    comparing,
    configs,
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
from smartspec.commands.actor import user
from smartspec.commands.starting import start_execution
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Conflict, Invalid, KeyringLocked
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database as rows
from tests.clock import HANGS_AFTER_S
from tests.conftest import Ran, ran, run_on
from tests.keyring_in_a_file import FileKeyring
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(TUESDAY, monkeypatch)


@pytest.fixture
def job(store: Store) -> str:
    return store({"name": "job", "tasks": {"a": {"run": "echo {{ now }} {{ today }}"}}}).workflow.id


def started() -> list[Execution]:
    """Oldest first."""
    return [*executions.list_executions(ExecutionFilter(), limit=10_000).rows][::-1]


def ledger(which: str) -> list[tuple[str, str, int]]:
    """Every row, in the order of the due times."""
    rows = schedule_lookup.list_firings(which, limit=10_000).rows
    return [(f"{each.scheduled_for:%d %H:%M}", each.decision.value, each.count) for each in rows][::-1]


def looks_every(scheduler: Scheduler, machine: Machine, minutes: float, steps: int) -> None:
    for _ in range(steps):
        machine.goes_on(minutes=minutes)
        scheduler.turn()


def run_all() -> list[Ran]:
    return [run_on(each) for each in started() if each.status is E.PENDING]


def test_it_runs_at_its_time_and_not_before(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "30 9 * * *", name="morning")
    scheduler = Scheduler(machine.read)
    assert scheduler.turn() == TUESDAY.replace(hour=9, minute=30)
    looks_every(scheduler, machine, 0.5, 179)
    assert not started()
    looks_every(scheduler, machine, 0.5, 1)
    (made,) = started()
    assert (made.trigger, made.scheduled_for) == ("cron", TUESDAY.replace(hour=9, minute=30))
    assert ledger("morning") == [("24 09:30", "ran", 1)]
    assert schedule_lookup.get_schedule("morning").next_run_at == TUESDAY.replace(day=25, hour=9, minute=30)


def test_two_runners_that_look_at_once_start_one_execution(job: str, machine: Machine) -> None:
    """R36. No lease: the row of the due time decides."""
    for number in range(20):
        schedules.create_schedule(job, "30 9 * * *", name=f"{number}", overlap=Overlap.ALLOW)
    runners = [Scheduler(machine.read) for _ in range(4)]
    machine.goes_on(minutes=90)
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
    runners[0].turn()
    assert len(started()) == 20
    assert all(ledger(f"{number}") == [("24 09:30", "ran", 1)] for number in range(20))


@pytest.mark.parametrize(
    ("misfire", "rows", "caught_up"),
    [
        (Misfire.SKIP, [("22 09:00", "skipped_missed", 72)], []),
        (Misfire.ONCE, [("22 09:00", "skipped_missed", 71), ("25 08:00", "caught_up", 1)], ["25 08:00"]),
    ],
)
def test_three_days_off(
    misfire: Misfire, rows: list[tuple[str, str, int]], caught_up: list[str], job: str, machine: Machine
) -> None:
    """R32. Every due time is explained, and what is made up for says so."""
    machine.is_set(TUESDAY - timedelta(days=2))
    schedules.create_schedule(job, "0 * * * *", name="hourly", misfire=misfire)
    machine.goes_on(days=3, minutes=5)
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 0.25, 1)
    assert not started(), "the network comes back first"
    looks_every(scheduler, machine, 0.25, 2)
    assert ledger("hourly") == rows
    assert [(f"{each.scheduled_for:%d %H:%M}", each.trigger.value) for each in started()] == [
        (each, "catchup") for each in caught_up
    ]
    assert schedule_lookup.get_schedule("hourly").missed_count == rows[0][2]


def test_all_are_caught_up_one_after_another_up_to_the_cap(job: str, machine: Machine) -> None:
    """R32."""
    machine.is_set(TUESDAY - timedelta(days=2))
    schedules.create_schedule(job, "0 * * * *", name="hourly", misfire=Misfire.ALL)
    machine.goes_on(days=3, seconds=90)
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.goes_on(seconds=31)
    scheduler.turn()
    assert [row[1:] for row in ledger("hourly")] == [("skipped_missed", 48), *[("caught_up", 1)] * 24]
    for count in range(1, 25):
        for _ in range(2):  # however often it looks
            scheduler.turn()
        assert len(started()) == count
        run_all()
    scheduler.turn()
    dues = [each.scheduled_for for each in started() if each.scheduled_for is not None]
    assert len(dues) == 24 and dues == sorted(set(dues))
    assert {each.trigger.value for each in started()} == {"catchup"}
    schedule = schedule_lookup.get_schedule("hourly")
    assert (schedule.run_count, schedule.success_count, schedule.missed_count) == (24, 24, 48)


def test_a_catch_up_takes_no_due_time_of_today(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "0 18 * * *", name="evening")
    machine.goes_on(hours=25, minutes=46)
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 0.5, 3)
    assert ledger("evening") == [("24 18:00", "caught_up", 1)]
    run_all()
    looks_every(scheduler, machine, 0.5, 1000)
    assert ledger("evening") == [("24 18:00", "caught_up", 1), ("25 18:00", "ran", 1)]
    assert [each.trigger.value for each in started()] == ["catchup", "cron"]


def test_after_sleep_the_first_starts_within_a_minute(job: str, machine: Machine) -> None:
    """R33. What came while the machine slept says so."""
    for name in ("one", "two"):
        schedules.create_schedule(job, "30 20 * * *", name=name)
    scheduler = Scheduler(machine.read)
    machine.goes_on(hours=11)
    scheduler.turn()
    machine.goes_on(minutes=1)
    scheduler.turn()
    machine.sleeps(hours=14)
    awake = machine.now
    looks_every(scheduler, machine, 0.25, 3)
    first, *others = started()
    assert first.created_at - awake <= timedelta(seconds=60) and not others
    run_all()
    looks_every(scheduler, machine, 0.25, 1)
    assert len(started()) == 2
    assert [row[:2] for row in ledger("one")] == [("24 20:30", "caught_up")]
    assert (schedule_lookup.list_firings("one").rows[0].reason or "").startswith("asleep: ")


@pytest.mark.parametrize("step", [1, -1, 3600, -3600, 86_400, -86_400, None])
def test_a_clock_that_is_set_doubles_and_loses_nothing(step: int | None, job: str, machine: Machine) -> None:
    """R34. Forth and back again, or to 1970."""
    schedules.create_schedule(job, "*/10 * * * *", name="often", overlap=Overlap.ALLOW)
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 1, 30)
    right = machine.now
    machine.is_set(datetime(1970, 1, 2, tzinfo=UTC) if step is None else right + timedelta(seconds=step))
    looks_every(scheduler, machine, 0.5, 2)
    machine.is_set(right + timedelta(minutes=1))
    looks_every(scheduler, machine, 1, 40)
    dues = [each.scheduled_for for each in started()]
    assert len(dues) == len(set(dues))
    for due in (TUESDAY + timedelta(minutes=minutes) for minutes in (10, 20, 30, 40, 50, 60)):
        assert due in dues, f"{due} was lost"


def test_what_is_paused_is_not_made_up_for(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "* * * * *", name="minutely", misfire=Misfire.ALL)
    scheduler = Scheduler(machine.read)
    machine.goes_on(seconds=30)
    schedules.pause_schedule("minutely")
    looks_every(scheduler, machine, 1, 5)
    schedules.resume_schedule("minutely")
    assert ledger("minutely") == [("24 08:01", "skipped_paused", 5)]
    scheduler.turn()
    assert not started()
    looks_every(scheduler, machine, 0.5, 1)
    assert ledger("minutely")[1:] == [("24 08:06", "ran", 1)]
    assert schedule_lookup.get_schedule("minutely").missed_count == 0


@pytest.mark.parametrize("away", [workflows.deactivate_workflow, workflows.archive_workflow, workflows.delete_workflow])
def test_a_workflow_that_is_put_away_is_not_scheduled(
    away: Callable[[str], object], job: str, machine: Machine
) -> None:
    schedules.create_schedule(job, "* * * * *", name="minutely")
    scheduler = Scheduler(machine.read)
    away(job)
    looks_every(scheduler, machine, 1, 5)
    if away is workflows.delete_workflow:
        workflows.restore_workflow("job")
    else:
        if away is workflows.archive_workflow:
            workflows.deactivate_workflow(job)
        workflows.activate_workflow(job)
    looks_every(scheduler, machine, 1, 1)
    assert ledger("minutely") == [("24 08:01", "skipped_paused", 5), ("24 08:06", "ran", 1)]


OVERLAPS = {
    Overlap.SKIP: [("ran", 1), ("skipped_overlap", 2)],
    Overlap.QUEUE: [("ran", 1), ("queued", 1), ("queued", 1)],
    Overlap.ALLOW: [("ran", 1), ("ran", 1), ("ran", 1)],
    Overlap.REPLACE: [("ran", 1), ("replaced", 1), ("replaced", 1)],
}


@pytest.mark.parametrize("overlap", Overlap)
def test_overlap(overlap: Overlap, job: str, machine: Machine) -> None:
    """R37. With three due times while the first execution has not ended."""
    schedules.create_schedule(job, "*/10 * * * *", name="often", overlap=overlap)
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 10, 3)
    assert [row[1:] for row in ledger("often")] == OVERLAPS[overlap]
    if overlap is Overlap.SKIP:
        assert schedule_lookup.list_firings("often").rows[0].reason == f"overlap: {started()[0].number}"
    run_all()
    scheduler.turn()
    run_all()
    scheduler.turn()
    run_all()
    ends = {"skip": ["completed"], "queue": ["completed"] * 3, "allow": ["completed"] * 3}
    assert [each.status.value for each in started()] == ends.get(overlap, ["cancelled", "cancelled", "completed"])


def test_replace_ends_nothing_that_a_person_started(job: str, machine: Machine) -> None:
    by_hand = start_execution(job)
    schedules.create_schedule(job, "*/10 * * * *", name="often", overlap=Overlap.REPLACE)
    looks_every(Scheduler(machine.read), machine, 10, 1)
    assert ledger("often") == [("24 08:10", "skipped_overlap", 1)]
    assert [each.status for each in started()] == [E.PENDING] and started()[0].id == by_hand.id


@pytest.mark.parametrize(
    ("kind", "expression", "seconds"), [(TriggerType.CRON, "* * * * *", 60), (TriggerType.INTERVAL, "1s", 1)]
)
def test_over_a_year_without_a_runner_is_written_down_to_the_last_due_time(
    kind: TriggerType, expression: str, seconds: int, job: str, machine: Machine
) -> None:
    schedules.create_schedule(job, expression, trigger_type=kind, name="often")
    machine.goes_on(days=400)
    looks_every(Scheduler(machine.read), machine, 0.5, 4)
    assert len(ledger("often")) < 20, "what is alike is one row"
    assert sum(row[2] for row in ledger("often")) == (machine.now - TUESDAY).total_seconds() // seconds


def test_what_does_not_fit_any_more_could_not_start(store: Store, machine: Machine) -> None:
    text = {"name": "job", "params": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    store({**text, "tasks": {"a": {"run": "true"}}})
    schedules.create_schedule("job", "*/10 * * * *", name="often", input={"n": 1})
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 10, 2)
    assert [row[1] for row in ledger("often")] == ["could_not_start"]
    (row,) = schedule_lookup.list_firings("often").rows
    assert row.count == 2 and "takes no input" in (row.reason or "") and row.execution is None
    assert not started()
    schedule = schedule_lookup.get_schedule("often")
    assert (schedule.status, schedule.run_count, schedule.failure_count) == ("active", 0, 2)


def test_a_locked_keyring_keeps_nobody_else(
    store: Store, job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def is_locked(*_: object) -> str:
        raise KeyringLocked

    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    try:
        monkeypatch.setenv("TEST_KEYRING_FILE", str(tmp_path / "keyring"))
        store({"name": "secret", "config": {"token": {"type": "secret"}}, "tasks": {"a": {"run": "true"}}})
        configs.set_config("secret", "token", "a long secret")
        monkeypatch.setattr(FileKeyring, "get_password", is_locked)
        for each in ("secret", "job"):
            schedules.create_schedule(each, "*/10 * * * *", name=each)
        looks_every(Scheduler(machine.read), machine, 10, 1)
    finally:
        keyring.set_keyring(before)
    (row,) = schedule_lookup.list_firings("secret").rows
    assert (row.decision, row.reason) == (
        Decision.COULD_NOT_START,
        "start: The keyring of this machine is locked; unlock it and try again.",
    )
    assert [row[1] for row in ledger("job")] == ["ran"]


def test_a_pinned_version_runs_and_later_ones_do_not(store: Store, machine: Machine) -> None:
    store({"name": "job", "tasks": {"a": {"run": "echo old"}}})
    schedules.create_schedule("job", "*/10 * * * *", name="pinned", version="1.0.0", overlap=Overlap.ALLOW)
    schedules.create_schedule("job", "*/10 * * * *", name="current", overlap=Overlap.ALLOW)
    store({"name": "job", "tasks": {"a": {"run": "echo new"}}})
    looks_every(Scheduler(machine.read), machine, 10, 1)
    assert sorted(each.workflow_version or "" for each in started()) == ["1.0.0", "1.0.1"]


def test_now_and_today_are_those_of_the_due_time_in_its_zone(store: Store, machine: Machine) -> None:
    """Semantics §14: also in a sub-workflow and a replay."""
    show = {"run": "echo $IT", "env": {"IT": "{{ today }} {{ now }} {{ execution.scheduled_for }}"}}
    store({"name": "child", "tasks": {"b": show}})
    store({
        "name": "job", "params": {"type": "object", "properties": {"day": {"type": "string", "default": "{{ today }}"}}},
        "tasks": {"a": show, "c": {"workflow": "child", "needs": ["a"]}},
    })  # fmt: skip
    given = {"day": "{{ schedule.due_at }} of {{ schedule.name }}"}
    schedules.create_schedule("job", "30 1 * * *", name="night", timezone="Asia/Tokyo", input=given)
    machine.goes_on(hours=9)  # 02:00 on the 25th in Tokyo, of which 01:30 was missed
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 0.5, 2)
    (made,) = started()
    due = "2026-11-25T01:30:00+09:00"
    assert made.variables is not None and made.variables["params"] == {"day": f"{due} of night"}
    done = run_on(made)
    assert done.status == "completed" and made.trigger == "catchup"
    told = f"2026-11-25 {due} {due}\n".encode()
    assert done.log("a") == told
    child = ran(executions.child_executions(made.id)[0])
    assert child.log("b") == told
    machine.goes_on(days=3)
    again = run_on(comparing.replay_execution(made.id))
    assert again.log("a") == told


def test_what_is_counted_follows_the_executions(store: Store, machine: Machine, tmp_path: Path) -> None:
    store({"name": "job", "tasks": {"a": {"run": f"test -e {tmp_path}/ok"}}})
    schedules.create_schedule("job", "*/10 * * * *", name="often")
    scheduler = Scheduler(machine.read)

    def counts() -> tuple[int, int, int]:
        schedule = schedule_lookup.get_schedule("often")
        return schedule.run_count, schedule.success_count, schedule.failure_count

    looks_every(scheduler, machine, 10, 1)
    assert counts() == (1, 0, 0)
    run_all()
    assert counts() == (1, 0, 1)
    (tmp_path / "ok").touch()
    run_on(control.rerun_failed(started()[0].id))
    assert counts() == (1, 1, 0)
    looks_every(scheduler, machine, 10, 1)
    control.cancel_execution(started()[-1].id)
    assert counts() == (2, 1, 0)


def test_an_edit_counts_from_now_on(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "30 9 * * *", name="morning")
    scheduler = Scheduler(machine.read)
    schedules.update_schedule("morning", "0 10 * * *")
    looks_every(scheduler, machine, 30, 4)
    assert ledger("morning") == [("24 10:00", "ran", 1)]


def test_once_is_once(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "2026-11-24T09:00", trigger_type=TriggerType.ONCE, name="once")
    looks_every(Scheduler(machine.read), machine, 30, 6)
    assert ledger("once") == [("24 09:00", "ran", 1)]
    assert schedule_lookup.get_schedule("once").status == "expired"


def test_the_machine_s_zone_is_followed_when_it_changes(
    job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "0 9 * * *", name="morning")
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    scheduler.turn()
    assert schedule_lookup.get_schedule("morning").next_run_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert rows.scalar("SELECT data ->> 'to' FROM events WHERE type = 'clock_zone_changed'") == "Asia/Shanghai"


def test_a_rule_that_cannot_be_read_is_an_error_and_keeps_nobody_else(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "*/10 * * * *", name="broken")
    schedules.create_schedule(job, "*/10 * * * *", name="sound")
    with rows.transaction():
        rows.execute("UPDATE schedules SET expression = 'L * * * *' WHERE name = 'broken'")
    looks_every(Scheduler(machine.read), machine, 10, 1)
    broken = schedule_lookup.get_schedule("broken")
    assert broken.status == "error" and broken.error
    assert len(started()) == 1


def test_a_runner_killed_before_the_commit_leaves_nothing(job: str, machine: Machine) -> None:
    """The row and what it starts are one: a transaction that is broken off leaves neither."""
    schedules.create_schedule(job, "*/10 * * * *", name="often")
    with pytest.raises(KeyboardInterrupt), rows.transaction():
        looks_every(Scheduler(machine.read), machine, 10, 1)
        assert len(started()) == 1
        raise KeyboardInterrupt
    assert not started() and ledger("often") == []
    looks_every(Scheduler(machine.read), machine, 0.25, 1)
    assert ledger("often") == [("24 08:10", "ran", 1)]


def test_a_past_period_is_run_by_hand_one_due_time_after_another(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "0 9 * * *", name="morning", timezone="UTC")
    scheduler = Scheduler(machine.read)
    schedules.pause_schedule("morning")
    looks_every(scheduler, machine, 60, 25)
    with pytest.raises(Conflict, match="paused"):
        schedule_runs.backfill_schedule("morning", TUESDAY - timedelta(days=3), TUESDAY)
    schedules.resume_schedule("morning")
    assert schedule_runs.backfill_schedule("morning", TUESDAY - timedelta(days=3), TUESDAY.replace(hour=23)) == 4
    for count in range(1, 5):
        machine.goes_on(seconds=31)
        scheduler.turn()
        assert len(started()) == count
        run_all()
    assert [f"{each.scheduled_for:%d}" for each in started()] == ["21", "22", "23", "24"]
    assert {each.trigger.value for each in started()} == {"catchup"}
    reasons = {each.reason for each in schedule_lookup.list_firings("morning").rows if each.decision == "caught_up"}
    assert reasons == {f"by hand: {user()}"}
    with pytest.raises(Invalid, match="no due time"):
        schedule_runs.backfill_schedule("morning", TUESDAY - timedelta(hours=5), TUESDAY - timedelta(hours=4))
    with pytest.raises(Invalid, match="more than 1,000"):
        schedule_runs.backfill_schedule("morning", TUESDAY - timedelta(days=1500), TUESDAY)


def test_run_by_hand_is_no_due_time_and_counts(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, trigger_type=TriggerType.MANUAL, name="by hand")
    made = schedule_runs.run_schedule("by hand")
    assert (made.trigger, made.scheduled_for) == ("manual", None)
    run_all()
    schedule = schedule_lookup.get_schedule("by hand")
    assert (schedule.run_count, schedule.success_count, schedule.next_run_at) == (1, 1, None)
    assert ledger("by hand") == []


def test_an_edit_keeps_what_came_while_nobody_looked(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, "0 * * * *", name="hourly", misfire=Misfire.SKIP)
    machine.goes_on(hours=3, minutes=10)
    schedules.update_schedule("hourly", name="renamed")
    looks_every(Scheduler(machine.read), machine, 0.5, 2)
    assert ledger("renamed") == [("24 09:00", "skipped_missed", 3)]


def test_an_input_with_a_name_needs_no_runner(job: str, machine: Machine) -> None:
    schedules.create_schedule(job, trigger_type=TriggerType.MANUAL, name="by hand")
    assert not schedule_lookup.is_unserved() and not firing.any_active()
    schedules.create_schedule(job, "0 * * * *", name="hourly")
    assert schedule_lookup.is_unserved() and firing.any_active()
