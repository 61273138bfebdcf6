"""The tasks of an execution as they are shown: one value a task, and its attempts a page at a time."""

from __future__ import annotations

from collections.abc import Iterable

from smartspec.domain.definition.model import Definition
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import TaskExecutionPk
from smartspec.domain.task_run import TaskRun, task_runs
from smartspec.store import task_tallies

PAGE = 200
_MOST = 1_000  # attempts that are read at once
_MOST_TASKS = 20  # of which what runs or went wrong is read, where there are more
_QUIET = frozenset({"completed", "skipped", "pending"})


def list_task_runs(execution: Execution, definition: Definition | None, round_: int) -> tuple[TaskRun, ...]:
    """What became of each task by the end of a round, or by now."""
    tallies = task_tallies.of_execution(execution.pk, round_)
    return task_runs(definition, tallies, round_, execution.begun_from)


def some_attempts(execution: Execution, runs: Iterable[TaskRun], round_: int) -> tuple[TaskExecution, ...]:
    """The attempts that count, in the order they were written; of very many, the most telling of each task."""
    found = [run for run in runs if run.latest is not None]
    if sum(run.attempts for run in found) <= _MOST:
        since = min((run.since for run in found), default=1)
        rounds = {run.task: run.since for run in found}
        rows = task_tallies.attempts_between(execution.pk, since, round_)
        return tuple(row for row in rows if row.task in rounds and row.round >= rounds[row.task])
    rows_by_key = {run.latest.pk: run.latest for run in found if run.latest is not None}
    wrong = [run for run in found if not _QUIET.issuperset(run.counts)]
    for run in sorted(wrong, key=lambda each: -each.attempts)[:_MOST_TASKS]:
        rows = task_tallies.not_ok(execution.pk, run.task, run.since, round_, PAGE)
        rows_by_key |= {row.pk: row for row in rows}
    return tuple(rows_by_key[pk] for pk in sorted(rows_by_key))


def attempts_of(
    execution: Execution, run: TaskRun, round_: int, offset: int = 0, limit: int = PAGE
) -> tuple[TaskExecution, ...]:
    """A page of a task's attempts that count: what runs or went wrong first, then by item."""
    return task_tallies.page(execution.pk, run.task, run.since, round_, offset, limit)


def outputs_of(
    execution: Execution, runs: Iterable[TaskRun], round_: int, limit: int = 1_000
) -> tuple[tuple[TaskExecution, ...], bool]:
    """The last attempts that count and gave something, and whether there are more than were read."""
    since = {run.task: run.since for run in runs if run.latest is not None}
    rows = task_tallies.with_output(execution.pk, round_, limit + 1)
    latest = {
        (row.task, row.item_index): row for row in rows[:limit] if row.round >= since.get(row.task, row.round + 1)
    }
    return tuple(latest.values()), len(rows) > limit


def task_ends(pks: Iterable[TaskExecutionPk]) -> dict[TaskExecutionPk, tuple[str, str | None, str | None]]:
    """Of these attempts the task, with the item where it has one, the error and the reason of how it ended."""
    return task_tallies.ends(pks)
