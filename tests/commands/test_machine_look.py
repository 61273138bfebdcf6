"""What this machine is asked: of real services on a bus, of the kernel's files, of a real shell."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from smartspec.commands import files, schedule_conditions, schedules
from smartspec.commands.machine_look import MachineLook, Question, System
from smartspec.commands.schedule_conditions import ConditionCheck
from smartspec.commands.system import bus, elsewhere, power, shared
from smartspec.commands.system.check_command import run_check
from smartspec.commands.system.idle import read_idle_ms
from smartspec.commands.system.networks import Network
from smartspec.commands.system.power import Power, read_power
from smartspec.domain.schedule.conditions import Conditions
from smartspec.domain.schedule.machine_state import CommandEnd, MachineState
from tests.clock import HANGS_AFTER_S, until
from tests.machine_services import MachineServices

Store = Callable[..., files.Imported]
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not MachineServices.is_possible, reason="no dbus-daemon")
_HOME = {"id": "home", "metered": 4}
_PHONE = {"id": "phone", "metered": 3}


@pytest.fixture(scope="module")
def services() -> Iterator[MachineServices]:
    made = MachineServices()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def on_its_bus(services: MachineServices, monkeypatch: pytest.MonkeyPatch) -> None:
    services.say()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", services.address)


def look(**conditions: object) -> MachineState:
    found = MachineLook(Question(Conditions(**conditions), dict(os.environ), "/"), System())  # type: ignore[arg-type]
    found.run()
    return found.state


# Power


def test_upower_tells_of_the_battery(services: MachineServices) -> None:
    services.say(power={"OnBattery": True, "Percentage": 33.6})
    assert look(mains=True) == MachineState(on_battery=True, battery_percent=34)
    services.say(power={"OnBattery": False, "Percentage": 33.6})
    assert look(mains=True) == MachineState(on_battery=False)


def _supply(root: Path, name: str, **files: str) -> None:
    (root / name).mkdir(parents=True)
    for each, text in files.items():
        (root / name / each).write_text(f"{text}\n")


BATTERY = {"type": "Battery", "status": "Discharging", "capacity": "61"}
PLUG = {"type": "Mains", "online": "1"}
SUPPLIES: dict[str, tuple[dict[str, dict[str, str]], Power]] = {
    "a laptop without its plug": ({"AC": PLUG | {"online": "0"}, "BAT0": BATTERY}, Power(True, 61)),
    "a laptop with its plug": ({"ADP1": PLUG, "BAT0": BATTERY | {"status": "Not charging"}}, Power(False)),
    "charging over USB": ({"ucsi": {"type": "USB", "online": "1"}, "BAT0": BATTERY}, Power(False)),
    "a desktop": ({}, Power(False)),
    "a desktop with a mouse": ({"hidpp_battery_0": BATTERY | {"scope": "Device"}}, Power(False)),
    "a battery that does not know how full it is": ({"BAT1": BATTERY | {"capacity": "?"}}, Power(True)),
}


@pytest.mark.parametrize("kind", SUPPLIES)
def test_without_upower_the_kernel_is_read(kind: str, tmp_path: Path) -> None:
    supplies, told = SUPPLIES[kind]
    root = tmp_path / "power_supply"
    root.mkdir()
    for name, told_of in supplies.items():
        _supply(root, name, **told_of)
    assert read_power(root) == told


def test_nothing_that_tells_of_power_tells_nothing(tmp_path: Path) -> None:
    assert read_power(tmp_path / "none") == Power()


# Networks


def test_a_metered_network_is_told_apart(services: MachineServices) -> None:
    services.say(networks=[_HOME, _PHONE])
    assert look(networks=("home",)) == MachineState(networks=("home",), metered=("phone",))


def test_what_is_not_up_yet_or_leads_nowhere_is_no_network(services: MachineServices) -> None:
    services.say(networks=[{"id": "lo", "type": "loopback"}, {"id": "home", "state": 1}])
    assert look(networks=("home",)) == MachineState(networks=())


def test_the_known_networks_are_listed_with_those_in_use_first(services: MachineServices) -> None:
    services.say(networks=[_PHONE, _HOME], remembered=["office", "lo", "home", "Cafe"])
    assert schedule_conditions.list_networks() == (
        Network("phone", True, True), Network("home", True), Network("Cafe", False), Network("office", False),
    )  # fmt: skip
    services.say()
    assert schedule_conditions.list_networks() is None


# Idle


def test_idle_is_counted_from_when_all_sessions_were(services: MachineServices) -> None:
    since_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000 - 1_500_000
    services.say(idle={"IdleHint": True, "IdleSinceHintMonotonic": since_us})
    found = read_idle_ms()
    assert found is not None and 1_500 <= found < 1_500 + HANGS_AFTER_S * 1000
    services.say(idle={"IdleHint": False, "IdleSinceHintMonotonic": since_us})
    assert read_idle_ms() == 0


# What does not answer


def test_without_services_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a bus without them, and no bus."""
    asked = {"networks": ("home",), "idle_ms": 600_000}
    assert look(**asked) == MachineState()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    assert look(**asked) == MachineState()


