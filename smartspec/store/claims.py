"""Who runs what: the runners there are, the claim of an execution, and what a gone runner left behind."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.runner import Runner
from smartspec.domain.states import ExecutionStatus, TaskStatus
from smartspec.store import database, events, tasks
from smartspec.store.fields import read
from smartspec.store.models import ExecutionRow, RunnerRow, TaskExecutionRow

_CLAIM = (
    "UPDATE executions SET status = 'running', runner = ?, started_at = coalesce(started_at, ?), paused_at = NULL,"
    " pause_reason = NULL WHERE pk = ? AND status = 'pending' RETURNING pk, workflow"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What came of trying to claim: the execution's key, or why none could be had."""

    execution: int | None
    waiting_for: str | None = None


def add_runner(runner: Runner) -> int:
    with database.transaction():
        return int(
            RunnerRow.insert(
                host=runner.host, pid=runner.pid, start_ticks=runner.start_ticks, boot_id=runner.boot_id,
                kind=runner.kind, started_at=runner.started_at,
            ).execute()
        )  # fmt: skip


def remove_runner(pk: int) -> None:
    with database.transaction():
        database.execute("UPDATE executions SET runner = NULL WHERE runner = ? AND status = 'pending'", (pk,))
        RunnerRow.delete().where(RunnerRow.pk == pk).execute()


def runners() -> tuple[Runner, ...]:
    return tuple(read(Runner, RunnerRow.select().order_by(RunnerRow.pk)))


def claim(runner: int, *, only: int | None = None, at_once: int) -> Claim:
    """Make one pending execution running and this runner's, if the limits allow: the most urgent, or `only` that.

    `at_once` is how many executions may run in all. A child is claimed by its key alone and counts in no such limit.
    """
    with database.transaction():
        waiting_for = None
        running = _running()
        for candidate in _candidates(runner, only):
            waiting_for = _blocked_by(candidate, running, at_once)
            if waiting_for is None:
                now = times.to_ms(times.now())
                pk, workflow = database.rows(_CLAIM, (runner, now, candidate.pk))[0]
                events.add(EventType.EXECUTION_STARTED, workflow=workflow, execution=pk, at_ms=now)
                database.wrote(Topic.EXECUTIONS, pk)
                return Claim(pk)
    return Claim(None, waiting_for)


