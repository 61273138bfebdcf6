"""Conditions of the machine: what may be asked for, and what of it does not hold."""

from __future__ import annotations

import pytest

from smartspec.domain.jsontext import JsonObject
from smartspec.domain.schedule.conditions import (
    Conditions,
    MachineState,
    conditions_in_words,
    parse_conditions,
    unmet,
    untold,
)
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.times import from_ms
from smartspec.errors import Invalid

ALL: JsonObject = {
    "mains": True,
    "networks": ["home", "office"],
    "idle": "600000ms",
    "path": "/media/disk",
    "command": "ping -c1 nas",
}


def test_what_is_stored_is_read_as_the_same() -> None:
    conditions = parse_conditions(ALL)
    assert conditions == Conditions(True, ("home", "office"), 600_000, "/media/disk", "ping -c1 nas")
    assert conditions.as_json() == ALL
    assert parse_conditions(Conditions().as_json()) == Conditions()
    assert not parse_conditions(None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"main": True}, "did you mean “mains”"),
        ({"idle": "x"}, "not a duration"),
        ({"idle": "8d"}, "a second to a day"),
        ({"path": 3}, "must be a text"),
    ],
)
def test_what_is_none_is_refused(given: JsonObject, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parse_conditions(given)


@pytest.mark.parametrize(
    ("state", "words"),
    [({"on_battery": True, "battery_percent": 34}, "on battery, 34 %"), ({"on_battery": True}, "on battery"),
     ({"networks": ("café",)}, "not on the network home, office"), ({"networks": ("home",), "is_metered": True}, "the network was metered"),
     ({"idle_ms": 599_999}, "not idle for 10 m"), ({"has_path": False}, "/media/disk was not there"), ({"exit_code": 2}, "its command ended with 2"),
     ({"on_battery": False, "networks": ("office",), "idle_ms": 600_000, "has_path": True, "exit_code": 0}, ""), ({}, "")],
)  # fmt: skip
def test_the_first_that_does_not_hold_is_the_reason(state: dict[str, object], words: str) -> None:
    reason = unmet(parse_conditions(ALL), MachineState(**state))  # type: ignore[arg-type]
    firing = Firing(scheduled_for=from_ms(0), decision=Decision.SKIPPED_CONDITION, reason=reason)
    assert explain(firing) == words
    assert unmet(Conditions(), MachineState(True, 1, (), True, 0, False, 1)) == ""


def test_what_the_system_does_not_tell_is_said() -> None:
    assert len(untold(parse_conditions(ALL), MachineState())) == 3
    assert untold(parse_conditions(ALL), MachineState(False, None, ("home",), False, 0)) == ()


def test_in_words() -> None:
    words = "on mains power, on the network home or office, idle for 10 m, when /media/disk is there, when “ping -c1 nas” succeeds"
    assert conditions_in_words(parse_conditions(ALL)) == words
    assert conditions_in_words(parse_conditions({"networks": ["home"]})) == "on the network home"
    assert conditions_in_words(Conditions()) is None
