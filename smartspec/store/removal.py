"""Executions into the trash, out of it, and out of the database: many at once, each call one transaction.

Whoever has more than some thousands calls several times: a transaction holds up everybody else who writes.
"""

from collections.abc import Sequence
from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.ids import ExecutionPk, WorkflowPk, WorkspacePk
from smartspec.domain.jsontext import Json, dump
from smartspec.store import database, executions, metrics, search
from smartspec.store.conditions import CAN_GO

IN_TRASH = "deleted_at IS NOT NULL"
_GIVEN = "pk IN (SELECT value FROM json_each(?))"
_EVENT = (
    "INSERT INTO events (at, level, type, workflow, execution, message, data, actor, process)"
    " VALUES (?, 'info', ?, ?, ?, ?, ?, ?, ?)"
)


def keys_of(ids: Sequence[str]) -> list[ExecutionPk]:
    """The row keys of some ids, those left out that there are not."""
    sql = "SELECT pk FROM executions WHERE id IN (SELECT value FROM json_each(?))"
    return [pk for (pk,) in database.rows(sql, (dump([*ids]),))]


def ids_of(keys: Sequence[ExecutionPk]) -> list[str]:
    sql = "SELECT id FROM executions WHERE pk IN (SELECT value FROM json_each(?)) ORDER BY pk"
    return [id_ for (id_,) in database.rows(sql, (dump([*keys]),))]


def ended_before(moment: datetime, workspace: WorkspacePk) -> list[ExecutionPk]:
    """The keys of those that ended before a moment, are not pinned, and can go."""
    sql = f"SELECT pk FROM executions WHERE {CAN_GO} AND completed_at < ? AND NOT pinned AND workspace = ?"  # noqa: S608
    return [pk for (pk,) in database.rows(sql, (times.to_ms(moment), workspace))]


def in_trash(workspace: WorkspacePk) -> list[ExecutionPk]:
    sql = f"SELECT pk FROM executions WHERE {IN_TRASH} AND workspace = ? ORDER BY pk"  # noqa: S608
    return [pk for (pk,) in database.rows(sql, (workspace,))]


def of_workflow(workflow: WorkflowPk) -> list[ExecutionPk]:
    return [pk for (pk,) in database.rows("SELECT pk FROM executions WHERE workflow = ?", (workflow,))]


def logs_of(keys: Sequence[ExecutionPk]) -> list[list[Json]]:
    """What names the logs of some executions: the id, and when it was made (ms)."""
    sql = f"SELECT id, created_at FROM executions WHERE {_GIVEN} AND {IN_TRASH}"  # noqa: S608 - our own words
    return [[id_, created] for id_, created in database.rows(sql, (dump([*keys]),))]


def delete(keys: Sequence[ExecutionPk], by: str | None, message: str | None = None) -> list[ExecutionPk]:
    """Into the trash, those left out that have not ended or are there; the answer is which went."""
    return _move(keys, CAN_GO, times.to_ms(times.now()), EventType.EXECUTION_DELETED, by, message)


def restore(keys: Sequence[ExecutionPk], by: str | None) -> list[ExecutionPk]:
    """Out of the trash again; the answer is which came."""
    return _move(keys, IN_TRASH, None, EventType.EXECUTION_RESTORED, by, None)


def _move(
    keys: Sequence[ExecutionPk],
    which: str,
    deleted_at: int | None,
    type_: EventType,
    by: str | None,
    message: str | None,
) -> list[ExecutionPk]:
    sql = f"UPDATE executions SET deleted_at = ? WHERE {_GIVEN} AND {which} RETURNING pk, workflow"  # noqa: S608
    with database.transaction():
        moved = database.execute(sql, (deleted_at, dump([*keys]))).fetchall()
        _record_events([(pk, workflow, None) for pk, workflow in moved], type_, by, message)
    return [pk for pk, _ in moved]


def _record_events(
    moved: Sequence[tuple[ExecutionPk, WorkflowPk | None, str | None]],
    type_: EventType,
    by: str | None,
    message: str | None,
) -> None:
    """An event for each (key, workflow, data), and the changes, announced after the commit."""
    now, process = times.to_ms(times.now()), database.writer_id()
    rows = [(now, type_.value, workflow, pk, message, data, by, process) for pk, workflow, data in moved]
    database.database.connection().executemany(_EVENT, rows)
    database.record_changes(Topic.EXECUTIONS, (pk for pk, _, _ in moved))


def purge(keys: Sequence[ExecutionPk], by: str | None) -> list[ExecutionPk]:
    """Remove those that are in the trash, with their tasks, for good; the events stay. The answer is which went."""
    sql = f"SELECT pk FROM executions WHERE {_GIVEN} AND {IN_TRASH}"  # noqa: S608 - our own words
    with database.transaction():
        gone = [executions.get(pk) for (pk,) in database.rows(sql, (dump([*keys]),))]
        for execution in gone:
            search.forget(execution)
        connection = database.database.connection()
        connection.executemany("DELETE FROM executions WHERE pk = ?", [(each.pk,) for each in gone])
        told = [(each.pk, each.workflow, dump({"id": each.id, "number": each.number})) for each in gone]
        _record_events(told, EventType.EXECUTION_PURGED, by, None)
        if gone:
            metrics.freeze(connection, times.to_ms(times.now()))
    return [each.pk for each in gone]


def detach(keys: Sequence[ExecutionPk]) -> None:
    """Executions of a workflow that is to be purged stay, without it; their names were copied in when they began."""
    with database.transaction():
        for pk in keys:
            before = executions.get(pk)
            search.forget(before)  # the index knows the workflow's key too
            database.execute("UPDATE executions SET workflow = NULL WHERE pk = ?", (pk,))
            search.index(executions.get(pk))
        database.record_changes(Topic.EXECUTIONS, keys)