def describe(execution: int, digest: str, body: str, free_disk: int) -> None:
    """Note what surrounds an execution that begins; a description that is there already is not stored again."""
    with database.transaction():
        database.execute("INSERT INTO environments (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, body))
        database.execute(
            "UPDATE executions SET environment = (SELECT pk FROM environments WHERE hash = ?), free_disk_bytes = ?"
            " WHERE pk = ? AND environment IS NULL",
            (digest, free_disk, execution),
        )


@dataclass(frozen=True, slots=True)
class _Holder:
    """An execution and the limits that it is under."""

    pk: int
    workflow: int | None
    workflow_name: str
    parent: int | None
    uses: frozenset[str]
    max_running: int | None


def _holder(row: tuple[Any, ...]) -> _Holder:
    pk, workflow, name, parent, resolved = row
    limits = json.loads(resolved) if resolved else {}
    return _Holder(pk, workflow, name, parent, frozenset(limits.get("uses", ())), limits.get("max_running"))


_HOLDER = "SELECT pk, workflow, workflow_name, parent, resolved FROM executions WHERE"


def _candidates(runner: int, only: int | None) -> list[_Holder]:
    if only is not None:
        found = database.rows(f"{_HOLDER} pk = ? AND status = 'pending'", (only,))
    else:
        found = database.rows(
            f"{_HOLDER} status = 'pending' AND deleted_at IS NULL AND parent IS NULL"
            " AND (runner IS NULL OR runner = ?) ORDER BY priority DESC, created_at, pk LIMIT 1000",
            (runner,),
        )
    return [_holder(row) for row in found]


def _running() -> list[_Holder]:
    """What runners have in hand; what was recorded holds nothing up."""
    wanted = "status = 'running' AND runner IS NOT NULL AND kind <> 'command'"
    return [_holder(row) for row in database.rows(f"{_HOLDER} {wanted}")]


def _blocked_by(candidate: _Holder, running: list[_Holder], at_once: int) -> str | None:
    """Why it may not start now, in words."""
    family = _ancestors(candidate, running)
    others = [each for each in running if each.pk not in family]
    if candidate.parent is None and sum(each.parent is None for each in running) >= at_once:
        return f"{at_once} executions run already, the most at once (setting runner.at_once)"
    same = sum(each.workflow == candidate.workflow for each in others)
    inside_own = any(each.workflow == candidate.workflow for each in running if each.pk in family)
    if candidate.max_running is not None and same >= candidate.max_running and not inside_own:
        return f"{candidate.workflow_name} runs already (max_running {candidate.max_running})"
    held = frozenset[str]().union(*(each.uses for each in running if each.pk in family))
    for each in others:
        if wanted := sorted((candidate.uses - held) & each.uses):
            return f"{each.workflow_name} uses {wanted[0]}"
    return None


def _ancestors(candidate: _Holder, running: list[_Holder]) -> set[int]:
    by_pk = {each.pk: each for each in running}
    family: set[int] = set()
    parent = candidate.parent
    while parent is not None and parent in by_pk:
        family.add(parent)
        parent = by_pk[parent].parent
    return family


def waiting() -> bool:
    """Whether anything that is not reserved for a runner waits to be run."""
    sql = "SELECT 1 FROM executions WHERE status = 'pending' AND parent IS NULL AND deleted_at IS NULL LIMIT 1"
    return database.scalar(sql) is not None


def abandoned(runner: int) -> tuple[tuple[Execution, ...], tuple[TaskExecution, ...]]:
    """What a runner had in hand: its running executions, and their attempts that were under way."""
    own = ExecutionRow.select().where(ExecutionRow.runner == runner, ExecutionRow.status == ExecutionStatus.RUNNING)
    executions = tuple(read(Execution, own))
    under_way = TaskExecutionRow.select().where(
        TaskExecutionRow.execution.in_([each.pk for each in executions]),
        TaskExecutionRow.status == TaskStatus.RUNNING,
        TaskExecutionRow.task_type == "executor",
    )
    return executions, tuple(read(TaskExecution, under_way))


def interrupt(runner: int, is_gone: Callable[[], bool]) -> tuple[Execution, ...]:
    """Write down that a gone runner's work was interrupted, once, whoever looks: the executions concerned."""
    with database.transaction():
        if not RunnerRow.select().where(RunnerRow.pk == runner).exists() or not is_gone():
            return ()
        executions, under_way = abandoned(runner)
        workflows = {each.pk: each.workflow for each in executions}
        for task in under_way:
            tasks.end(task, workflows[task.execution], TaskStatus.INTERRUPTED, None)
        for execution in executions:
            ExecutionRow.update(status=ExecutionStatus.INTERRUPTED, runner=None).where(
                ExecutionRow.pk == execution.pk
            ).execute()
            events.add(
                EventType.EXECUTION_INTERRUPTED, workflow=execution.workflow, execution=execution.pk, level=Level.WARN
            )
            database.wrote(Topic.EXECUTIONS, execution.pk)
        remove_runner(runner)
    return executions


def interrupted_in_a_row(execution: int) -> int:
    """The most times that one task of it was interrupted without anything else in between."""
    worst = 0
    counts: dict[tuple[str, int], int] = {}
    for row in tasks.of_execution(execution):
        key = (row.task, row.item_index)
        counts[key] = counts.get(key, 0) + 1 if row.status is TaskStatus.INTERRUPTED else 0
        worst = max(worst, counts[key])
    return worst
