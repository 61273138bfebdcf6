"""What a task wrote and holds a secret: masked in all that is kept, as it was for the tasks of the same run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import control, database, executions, starting
from smartspec.errors import SmartSpecError
from tests.conftest import ROOT, Ran, run_on

Store = Callable[..., object]
YEAR = "2026"  # the secret: digits that stand in many numbers
COUNT = "420261"
CONFIG = {"year": {"type": "secret"}}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_YEAR", YEAR)


def nowhere(db: Path, *but: str) -> None:
    """The secret stands in no file of the data folder but those below folders of these names."""
    database.close_database()
    files = [each for each in db.parent.rglob("*") if each.is_file() and not {*but} & {*each.parts}]
    assert [each for each in files if COUNT.encode() in each.read_bytes()] == []
    database.open_database(db)


def counted(*parts: str) -> str:
    """A command that writes the number without the number standing in the definition."""
    return f"printf 'rows=%s%s%s' 4 $((2000 + 26)) 1 >> $SMARTSPEC_OUTPUT{''.join(parts)}"


ROWS = "{{ tasks.count.outputs.rows }}"
USES: dict[str, dict[str, Any]] = {
    "env": {"env": {"R": ROWS}, "run": 'test "$R" = $((420000 + 261))'},
    "run": {"run": f"test {ROWS} = $((420000 + 261))"},
    "env in run": {"env": {"R": ROWS}, "run": "test {{ env.R }} = $((420000 + 261))"},
    "command": {"command": ["sh", "-c", "test $1 = $((420000 + 261))", "x", ROWS]},
    "python": {"python": "assert int(rows) == 420000 + 261", "input": {"rows": ROWS}},
    "if": {"if": "tasks.count.outputs.rows | int == 420000 + 261", "run": "true"},
    "outputs": {"run": "true", "outputs": {"twice": "{{ tasks.count.outputs.rows | int * 2 }}"}},
    "items": {
        "with_items": "{{ [tasks.count.outputs.rows] }}",
        "run": 'test "$SMARTSPEC_ITEM" = $((420000 + 261))',
    },
    "child": {"workflow": "child", "input": {"rows": "{{ tasks.count.outputs.rows | int }}"}},
}


def define(store: Store, use: str, **more: Any) -> None:
    schema = {"type": "object", "properties": {"rows": {"type": "integer"}}}
    store(
        {
            "name": "child",
            "params": schema,
            "tasks": {"x": {"run": "test {{ params.rows }} = $((420000 + 261))"}},
            "output": {"back": "{{ params.rows }}"},
        }
    )
    tasks = {"count": {"run": counted()}, "use": {"needs": ["count"], **USES[use]}}
    store({"config": CONFIG, "tasks": tasks, **more})


@pytest.mark.parametrize("use", USES)
def test_the_next_task_is_given_what_was_written_and_nothing_of_it_is_kept(store: Store, db: Path, use: str) -> None:
    define(store, use)
    execution = starting.start_execution("test")
    done = run_on(execution)
    assert done.words() == {"count": "completed", "use": "completed"}, [row.error for row in done.rows]
    assert done.row("count").output == {"rows": "4******1"}
    assert done.execution.warned >= 1
    warning = (done.row("count").warnings or ())[0]
    assert (warning["code"], warning["keys"]) == ("masked", ["rows"]) and "“rows” holds a secret" in str(
        warning["sentence"]
    )
    warned = [each for each in executions.list_events(execution.id).rows if each.type == "task_warned"]
    assert warned[0].level == "warn" and warned[0].message == warning["sentence"]
    nowhere(db)


def test_without_a_secret_in_it_nothing_is_said(store: Store) -> None:
    store({"config": CONFIG, "tasks": {"a": {"run": "echo rows=7 >> $SMARTSPEC_OUTPUT"}}})
    done = run_on(starting.start_execution("test"))
    assert (done.row("a").output, done.row("a").warnings, done.execution.warned) == ({"rows": "7"}, None, 0)


def test_what_a_process_said_is_as_it_was_for_templates_and_masked_in_the_log(store: Store, db: Path) -> None:
    tasks = {
        "count": {"run": "echo $((420000 + 261))", "outputs": {"half": "{{ result.stdout | int // 3 }}"}},
        "use": {
            "needs": ["count"],
            "run": "test {{ tasks.count.result.stdout | trim }} = $((420000 + 261)) && test {{ tasks.count.outputs.half }} = 140087",
        },
    }
    store({"config": CONFIG, "tasks": tasks})
    done = run_on(starting.start_execution("test"))
    assert done.status == "completed" and done.log("count") == b"4******1\n"
    assert (done.row("count").result or {})["stdout"] == "4******1\n"
    nowhere(db)


def test_the_output_of_a_child_reaches_its_parent_as_it_was(
    store: Store, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_DEFAULT_CHILD_OWN", "0261")  # the parent does not know this one
    child = {
        "name": "child",
        "config": {"own": {"type": "secret"}},
        "tasks": {"count": {"run": counted()}},
        "output": {"rows": ROWS},
    }
    store(child)
    store(
        {
            "tasks": {
                "kid": {"workflow": "child"},
                "use": {"needs": ["kid"], "run": "test {{ tasks.kid.outputs.rows }} = $((420000 + 261))"},
            }
        }
    )
    done = run_on(starting.start_execution("test"))
    assert done.status == "completed", [row.error for row in done.rows]
    assert done.row("kid").output == {"rows": "42******"}
    assert executions.child_executions(done.execution.id)[0].output == {"rows": "42******"}
    nowhere(db)


def test_the_output_of_an_execution_is_masked(store: Store, db: Path) -> None:
    define(store, "env", output={"rows": ROWS})
    assert run_on(starting.start_execution("test")).execution.output == {"rows": "4******1"}
    nowhere(db)


def paused(store: Store, db: Path, use: str) -> Ran:
    tasks = {
        "count": {"run": counted()},
        "stop": {
            "needs": ["count"],
            "run": f'"{sys.executable}" -m smartspec --db {db} pause "$SMARTSPEC_EXECUTION_ID"',
            "env": {"PYTHONPATH": str(ROOT)},
        },
        "gap": {"needs": ["stop"], "run": "sleep 0.2"},  # starts with the step in which the request is seen
        "use": {"needs": ["gap"], **USES[use]},
    }
    store(
        {
            "name": "child",
            "params": {"type": "object", "properties": {"rows": {"type": "integer"}}},
            "tasks": {"x": {"run": "test {{ params.rows }} = $((420000 + 261))"}},
        }
    )
    store({"config": CONFIG, "tasks": tasks})
    return run_on(starting.start_execution("test"))


@pytest.mark.parametrize("use", ["run", "items", "child"])
def test_it_is_kept_through_a_pause_for_the_owner_alone(store: Store, db: Path, use: str) -> None:
    done = paused(store, db, use)
    assert done.status == "paused"
    kept = list((db.parent / "ongoing").rglob("value-*"))
    assert len(kept) == 1 and kept[0].stat().st_mode & 0o777 == 0o600 and COUNT.encode() in kept[0].read_bytes()
    nowhere(db, "ongoing")
    control.resume_execution(done.execution.id)
    assert run_on(done.execution).status == "completed"
    assert not any((db.parent / "ongoing").iterdir())
    nowhere(db)


@pytest.mark.parametrize("use", ["run", "items", "child", "env"])
def test_a_rerun_fails_where_it_is_asked_for_and_the_sentence_names_the_way_out(
    store: Store, db: Path, tmp_path: Path, use: str
) -> None:
    define(store, use)
    ready = tmp_path / "ready"
    tasks = {
        "count": {"run": counted()},
        "wait": {"needs": ["count"], "run": f"test -e {ready}"},
        "use": {"needs": ["wait"], **USES[use]},
        "other": {"needs": ["wait"], "run": "test '{{ tasks.count.status }}' = completed"},
    }
    store({"config": CONFIG, "tasks": tasks})
    failed = run_on(starting.start_execution("test"))
    assert failed.status == "failed"
    ready.touch()
    control.rerun_failed(failed.execution.id)
    again = run_on(failed.execution)
    assert again.words()["wait"] == "completed" and again.words()["other"] == "completed"
    error = again.row("use").error or ""
    assert again.row("use").status == "failed" and (again.row("use").status_reason or "").startswith("template: ")
    assert f"smartspec rerun {failed.execution.id[:18]} --from count" in error and "“rows” of the task count" in error
    control.rerun_from(failed.execution.id, "count")
    last = run_on(failed.execution)
    assert last.status == "completed", last.words()
    assert last.attempts("count") == ["completed", "completed"]
    nowhere(db)


def test_what_is_said_of_the_whole_and_of_the_rest(store: Store, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    both = "echo plain=1 >> $SMARTSPEC_OUTPUT; " + counted()
    tasks = {
        "count": {"run": both},
        "wait": {"needs": ["count"], "run": f"test -e {ready}"},
        "plain": {"needs": ["wait"], "run": "test {{ tasks.count.outputs.plain }} = 1"},
        "whole": {"needs": ["wait"], "run": "echo {{ tasks.count.outputs | tojson | q }}"},
        "key": {"needs": ["wait"], "run": "echo {{ tasks['count'].outputs['rows'] }}"},
        "any": {"needs": ["wait"], "run": "echo {{ tasks.count.outputs['ro' + 'ws'] }}"},
    }
    store({"config": CONFIG, "tasks": tasks})
    failed = run_on(starting.start_execution("test"))
    ready.touch()
    control.rerun_failed(failed.execution.id)
    words = run_on(failed.execution).words()
    assert words["plain"] == "completed"
    assert {words[name] for name in ("whole", "key", "any")} == {"failed template: run"}


# Re-run from a task


FROM = {"tasks": {
    "a": {"run": "true"}, "b": {"needs": ["a"], "run": "true"}, "c": {"needs": ["b"], "run": "true"},
    "side": {"run": "true"},
    "group": {"needs": ["a"], "parallel": {"m1": {"run": "true"}, "m2": {"run": "true"}}},
    "end": {"needs": ["group"], "run": "true"},
}}  # fmt: skip


@pytest.mark.parametrize(
    ("task", "twice"),
    [
        ("b", {"b", "c"}),
        ("side", {"side"}),
        ("a", {"a", "b", "c", "group", "m1", "m2", "end"}),
        ("m1", {"m1", "end"}),
        ("group", {"group", "m1", "m2", "end"}),
        ("end", {"end"}),
    ],
)
def test_a_rerun_from_a_task_decides_it_and_what_follows_anew(
    run: Callable[..., Ran], task: str, twice: set[str]
) -> None:
    done = run(FROM)
    assert done.status == "completed"
    control.rerun_from(done.execution.id, task)
    again = run_on(done.execution)
    assert (again.status, again.execution.attempt) == ("completed", 2)
    rows = {name: len(again.attempts(name)) for name in FROM["tasks"].keys() | {"m1", "m2"}}
    around = {"group"} if task == "m1" else set()  # it goes on, and ends once more
    assert {name for name, count in rows.items() if count == 2} - around == twice - around
    assert all(count <= 2 for count in rows.values())


def test_a_rerun_from_a_task_keeps_what_failed_beside_it(run: Callable[..., Ran]) -> None:
    done = run({"tasks": {"a": {"run": "true"}, "b": {"run": "exit 3"}}})
    control.rerun_from(done.execution.id, "a")
    again = run_on(done.execution)
    assert (again.attempts("a"), again.attempts("b"), again.status) == (
        ["completed", "completed"],
        ["failed"],
        "failed",
    )
    control.rerun_failed(done.execution.id)
    last = run_on(done.execution)
    assert (len(last.attempts("a")), len(last.attempts("b"))) == (2, 2)


def test_what_cannot_be_run_again_from_a_task_says_why(run: Callable[..., Ran], store: Store) -> None:
    done = run(FROM)
    with pytest.raises(SmartSpecError, match="has no task “x”"):
        control.rerun_from(done.execution.id, "x")
    waiting = starting.start_execution("test")
    with pytest.raises(SmartSpecError, match="is pending"):
        control.rerun_from(waiting.id, "a")
    with pytest.raises(SmartSpecError, match="--from TASK"):
        control.rerun_failed(done.execution.id)


def test_in_the_terminal(terminal: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(json.dumps({"smartspec": 1, "name": "w", **FROM}))
    assert terminal("run", str(tmp_path / "w.json")).code == 0
    again = terminal("rerun", "w", "--from", "b")
    assert again.code == 0 and "c" in again.out
    assert terminal("rerun", "w", "--from", "bb").code == 4
