"""Schedules from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Said

Terminal = Callable[..., Said]
JOB = """
smartspec: 1
name: job
params:
  type: object
  properties: {day: {type: string, default: "{{ today }}"}, times: {type: integer, default: 1}}
tasks:
  a: {run: echo hello}
"""


@pytest.fixture
def job(terminal: Terminal, file: Callable[[str, str], Path]) -> Terminal:
    assert terminal("import", str(file("job.yaml", JOB))).code == 0
    return terminal


def test_a_preview_gives_iso_times_with_their_offset(terminal: Terminal, home: Path) -> None:
    asked = ("30 2 * * *", "--timezone", "America/New_York", "--from", "2026-03-07T12:00:00", "--count", "2")
    said = terminal("schedule", "preview", *asked, "--json")
    assert json.loads(said.out) == ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"]
    assert not home.exists(), "an expression needs no ledger"
    words = terminal("schedule", "preview", *asked).out
    assert "every day at 02:30" in words and "02:30 does not exist; it runs at 03:00." in words


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("61 2 * * *", "from 0 to 59"),
        ("0 0 30 2 *", "never comes"),
        ("* * * *", "4 of the five"),
        ("", "no expression"),
    ],
)
def test_what_is_no_expression_is_said_to_be_none(expression: str, why: str, terminal: Terminal) -> None:
    said = terminal("schedule", "preview", expression, "--json")
    assert (said.code, said.out) == (2, "") and why in said.err


def test_a_schedule_is_made_shown_edited_paused_and_removed(job: Terminal) -> None:
    made = job(
        "schedule", "add", "job", "30 2 * * 1-5", "--name", "night", "--timezone", "Europe/Berlin", "-p", "times=2"
    )
    assert made.code == 0 and "every weekday at 02:30" in made.out
    assert "No runner is there" in made.err
    (one,) = json.loads(job("schedule", "list", "--json").out)
    assert (one["name"], one["workflow"], one["input"]) == ("night", "default.job", {"times": 2})
    assert job("schedule", "list").out.startswith("No runner is there, so nothing starts by itself"), "first of all"
    assert job("schedule", "edit", "night", "0 3 * * *", "--timezone", "", "--overlap", "queue").code == 0
    shown = json.loads(job("schedule", "show", "job", "--json").out)
    assert (shown["expression"], shown["timezone"], shown["overlap"]) == ("0 3 * * *", None, "queue")
    assert "paused" in job("schedule", "pause", "night").out
    assert job("schedule", "pause", "night").code == 5
    assert not job("schedule", "list").out.startswith("No runner"), "nothing would start"
    assert "active" in job("schedule", "resume", "night").out
    assert job("schedule", "remove", "night").code == 0
    assert "There is no schedule." in job("schedule", "list").out
    assert job("schedule", "restore", "night").code == 0
    assert json.loads(job("schedule", "show", "night", "--json").out)["status"] == "paused"


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("job", "0 0 30 2 *"), 2, "never comes"),
        (("job", "0 3 * * *", "--every", "5m"), 2, "one of them"),
        (("job", "0 3 * * *", "--timezone", "Mars/Olympus"), 2, "no time zone"),
        (("job", "0 3 * * *", "-p", "dya=x"), 2, "did you mean “day”"),
        (("job", "0 3 * * *", "-p", "times=many"), 2, "times"),
        (("job", "0 3 * * *", "--input", '{"times": "{{ nothing }}"}'), 2, "nothing"),
        (("job", "0 3 * * *", "--version", "9.9.9"), 4, "9.9.9"),
        (("job", "--at", "2020-01-01T00:00"), 2, "does not come any more"),
        (("job", "--every", "0s"), 2, "too short"),
        (("job", "0 3 * * *", "--start", "2027-01-02", "--end", "2027-01-01"), 2, "later than its start"),
        (("job", "0 3 * * *", "--keep", "SURELY_NOT_SET"), 2, "no variable"),
        (("job", "0 3 * * *", "--cap", "0"), 2, "whole number"),
        (("job", "0 3 * * *", "--idle-for", "soon"), 2, "not a duration"),
        (
            ("job", "0 3 * * *", "--network", "a\tb", "--idle-for", "9d"),
            2,
            "a tab; leave it out. A machine is idle for",
        ),
        (("nobody", "0 3 * * *"), 4, "no workflow"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_saved(
    arguments: tuple[str, ...], code: int, why: str, job: Terminal
) -> None:
    said = job("schedule", "add", *arguments)
    assert said.code == code and why in said.err, said.err
    assert json.loads(job("schedule", "list", "--json").out) == []


def test_conditions_are_set_said_changed_and_taken_back(
    job: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = job(
        "schedule", "add", "job", "0 12 * * *", "--name", "noon", "--not-on-battery", "--network", "home",
        "--network", "office", "--idle-for", "10m", "--path-exists", "disk", "--when-command", "ping -c1 nas",
    )  # fmt: skip
    words = (
        "on mains power, on the network home or office, when idle for 10 m,"
        f" when {tmp_path / 'disk'} is there, when “ping -c1 nas” succeeds"
    )
    assert made.code == 0 and f"every day at 12:00, only {words}; next" in made.out

    def kept() -> object:
        return json.loads(job("schedule", "show", "noon", "--json").out)["conditions"]

    assert kept() == {
        "mains": True, "networks": ["home", "office"], "idle": "600000ms", "path": str(tmp_path / "disk"),
        "command": "ping -c1 nas",
    }  # fmt: skip
    assert words in job("schedule", "show", "noon").out
    taken_back = ("--on-battery", "--network", "", "--idle-for", "", "--when-command", "")
    assert job("schedule", "edit", "noon", *taken_back).code == 0
    assert kept() == {"path": str(tmp_path / "disk")}
    assert ", only when /" in job("schedule", "list").out
    assert job("schedule", "edit", "noon", "--no-conditions", "--idle-for", "1h").code == 0
    assert kept() == {"idle": "3600000ms"}
    assert job("schedule", "edit", "noon", "0 13 * * *").code == 0
    assert kept() == {"idle": "3600000ms"}, "what is not named stays"
    assert job("schedule", "edit", "noon", "--no-conditions").code == 0
    assert kept() is None


def test_what_looks_like_a_secret_is_not_kept(job: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"EDITOR": "vi", "PROXY": "http://squid:3128"}
    secret = {
        "DB_PASSWORD": "x", "GITHUB_TOKEN": "x", "AWS_SECRET_ACCESS_KEY": "x", "URL": "https://me:hunter2@host/",
        "SMARTSPEC_SECRET_API": "x", "MAIL": "ghp_0123456789",
    }  # fmt: skip
    for name, value in {**kept, **secret, "PATH": "/opt/tools/bin", "LC_TIME": "de_DE.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    for name in secret:
        said = job("schedule", "add", "job", "0 3 * * *", "--keep", name)
        assert said.code == 2 and "looks like a secret" in said.err, name
    assert job("schedule", "add", "job", "0 3 * * *", "--keep", "EDITOR", "--keep", "PROXY").code == 0
    found = json.loads(job("schedule", "show", "job", "--json").out)["environment"]["variables"]
    assert {**kept, "PATH": "/opt/tools/bin", "LC_TIME": "de_DE.UTF-8"}.items() <= found.items()
    assert not found.keys() & secret.keys()


def test_a_schedule_that_is_not_there_is_asked_back(job: Terminal) -> None:
    job("schedule", "add", "job", "0 3 * * *", "--name", "night")
    said = job("schedule", "show", "nihgt")
    assert said.code == 4 and "did you mean “night”" in said.err
    said = job("schedule", "restore", "night")
    assert said.code == 4 and "no schedule “night” in the trash" in said.err
    job("schedule", "add", "job", "0 4 * * *")
    assert job("schedule", "show", "job").code == 5, "there are two of it"


def test_the_same_expression_twice_has_two_names(job: Terminal) -> None:
    for _ in range(2):
        job("schedule", "add", "job", "0 3 * * *")
    assert {each["name"] for each in json.loads(job("schedule", "list", "--json").out)} == {
        "0 3 * * *",
        "0 3 * * * (2)",
    }
    said = job("schedule", "add", "job", "0 5 * * *", "--name", "0 3 * * *")
    assert said.code == 5 and "already a schedule" in said.err
    edited = job("schedule", "edit", "0 3 * * * (2)", "@hourly", "--name", "", "--json")
    assert json.loads(edited.out)["name"] == "@hourly", "without a name its rule is one"


def test_a_folder_is_kept_as_whoever_named_it_saw_it(job: Terminal) -> None:
    made = json.loads(job("schedule", "add", "job", "0 3 * * *", "--folder", "here", "--json").out)
    assert made["environment"]["folder"] == str(Path("here").absolute())


def test_schedules_are_commands_too(job: Terminal) -> None:
    payload = {"ref": "job", "expression": "0 3 * * *", "name": "night", "overlap": "queue", "input": {"times": 3}}
    made = json.loads(job("call", "create_schedule", json.dumps(payload)).out)
    assert (made["overlap"], made["status"]) == ("queue", "active")
    asked = {"expression": "*/20 * * * *", "timezone": "Asia/Tokyo", "after": "2026-11-26T00:05", "count": 1}
    said = job("call", "preview_schedule", json.dumps(asked))
    assert json.loads(said.out) == ["2026-11-26T00:20:00+09:00"]
    stale = {"which": "night", "expression": "0 4 * * *", "row_version": 7}
    assert job("call", "update_schedule", json.dumps(stale)).code == 5


def test_an_event_that_is_said_tells_who_waits(job: Terminal) -> None:
    assert "0 schedules wait" in job("event", "paper-arrived").out
    made = job("schedule", "add", "job", "--on", "event paper-arrived", "--input", '{"day": "{{ event.data.day }}"}')
    assert made.code == 0 and "on the event paper-arrived" in made.out
    said = job("event", "paper-arrived", "--data", '{"day": "2026-11-24"}')
    assert "1 schedule waits" in said.out and "No runner is there" in said.err
    assert job("event", "no name").code == 2
    assert job("schedule", "add", "job", "--on", "workflow failed nobody").code == 4
    assert "default.job" in job("schedule", "add", "job", "--on", "workflow failed job").out


def test_a_simulation_counts_what_is_to_come(job: Terminal) -> None:
    job("schedule", "add", "job", "0 * * * *", "--name", "hourly", "--timezone", "UTC")
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).date().isoformat()
    asked = ("schedule", "simulate", "hourly", "--days", "2", "--from", tomorrow)
    found = json.loads(job(*asked, "--json").out)
    assert 47 <= found["starts"] <= 49 and found["schedules"][0]["name"] == "hourly"
    assert sum(each["starts"] for each in found["days"]) == found["starts"]
    asleep = json.loads(job(*asked, "--sleep", "00:00-12:00", "--json").out)
    assert asleep["slept_over"] > 15 and asleep["caught_up"] == 2
    assert f"{found['starts']} executions" in job(*asked).out
    assert "1 workflow has never completed" in job(*asked).out
    for wrong in (("--sleep", "always"), ("--sleep", "usual"), ("--from", "2001-01-01"), ("--from", "soon")):
        assert job("schedule", "simulate", *wrong).code == 2
    assert job("schedule", "simulate", "nobody").code == 4


def test_files_are_waited_for_as_they_are_typed(job: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.pdf").touch()
    add = ("schedule", "add", "job", "--on", "file appeared in/*.pdf", "--name", "papers", "--per-hour", "9", "--json")
    made = job(*add).json()
    assert (made["expression"], made["events_per_hour"]) == (f"file appeared {tmp_path}/in named '*.pdf'", 9)
    job("schedule", "edit", "papers", "--on", "file changed away", "--per-hour", "0")
    assert f"“papers”: {tmp_path}/away is not there." in job("schedule", "list").err
    shown = job("schedule", "show", "papers").out
    assert f"{tmp_path}/away is not there." in shown and "an hour" not in shown
    said = job("schedule", "preview", "file quiet in for 1m").out
    assert "1 file that fits was changed in the last 7 days:" in said and "1 file that fits lies there already" in said
    refused = job("schedule", "preview", "file moved in")
    assert refused.code == 2 and "one of changed, appeared, quiet" in refused.err
    assert job("schedule", "run", "papers", "--for", "in/a.pdf", "--from", "1d").code == 2
