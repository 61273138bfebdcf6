"""Schedules that want something of the machine: real ledgers and commands, services on a bus of their own, and a clock
that the test moves."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import executions, files, firing, schedule_events, schedule_lookup, schedules
from smartspec.commands.machine_look import MachineLook
from smartspec.commands.system import bus
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.messages import translate
from smartspec.runner.scheduler import Scheduler
from tests.clock import until
from tests.conftest import run_on
from tests.machine_services import MachineServices
from tests.runner.machine import Machine

Store = Callable[..., files.Imported]
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not MachineServices.is_possible, reason="no dbus-daemon")
BATTERY = {"OnBattery": True, "Percentage": 34.0}
MAINS = {"OnBattery": False, "Percentage": 34.0}


@pytest.fixture(scope="module")
def services() -> Iterator[MachineServices]:
    made = MachineServices()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def on_its_bus(services: MachineServices, monkeypatch: pytest.MonkeyPatch) -> None:
    services.say()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", services.address)
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(TUESDAY, monkeypatch)


@pytest.fixture
def job(store: Store) -> str:
    return store({"name": "job", "tasks": {"a": {"run": "true"}}}).workflow.id


@pytest.fixture
def scheduler(machine: Machine) -> Scheduler:
    """Each question is answered before the next line."""
    return Scheduler(machine.read, begin=MachineLook.run)


def started() -> list[Execution]:
    """Oldest first."""
    return [*executions.list_executions(ExecutionFilter(), limit=10_000).rows][::-1]


def rows(which: str) -> list[StoredFiring]:
    """In the order of the due times."""
    return [*schedule_lookup.list_firings(which, limit=1000).rows][::-1]


def ledger(which: str) -> list[tuple[str, str, int, str]]:
    return [
        (f"{each.scheduled_for:%H:%M}", each.decision.value, each.count, translate(explain(each.firing)))
        for each in rows(which)
    ]


def looks(scheduler: Scheduler, machine: Machine, seconds: float, every: float = 15.0) -> None:
    for _ in range(round(seconds / every)):
        machine.goes_on(seconds=every)
        scheduler.turn()


def begun(scheduler: Scheduler) -> int:
    """After one more look."""
    scheduler.turn()
    return len(started())


def run_open() -> None:
    for each in started():
        if each.status is E.PENDING:
            run_on(each)


# A due time


def test_it_waits_for_the_plug_and_then_runs(
    job: str, scheduler: Scheduler, machine: Machine, services: MachineServices
) -> None:
    services.say(power=BATTERY)
    schedules.create_schedule(job, "30 9 * * *", name="morning", conditions={"mains": True})
    machine.goes_on(minutes=90)
    assert scheduler.turn() == machine.now + timedelta(seconds=15), "it is looked at again"
    looks(scheduler, machine, 4 * 60)
    assert (started(), ledger("morning")) == ([], [])
    services.say(power=MAINS)
    looks(scheduler, machine, 15)
    assert ledger("morning") == [("09:30", "ran", 1, "on battery, 34 %; it ran when that was over")]
    assert [each.scheduled_for for each in started()] == [TUESDAY.replace(hour=9, minute=30)]


@pytest.mark.parametrize(("misfire", "number"), [(Misfire.SKIP, 0), (Misfire.ONCE, 1), (Misfire.ALL, 3)])
def test_after_five_minutes_it_is_skipped_and_made_up_for_as_the_rule_says(
    misfire: Misfire, number: int, job: str, scheduler: Scheduler, machine: Machine, services: MachineServices
) -> None:
    services.say(power=BATTERY)
    schedules.create_schedule(job, "0 9-11 * * *", name="hourly", conditions={"mains": True}, misfire=misfire)
    scheduler.turn()
    machine.goes_on(minutes=60)
    scheduler.turn()
    looks(scheduler, machine, 5 * 60 - 15)
    assert ledger("hourly") == [], "not before its time is over"
    looks(scheduler, machine, 15)
    assert ledger("hourly") == [("09:00", "skipped_condition", 1, "on battery, 34 %")]
    for _ in range(5):
        looks(scheduler, machine, 30 * 60, every=30)
    held = [(each.scheduled_for.hour, each.count) for each in rows("hourly")]
    assert held == ([(9, 1), (10, 1), (11, 1)] if misfire is Misfire.ALL else [(9, 3)])
    assert not started()
    services.say(power=MAINS)
    for _ in range(5):
        looks(scheduler, machine, 5 * 60, every=30)
        run_open()
    newest = [TUESDAY.replace(hour=hour) for hour in (9, 10, 11)][3 - number :]
    assert [(each.scheduled_for, each.trigger.value) for each in started()] == [(each, "catchup") for each in newest]
    said = [words for *_, words in ledger("hourly")]
    over = "on battery, 34 %; made up for when that was over"
    assert said == ([over] * len(said) if number else ["on battery, 34 %"])


def test_those_beyond_the_cap_stay_skipped(job: str, machine: Machine, tmp_path: Path) -> None:
    disk, asked = tmp_path / "disk", list[MachineLook]()

    def begin(look: MachineLook) -> None:
        asked.append(look)
        look.run()

    schedules.create_schedule(
        job, "*/10 * * * *", name="often", conditions={"path": str(disk)}, misfire=Misfire.ALL, catch_up_cap=2,
        end_at=TUESDAY + timedelta(minutes=45),
    )  # fmt: skip
    scheduler = Scheduler(machine.read, begin=begin)
    scheduler.turn()
    looks(scheduler, machine, 60 * 60)
    assert [row[:2] for row in ledger("often")] == [
        (f"08:{minute}", "skipped_condition") for minute in (10, 20, 30, 40)
    ]
    disk.mkdir()
    for _ in range(4):
        looks(scheduler, machine, 5 * 60)
        run_open()
    assert [f"{each.scheduled_for:%M}" for each in started()] == ["30", "40"]
    asked.clear()
    looks(scheduler, machine, 10 * 60)
    assert asked == [], "nothing is owed any more"


def test_one_that_comes_once_is_made_up_for_after_it_has_expired(
    job: str, scheduler: Scheduler, machine: Machine, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    schedules.create_schedule(
        job, "2026-11-24T09:00", trigger_type=TriggerType.ONCE, name="once", conditions={"path": str(disk)}
    )
    scheduler.turn()
    machine.goes_on(hours=1)
    scheduler.turn()
    looks(scheduler, machine, 5 * 60)
    assert schedule_lookup.get_schedule("once").status == "expired" and firing.any_active()
    looks(scheduler, machine, 5 * 60)
    assert not started()
    disk.mkdir()
    looks(scheduler, machine, 75)
    assert len(started()) == 1 and not firing.any_active()


def test_what_was_overtaken_while_it_was_held_up_says_so(
    job: str, scheduler: Scheduler, machine: Machine, services: MachineServices
) -> None:
    services.say(power=BATTERY)
    schedules.create_schedule(job, "* * * * *", name="often", conditions={"mains": True}, overlap=Overlap.ALLOW)
    scheduler.turn()
    looks(scheduler, machine, 170, every=10)
    services.say(power=MAINS)
    looks(scheduler, machine, 10, every=10)
    assert ledger("often") == [
        ("08:01", "skipped_condition", 2, "on battery, 34 %"), ("08:03", "ran", 1, "on time"),
    ]  # fmt: skip
    assert schedule_lookup.get_schedule("often").missed_count == 0


def test_what_was_held_up_when_the_machine_fell_asleep_was_not_missed(
    job: str, scheduler: Scheduler, machine: Machine, services: MachineServices
) -> None:
    services.say(power=BATTERY)
    schedules.create_schedule(job, "0 9 * * *", name="nine", conditions={"mains": True})
    scheduler.turn()
    machine.goes_on(minutes=59)
    scheduler.turn()
    looks(scheduler, machine, 120)
    machine.sleeps(hours=3)
    services.say(power=MAINS)
    looks(scheduler, machine, 45)
    assert ledger("nine") == [("09:00", "skipped_condition", 1, "on battery, 34 %; made up for when that was over")]
    assert [each.trigger.value for each in started()] == ["catchup"]


# Each condition


def test_each_condition_is_said_as_the_reason(
    store: Store, scheduler: Scheduler, machine: Machine, services: MachineServices, tmp_path: Path
) -> None:
    services.say(
        power=MAINS, networks=[{"id": "phone", "metered": 1}, {"id": "cafe"}], idle={"IdleHint": False},
    )  # fmt: skip
    disk = str(tmp_path / "disk")
    wanted: dict[str, tuple[JsonObject, str]] = {
        "mains": ({"mains": True}, ""),
        "here": ({"networks": ["home", "cafe"]}, ""),
        "away": ({"networks": ["home", "office"]}, "not on the network home, office"),
        "paid": ({"networks": ["home", "phone"]}, "the network phone was metered, which counts as none"),
        "used": ({"idle": "10m"}, "not idle for 10 m"),
        "disk": ({"path": disk}, f"{disk} was not there"),
        "ok": ({"command": "true"}, ""),
        "not ok": ({"command": "echo no route; exit 2"}, "its command ended with 2: no route"),
    }
    for number, (name, (conditions, _why)) in enumerate(wanted.items()):
        store({"name": f"job-{number}", "tasks": {"a": {"run": "true"}}})
        schedules.create_schedule(f"job-{number}", "0 9 * * *", name=name, conditions=conditions)
    scheduler.turn()
    machine.goes_on(hours=1)
    scheduler.turn()
    looks(scheduler, machine, 5 * 60, every=60)
    for name, (_conditions, why) in wanted.items():
        decision = "skipped_condition" if why else "ran"
        assert ledger(name) == [("09:00", decision, 1, why or "on time")], name


def test_what_the_system_does_not_tell_counts_as_met_and_is_said(
    job: str, scheduler: Scheduler, machine: Machine
) -> None:
    schedules.create_schedule(job, "0 9 * * *", name="nine", conditions={"networks": ["home"], "idle": "10m"})
    scheduler.turn()
    machine.goes_on(hours=1)
    scheduler.turn()
    assert ledger("nine") == [(
        "09:00", "ran", 1,
        "on time; the system does not tell its network, how long it has been idle, which counts as met",
    )]  # fmt: skip
    assert len(started()) == 1


def test_nothing_is_asked_before_it_is_due_or_without_conditions(job: str, machine: Machine) -> None:
    asked = list[MachineLook]()

    def begin(look: MachineLook) -> None:
        asked.append(look)
        look.run()

    scheduler = Scheduler(machine.read, begin=begin)
    schedules.create_schedule(job, "0 9 * * *", name="without", overlap=Overlap.ALLOW)
    schedules.create_schedule(job, "30 9 * * *", name="with", conditions={"command": "true"}, overlap=Overlap.ALLOW)
    looks(scheduler, machine, 89 * 60, every=60)
    assert (len(started()), asked) == (1, [])
    looks(scheduler, machine, 60)
    assert len(started()) == 2 and len(asked) == 1


def test_where_it_is_passed_over_anyway_nothing_is_asked(
    job: str, scheduler: Scheduler, machine: Machine, tmp_path: Path
) -> None:
    """A command of a person does not run on days without."""
    ran = tmp_path / "ran"
    schedules.create_schedule(
        job, "0 9 * * *", name="nine", blackouts=["11-24"], conditions={"command": f"touch {shlex.quote(str(ran))}"}
    )
    scheduler.turn()
    machine.goes_on(hours=1)
    scheduler.turn()
    assert ledger("nine")[0][1] == "skipped_blackout" and not ran.exists()
    schedules.update_schedule("nine", "30 9 * * *", blackouts=[])
    machine.goes_on(minutes=30)
    scheduler.turn()
    assert ran.exists(), "it is asked when it could start"


# Whatever hangs


def test_a_slow_command_makes_no_other_schedule_late(store: Store, machine: Machine, tmp_path: Path) -> None:
    gate, disk = tmp_path / "gate", tmp_path / "disk"
    disk.mkdir()
    wait = f"until test -e {shlex.quote(str(gate))}; do sleep 0.02; done"
    for name, conditions in {"slow": {"command": wait}, "plain": None, "quick": {"path": str(disk)}}.items():
        store({"name": name, "tasks": {"a": {"run": "true"}}})
        schedules.create_schedule(name, "0 9 * * *", name=name, conditions=conditions)
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.goes_on(hours=1)
    try:
        scheduler.turn()
        assert [each.workflow_name for each in started()][:1] == ["plain"], "in the very same look"
        until(lambda: begun(scheduler) == 2)
        assert ledger("quick") == [("09:00", "ran", 1, "on time")] and ledger("slow") == []
        looks(scheduler, machine, 10 * 60, every=60)
        assert ledger("slow") == [], "not missed: it is being asked"
        gate.touch()
        until(lambda: begun(scheduler) == 3)
        assert ledger("slow") == [("09:00", "ran", 1, "on time")]
    finally:
        gate.touch()


def test_a_service_that_is_silent_makes_no_other_schedule_late(
    store: Store, machine: Machine, services: MachineServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "SECONDS", 0.5)
    services.say(networks=[{"id": "cafe"}], power=MAINS, silent=["networks"])
    for name, conditions in {"hangs": {"networks": ["home"]}, "plain": None, "quick": {"mains": True}}.items():
        store({"name": name, "tasks": {"a": {"run": "true"}}})
        schedules.create_schedule(name, "0 9 * * *", name=name, conditions=conditions)
    scheduler = Scheduler(machine.read)
    scheduler.turn()
    machine.goes_on(hours=1)
    scheduler.turn()
    assert "plain" in [each.workflow_name for each in started()] != ["plain", "quick", "hangs"]
    until(lambda: begun(scheduler) == 3)
    assert [each.workflow_name for each in started()][2] == "hangs"
    assert ledger("hangs")[0][3] == "on time; the system does not tell its network, which counts as met"


def test_a_thread_of_its_own_is_woken_by_the_answer(job: str, machine: Machine) -> None:
    """It would wait half a minute for the next look, by a clock that stands still here."""
    schedules.create_schedule(job, "0 9 * * *", name="nine", conditions={"command": "true"})
    machine.goes_on(hours=1)
    scheduler = Scheduler(machine.read)
    scheduler.start()
    try:
        until(started)
    finally:
        scheduler.stop()


def test_a_runner_that_goes_leaves_no_command_behind(job: str, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    command = f"echo $$ > {shlex.quote(str(file))}; exec sleep 600"
    schedules.create_schedule(job, "0 9 * * *", name="nine", conditions={"command": command})
    machine.goes_on(hours=1)
    scheduler = Scheduler(machine.read)
    scheduler.start()
    until(lambda: file.exists() and file.read_text().strip())
    scheduler.stop()
    assert not Path("/proc", file.read_text().strip()).exists()
    assert ledger("nine") == [], "the next runner asks anew"


# Events


@pytest.mark.parametrize("misfire", [Misfire.SKIP, Misfire.ONCE])
def test_an_event_waits_for_a_condition(
    misfire: Misfire, job: str, scheduler: Scheduler, machine: Machine, services: MachineServices
) -> None:
    services.say(power=BATTERY)
    machine.goes_on(minutes=1)
    schedules.create_schedule(
        job, "event paper", trigger_type=TriggerType.EVENT, name="inbox", conditions={"mains": True}, misfire=misfire
    )
    machine.goes_on(minutes=1)
    assert schedule_events.fire_event("paper") == 1
    scheduler.turn()
    assert ledger("inbox") == [("08:02", "skipped_condition", 1, "on battery, 34 %")]
    services.say(power=MAINS)
    looks(scheduler, machine, 75)
    assert len(started()) == 1
    assert ledger("inbox")[0][3] == "on battery, 34 %; made up for when that was over"


def test_an_event_is_not_lost_while_the_machine_is_asked(store: Store, machine: Machine, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    wait = f"until test -e {shlex.quote(str(gate))}; do sleep 0.02; done"
    for name, conditions in {"slow": {"command": wait}, "plain": None}.items():
        store({"name": name, "tasks": {"a": {"run": "true"}}})
        schedules.create_schedule(
            name, "event paper", trigger_type=TriggerType.EVENT, name=name, conditions=conditions,
            overlap=Overlap.ALLOW,
        )  # fmt: skip
        schedules.create_schedule(
            name, "application started", trigger_type=TriggerType.EVENT, name=f"{name} at start",
            conditions=conditions, overlap=Overlap.ALLOW,
        )  # fmt: skip
    scheduler = Scheduler(machine.read)
    machine.goes_on(minutes=1)
    for _ in range(2):
        schedule_events.fire_event("paper")
    try:
        for _ in range(3):
            scheduler.turn()
        assert [each.workflow_name for each in started()] == ["plain"] * 3, "each once, however often it is looked at"
        gate.touch()
        until(lambda: begun(scheduler) == 6)
    finally:
        gate.touch()
    assert [row[1] for row in ledger("slow")] == ["ran", "ran"] and [row[1] for row in ledger("slow at start")] == [
        "ran"
    ]
