"""Conditions of the machine: what may be asked for, and what of it does not hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smartspec.domain.ids import ExecutionPk
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.schedule.conditions import Conditions, conditions_in_words, parse_conditions
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.machine_state import CommandEnd, MachineState, unmet, untold
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.times import from_ms
from smartspec.errors import Invalid
from smartspec.value import replace

DISK = str(Path(os.sep, "media", "disk").absolute())
ALL: JsonObject = {
    "mains": True,
    "networks": ["home", "office"],
    "idle": "600000ms",
    "path": DISK,
    "command": "ping -c1 nas",
}


def test_what_is_stored_is_read_as_the_same() -> None:
    conditions = parse_conditions(ALL)
    assert conditions == Conditions(True, ("home", "office"), 600_000, DISK, "ping -c1 nas")
    assert conditions.as_json() == ALL
    assert parse_conditions(Conditions().as_json()) == Conditions()
    assert not parse_conditions(None)
    assert not parse_conditions({"mains": False, "networks": [" "], "idle": "0", "path": " ", "command": None})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"main": True}, "did you mean “mains”"),
        ({"mains": "no"}, "is true or false"),
        ({"networks": "home"}, "a list of names"),
        ({"networks": ["home", 3]}, "a list of names"),
        ({"networks": ["ho\u202eme"]}, "the direction mark"),
        ({"idle": "x"}, "not a duration"),
        ({"idle": "8d"}, "a second to a day"),
        ({"path": 3}, "must be a text"),
        ({"path": "media/disk"}, "no whole path"),
        ({"command": "true\nfalse"}, "a line break"),
        ({"command": "x" * 2_001}, "2,000 characters"),
    ],
)
def test_what_is_none_is_refused(given: JsonObject, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parse_conditions(given)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse_conditions({"mians": True, "idle": "soon", "path": "disk", "networks": ["home"]})
    assert [each.path for each in refused.value.problems] == ["mians", "idle", "path"]
    assert all(each.sentence in str(refused.value) for each in refused.value.problems)


MET = MachineState(False, None, ("office",), (), 600_000, True, CommandEnd(0))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"on_battery": True, "battery_percent": 34}, "on battery, 34 %"),
        ({"on_battery": True}, "on battery"),
        ({"networks": ("café",)}, "not on the network home, office"),
        ({"networks": (), "metered": ("home", "café")}, "the network home was metered, which counts as none"),
        ({"idle_ms": 599_999}, "not idle for 10 m"),
        ({"has_path": False}, f"{DISK} was not there"),
        ({"command": CommandEnd(2)}, "its command ended with 2"),
        ({"command": CommandEnd(1, "nas: no route; skip")}, "its command ended with 1: nas: no route; skip"),
        ({"command": CommandEnd(None)}, "its command did not end within 30.0 s"),
        ({}, ""),
    ],
)
def test_the_first_that_does_not_hold_is_the_reason(state: dict[str, object], words: str) -> None:
    for told in (MachineState(**state), replace(MET, **state)):  # type: ignore[arg-type]
        reason = unmet(parse_conditions(ALL), told)
        firing = Firing(scheduled_for=from_ms(0), decision=Decision.SKIPPED_CONDITION, reason=reason)
        assert explain(firing) == words
    assert unmet(Conditions(), MachineState(True, 1, (), (), 0, False, CommandEnd(1))) == ""


def test_one_network_that_is_not_metered_is_enough() -> None:
    assert unmet(parse_conditions(ALL), replace(MET, networks=("office",), metered=("home",))) == ""


def test_what_the_system_does_not_tell_is_said() -> None:
    asked = parse_conditions(ALL)
    assert untold(asked, MET) == untold(Conditions(), MachineState()) == ""
    ran = Firing(scheduled_for=from_ms(0), decision=Decision.RAN, reason=untold(asked, MachineState()))
    assert explain(ran) == (
        "on time; the system does not tell whether it is on mains power, its network, how long it has been idle,"
        " which counts as met"
    )
    queued = replace(ran, decision=Decision.QUEUED, reason=f"overlap: 7; {untold(asked, replace(MET, idle_ms=None))}")
    assert explain(queued) == (
        "#7 was still active; the system does not tell how long it has been idle, which counts as met"
    )


def test_what_was_made_up_for_says_so() -> None:
    held = Firing(scheduled_for=from_ms(0), decision=Decision.SKIPPED_CONDITION, reason="battery")
    assert explain(replace(held, execution=ExecutionPk(7))) == "on battery; made up for when that was over"


def test_in_words() -> None:
    words = (
        "on mains power, on the network home or office, when idle for 10 m,"
        f" when {DISK} is there, when “ping -c1 nas” succeeds"
    )
    assert conditions_in_words(parse_conditions(ALL)) == words
    assert conditions_in_words(parse_conditions({"networks": ["home"]})) == "on the network home"
    assert conditions_in_words(Conditions()) is None
