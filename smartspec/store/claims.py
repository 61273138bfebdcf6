"""The claim of an execution: which of those that wait may run, decided in the transaction that makes it run."""

import json
from typing import Any

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine import limits
from smartspec.domain.engine.limits import Claimant
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.store import conditions, database, events, executions
from smartspec.value import frozen

_CLAIM = (
    "UPDATE executions SET status = 'running', runner = ?, started_at = coalesce(started_at, ?), paused_at = NULL,"
    " pause_reason = NULL WHERE pk = ? AND status = 'pending' RETURNING workflow"
)
_COLUMNS = "pk, number, workflow, workflow_name, parent, resolved"
# As the index has it. A child is claimed by its parent's runner, but one that only has handlers left to run
# may have a parent that has ended.
_QUEUE = "executions INDEXED BY executions_queue"  # the planner prefers one that sees each that waits
_QUEUED = "status = 'pending' AND deleted_at IS NULL AND (parent IS NULL OR outcome IS NOT NULL)"
# The limits stand in the version: what waits first of a version decides for all of it. Each version is found by one
# step in the index, however many executions of it wait; those without one (NULL) are the last. What is caught up lets
# what is due now have the next place.
_FIRST_OF_EACH_VERSION = f"""
WITH RECURSIVE queued (version) AS (
    SELECT (SELECT min(version) FROM {_QUEUE} WHERE {_QUEUED})
    UNION ALL
    SELECT (SELECT min(version) FROM {_QUEUE} WHERE {_QUEUED} AND version > queued.version)
    FROM queued WHERE queued.version IS NOT NULL
)
SELECT {_COLUMNS} FROM queued JOIN executions ON pk = (
    SELECT pk FROM {_QUEUE}
    WHERE {_QUEUED} AND version IS queued.version AND (runner IS NULL OR runner = ?)
    ORDER BY priority DESC, created_at, pk LIMIT 1
)
ORDER BY priority DESC, trigger = 'catchup', created_at, pk
"""  # noqa: S608 - our own words


@frozen
class Claim:
    """What came of trying to claim: the execution's key, or why none could be had."""

    execution: ExecutionPk | None
    waiting_for: str | None = None


def claim(runner: RunnerPk, *, only: ExecutionPk | None = None, at_once: int) -> Claim:
    """Make one pending execution running and this runner's, if the limits allow: the most urgent, or `only` that.

    `at_once` is how many executions may run in all. A child is claimed by its key alone and counts in no such limit;
    one that would wait for ever, because others wait for what its ancestors hold, has failed.
    """
    with database.transaction():
        candidates = _candidates(runner, only)
        running = begun() if candidates else []
        full = limits.all_at_once(running, at_once)
        waiting_for = None
        for candidate in candidates:
            waiting_for = (full if candidate.parent is None else None) or _waits_for(candidate, running)
            if waiting_for is None:
                return _claimed(candidate, runner)
    return Claim(None, waiting_for)


def _claimed(candidate: Claimant, runner: RunnerPk) -> Claim:
    now = times.to_ms(times.now())
    ((workflow,),) = database.rows(_CLAIM, (runner, now, candidate.pk))
    events.add(EventType.EXECUTION_STARTED, workflow=workflow, execution=candidate.pk, at_ms=now)
    database.record_change(Topic.EXECUTIONS, candidate.pk)
    return Claim(candidate.pk)


def _waits_for(candidate: Claimant, running: list[Claimant]) -> str | None:
    """Why it may not start now, in words."""
    found = limits.obstacles(candidate, running)
    is_child = candidate.parent is not None
    if found and is_child and (crossing := limits.deadlock(candidate, running, _waiting_children(candidate))):
        _fail(candidate, crossing)
    return found[0].words if found else None


def _fail(candidate: Claimant, crossing: str) -> None:
    sentence = f"These would wait for each other for ever: {crossing}. The youngest gives way."
    executions.finish(executions.get(candidate.pk), ExecutionStatus.FAILED, limits.DEADLOCK, error=sentence)


def _claimants(where: str, values: tuple[object, ...] = ()) -> list[Claimant]:
    sql = f"SELECT {_COLUMNS} FROM executions WHERE {where}"  # noqa: S608 - our own words
    return [_claimant(row) for row in database.rows(sql, values)]


def claimant_of(execution: Execution) -> Claimant:
    """The limits that an execution is under."""
    found = execution.resolved or {}
    return Claimant(
        execution.pk, execution.number, execution.workflow, execution.workflow_name, execution.parent,
        frozenset(found.get("uses", ())), found.get("max_running"),
    )  # fmt: skip


def _claimant(row: tuple[Any, ...]) -> Claimant:
    pk, number, workflow, name, parent, resolved = row
    found = json.loads(resolved) if resolved else {}
    return Claimant(pk, number, workflow, name, parent, frozenset(found.get("uses", ())), found.get("max_running"))


def _candidates(runner: RunnerPk, only: ExecutionPk | None) -> list[Claimant]:
    if only is not None:
        return _claimants("pk = ? AND status = 'pending'", (only,))
    return [_claimant(row) for row in database.rows(_FIRST_OF_EACH_VERSION, (runner,))]


def begun() -> list[Claimant]:
    """What runners have in hand; what was recorded holds nothing up."""
    return _claimants(f"{conditions.RUNNING} AND runner IS NOT NULL AND kind <> 'command'")


def _waiting_children(candidate: Claimant) -> list[Claimant]:
    """The children that wait while their parent runs, `candidate` among them."""
    wanted = f"status = 'pending' AND parent IN (SELECT pk FROM executions WHERE {conditions.RUNNING})"  # noqa: S608
    return [*{each.pk: each for each in (*_claimants(wanted), candidate)}.values()]


def waiting() -> bool:
    """Whether anything that is not reserved for a runner waits to be run."""
    return database.scalar(f"SELECT 1 FROM {_QUEUE} WHERE {_QUEUED} AND runner IS NULL LIMIT 1") is not None  # noqa: S608
