"""What the tests of executions that a background runner runs share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smartspec.commands import executions
from smartspec.domain.execution import Execution
from smartspec.runner.worker import Worker
from tests.serving import serving


@pytest.fixture
def served(db: Path) -> Iterator[Worker]:
    with serving() as runner:
        yield runner


def status_of(execution: Execution) -> str:
    return executions.get_execution(execution.id).status.value


def task_status(execution: Execution, task: str) -> str | None:
    rows = [row for row in executions.list_task_executions(execution.id) if row.task == task]
    return rows[-1].status.value if rows else None
