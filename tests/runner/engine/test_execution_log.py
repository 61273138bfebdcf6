"""The log of a runner tells the story of an execution: facts with ids."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from smartspec.commands import starting
from tests.conftest import run_on

Store = Callable[..., Any]


def test_the_log_tells_the_story_of_an_execution(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    tasks = {
        "a": {"run": "true"},
        "b": {"run": "exit 3", "needs": ["a"], "retry": {"max": 1, "delay": "1ms"}},
        "c": {"run": "true", "needs": ["b"]},
    }
    with caplog.at_level(logging.INFO, "smartspec.runner"):
        done = run_on(starting.start_execution(store({"tasks": tasks}).workflow.id))
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]
    id_ = f"execution {done.execution.id}: "
    assert told[0].startswith(f"{id_}claimed by runner ") and done.execution.label in told[0]
    assert [line.removeprefix(id_) for line in told[1:]] == [
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
