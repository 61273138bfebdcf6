"""What something else than the time starts: an execution that ended, a name that was said, a runner that began."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smartspec.commands import (
    event_firing,
    executions,
    files,
    schedule_events,
    schedule_lookup,
    schedules,
    starting,
    workflows,
)
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import Json
from smartspec.domain.schedule import event_decision
from smartspec.domain.schedule.policy import Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Invalid, WorkflowNotFound
from smartspec.runner.scheduler import Scheduler
from tests.conftest import ROOT, run_on
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), monkeypatch)


@pytest.fixture
def job(store: Store) -> str:
    store({"name": "sound", "tasks": {"a": {"run": "true"}}})
    store({"name": "broken", "tasks": {"a": {"run": "false"}}})
    text = {"type": "object", "properties": {"what": {}}}
    return store({"name": "job", "params": text, "tasks": {"a": {"run": "true"}}}).workflow.id


def on(event: str, name: str = "on", input: Mapping[str, Json] | None = None) -> Schedule:
    return schedules.create_schedule(
        "job", event, trigger_type=TriggerType.EVENT, name=name, overlap=Overlap.ALLOW, input=input
    )


def started() -> list[Execution]:
    """By events, the oldest first."""
    rows = executions.list_executions(ExecutionFilter(trigger="event"), limit=1_000).rows
    return [*rows][::-1]


def goes(name: str, machine: Machine) -> Execution:
    machine.goes_on(seconds=1)
    return run_on(starting.start_execution(name)).execution


@pytest.mark.parametrize(
    ("event", "runs", "starts"),
    [
        ("workflow completed sound", ["sound", "broken", "sound"], 2),
        ("workflow failed default.broken", ["sound", "broken"], 1),
        ("workflow recovered sound", ["sound", "sound"], 0),
    ],
)
def test_an_execution_that_ends_starts_what_waits_for_it(
    event: str, runs: list[str], starts: int, job: str, machine: Machine
) -> None:
    on(event, input={"what": "{{ event.workflow }} {{ event.number }} {{ event.status }}"})
    schedulers, said = [Scheduler(machine.read), Scheduler(machine.read)], list[Json]()
    for name in runs:
        ended = goes(name, machine)
        for each in schedulers:
            each.turn()
        if starts and not said:
            said = [each.input for each in started()]
            assert said in ([], [{"what": f"default.{name} {ended.number} {ended.status.value}"}])
    assert len(started()) == starts
    rows = schedule_lookup.list_firings("on").rows
    assert [each.decision.value for each in rows] == ["ran"] * starts
    assert schedule_lookup.get_schedule("on").run_count == starts


def test_what_completes_after_a_failure_has_recovered(store: Store, job: str, machine: Machine) -> None:
    on("workflow recovered sound")
    scheduler = Scheduler(machine.read)
    for text in ("false", "true", "true"):
        store({"name": "sound", "tasks": {"a": {"run": text}}})
        goes("sound", machine)
        scheduler.turn()
    assert len(started()) == 1


def test_a_name_that_is_said_starts_what_waits_for_it_with_its_data(job: str, machine: Machine) -> None:
    on("event paper-arrived", input={"what": "{{ event.data.file }} on {{ schedule.name }}"})
    on("event else", name="else")
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.goes_on(seconds=1)
    assert schedule_events.fire_event("paper-arrived", {"file": "7.pdf"}) == 1
    assert schedule_events.fire_event("nobody-waits") == 0
    scheduler.turn()
    scheduler.turn()
    (made,) = started()
    assert (made.input, made.trigger) == ({"what": "7.pdf on on"}, "event")
    with pytest.raises(Invalid):
        schedule_events.fire_event("no name")


def test_what_was_said_while_no_runner_was_there_is_not_lost(job: str, machine: Machine) -> None:
    on("event paper-arrived")
    Scheduler(machine.read).turn()
    for _ in range(3):
        machine.goes_on(hours=1)
        schedule_events.fire_event("paper-arrived")
    machine.goes_on(hours=1)
    Scheduler(machine.read).turn()
    assert len(started()) == 3


def test_what_was_before_a_schedule_does_not_start_it(job: str, machine: Machine) -> None:
    schedule_events.fire_event("paper-arrived")
    machine.goes_on(seconds=1)
    on("event paper-arrived")
    Scheduler(machine.read).turn()
    schedules.pause_schedule("on")
    machine.goes_on(seconds=1)
    schedule_events.fire_event("paper-arrived")
    machine.goes_on(seconds=1)
    schedules.resume_schedule("on")
    Scheduler(machine.read).turn()
    assert not started()


def test_those_that_start_one_another_come_to_an_end(job: str, machine: Machine) -> None:
    """A loop of events: each end of the job starts it again."""
    on("workflow completed job")
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    goes("job", machine)
    for _ in range(15):
        machine.goes_on(seconds=1)
        scheduler.turn()
        for each in started():
            if each.status is E.PENDING:
                run_on(each)
    assert len(started()) == 10
    last = schedule_lookup.list_firings("on").rows[0]
    assert (last.decision, last.reason) == ("could_not_start", "depth: 10")


def test_tasks_that_say_what_starts_them_come_to_an_end(
    store: Store, db: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = f"{sys.executable} -m smartspec --db {db} event again"
    store({"name": "job", "env": {"PYTHONPATH": str(ROOT)}, "tasks": {"a": {"run": say}}})
    on("event again")
    scheduler = Scheduler(machine.read)
    machine.goes_on(seconds=1)
    schedule_events.fire_event("again")
    for module in (event_firing, event_decision):
        monkeypatch.setattr(module, "DEEPEST", 2)
    for _ in range(3):
        machine.now = datetime.now(UTC)
        scheduler.turn()
        for each in started():
            if each.status is E.PENDING:
                assert run_on(each).status == "completed"
    assert [each.reason for each in schedule_lookup.list_firings("on").rows] == ["depth: 2", None, None]


def test_a_runner_that_begins_and_a_machine_that_wakes(job: str, machine: Machine) -> None:
    on("application started", name="started")
    on("computer woke", name="woke")
    machine.goes_on(seconds=1)
    schedulers = [Scheduler(machine.read), Scheduler(machine.read)]
    schedulers[0].turn()
    assert len(started()) == 1
    machine.sleeps(hours=3)
    for each in schedulers:
        each.turn()
    woke = schedule_lookup.list_firings("woke").rows
    assert [each.decision.value for each in woke] == ["ran"], "one sleep is one event, whoever sees it"


@pytest.mark.parametrize("overlap", [Overlap.SKIP, Overlap.QUEUE])
def test_an_event_while_the_one_before_runs(overlap: Overlap, job: str, machine: Machine) -> None:
    on("event tick", input={"what": "{{ event.data }}"})
    schedules.update_schedule("on", overlap=overlap)
    scheduler = Scheduler(machine.read)
    for number in range(3):
        machine.goes_on(seconds=1)
        schedule_events.fire_event("tick", number)
        scheduler.turn()
    assert len(started()) == 1
    for _ in range(3):
        for each in started():
            if each.status is E.PENDING:
                run_on(each)
        scheduler.turn()
    assert [each.input for each in started()] == [{"what": n} for n in ([0] if overlap is Overlap.SKIP else [0, 1, 2])]


def test_an_event_that_there_is_not_is_refused(job: str) -> None:
    with pytest.raises(WorkflowNotFound):
        on("workflow completed nobody")
    with pytest.raises(Invalid, match="no event"):
        on("moon full")


def test_a_workflow_that_is_not_active_starts_nothing(job: str, machine: Machine) -> None:
    on("event tick")
    workflows.deactivate_workflow("job")
    machine.goes_on(seconds=1)
    schedule_events.fire_event("tick")
    Scheduler(machine.read).turn()
    assert not started()
    assert [each.decision.value for each in schedule_lookup.list_firings("on").rows] == ["skipped_paused"]