def test_a_silent_service_is_not_waited_for(services: MachineServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "SECONDS", 0.2)
    services.say(networks=[_HOME], idle={"IdleHint": False}, silent=["networks"])
    assert look(networks=("home",), idle_ms=600_000) == MachineState(idle_ms=0)


def test_a_bus_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "SECONDS", 0.2)
    hung = MachineServices()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", hung.address)
    hung.bus.send_signal(signal.SIGSTOP)
    try:
        assert look(networks=("home",)) == MachineState()
    finally:
        hung.bus.send_signal(signal.SIGCONT)
        hung.close()


def test_of_many_who_ask_at_once_one_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_FRESH_S", HANGS_AFTER_S)
    asked, may_answer = list[int](), threading.Event()

    def ask() -> int:
        asked.append(1)
        may_answer.wait(HANGS_AFTER_S)
        return 7

    question = shared.Shared(ask, 0)
    answers = list[int]()
    threads = [threading.Thread(target=lambda: answers.append(question.get())) for _ in range(8)]
    for each in threads:
        each.start()
    until(lambda: asked)
    may_answer.set()
    for each in threads:
        each.join()
    assert (answers, asked) == ([7] * 8, [1])
    monkeypatch.setattr(shared, "_FRESH_S", -1.0)
    assert question.get() == 7 and asked == [1, 1], "a later one asks anew"


# A path, a command


def test_a_path_is_there_or_not(tmp_path: Path) -> None:
    assert look(path=str(tmp_path)) == MachineState(has_path=True)
    assert look(path=str(tmp_path / "disk")) == MachineState(has_path=False)


@pytest.mark.parametrize(
    ("command", "end"),
    [
        ("true", CommandEnd(0)),
        ("echo one; echo two >&2; exit 3", CommandEnd(3, "two")),
        ("printf 'a\\033[31mb\\n\\n'; false", CommandEnd(1, "a\\x1b[31mb")),
        ("no-such-program-anywhere 2>/dev/null", CommandEnd(127)),
        ("kill -9 $$", CommandEnd(-9)),
        ("echo $WHERE; pwd", CommandEnd(0, "/")),
        ("echo $WHERE", CommandEnd(0, "here")),
        ("printf %5000s x; exit 1", CommandEnd(1, "x")),
    ],
)
def test_a_command_says_how_it_ended_and_its_last_line(command: str, end: CommandEnd) -> None:
    assert run_check(command, {**os.environ, "WHERE": "here"}, "/") == end


def test_a_line_without_an_end_is_cut() -> None:
    end = run_check("head -c 10000 /dev/zero | tr '\\0' y", os.environ, "/")
    assert end == CommandEnd(0, "y" * 200)


