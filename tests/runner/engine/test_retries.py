"""Retries that somebody does not want to wait for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec.commands import control, executions, retries, starting
from smartspec.commands.actor import user
from smartspec.errors import Conflict, InvalidTransition
from smartspec.runner.worker import Worker
from tests.clock import until
from tests.runner.engine.conftest import status_of, task_status

Store = Callable[..., object]
RETRIED = {"run": 'test "$SMARTSPEC_ATTEMPT" = 2', "retry": {"max": 1, "delay": "1h"}}


def test_what_waits_for_a_retry_is_tried_at_once_when_a_person_says_so(store: Store, served: Worker) -> None:
    store({"tasks": {"a": RETRIED, "b": {**RETRIED, "with_items": [1, 2]}, "w": {"wait": "1h"}}})
    execution = starting.start_execution("test")
    until(lambda: len(executions.pending_retries()) == 3 and task_status(execution, "w") == "running")
    with pytest.raises(Conflict, match="“w” of test #1 does not wait for a retry"):
        retries.retry_now("test#1", "w")
    assert [each.task for each in retries.retry_now("test#1", "a")] == ["a"]
    until(lambda: task_status(execution, "a") == "completed")
    assert len(retries.retry_now("test#1")) == 2
    until(lambda: sum(each.status == "completed" for each in executions.list_task_executions("test#1", "b")) == 2)
    assert task_status(execution, "w") == "running"
    assert [each.actor for each in executions.list_events("test#1").rows if each.message == "now"] == [user()] * 3
    with pytest.raises(Conflict, match="Nothing of test #1 waits for a retry"):
        retries.retry_now("test#1")
    control.cancel_execution("test#1")
    until(lambda: status_of(execution) == "cancelled")
    with pytest.raises(InvalidTransition, match="nothing of it is tried now"):
        retries.retry_now("test#1")
