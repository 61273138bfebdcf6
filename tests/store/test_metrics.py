"""Metrics are kept up with every change, and equal what the rows say."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import control, execution_trash, metrics
from smartspec.store import database
from tests.conftest import Ran, run_on

BY_INPUT = {
    "params": {"type": "object", "properties": {"code": {"type": "integer", "default": 0}}},
    "tasks": {
        "a": {"run": 'test "$SMARTSPEC_ATTEMPT" -ge 2 || exit $CODE', "env": {"CODE": "{{ params.code }}"}},
        "b": {"needs": ["a"], "run": "true"},
        "c": {"with_items": [1, 2, 3], "run": "true"},
    },
}  # fmt: skip


def kept() -> list[tuple[object, ...]]:
    return database.rows("SELECT * FROM metrics ORDER BY entity_type, entity, task, granularity, bucket")


def test_kept_and_rebuilt_numbers_are_the_same(run: Callable[..., Ran]) -> None:
    run(BY_INPUT)
    failed = run(BY_INPUT, {"code": 3})
    before = kept()
    metrics.rebuild_metrics()
    assert kept() == before
    total = metrics.workflow_metrics("test", "total").total
    assert total is not None and (total.completed, total.failed) == (1, 1)

    assert run_on(control.rerun_failed(failed.execution.id)).status == "completed"
    moved = metrics.workflow_metrics("test", "hour")
    assert moved.total is not None and (moved.total.completed, moved.total.failed) == (2, 0)
    assert moved.typical_ms is not None
    before = kept()
    metrics.rebuild_metrics()
    assert kept() == before


def test_after_a_purge_what_was_counted_stays_counted(run: Callable[..., Ran]) -> None:
    first, second = run(BY_INPUT), run(BY_INPUT, {"code": 3})
    execution_trash.delete_execution(first.execution.id)
    execution_trash.purge_execution(first.execution.id)
    before = kept()
    metrics.rebuild_metrics()
    assert kept() == before
    run_on(control.rerun_failed(second.execution.id))
    total = metrics.workflow_metrics("test", "total").total
    assert total is not None and (total.completed, total.failed) == (2, 0)


def test_tasks_are_counted_by_attempt(run: Callable[..., Ran]) -> None:
    run(
        {
            "tasks": {
                "a": {"run": 'test "$SMARTSPEC_ATTEMPT" -ge 2', "retry": {"max": 1, "delay": 0}},
                "b": {"if": False, "run": "x"},
            }
        }
    )
    counted = {each.task: (each.completed, each.failed, each.skipped) for each in metrics.task_metrics("test")}
    assert counted == {"a": (1, 1, 0), "b": (0, 0, 1)}


def test_a_workspace_is_the_sum_of_its_workflows(run: Callable[..., Ran]) -> None:
    run({"name": "one", "tasks": {"a": {"run": "true"}}})
    run({"name": "two", "tasks": {"a": {"run": "false"}}})
    (total,) = metrics.workspace_metrics("total")
    assert (total["completed"], total["failed"]) == (1, 1)