def test_a_command_without_an_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    end = run_check(f"echo waiting; sleep 600 & echo $! > {file}; wait", os.environ, "/", seconds=0.3)
    assert end == CommandEnd(None, "waiting")
    child = Path("/proc", file.read_text().strip(), "stat")
    until(lambda: not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z")


def test_one_that_prints_without_end_fills_nothing() -> None:
    end = run_check("yes | head -c 20000000; exit 4", os.environ, "/", seconds=HANGS_AFTER_S)
    assert end == CommandEnd(4, "y")


def test_what_it_leaves_running_is_not_waited_for() -> None:
    end = run_check("sleep 600 & echo $!", os.environ, "/", seconds=HANGS_AFTER_S)
    os.kill(int(end.last_line), signal.SIGKILL)  # it is there still
    assert end.exit_code == 0


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    end = run_check("true", os.environ, str(tmp_path / "gone"))
    assert end.exit_code == 127 and "gone" in end.last_line


def test_a_look_that_hangs_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk whose server is gone lets nobody out of a question."""
    free, exists = threading.Event(), Path.exists

    def hangs(path: Path) -> bool:
        return free.wait(HANGS_AFTER_S) if str(path) == "/media/nfs" else exists(path)

    monkeypatch.setattr(Path, "exists", hangs)
    found = MachineLook(Question(Conditions(path="/media/nfs"), {}, "/"), System())
    found.start()
    try:
        assert found.wait(0.05) == MachineState(has_path=False) and not found.is_over
    finally:
        free.set()
    until(lambda: found.is_over)
    assert found.state == MachineState(has_path=True)


# As a person asks


def check() -> ConditionCheck:
    found = schedule_conditions.check_conditions("night")
    assert found is not None
    return found


def test_what_a_schedule_would_find_now(store: Store, services: MachineServices, tmp_path: Path) -> None:
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    schedules.create_schedule("job", "0 3 * * *", name="night")
    assert schedule_conditions.check_conditions("night") is None
    services.say(power={"OnBattery": True, "Percentage": 20.0}, networks=[_HOME])
    schedules.update_schedule("night", conditions={"mains": True, "networks": ["home"], "idle": "10m"})
    found = check()
    assert found.unmet == "on battery, 20 %"
    assert found.untold == "the system does not tell how long it has been idle, which counts as met"
    services.say(power={"OnBattery": False, "Percentage": 20.0}, networks=[_HOME], idle={"IdleHint": False})
    assert check().unmet == "not idle for 10 m"
    schedules.update_schedule(
        "night", folder=str(tmp_path), conditions={"command": 'test "$PWD" = "$HERE" || { echo "$PWD"; exit 9; }'}
    )
    found = check()
    assert found.unmet == f"its command ended with 9: {tmp_path}"
    os.environ["HERE"] = str(tmp_path)
    schedules.update_schedule("night", variables=["HERE"])
    assert check().unmet == ""


# Elsewhere: what the programs there say, as far as it can be read here


def test_names_as_powershell_says_them() -> None:
    assert elsewhere.parse_profiles('["home","office"]') == ("home", "office")
    assert elsewhere.parse_profiles('"home"') == ("home",)
    assert elsewhere.parse_profiles("[]") == ()
    assert elsewhere.parse_profiles(None) is elsewhere.parse_profiles("") is elsewhere.parse_profiles("Get: x") is None


def test_idle_time_as_ioreg_says_it() -> None:
    assert elsewhere.parse_idle('  | |   "HIDIdleTime" = 600123456789\n') == 600_123
    assert elsewhere.parse_idle("nothing") is elsewhere.parse_idle(None) is None


@pytest.mark.parametrize(
    ("battery", "told"),
    [(None, Power(False)), ((50.4, True), Power(False)), ((50.4, False), Power(True, 50)), ((50.4, None), Power())],
)
def test_power_elsewhere_is_asked_of_psutil(
    battery: tuple[float, bool | None] | None, told: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = None if battery is None else type("Battery", (), {"percent": battery[0], "power_plugged": battery[1]})
    monkeypatch.setattr(psutil, "sensors_battery", lambda: found)
    assert power._elsewhere() == told
