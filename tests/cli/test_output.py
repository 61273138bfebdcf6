"""What the terminal says: reasons, other parameters, other formats, its own log."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.domain.compare.log_diff import first_difference
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Trigger
from tests.clock import until
from tests.conftest import ROOT, Said

Call = Callable[..., Said]
File = Callable[[str, str], Path]
FAILS = (
    "smartspec: 1\nname: w\nparams: {type: object, properties: {n: {type: integer, default: 1}, m: {type: string, default: x}}}\n"
    "tasks: {a: {run: 'echo fine; echo \"error: disk full on sda\"; echo bye; exit 3'}}\n"
    "handlers: {failure: {run: 'printf %s \"$SMARTSPEC_ERROR\" > told'}}\n"
)


def test_a_search_shows_the_line_in_which_it_found(terminal: Call, file: File) -> None:
    path = str(file("w.yaml", FAILS))
    assert terminal("run", path).code == 10
    for search in (["disk"], ['"full on sda"'], ["w", "DISK"]):
        assert "error: disk full on sda (exit code 3)\n" in terminal("history", *search).out, search
    assert "a: error: disk full on sda (exit code 3)\n" in terminal("history").out
    terminal("note", "w", "the night the NAS was off")
    assert "the night the NAS was off" in terminal("history", "nas").out


def test_a_handler_is_told_what_the_failed_task_said(terminal: Call, file: File, tmp_path: Path) -> None:
    assert terminal("run", str(file("w.yaml", FAILS))).code == 10
    told = (tmp_path / "told").read_text()
    assert told == "Task “a” failed: error: disk full on sda (exit code 3)"


def test_bars_do_not_make_two_logs_differ() -> None:
    assert first_difference(["1%\r7%\rdone"], ["3%\rdone"]) is None


def test_again_with_other_parameters(terminal: Call, file: File) -> None:
    assert terminal("run", str(file("w.yaml", FAILS)), "-p", "n=2", "-p", "m=kept").code == 10
    assert terminal("again", "w", "-p", "n=5").code == 10
    assert terminal("execution", "w#2", "--json").json()["input"] == {"n": 5, "m": "kept"}
    assert terminal("again", "w#1", "--input", '{"n": 7}').code == 10
    assert terminal("execution", "w#3", "--json").json()["input"] == {"n": 7}
    assert terminal("again", "w#1").code == 10
    assert terminal("execution", "w#4", "--json").json()["input"] == {"n": 2, "m": "kept"}
    for wrong in (["-p", "n=x"], ["-p", "nope=1"], ["-p", "n"], ["--input", "[]"]):
        assert terminal("again", "w", *wrong).code == 2
    refused = terminal("replay", "w", "-p", "n=1")
    assert refused.code == 2 and "No such option" in refused.err


def test_history_as_csv(smartspec: Call, file: File) -> None:
    path = str(file("w.yaml", FAILS))
    assert smartspec("run", path).code == 10
    smartspec("note", "w", '=1+1, "quoted"\nand a line')
    rows = list(csv.DictReader(io.StringIO(smartspec("history", "--format", "csv").out)))
    assert [row["workflow_name"] for row in rows] == ["w"]
    assert rows[0]["status"] == "failed" and rows[0]["note"] == '\'=1+1, "quoted"\nand a line'
    assert smartspec("history", "--format", "json").json()[0]["status"] == "failed"


def test_history_by_session(terminal: Call, file: File) -> None:
    path = str(file("w.yaml", FAILS))
    assert terminal("history", "--sessions").out == "No execution has a session.\n"
    assert terminal("run", path, "--session", "night").code == terminal("run", path, "--session", "night").code == 10
    assert "2 ✗ failed" in terminal("history", "--sessions").out
    assert [each["id"] for each in terminal("history", "--sessions", "--format", "json").json()] == ["night"]
    for other in (["w"], ["--trash"], ["--session", "night"], ["--count"], ["--format", "csv"]):
        said = terminal("history", "--sessions", *other)
        assert said.code == 2 and "--sessions lists all sessions" in said.err, other
    assert terminal("history", "--sessions", "--after", "x").code == 2


def test_the_runners_own_log_is_shown_and_has_levels(smartspec: Call, file: File, home: Path, tmp_path: Path) -> None:
    said = smartspec("db", "log")
    assert (
        said.code == 0
        and "No runner has written anything" in said.out
        and str(home / "data" / "smartspec.log") in said.out
    )
    smartspec("import", str(file("w.yaml", "smartspec: 1\nname: w\ntasks: {a: {run: 'true'}}\n")))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for level, seen in (("warning", False), ("debug", True)):
        argv = [sys.executable, "-m", "smartspec", "runner", "--log-level", level]
        runner = subprocess.Popen(argv, env=environment, cwd=tmp_path, stderr=subprocess.PIPE)
        assert runner.stderr is not None and b"Running what is queued" in runner.stderr.readline()
        queued = smartspec("run", "w", "--detach", "--json").json()["id"]
        until(lambda: smartspec("execution", queued, "--json").json()["status"] == "completed")  # noqa: B023
        runner.terminate()
        runner.communicate(timeout=60)
        lines = "\n".join(smartspec("db", "log", "--json").json()["lines"])
        assert ("serves" in lines, "is claimed" in lines) == (seen, seen), level


def test_record_works_in_the_bare_environment_of_cron(home: Path, tmp_path: Path) -> None:
    """As crontab(5) has it: HOME, LOGNAME, SHELL and a short PATH, no terminal, no locale."""
    script = tmp_path / "nightly.sh"
    script.write_text("#!/bin/sh\necho saved é\n")
    script.chmod(0o700)
    bare = {
        "HOME": str(tmp_path),
        "LOGNAME": "ada",
        "SHELL": "/bin/sh",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }
    line = f'"{sys.executable}" -m smartspec record --name nightly "{script}"'
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=bare, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "saved é\n".encode(), b"")
    shown = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m smartspec history nightly'],
        env=bare,
        cwd=tmp_path,
        capture_output=True,
    )
    assert b"nightly #1" in shown.stdout and "✓ completed".encode() in shown.stdout


def test_help_promises_nothing_that_is_not_there(terminal: Call) -> None:
    for verb in ("activate", "deactivate"):
        assert "schedul" not in terminal(verb, "--help").out.lower()


@pytest.mark.parametrize(
    ("command", "option", "words"), [("history", "--trigger", [*Trigger]), ("list", "--status", [*WorkflowStatus])]
)
def test_words_are_taken_as_they_are_shown(command: str, option: str, words: list[str], terminal: Call) -> None:
    help_text = terminal(command, "--help").out
    for word in map(str, words):
        assert word in help_text and terminal(command, option, word).code == 0
        assert terminal(command, option, word.upper()).code == 0
    assert terminal(command, option, "nonsense").code == 2


def test_a_newer_file_is_told_by_its_schema(terminal: Call, home: Path) -> None:
    from smartspec.store.database.sqlite import library

    terminal("list")
    file = home / "data" / "smartspec.db"
    from smartspec.commands import database

    database.close_database()
    connection = library.connect(str(file))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    said = terminal("list")
    assert said.code == 78 and "its schema is 99" in said.err
