"""Errors of our own: they fail what they are in, with a sentence and the reason `internal`, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smartspec.commands import identity, runs, starting
from smartspec.domain import progress
from smartspec.domain.states import ExecutionStatus, TaskStatus
from smartspec.domain.step import End, Finish, Outcome, Start, Step, TaskResult, TaskRow
from tests.conftest import Ran, run_on

Store = Callable[..., Any]


def run_broken(store: Store, tasks: dict[str, Any], **more: Any) -> Ran:
    return run_on(starting.start_execution(store({"tasks": tasks, **more}).workflow.id))


def test_an_execution_that_cannot_go_on_ends_with_all_its_rows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real = progress.Progress.end

    def end(self: progress.Progress, name: str, ended: Any) -> list[str]:
        if name == "bad":
            raise ZeroDivisionError("of the test")
        return real(self, name, ended)

    monkeypatch.setattr(progress.Progress, "end", end)
    tasks = {"long": {"run": "sleep 600"}, "ask": {"manual": "Well?"}, "bad": {"run": "sleep 0.5"}}
    done = run_broken(store, tasks)
    assert (done.status, done.execution.status_reason) == ("failed", "internal")
    assert "ZeroDivisionError('of the test')" in (done.execution.error or "")
    assert done.words() == dict.fromkeys(tasks, "cancelled internal")


def test_an_execution_does_not_end_over_a_row_that_has_not(store: Store) -> None:
    """The transaction that ends it asks: a runner that forgets a row is found out, and nothing of it is kept."""
    execution = starting.start_execution(store({"tasks": {"a": {"run": "true"}}}).workflow.id)
    runner = runs.register_runner(identity.this_process("foreground"))
    runs.claim_execution(runner, execution.pk)
    row = TaskRow(task="a", task_type="executor", position=0, round=1, attempt=1)
    counts = dict.fromkeys(("completed", "failed", "tolerated", "skipped", "cancelled"), 0)
    finish = Finish(Outcome(ExecutionStatus.COMPLETED, None, None, None))
    (pk,), _ = runs.record_step(Step(execution.pk, runner, 1, counts, [Start(row)]))
    with pytest.raises(AssertionError, match="these tasks have not: a"):
        runs.record_step(Step(execution.pk, runner, 1, counts, [finish]))
    assert runs.get_execution(execution.pk).status == "running"
    ended = End(pk, "a", TaskResult(status=TaskStatus.COMPLETED))
    runs.record_step(Step(execution.pk, runner, 1, counts, [ended, finish]))
    assert runs.get_execution(execution.pk).status == "completed"
