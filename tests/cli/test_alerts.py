"""Alerts from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from smartspec.commands import database as verbs
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.ids import WorkflowPk
from smartspec.store import alerts, database
from tests.conftest import Said

Terminal = Callable[..., Said]


@pytest.fixture
def failing(terminal: Terminal) -> str:
    """The id of an alert that is raised."""
    assert terminal("alerts").out.strip() == "Nothing needs attention."
    verbs.open_default_database()
    evidence = Evidence(value=29, limit=20, since=times.now() - timedelta(days=1), name="export", failed=9, total=31)
    with database.transaction():
        given = Breach(kind=AlertKind.HIGH_FAILURE, subject="workflow:1", evidence=evidence, workflow=WorkflowPk(1))
        pk = alerts.add(given, times.now())
    assert pk is not None
    found = alerts.get(pk).id
    verbs.close_database()
    return found


def test_the_exit_code_tells_whether_something_is_raised(terminal: Terminal, failing: str) -> None:
    said = terminal("alerts")
    assert said.code == 1 and "9 of 31 failed in 24 h, limit 20 %" in said.out
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
    assert (one["state"], one["kind"], one["value"], one["evidence"]["limit"]) == ("raised", "high_failure", 29, 20)
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
