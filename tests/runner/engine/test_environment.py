"""An execution runs in the environment of whoever asked for it, whoever runs it; none of its values is recorded."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import comparing, control, database, executions, starting
from smartspec.domain.compare import environment_diff
from smartspec.domain.execution import Execution
from smartspec.store import environments
from tests.conftest import ROOT, Ran, Said, ran, run_on, without_a_screen

Store = Callable[..., object]
SAYS = {"tasks": {"a": {"run": 'echo "V=$V"; env'}}}


def kept(db: Path) -> list[str]:
    folder = db.parent / "ongoing"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def queued(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Execution:
    """Asked for in an environment that is not there any more when it runs."""
    with monkeypatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return starting.start_execution("test")


def test_two_who_ask_get_each_their_own(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(SAYS)
    monkeypatch.setenv("V", "of the runner")
    one, two = queued(monkeypatch, V="one"), queued(monkeypatch, V="two")
    assert kept(db) == sorted([one.id, two.id])
    assert [run_on(each).log("a").split(b"\n")[0] for each in (two, one)] == [b"V=two", b"V=one"]
    assert kept(db) == []
    found = comparing.compare_executions(one.id, two.id)
    told = [(each.sentence, each.why) for each in found.findings if each.kind == "environment"]
    assert told == [("the variable V has another value", "a uses it")]


def test_what_is_kept_is_for_the_owner_alone_and_outside_the_database(
    store: Store, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(SAYS)
    old = os.umask(0)
    try:
        execution = queued(monkeypatch, V="pl4in-v4lue")
    finally:
        os.umask(old)
    folder = db.parent / "ongoing"
    modes = {
        each: stat.S_IMODE(each.lstat().st_mode) for each in (folder, *folder.rglob("*"), db.parent / "ledger.key")
    }
    assert set(modes.values()) == {0o700, 0o600}
    assert {each.name for each, mode in modes.items() if mode == 0o600} == {"environment", "ledger.key"}
    assert b"V=pl4in-v4lue\0" in (folder / execution.id / "environment").read_bytes()
    database.back_up_database()
    others = [each for each in db.parent.rglob("*") if each.is_file() and folder not in each.parents]
    assert len(others) >= 3 and not [each for each in others if b"pl4in-v4lue" in each.read_bytes()]
    assert run_on(execution).status == "completed"


def noted(execution: Execution) -> Any:
    return environments.get(executions.get_execution(execution.id).environment)


def test_values_are_noted_by_hashes_that_nobody_else_can_make(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store(SAYS)
    one, other = queued(monkeypatch, V="guess-me"), queued(monkeypatch, V="guess-me", W="guess-me")
    first, second = (noted(each) for each in (one, other))
    assert first["variables"]["V"] == second["variables"]["V"] != second["variables"]["W"]
    import hashlib

    for guess in (b"guess-me", b"V\0guess-me"):
        assert hashlib.sha256(guess).hexdigest()[:16] not in json.dumps(second)
    assert "guess-me" not in json.dumps([first, second])


def test_hashes_of_another_key_say_nothing_about_values() -> None:
    unkeyed: dict[str, Any] = {"path": "/bin", "variables": {"A": "1", "B": "2"}, "kernel": "k"}
    keyed: dict[str, Any] = {"path": "/bin", "variables": {"A": "9", "C": "8"}, "kernel": "k", "key": "x"}
    told = [each.sentence for each in environment_diff.differences(unkeyed, keyed)]
    assert told == ["the variable B is not set any more", "the variable C is set now"]
    changed = {**keyed, "variables": {"A": "7", "C": "8"}}
    assert [each.sentence for each in environment_diff.differences(keyed, changed)] == [
        "the variable A has another value"
    ]


def test_pauses_retries_and_resuming_keep_it(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store({"tasks": {
        "a": {"run": 'echo "a $V"; test "$SMARTSPEC_ATTEMPT" = 2', "retry": {"max": 1, "delay": 0}},
        "b": {"needs": ["a"], "run": f'"{sys.executable}" -m smartspec --db {db} pause "$SMARTSPEC_EXECUTION_ID"', "env": {"PYTHONPATH": str(ROOT)}},
        "gap": {"needs": ["b"], "run": "sleep 0.2"},  # starts with the step in which the request is seen
        "c": {"needs": ["gap"], "run": 'echo "c $V"'},
    }})  # fmt: skip
    execution = queued(monkeypatch, V="mine")
    paused = run_on(execution)
    assert (paused.status, paused.log("a")) == ("paused", b"a mine\n") and kept(db) == [execution.id]
    monkeypatch.setenv("V", "of whoever resumes")
    control.resume_execution(execution.id)
    assert run_on(execution).log("c") == b"c mine\n" and kept(db) == []


def test_a_rerun_has_that_of_whoever_asks_for_it(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store({"tasks": {"a": {"run": 'echo "$V"; test "$V" = right'}}})
    execution = queued(monkeypatch, V="wrong")
    assert run_on(execution).status == "failed" and kept(db) == []
    with monkeypatch.context() as patch:
        patch.setenv("V", "right")
        control.rerun_failed(execution.id)
    assert kept(db) == [execution.id]
    again = run_on(execution)
    assert (again.status, again.log("a"), kept(db)) == ("completed", b"right\n", [])


def test_compare_says_that_a_rerun_had_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store({"tasks": {"a": {"run": 'test "$V" != wrong'}}})
    good, bad, alike = (queued(monkeypatch, V=value) for value in ("right", "wrong", "wrong"))
    for each in (good, bad, alike):
        run_on(each)
    with monkeypatch.context() as patch:
        patch.setenv("V", "wrong")
        control.rerun_failed(alike.id)
        run_on(alike)
        patch.setenv("V", "right")
        control.rerun_failed(bad.id)
        run_on(bad)
    told = [
        each.sentence for each in comparing.compare_executions(good.id, bad.id).findings if each.kind == "environment"
    ]
    assert told == ["attempt 2 of test #2 ran in another environment: the variable V has another value"]
    told = [
        each.sentence for each in comparing.compare_executions(good.id, alike.id).findings if each.kind == "environment"
    ]
    assert told == ["the variable V has another value"]


def test_children_have_their_parents(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store({"name": "child", "tasks": {"x": {"run": 'test "$V" = parents'}}})
    store({"tasks": {"a": {"workflow": "child"}}})
    execution = queued(monkeypatch, V="parents")
    done = run_on(execution)
    assert done.status == "completed" and kept(db) == []
    child = executions.child_executions(execution.id)[0]
    assert child.environment == done.execution.environment is not None


@pytest.mark.parametrize("how", ["cancel", "purge", "delete"])
def test_what_never_ran_leaves_nothing(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    store(SAYS)
    execution = queued(monkeypatch, V="x")
    if how == "delete":
        from smartspec.commands import workflows

        workflows.delete_workflow("test")
    else:
        control.cancel_execution(execution.id)
    assert executions.get_execution(execution.id).status == "cancelled" and kept(db) == []


def test_what_could_not_be_started_leaves_nothing(store: Store, db: Path) -> None:
    store({**SAYS, "params": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}})
    with pytest.raises(Exception, match="n"):
        starting.start_execution("test", {})
    assert kept(db) == []


def test_what_was_left_over_is_swept(store: Store, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartspec.commands import environment

    store(SAYS)
    waiting, ended = queued(monkeypatch), queued(monkeypatch)
    run_on(ended)
    for name in (ended.id, "of-nobody", "of-nobody-yet"):
        (db.parent / "ongoing" / name).mkdir()
    for name in (waiting.id, ended.id, "of-nobody"):
        os.utime(db.parent / "ongoing" / name, (1, 1))
    environment.sweep()
    assert kept(db) == sorted([waiting.id, "of-nobody-yet"])


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def test_where_it_is_gone_the_runners_own_is_taken_and_said(
    store: Store, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(SAYS)
    for damage in (Path.unlink, cut_off):
        execution = queued(monkeypatch, V="lost")
        before = executions.get_execution(execution.id).environment
        damage(db.parent / "ongoing" / execution.id / "environment")
        monkeypatch.setenv("V", "of the runner")
        done = run_on(execution)
        assert done.log("a").startswith(b"V=of the runner\n")
        warned = [each for each in executions.list_events(execution.id).rows if each.level == "warn"]
        assert [each.message for each in warned] == [
            "The environment it was asked for in is not kept any more; it runs in that of its runner."
        ]
        assert done.execution.environment not in (None, before)


def test_bytes_that_are_no_text_survive(smartspec: Callable[..., Said], home: Path, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks: {a: {run: 'printf %s \"$V\" | od -An -tx1'}}\n")
    environment = {**without_a_screen(), "PYTHONPATH": str(ROOT), "SMARTSPEC_HOME": str(home)}
    raw = {os.fsencode(name): os.fsencode(value) for name, value in environment.items()} | {b"V": b"a\xff\xfe=\n b"}
    command = [sys.executable, "-m", "smartspec", "run", "w.yaml", "--detach"]
    subprocess.run(command, cwd=tmp_path, env=raw, check=True, capture_output=True, timeout=120)
    assert smartspec("runner", "--until-idle").code == 0
    assert smartspec("logs", "w").out.endswith("61 ff fe 3d 0a 20 62\n")


def test_detached_runs_print_what_each_was_asked_with(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks: {a: {run: 'echo V=$V'}}\n")
    smartspec("import", "w.yaml")
    for value in ("one", "two"):
        assert smartspec("run", "w", "--detach", V=value).code == 0
    assert smartspec("runner", "--until-idle", V="three").code == 0
    assert [smartspec("logs", f"w#{number}").out.split()[-1] for number in (1, 2)] == ["V=one", "V=two"]
    assert "V" in smartspec("compare", "w#1", "w#2").out


def test_secrets_come_from_whoever_asks_and_reach_no_child(
    smartspec: Callable[..., Said], home: Path, tmp_path: Path
) -> None:
    text = (
        "smartspec: 1\nname: w\nconfig: {token: {type: secret}}\ntasks:\n"
        "  a: {env: {T: '{{ config.token }}'}, run: 'test ${#T} = 12 && ! env | grep SMARTSPEC_SECRET'}\n"
    )
    (tmp_path / "w.yaml").write_text(text)
    asked = smartspec(
        "run", "w.yaml", "--detach", SMARTSPEC_SECRET_TOKEN="s3cr3t-value", SMARTSPEC_SECRET_OTHER="0ther"
    )
    assert asked.code == 0, asked.err
    assert smartspec("runner", "--until-idle").code == 0
    assert smartspec("execution", "w", "--json").json()["status"] == "completed"
    data = home / "data"
    assert not [each for each in data.rglob("*") if each.is_file() and b"s3cr3t-value" in each.read_bytes()]


def test_python_is_that_of_whoever_asks(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store({"tasks": {"a": {"python": "print('ran')"}, "b": {"run": "true"}}})
    (tmp_path / "bin").mkdir()
    own = tmp_path / "bin" / "python3"
    own.write_text(f'#!/bin/sh\necho "mine"; exec "{sys.executable}" "$@"\n')
    own.chmod(0o700)
    execution = queued(monkeypatch, PATH=f"{own.parent}{os.pathsep}{os.environ['PATH']}")
    done = run_on(execution)
    assert (done.log("a"), done.execution.interpreter) == (b"mine\nran\n", str(own))
    other = run_on(queued(monkeypatch))
    found = comparing.compare_executions(execution.id, other.execution.id)
    assert any("the interpreter of `python:` changed" in each.sentence for each in found.findings)


def test_the_database_may_be_looked_at_by_anyone_for_values(
    store: Store, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(SAYS)
    execution = queued(monkeypatch, V="a-value-of-mine")
    database.close_database()
    with sqlite3.connect(db) as connection:
        assert "a-value-of-mine" not in "\n".join(connection.iterdump())
    connection.close()
    database.open_database(db)
    assert isinstance(ran(execution), Ran)
