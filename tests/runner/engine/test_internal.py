"""Errors of our own: they fail what they are in, with a sentence and the reason `internal`, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smartspec.commands import process_identity, runners, runs, starting, workflows
from smartspec.domain.engine import execution_progress
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import (
    AttemptResult,
    EndAttempt,
    FinishExecution,
    Outcome,
    StartAttempt,
    TaskRow,
    TransitionBatch,
)
from smartspec.runner.engine import active_tasks, outcome, preparer, results, task_decider
from tests.conftest import Ran, run_on

Store = Callable[..., Any]


def run_broken(store: Store, tasks: dict[str, Any], **more: Any) -> Ran:
    return run_on(starting.start_execution(store({"tasks": tasks, **more}).workflow.id))


def test_an_execution_that_cannot_go_on_ends_with_all_its_rows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real = execution_progress.ExecutionProgress.end

    def end(self: execution_progress.ExecutionProgress, name: str, ended: Any) -> list[str]:
        if name == "bad":
            raise ZeroDivisionError("of the test")
        return real(self, name, ended)

    monkeypatch.setattr(execution_progress.ExecutionProgress, "end", end)
    tasks = {"long": {"run": "sleep 600"}, "ask": {"manual": "Well?"}, "bad": {"run": "sleep 0.5"}}
    done = run_broken(store, tasks)
    assert (done.status, done.execution.status_reason) == ("failed", "internal")
    assert "ZeroDivisionError('of the test')" in (done.execution.error or "")
    assert done.words() == dict.fromkeys(tasks, "cancelled internal")


def test_an_execution_does_not_end_over_a_row_that_has_not(store: Store) -> None:
    """The transaction that ends it asks: a runner that forgets a row is found out, and nothing of it is kept."""
    execution = starting.start_execution(store({"tasks": {"a": {"run": "true"}}}).workflow.id)
    runner = runners.register_runner(process_identity.this_process("foreground"))
    runners.claim_execution(runner, execution.pk)
    row = TaskRow(task="a", task_type="executor", position=0, round=1, attempt=1)
    counts = dict.fromkeys(("completed", "failed", "tolerated", "skipped", "cancelled"), 0)
    finish = FinishExecution(Outcome(ExecutionStatus.COMPLETED, None, None, None))
    (pk,), _ = runs.record_transitions(TransitionBatch(execution.pk, runner, 1, counts, [StartAttempt(row)]))
    with pytest.raises(AssertionError, match="these tasks have not: a"):
        runs.record_transitions(TransitionBatch(execution.pk, runner, 1, counts, [finish]))
    assert runs.get_execution(execution.pk).status == "running"
    ended = EndAttempt(pk, "a", AttemptResult(status=TaskStatus.COMPLETED))
    runs.record_transitions(TransitionBatch(execution.pk, runner, 1, counts, [ended, finish]))
    assert runs.get_execution(execution.pk).status == "completed"


# One task


def raising(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, is_meant: Callable[..., bool]) -> None:
    """An error that nobody thought of, at one place, for the task `bad`."""
    real = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if is_meant(*arguments):
            raise ZeroDivisionError("of the test")
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, wrapped)


PLACES: list[tuple[Any, str, Callable[..., bool]]] = [
    (execution_progress.ExecutionProgress, "decide", lambda self, name, ask: name == "bad"),
    (active_tasks.ActiveTasks, "begin", lambda self, task: task.name == "bad"),
    (preparer.Preparer, "attempt", lambda self, unit, limit: unit.task.name == "bad"),
    (results, "complete", lambda task, *more: task.name == "bad"),
]


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(("owner", "name", "is_meant"), PLACES, ids=[name for _, name, _ in PLACES])
def test_an_error_in_one_task_is_that_tasks(
    owner: Any, name: str, is_meant: Callable[..., bool], tolerant: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, owner, name, is_meant)
    tasks = {
        "long": {"run": "sleep 0.3"},
        "bad": {"run": "true", "continue_on_error": tolerant},
        "after": {"needs": ["bad"], "run": "true"},
        "alarm": {"needs": ["bad"], "if": "always()", "run": "true"},
        "end": {"needs": ["long"], "run": "true"},
    }
    done = run_broken(store, tasks, handlers={"exit": {"run": "true"}})
    assert done.row("bad").status_reason == "internal"
    assert "ZeroDivisionError('of the test')" in (done.row("bad").error or "")
    words = done.words()
    assert {name: words[name] for name in ("long", "alarm", "end", "handlers.exit")} == dict.fromkeys(
        ("long", "alarm", "end", "handlers.exit"), "completed"
    )
    assert words["after"] == ("completed" if tolerant else "skipped needs_failed")
    expected = ("completed", None) if tolerant else ("failed", "task: bad")
    assert (done.status, done.execution.status_reason) == expected


def test_an_error_while_a_condition_is_asked_opens_neither_side(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, task_decider, "truth", lambda condition, names: condition == "1 == 1")
    tasks = {"gate": {"condition": "1 == 1", "then": ["x"]}, "x": {"run": "true"}, "free": {"run": "true"}}
    words = run_broken(store, tasks).words()
    assert words == {"gate": "failed internal", "x": "skipped needs_failed", "free": "completed"}


def test_an_error_in_judging_is_retried_like_any_failure(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, results, "complete", lambda task, *more: True)
    done = run_broken(store, {"a": {"run": "true", "retry": {"max": 2, "delay": "10ms"}}})
    assert done.attempts("a") == ["failed"] * 3


def test_an_error_in_working_out_the_output_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, outcome, "render", lambda value, names: True)
    done = run_broken(store, {"a": {"run": "true"}}, output={"x": 1}, handlers={"failure": {"run": "true"}})
    assert (done.status, done.execution.status_reason) == ("failed", "output")
    assert done.words() == {"a": "completed", "handlers.failure": "completed"}


def test_a_sub_workflow_that_is_gone_fails_the_task_that_wants_it(store: Store) -> None:
    child = store({"name": "child", "tasks": {"x": {"run": "true"}}}).workflow
    tasks = {"bad": {"workflow": "child"}, "b": {"run": "true"}}
    execution = starting.start_execution(store({"tasks": tasks}).workflow.id)
    workflows.delete_workflow(child.id)
    workflows.purge_workflow(child.id)
    done = run_on(execution)
    assert done.words() == {"bad": "failed start", "b": "completed"}
    assert done.row("bad").error == "The workflow “child” was removed meanwhile."


def test_what_cannot_be_kept_of_an_output_is_replaced(store: Store) -> None:
    tasks = {"a": {"run": "printf 'a\\000b'"}, "b": {"needs": ["a"], "run": 'echo "{{ tasks.a.result.stdout | q }}"'}}
    done = run_broken(store, tasks)
    assert done.words() == {"a": "completed", "b": "completed"}
    assert (done.row("a").result or {})["stdout"] == "a\N{REPLACEMENT CHARACTER}b"
