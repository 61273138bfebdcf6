"""Alerts from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Said

Terminal = Callable[..., Said]


@pytest.fixture
def failing(terminal: Terminal) -> str:
    """The id of an alert that is raised: of ten executions three failed."""
    assert terminal("alerts").out.strip() == "Nothing needs attention."
    assert terminal("settings", "set", "alerts.failure_rate_least", "3").code == 0
    for number in range(3):
        assert terminal("record", "--name", "export", "--", "false" if number else "true").code == (number > 0)
    said = terminal("alerts", "--json")
    (one,) = json.loads(said.out)
    assert said.code == 1
    return str(one["id"])


def test_the_exit_code_tells_whether_something_is_raised(terminal: Terminal, failing: str) -> None:
    said = terminal("alerts")
    assert said.code == 1 and "2 of 3 failed in 24 h, limit 20 %" in said.out
    assert terminal("alerts", "--kind", "missed").code == 0
    done = terminal("alerts", "acknowledge", failing[:18], "--note", "known")
    assert done.code == 0 and done.out.strip() == "Acknowledged: export fails often."
    assert terminal("alerts").code == 0 and "“known”" in terminal("alerts").out
    assert terminal("alerts", "reopen", failing).code == 0 and terminal("alerts").code == 1
    said = terminal("alerts", "snooze", failing, "--for", "1h", "--json")
    assert json.loads(said.out)["state"] == "snoozed" and terminal("alerts").code == 0
    assert terminal("alerts", "snooze", failing, "--until-success").out.strip().endswith("until it succeeds or ends.")
    history = json.loads(terminal("alerts", "show", failing, "--json").out)["history"]
    assert [each["type"].removeprefix("alert_") for each in history] == [
        "raised", "acknowledged", "reopened", "snoozed", "snoozed",
    ]  # fmt: skip
    assert "high failure" in terminal("alerts", "show", failing).out.lower()


def test_json_has_what_a_program_needs(terminal: Terminal, failing: str) -> None:
    (one,) = json.loads(terminal("alerts", "--all", "--json").out)
    assert (one["state"], one["kind"], one["value"], one["evidence"]["limit"]) == ("raised", "high_failure", 67, 20)
    assert one["id"] == failing and one["headline"] == "export fails often"


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("snooze", "ID"), 2, "Say one of"), (("snooze", "ID", "--for", "1h", "--until-success"), 2, "Say one of"),
        (("snooze", "ID", "--until", "yesterday"), 2, "later than now"), (("show", "abcd"), 4, "no alert “abcd”"),
        (("--kind", "loud"), 2, "loud"), (("--after", "x"), 2, "goes on with --all"),
        (("--all", "show", "ID"), 2, "alone"), (("--all", "--after", "x"), 2, "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_gets_a_sentence(
    terminal: Terminal, failing: str, words: tuple[str, ...], code: int, why: str
) -> None:
    said = terminal("alerts", *(failing if each == "ID" else each for each in words))
    assert said.code == code and why in said.err, said


def test_a_workflow_has_rules_of_its_own_and_takes_them_back(terminal: Terminal, failing: str) -> None:
    said = terminal("alerts", "rules", "export", "--every", "1d", "--failures", "80 %", "--without", "long_running")
    assert said.code == 0 and "succeeds every" in said.out and "80 %" in said.out and "long_running" in said.out
    assert terminal("alerts").code == 0, "two thirds are not above 80 %"
    (closed,) = json.loads(terminal("alerts", "--all", "--json").out)
    assert (closed["state"], closed["closed_reason"]) == ("closed", "over")
    assert terminal("alerts", "show", failing).out.splitlines()[-1].endswith("the limit is not passed any more")
    kept = json.loads(terminal("alerts", "rules", "export", "--json").out)
    assert (kept["every_ms"], kept["failure_percent"], kept["off"]) == (86_400_000, 80, ["long_running"])
    back = terminal("alerts", "rules", "export", "--every", "", "--failures", "", "--with", "long_running")
    assert back.out.strip() == "It is as the settings say." and terminal("alerts").code == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [(("--every", "soon"), "not a duration"), (("--every", "1s"), "rhythm in milliseconds"),
     (("--failures", "lots"), "lots"), (("--failures", "0"), "percentage of failures"), (("--without", "x"), "x")],
)  # fmt: skip
def test_a_rule_that_cannot_be_gets_a_sentence(
    terminal: Terminal, failing: str, words: tuple[str, ...], why: str
) -> None:
    said = terminal("alerts", "rules", "export", *words)
    assert said.code == 2 and why in said.err


def test_what_is_recorded_says_how_often_it_is_to_succeed(terminal: Terminal) -> None:
    assert terminal("record", "--name", "backup", "--every", "1d", "--", "true").code == 0
    assert json.loads(terminal("alerts", "rules", "backup", "--json").out)["every_ms"] == 86_400_000
    refused = terminal("record", "--every", "1s", "--", "true")
    assert refused.code == 2 and "rhythm in milliseconds" in refused.err
