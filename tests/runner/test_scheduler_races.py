"""What somebody changes between a runner's look at a schedule and what the runner writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smartspec.commands import files, firing_starts, schedule_events, schedule_lookup, schedules, workflows
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain.schedule.policy import Overlap, Plan
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.runner.scheduler import Scheduler
from smartspec.store import database as rows
from tests.conftest import run_on
from tests.runner.machine import Machine
from tests.runner.test_scheduler import TUESDAY, looks_every, started


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("TZ", "UTC")
    return Machine(TUESDAY, monkeypatch)


@pytest.fixture
def job(store: Callable[..., files.Imported]) -> str:
    return store({"name": "job", "tasks": {"a": {"run": "true"}}}).workflow.id


def meanwhile(change: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is quicker: this is done between a look and what it writes."""
    plan = firing_starts.plan

    def planned(*given: Any) -> firing_starts.Start:
        monkeypatch.setattr(firing_starts, "plan", plan)
        found = plan(*given)
        change()
        return found

    monkeypatch.setattr(firing_starts, "plan", planned)


PUT_AWAY = {
    "paused": lambda: schedules.pause_schedule("often"),
    "deleted": lambda: schedules.delete_schedule("often"),
    "workflow in the trash": lambda: workflows.delete_workflow("job"),
    "workflow purged": lambda: (workflows.delete_workflow("job"), workflows.purge_workflow("job")),
}


@pytest.mark.parametrize("how", PUT_AWAY)
def test_what_is_put_away_while_its_start_is_planned_does_not_start(
    how: str, job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "*/10 * * * *", name="often")
    meanwhile(PUT_AWAY[how], monkeypatch)
    looks_every(Scheduler(machine.read), machine, 10, 2)
    assert not started()


@pytest.mark.parametrize("how", [each for each in PUT_AWAY if each != "workflow purged"])
def test_what_waits_does_not_start_when_it_is_put_away_just_then(
    how: str, job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "*/10 * * * *", name="often", overlap=Overlap.QUEUE)
    scheduler = Scheduler(machine.read)
    looks_every(scheduler, machine, 10, 2)
    (first,) = started()
    run_on(first)
    meanwhile(PUT_AWAY[how], monkeypatch)
    scheduler.turn()
    scheduler.turn()
    assert rows.scalar("SELECT count(*) FROM executions") == 1


def test_a_rule_that_cannot_be_read_and_is_mended_just_then_is_no_error(
    job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "*/10 * * * *", name="broken")
    schedules.create_schedule(job, "*/10 * * * *", name="sound", overlap=Overlap.ALLOW)
    with rows.transaction():
        rows.execute("UPDATE schedules SET expression = 'L * * * *' WHERE name = 'broken'")
    used = "smartspec.commands.firing_looks.plan_of"

    def read(schedule: Schedule) -> Plan:
        monkeypatch.setattr(used, plan_of)
        schedules.update_schedule("broken", "*/10 * * * *")
        return plan_of(schedule)

    scheduler = Scheduler(machine.read)
    scheduler.turn()
    monkeypatch.setattr(used, read)
    looks_every(scheduler, machine, 10, 1)
    assert schedule_lookup.get_schedule("broken").status == "active"
    assert len(started()) == 1


@pytest.mark.parametrize("how", PUT_AWAY)
def test_an_event_starts_nothing_that_is_put_away_just_then(
    how: str, job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "event paper", trigger_type=TriggerType.EVENT, name="often")
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.goes_on(seconds=1)
    assert schedule_events.fire_event("paper") == 1
    meanwhile(PUT_AWAY[how], monkeypatch)
    scheduler.turn()
    scheduler.turn()
    assert rows.scalar("SELECT count(*) FROM executions") == 0


def test_a_rule_that_is_changed_while_the_former_one_comes_due_counts_from_then(
    job: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.create_schedule(job, "*/10 * * * *", name="often")
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    used = "smartspec.commands.schedules.plan_of"

    def read(schedule: Schedule) -> Plan:
        monkeypatch.setattr(used, plan_of)
        found = plan_of(schedule)
        scheduler.turn()
        return found

    machine.goes_on(minutes=10)
    monkeypatch.setattr(used, read)
    schedules.update_schedule("often", "25 * * * *")
    scheduler.turn()
    assert schedule_lookup.get_schedule("often").next_run_at == TUESDAY.replace(minute=25)
    assert [each.scheduled_for for each in started()] == [TUESDAY.replace(minute=10)]
