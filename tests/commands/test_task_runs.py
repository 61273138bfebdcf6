"""What became of each task of an execution, counted where its rows are: with items, retries, and attempts of the whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import control, executions, importing, rerun_scope, task_runs, versions
from smartspec.domain import times
from smartspec.domain.definition import model
from smartspec.domain.execution import Execution
from smartspec.domain.task_duration import ended_at
from smartspec.domain.task_run import TaskRun
from smartspec.errors import TaskNotFound
from tests.conftest import Ran, run_on

Run = Callable[..., Ran]
ITEMS = {
    "tasks": {
        "before": {"run": "echo once"},
        "each": {"needs": ["before"], "with_items": [0, 1, 2, 3], "run": "test {{ item }} -ne 2 || test -e done"},
        "after": {"needs": ["each"], "run": "echo last"},
    },
    "handlers": {"failure": {"run": "echo it failed; touch done"}},
}
RETRIED = {"tasks": {"flaky": {"run": "exit 3", "retry": {"max": 2, "delay": "20ms"}}}}


def by_task(execution: Execution, round_: int = 0) -> dict[str, TaskRun]:
    assert execution.version is not None
    definition = model.read(versions.get_version_by_key(execution.version).definition)
    found = task_runs.list_task_runs(execution, definition, round_ or execution.attempt)
    return {each.task: each for each in found}


def test_items_are_counted_by_how_they_ended(run: Run) -> None:
    found = by_task(run(ITEMS).execution)
    assert list(found) == ["before", "each", "after", "handlers.failure"]
    each = found["each"]
    assert (each.ok, each.items, each.attempts, each.status) == (3, 4, 4, "failed")
    assert each.has_items and not found["before"].has_items
    assert found["after"].status == "skipped" and found["after"].duration_ms(times.now()) is None


def test_a_task_takes_from_its_first_start_to_its_last_end(run: Run) -> None:
    """The waits between attempts are part of it, and an attempt takes what was measured of it."""
    done = run(RETRIED)
    flaky = by_task(done.execution)["flaky"]
    first, last = done.rows[0], done.rows[-1]
    assert (flaky.attempts, flaky.items) == (3, 1) and first.started_at is not None
    end = ended_at(last)
    assert end is not None
    assert flaky.duration_ms(times.now()) == times.to_ms(end) - times.to_ms(first.started_at)
    assert last.started_at is not None and last.duration_ms is not None
    assert times.to_ms(end) - times.to_ms(last.started_at) == last.duration_ms


def test_items_that_go_on_are_counted_with_those_that_stay(run: Run) -> None:
    execution = run(ITEMS).execution
    again = run_on(control.rerun_failed(execution.id)).execution
    each = by_task(again)["each"]
    assert (each.ok, each.items, each.round, each.since) == (4, 4, 2, 1)
    assert by_task(again)["before"].is_kept and not each.is_kept
    assert "handlers.failure" not in by_task(again), "it did not run this time"
    assert by_task(again, 1)["each"].ok == 3


def test_what_a_rerun_decides_anew_has_nothing_before_it_begins(run: Run) -> None:
    execution = run(ITEMS).execution
    waiting = control.rerun_from(execution.id, "each")
    found = by_task(waiting)
    assert found["before"].is_kept and found["before"].status == "completed"
    assert found["each"].status is None and found["after"].status is None


def test_what_a_rerun_from_a_task_would_do_is_what_it_does(run: Run) -> None:
    execution = run(ITEMS).execution
    scope = rerun_scope.rerun_scope(execution.id, "each")
    assert (scope.anew, [each.task for each in scope.kept], scope.handlers) == (
        ("each", "after"), ["before"], ("failure",)
    )  # fmt: skip
    again = run_on(control.rerun_from(execution.id, "each"))
    assert {row.task for row in again.rows if row.round == 2} == {"each", "after"}
    with pytest.raises(TaskNotFound, match="“each”"):
        rerun_scope.rerun_scope(execution.id, "eahc")


def test_of_many_attempts_what_went_wrong_is_read_and_the_rest_by_the_page(db: Path, tmp_path: Path) -> None:
    file, bad = tmp_path / "items.jsonl", 700
    file.write_text(many_items(1_050, lambda item: item == bad))
    importing.import_executions(file)
    execution = executions.get_execution("many#1")
    [each] = task_runs.list_task_runs(execution, None, 1)
    assert (each.items, each.ok, each.status) == (1_050, 1_049, "failed")
    some = task_runs.some_attempts(execution, [each], 1)
    assert {row.item_index for row in some} == {bad, 1_049}
    first = task_runs.attempts_of(execution, each, 1)
    assert [row.item_index for row in first] == [bad, *range(task_runs.PAGE - 1)]
    rest = task_runs.attempts_of(execution, each, 1, offset=1_000)
    assert [row.item_index for row in rest] == [*range(1_000, 1_050)]


def many_items(count: int, is_bad: Callable[[int], bool]) -> str:
    """A line to import: an execution with one task of so many items."""
    now = times.now().isoformat()
    items = [
        {"name": "each", "status": "failed" if is_bad(item) else "completed", "item": item, "item_index": item,
         "started_at": now, "completed_at": now, "duration_ms": 0}
        for item in range(count)
    ]  # fmt: skip
    whole = {"workflow": "many", "status": "failed", "started_at": now, "completed_at": now, "tasks": items}
    return json.dumps(whole) + "\n"
