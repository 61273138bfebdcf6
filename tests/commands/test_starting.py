"""Starting an execution: what is evaluated is bounded, and nobody waits meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from smartspec import sandbox
from smartspec.commands import executions, runs, starting, workflows
from smartspec.domain.execution import Origin
from smartspec.errors import Invalid
from smartspec.store import database
from tests.conftest import ROOT, Ran, Said, run_on

ENDLESS = "{{ 15 | round(1000000000, 'ceil') }}"
TASKS = {"a": {"run": "true"}}
Store = Callable[..., Any]
Around = Callable[[], AbstractContextManager[None]]


@pytest.mark.parametrize(
    "definition",
    [
        {"params": {"type": "object", "properties": {"x": {"default": ENDLESS}}}},
        {"params": {"type": "object", "properties": {"x": {"default": {"a": [ENDLESS]}}}}},
        {"vars": {"x": ENDLESS}},
    ],
    ids=["default", "default inside", "vars"],
)
def test_a_start_without_end_is_refused_with_a_sentence(store: Store, definition: dict[str, Any]) -> None:
    store({"tasks": TASKS, **definition})
    with pytest.raises(
        Invalid, match=r"(took more than 2 s of processor time and was ended|had not ended after 10 s); make it smaller"
    ):
        starting.start_execution("test")
    assert executions.list_executions().rows == ()


def test_a_schema_without_end_is_refused_with_a_sentence(store: Store) -> None:
    """Linear patterns, each of them large, a thousand times over a text of a megabyte."""
    patterns = [{"pattern": "(\\w{1,100}){1,40}" + str(number)} for number in range(1000)]
    store({"tasks": TASKS, "params": {"type": "object", "properties": {"x": {"type": "string", "allOf": patterns}}}})
    with pytest.raises(Invalid, match=r"Validating the input by `params` (took more than 2 s|needs more than 256 MiB)"):
        starting.start_execution("test", {"x": "ä" * 1_000_000})


def test_a_pattern_takes_linear_time_and_a_large_input_is_judged(store: Store) -> None:
    pattern = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    store({"tasks": TASKS, "params": pattern})
    with pytest.raises(Invalid, match="is not written as it must be"):
        starting.start_execution("test", {"a": "a" * 100_000 + "!"})
    with pytest.raises(Invalid) as caught:
        starting.start_execution("test", {str(number): number for number in range(100_000)})
    assert len(caught.value.problems) == 100


@pytest.mark.parametrize(
    ("around", "written"),
    [(nullcontext, "written\n"), (runs.one_transaction, "")],
    ids=["as it is", "negative control"],
)
def test_nobody_waits_while_a_start_is_evaluated(store: Store, db: Path, around: Around, written: str) -> None:
    """Another process writes while this one evaluates; inside of a transaction it would find the file locked."""
    default = {"default": "{{ execution.number }}" + ENDLESS}
    store({"tasks": TASKS, "params": {"type": "object", "properties": {"x": default}}})
    said: list[str] = []
    with another_process(db) as other:
        assert other.stdin is not None and other.stdout is not None

        def let_it_write() -> None:
            if not said:
                other.stdin.write("\n")
                other.stdin.flush()
                said.append(other.stdout.readline())

        assert other.stdout.readline() == "ready\n"
        with pytest.raises(Invalid, match="was ended"), sandbox.interruptible(let_it_write), around():
            starting.start_execution("test")
    assert said == [written]


WRITES = """
import sys
from pathlib import Path
from smartspec.commands import database, workflows
from smartspec.store import database as rows
database.open_database(Path(sys.argv[1]))
rows.database.connection().execute("PRAGMA busy_timeout = 0")  # a lock that is taken fails it
print("ready", flush=True)
sys.stdin.readline()
for number in range(5):
    workflows.create_workflow(f"w{number}")
