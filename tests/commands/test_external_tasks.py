"""Tasks of executions that run elsewhere: told of while they run, recorded by a program, and imported."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import smartspec
from smartspec import errors
from smartspec.commands import execution_logs, executions, external_tasks, importing, metrics, recording, workflows
from smartspec.commands.calling import call
from smartspec.commands.external_tasks import TaskReport
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.execution import Execution
from smartspec.store import database as rows
from tests.conftest import ROOT, Ran

COUNTERS = ("tasks_total", "tasks_completed", "tasks_failed", "tasks_cancelled")


def counters(execution: Execution) -> tuple[int, ...]:
    now = executions.get_execution(execution.id)
    return tuple(getattr(now, name) for name in COUNTERS)


def words(execution: Execution) -> list[tuple[str, int, str]]:
    found = executions.list_task_executions(execution.id)
    return [(row.task, row.attempt, row.status.value) for row in found]


@pytest.fixture
def running(db: Path) -> Execution:
    workflows.create_workflow("elsewhere")
    return recording.begin_execution("elsewhere")


def test_a_program_tells_of_its_tasks(running: Execution) -> None:
    begun = external_tasks.begin_task(running.id, "load", input={"file": "a.csv"})
    assert (begun.status, begun.input, counters(running)) == ("running", {"file": "a.csv"}, (1, 0, 0, 0))
    failed = external_tasks.end_task(
        running.id, "load", TaskReport(TaskStatus.FAILED, error="no such file", exit_code=2)
    )
    assert (failed.error, failed.exit_code, counters(running)) == ("no such file", 2, (1, 0, 1, 0))
    again = external_tasks.begin_task(running.id, "load")
    assert (again.attempt, again.position) == (2, 0)
    done = external_tasks.end_task(running.id, "load", TaskReport(output={"rows": 3}, duration_ms=1_500))
    assert (done.output, done.duration_ms) == ({"rows": 3}, 1_500)
    assert external_tasks.begin_task(running.id, "save").position == 1
    ended = recording.end_execution(running.id, Report(ExecutionStatus.COMPLETED))
    assert words(running) == [("load", 1, "failed"), ("load", 2, "completed"), ("save", 1, "cancelled")]
    assert (ended.tasks_total, ended.tasks_cancelled) == (2, 1) and counters(running) == (2, 1, 1, 1)
    told = [row for (row,) in rows.rows("SELECT type FROM events WHERE task_execution IS NOT NULL ORDER BY pk")]
    assert told == ["task_started", "task_failed", "task_started", "task_completed", "task_started", "task_cancelled"]
    (load,) = metrics.task_metrics("elsewhere", "load")
    assert (load.completed, load.failed, load.duration_sum_ms) == (1, 1, 1_500)


def test_items_are_told_of_one_by_one(running: Execution) -> None:
    for index, item in enumerate(("a", "b")):
        external_tasks.begin_task(running.id, "each", item=item, item_index=index)
    external_tasks.end_task(running.id, "each", item_index=1)
    found = executions.list_task_executions(running.id)
    assert [(row.item, row.status.value) for row in found] == [("a", "running"), ("b", "completed")]


def test_what_cannot_be_is_refused_with_a_sentence(running: Execution, run: Callable[..., Ran]) -> None:
    own = run({"tasks": {"a": {"run": "true"}}}).execution
    external_tasks.begin_task(running.id, "load")
    refused: list[tuple[Callable[[], Any], type[errors.SmartSpecError], str]] = [
        (lambda: external_tasks.begin_task(own.id, "x"), errors.Conflict, "is run by SmartSpec"),
        (lambda: external_tasks.begin_task(running.id, "load"), errors.Conflict, "runs already"),
        (lambda: external_tasks.end_task(running.id, "save"), errors.TaskNotFound, "no task “save”"),
        (lambda: external_tasks.begin_task(running.id, " "), errors.Invalid, "needs a name"),
        (lambda: external_tasks.begin_task(running.id, "a\0b"), errors.Invalid, "NUL"),
        (lambda: external_tasks.begin_task(running.id, "x" * 201), errors.Invalid, "200 characters"),
        (lambda: external_tasks.begin_task(running.id, "x", item_index=-1), errors.Invalid, "index"),
        (
            lambda: external_tasks.end_task(running.id, "load", TaskReport(TaskStatus.SKIPPED)),
            errors.Invalid,
            "ends as",
        ),
        (lambda: external_tasks.end_task(running.id, "load", TaskReport(duration_ms=-1)), errors.Invalid, "negative"),
    ]
    for act, kind, sentence in refused:
        with pytest.raises(kind, match=sentence):
            act()
    external_tasks.end_task(running.id, "load")
    with pytest.raises(errors.Conflict, match="has ended already"):
        external_tasks.end_task(running.id, "load")
    recording.end_execution(running.id, Report(ExecutionStatus.FAILED))
    with pytest.raises(errors.Conflict, match="nothing can begin"):
        external_tasks.begin_task(running.id, "late")


def test_any_program_can_tell_by_call(running: Execution) -> None:
    call("begin_task", {"which": running.id, "task": "load"})
    answer = call("end_task", {"which": running.id, "task": "load", "report": {"status": "timeout"}})
    assert isinstance(answer, dict) and answer["status"] == "timeout" and counters(running) == (1, 0, 1, 0)


# From Python


def log_of(execution: Execution, task: str) -> str:
    (row,) = executions.list_task_executions(execution.id, task)[-1:]
    return execution_logs.read_log(row).data.decode()


def test_parts_of_a_block_are_tasks(db: Path) -> None:
    with smartspec.record("etl", log_prints=True) as block:
        for number in range(2):
            try:
                with block.task("load", input={"try": number}) as task:
                    task.log(f"try {number}")
                    print("inside")
                    if not number:
                        raise OSError("not there")
                    task.output = {"path": Path("/x")}
            except OSError:
                block.log("once more")
        with block.task("save"):
            assert counters(smartspec_newest()) == (3, 1, 1, 0)
    etl = smartspec_newest()
    assert words(etl) == [
        ("main", 1, "completed"),
        ("load", 1, "failed"),
        ("load", 2, "completed"),
        ("save", 1, "completed"),
    ]
    rows_ = executions.list_task_executions(etl.id, "load")
    assert (rows_[0].status_reason, rows_[1].output, rows_[1].input) == (
        "exception OSError",
        {"path": "/x"},
        {"try": 1},
    )
    assert log_of(etl, "load") == "try 1\ninside\n" and log_of(etl, "main") == "once more\n"
    assert (etl.status, counters(etl)) == ("completed", (3, 3, 1, 0))


def smartspec_newest() -> Execution:
    return next(smartspec.executions("etl"))


def test_tasks_of_threads_run_side_by_side_and_end_with_their_block(db: Path) -> None:
    left = threading.Event()
    begun = threading.Barrier(4)

    def work(block: Any, number: int) -> None:
        with block.task(f"part{number}"):
            begun.wait()
            if number == 2:
                left.wait(60)

    with smartspec.record("etl") as block:
        threads = [threading.Thread(target=work, args=(block, number)) for number in range(3)]
        for thread in threads:
            thread.start()
        begun.wait()
        for thread in threads[:2]:
            thread.join()
    etl = smartspec_newest()
    left.set()
    threads[2].join()
    assert sorted(words(etl)) == sorted(
        [("main", 1, "completed"), ("part0", 1, "completed"), ("part1", 1, "completed"), ("part2", 1, "cancelled")]
    )
    assert words(smartspec_newest()) == words(etl)


def test_a_task_of_what_cannot_be_recorded_runs_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no database")
    script = (
        "import smartspec\nwith smartspec.record('x') as b, b.task('p') as t:\n    t.log('hi')\n    print('went on')"
    )
    environment = {**os.environ, "SMARTSPEC_DB": str(tmp_path / "bad.db")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert (done.returncode, done.stdout) == (0, "went on\n") and done.stderr.count("not recorded") == 1


# Imported

LINE = {"workflow": "etl", "status": "failed", "started_at": "2026-11-19T02:00:00Z", "duration_ms": 5_000}


def test_tasks_come_with_an_imported_execution(db: Path, tmp_path: Path) -> None:
    tasks = [
        {"name": "load", "status": "success", "started_at": "2026-11-19T02:00:00Z", "duration_ms": 3_000, "output": {"n": 1}},
        {"name": "each", "status": "failed", "item": "a", "item_index": 0, "exit_code": 3, "error": "no"},
        {"name": "each", "status": "completed", "item": "a", "item_index": 0},
        {"name": "each", "status": "skipped", "item": "b", "item_index": 1},
    ]  # fmt: skip
    file = tmp_path / "old.jsonl"
    file.write_text(json.dumps({**LINE, "tasks": tasks}) + "\n" + json.dumps(LINE), encoding="utf-8")
    assert importing.import_executions(file).count == 2
    found = next(each for each in executions.list_executions().rows if each.tasks_total)
    assert counters(found) == (2, 2, 0, 0) and found.tasks_skipped == 1
    got = [
        (row.task, row.position, row.item_index, row.attempt, row.status.value, row.duration_ms, row.status_reason)
        for row in executions.list_task_executions(found.id)
    ]
    assert got == [
        ("load", 0, 0, 1, "completed", 3_000, None), ("each", 1, 0, 1, "failed", None, "exit 3"),
        ("each", 1, 0, 2, "completed", None, None), ("each", 1, 1, 1, "skipped", None, None),
    ]  # fmt: skip
    began = {"name": "late", "status": "success", "started_at": "2026-11-19T02:00:03Z"}
    file.write_text(json.dumps({**LINE, "workflow": "other", "tasks": [began]}), encoding="utf-8")
    importing.import_executions(file)
    (late,) = executions.list_task_executions("other")
    assert late.duration_ms == 2_000  # to the end of the execution: nothing else is known
    before = rows.rows("SELECT * FROM metrics ORDER BY 1, 2, 3, 4, 5")
    metrics.rebuild_metrics()
    assert rows.rows("SELECT * FROM metrics ORDER BY 1, 2, 3, 4, 5") == before


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        ({}, "are a list"), ([1], r"tasks\[0\] must be an object"), ([{"name": "a"}], "“status” is missing"),
        ([{"status": "failed"}], "“name” is missing"), ([{"name": "a", "status": "running"}], r"tasks\[0\].status: .*has not ended"),
        ([{"name": "a", "status": "failed", "colour": 1}], "no field “colour”"), ([{"name": "a", "status": "failed", "exit_code": True}], "whole number"),
        ([{"name": "a", "status": "failed", "started_at": 20, "completed_at": 10}], "ends before it starts"),
        ([{"name": "a", "status": "failed", "item_index": 10**6}], "0 to 99,999"), ([{"name": "a", "status": "x" * 9}], "no status"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_task_is_told_with_its_line(db: Path, tmp_path: Path, tasks: Any, sentence: str) -> None:
    file = tmp_path / "old.jsonl"
    file.write_text(json.dumps(LINE) + "\n" + json.dumps({**LINE, "tasks": tasks}), encoding="utf-8")
    with pytest.raises(errors.Invalid) as caught:
        importing.import_executions(file)
    (problem,) = caught.value.problems
    assert problem.line == 2 and problem.path == "tasks" and re.search(sentence, problem.sentence)
