"""What is said of a task in a line: its kind, what it needs; and the waits between its attempts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from smartspec.domain import times
from smartspec.domain.definition.task import Task
from smartspec.domain.execution import TaskExecution
from smartspec.domain.task_duration import ended_at
from smartspec.domain.task_run import TaskRun
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.task_kind import STYLES
from smartspec.messages import tr, translate


def facts_of(detail: Detail, run: TaskRun, status: str) -> str:
    """Failed · shell · needs hash_files."""
    task = task_of(detail, run.task)
    parts = [status]
    if task is not None:
        parts.append(translate(STYLES[task.kind].word))
        if task.needs:
            parts.append(tr("needs {tasks}", tasks=", ".join(task.needs)))
    if run.is_kept:
        parts.append(tr("kept from attempt {number}", number=run.round))
    return " · ".join(parts)


def task_of(detail: Detail, name: str) -> Task | None:
    """As the version of the execution has it."""
    definition = detail.definition
    if definition is None:
        return None
    if name.startswith("handlers."):
        return definition.handlers.get(name.partition(".")[2])
    return definition.tasks.get(name)


def waits_of(attempts: Sequence[TaskExecution]) -> str:
    """How long it waited from one attempt to the next."""
    ordered = sorted(attempts, key=lambda row: row.pk)
    waits = [
        times.elapsed_ms(end, later.started_at)
        for earlier, later in pairwise(ordered)
        if (end := ended_at(earlier)) is not None and later.started_at is not None
    ]
    if not waits:
        return ""
    return tr("waits {durations}", durations=", ".join(duration(ms) for ms in waits[:4]) + ("…" if waits[4:] else ""))
