"""What the terminal says of conditions, of a machine whose services stand on a bus of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Said
from tests.machine_services import MachineServices

Terminal = Callable[..., Said]
pytestmark = pytest.mark.skipif(sys.platform != "linux" or not MachineServices.is_possible, reason="no dbus-daemon")
_JOB = "smartspec: 1\nname: job\ntasks:\n  a: {run: 'true'}\n"


@pytest.fixture(scope="module")
def services() -> Iterator[MachineServices]:
    made = MachineServices()
    yield made
    made.close()


@pytest.fixture
def job(
    terminal: Terminal, file: Callable[[str, str], Path], services: MachineServices, monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", services.address)
    services.say(
        power={"OnBattery": True, "Percentage": 41.0}, networks=[{"id": "home"}], remembered=["office"],
        idle={"IdleHint": False},
    )  # fmt: skip
    assert terminal("import", str(file("job.yaml", _JOB))).code == 0
    assert terminal("schedule", "add", "job", "0 12 * * *", "--name", "noon").code == 0
    return terminal


def test_without_conditions_there_is_nothing_to_ask(job: Terminal) -> None:
    said = job("schedule", "check", "noon")
    assert (said.code, said.out) == (0, "It has no conditions: whatever the machine does, it starts.\n")
    assert {*json.loads(job("schedule", "check", "noon", "--json").out).values()} == {None}
    assert "\nnow " not in job("schedule", "show", "noon").out


def test_what_is_in_its_way_now_is_said(job: Terminal, services: MachineServices) -> None:
    assert job("schedule", "edit", "noon", "--not-on-battery", "--network", "home", "--idle-for", "5m").code == 0
    said = job("schedule", "check", "noon")
    assert (said.code, said.out) == (1, "Its conditions do not hold now: on battery, 41 %.\n")
    assert "Its conditions do not hold now: on battery, 41 %." in job("schedule", "show", "noon").out
    services.say(networks=[{"id": "home"}])
    said = job("schedule", "check", "noon")
    assert said.code == 0 and said.out == (
        "Its conditions hold now. But the system does not tell how long it has been idle, which counts as met.\n"
    )
    told = json.loads(job("schedule", "check", "noon", "--json").out)
    assert told["state"]["networks"] == ["home"] and told["unmet"] == ""


def test_showing_a_schedule_runs_no_command(job: Terminal, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    job("schedule", "edit", "noon", "--when-command", f"touch {ran}; echo the disk is full; exit 4")
    shown = job("schedule", "show", "noon").out
    assert "Its conditions hold now. (Its command is run when it is due" in shown and not ran.exists()
    said = job("schedule", "check", "noon")
    assert said.code == 1 and "its command ended with 4: the disk is full" in said.out and ran.exists()


def test_a_network_that_the_machine_was_never_on_is_pointed_out(job: Terminal) -> None:
    said = job("schedule", "edit", "noon", "--network", "ofice", "--network", "home")
    assert said.code == 0 and "knows no network “ofice”; did you mean “office”?" in said.err
    assert "knows no network" not in job("schedule", "edit", "noon", "--network", "office").err