print("written", flush=True)
"""


@contextmanager
def another_process(db: Path) -> Iterator[Any]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(db)], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as other:  # fmt: skip
        yield other


def test_a_number_that_was_reserved_and_not_used_leaves_a_gap(store: Store, run: Callable[..., Ran]) -> None:
    definition = {
        "params": {"type": "object", "properties": {"x": {"default": "{{ execution.number }}", "type": "integer"}}},
        "tasks": TASKS,
    }
    assert (run(definition).execution.number, run(definition).execution.variables) == (1, {"params": {"x": 2}})
    with pytest.raises(Invalid):
        starting.start_execution("test", {"y": 1})
    fourth = starting.start_execution("test")
    assert (fourth.number, fourth.variables) == (4, {"params": {"x": 4}})
    assert workflows.get_workflow("test").last_number == 4


def test_without_its_number_named_there_are_no_gaps(store: Store) -> None:
    store({"params": {"type": "object", "properties": {"x": {"default": "{{ today }}"}}}, "tasks": TASKS})
    with pytest.raises(Invalid):
        starting.start_execution("test", {"y": 1})
    assert starting.start_execution("test").number == 1


def test_the_program_tells_it(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(
        f"smartspec: 1\nname: w\nvars: {{x: \"{ENDLESS}\"}}\ntasks: {{a: {{run: 'true'}}}}\n"
    )
    assert smartspec("import", "w.yaml").code == 0
    said = smartspec("run", "w")
    assert said.code == 2 and "The vars cannot be worked out: “{{ 15 | round" in said.err


def test_the_input_of_a_sub_workflow_is_worked_out_before_it_is_queued(store: Store, run: Callable[..., Ran]) -> None:
    child = {
        "name": "child",
        "params": {"type": "object", "properties": {"x": {"type": "integer", "default": ENDLESS}}},
        "tasks": TASKS,
    }
    store(child)
    ran = run({"tasks": {"a": {"workflow": "child"}, "b": {"workflow": "child", "input": {"x": 1}}}})
    assert ran.row("a").status_reason == "input" and "was ended" in (ran.row("a").error or "")
    assert ran.row("b").status == "completed"


def test_a_childs_vars_that_fail_fail_its_task_alone(store: Store, run: Callable[..., Ran]) -> None:
    store({"name": "child", "vars": {"x": "{{ 1 / 0 }}"}, "tasks": TASKS})
    ran = run({"tasks": {"a": {"workflow": "child"}, "b": {"run": "true"}}})
    assert ran.words() == {"a": "failed input", "b": "completed"}


def test_a_child_knows_its_own_number(store: Store, run: Callable[..., Ran]) -> None:
    store({"name": "child", "vars": {"n": "{{ execution.number }}"}, "tasks": TASKS, "output": {"n": "{{ vars.n }}"}})
    ran = run({"tasks": {"a": {"workflow": "child", "with_items": [1, 2, 3]}}})
    assert sorted(ran.outputs(row.task, row.item_index)["n"] for row in ran.rows) == [1, 2, 3]


@pytest.mark.parametrize(
    ("number", "where"),
    [
        ({"tasks": {"a": {"wait": "99999999999d"}}}, "tasks.a.wait: “99999999999d” is too long"),
        ({"tasks": {"a": {"run": "false", "retry": {"max": 5, "backoff": 1e300}}}}, "tasks.a.retry.backoff: This must be at most 1000"),
        ({"tasks": {"a": {"run": "true"}}, "concurrency": 10**18}, "concurrency: This must be at most 10000"),
    ],
)  # fmt: skip
def test_a_version_of_an_earlier_release_with_other_numbers_is_a_sentence(
    store: Store, number: dict[str, Any], where: str
) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    waiting = starting.start_execution("test")
    tree = json.dumps({"smartspec": 1, "name": "test", **number})
    with database.transaction():
        database.execute("DROP TRIGGER workflow_versions_no_update")  # versions never change; this one is made old
        database.execute("UPDATE workflow_versions SET definition = ?", (tree,))
    with pytest.raises(Invalid, match="This version cannot run: ") as caught:
        starting.start_execution("test")
    assert where in str(caught.value)
    ended = run_on(waiting)
    assert ended.status == "failed" and where in (ended.execution.error or "")


@pytest.mark.parametrize("priority", [10**30, -(10**7), 1.5, True, "1"])
def test_a_priority_is_a_whole_number_within_its_range(store: Store, priority: Any) -> None:
    store({"tasks": TASKS})
    with pytest.raises(Invalid, match="The priority must be a whole number from -1,000,000 to 1,000,000"):
        starting.start_execution("test", origin=Origin(priority=priority))
