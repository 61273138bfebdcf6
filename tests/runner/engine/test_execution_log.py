"""The log of a runner tells the story of an execution: facts with ids."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import control, executions, starting
from smartspec.domain.execution import Execution
from smartspec.runner.worker import Worker
from tests.clock import until
from tests.conftest import Said, run_on

Store = Callable[..., Any]


def facts_of(execution: Execution, records: Iterable[logging.LogRecord]) -> list[str]:
    """What was logged of one execution."""
    start = f"execution {execution.id}: "
    lines = [record.getMessage() for record in records if record.levelno == logging.INFO]
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_the_log_tells_the_story_of_an_execution(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    tasks = {
        "a": {"run": "true"},
        "b": {"run": "exit 3", "needs": ["a"], "retry": {"max": 1, "delay": "1ms"}},
        "c": {"run": "true", "needs": ["b"]},
    }
    with caplog.at_level(logging.INFO, "smartspec.runner"):
        done = run_on(starting.start_execution(store({"tasks": tasks}).workflow.id))
    first, *facts = facts_of(done.execution, caplog.records)
    assert first.startswith("claimed by runner ") and done.execution.label in first
    assert facts == [
        "task a.0.1 started",
        "task a.0.1 ended: completed",
        "task b.0.1 started",
        "task b.0.1 ended: failed (exit 3)",
        "task b.0.2 is the next attempt; it waits for its delay",
        "task b.0.2 started",
        "task b.0.2 ended: failed (exit 3)",
        "task c.0.1 ended: skipped (needs_failed)",
        "ended: failed (task: b)",
    ]


def test_groups_and_items_are_told_by_their_rows(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    tasks = {
        "both": {"parallel": {"one": {"run": "true"}}},
        "each": {"run": "true", "with_items": ["x", "y"], "concurrency": 1, "needs": ["both"]},
    }
    with caplog.at_level(logging.INFO, "smartspec.runner"):
        done = run_on(starting.start_execution(store({"tasks": tasks}).workflow.id))
    assert facts_of(done.execution, caplog.records)[1:] == [
        "task both.0.1 started",
        "task one.0.1 started",
        "task one.0.1 ended: completed",
        "task both.0.1 ended: completed",
        "task each.0.1 started",
        "task each.0.1 ended: completed",
        "task each.1.1 started",
        "task each.1.1 ended: completed",
        "ended: completed",
    ]


def test_a_sub_workflow_is_told_as_a_task_and_by_its_own_id(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    store({"name": "child", "tasks": {"c": {"run": "true"}}})
    with caplog.at_level(logging.INFO, "smartspec.runner"):
        done = run_on(starting.start_execution(store({"tasks": {"sub": {"workflow": "child"}}}).workflow.id))
    child = executions.get_execution("child")
    assert facts_of(done.execution, caplog.records)[1:] == [
        "task sub.0.1 started", "task sub.0.1 ended: completed", "ended: completed",
    ]  # fmt: skip
    assert facts_of(child, caplog.records)[1:] == [
        "task c.0.1 started", "task c.0.1 ended: completed", "ended: completed",
    ]  # fmt: skip


def test_what_is_asked_of_an_execution_is_told(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    execution = starting.start_execution(store({"tasks": {"a": {"run": "sleep 300"}}}).workflow.id)
    runner = Worker("foreground")
    runner.submit(execution.pk)
    asked = False

    def is_over() -> bool:
        nonlocal asked
        if not asked and "task a.0.1 started" in facts_of(execution, caplog.records):
            asked = True
            control.cancel_execution(execution.id)
        return runner.is_idle

    with caplog.at_level(logging.INFO, "smartspec.runner"):
        runner.run_until(is_over)
    assert facts_of(execution, caplog.records)[1:] == [
        "task a.0.1 started", "asked to cancel", "task a.0.1 ended: cancelled (user)", "ended: cancelled (user)",
    ]  # fmt: skip


def test_db_log_shows_what_a_runner_wrote_down(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks:\n  a:\n    run: 'true'\n")
    assert smartspec("run", "w.yaml", "--detach").code == 0
    until(lambda: smartspec("execution", "w", "--json").json()["status"] == "completed")
    id_ = smartspec("execution", "w", "--json").json()["id"]
    shown = smartspec("db", "log").out
    for fact in ("claimed by runner", "task a.0.1 started", "task a.0.1 ended: completed", "ended: completed"):
        assert f"execution {id_}: {fact}" in shown
