"""How workflows went lately: status and duration of their newest executions."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import ExecutionPk, WorkflowPk, WorkspacePk
from smartspec.domain.jsontext import dump
from smartspec.store import database
from smartspec.store.conditions import ENDED

Outcomes = tuple[tuple[str, int | None], ...]  # (status, duration in ms), newest first
_NEWEST = (
    "SELECT status, duration_ms FROM executions WHERE deleted_at IS NULL AND workflow = {workflow}"
    " ORDER BY created_at DESC, pk DESC LIMIT ?"
)
_BEFORE = (
    "SELECT status FROM executions WHERE workflow = ? AND deleted_at IS NULL AND pk < ?"  # noqa: S608 - our own words
    f" AND status IN {ENDED} ORDER BY created_at DESC, pk DESC LIMIT 1"
)
_OF_EACH = (
    "SELECT asked.value, (SELECT json_group_array(json_array(status, duration_ms))"  # noqa: S608 - our own words
    f" FROM ({_NEWEST.format(workflow='asked.value')})) FROM json_each(?) AS asked"
)


def of_workflow(workflow: WorkflowPk, limit: int) -> Outcomes:
    rows = database.rows(_NEWEST.format(workflow="?"), (workflow, limit))
    return tuple((str(status), ms) for status, ms in rows)


def before(workflow: WorkflowPk, execution: ExecutionPk) -> ExecutionStatus | None:
    """How the one before this ended; None where it is the first."""
    found = database.scalar(_BEFORE, (workflow, execution))
    return None if found is None else ExecutionStatus(found)


def of_each(workflows: Sequence[WorkflowPk], limit: int) -> dict[WorkflowPk, Outcomes]:
    """Of each of them, in one statement."""
    found = database.rows(_OF_EACH, (limit, dump([*workflows])))
    return {pk: tuple((str(status), ms) for status, ms in json.loads(told)) for pk, told in found}


def workflows_of(executions: Collection[ExecutionPk]) -> frozenset[WorkflowPk]:
    """The workflows that these executions are of."""
    given = "pk IN (SELECT value FROM json_each(?))"
    sql = f"SELECT DISTINCT workflow FROM executions WHERE {given} AND workflow IS NOT NULL"  # noqa: S608
    return frozenset(pk for (pk,) in database.rows(sql, (dump([*executions]),))) if executions else frozenset()


def any_newest_is(statuses: Collection[ExecutionStatus], workspace: WorkspacePk) -> bool:
    """Whether the newest execution of a workflow, neither archived nor in the trash, has such a status."""
    marks = ", ".join("?" * len(statuses))
    newest = (
        "SELECT status FROM executions WHERE deleted_at IS NULL AND workflow = w.pk"
        " ORDER BY created_at DESC, pk DESC LIMIT 1"
    )
    sql = (
        "SELECT EXISTS (SELECT 1 FROM workflows AS w WHERE workspace = ? AND deleted_at IS NULL"  # noqa: S608
        f" AND status <> 'archived' AND ({newest}) IN ({marks}))"
    )
    return bool(database.scalar(sql, [workspace, *(each.value for each in sorted(statuses))]))
