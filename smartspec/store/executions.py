"""The executions that are stored: made, found, listed and put aside. How they run is in `transitions` and `claims`."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Request
from smartspec.domain.ids import ExecutionPk, WorkflowPk, WorkspacePk, new_id
from smartspec.domain.jsontext import Json, dump
from smartspec.errors import Conflict, ExecutionNotFound
from smartspec.messages import _
from smartspec.store import database, ephemeral_files, events, external_tasks, metrics, schedules, search, tasks
from smartspec.store.database.sqlite import row_key
from smartspec.store.models.executions import ExecutionRow
from smartspec.store.models.fields import builder, columns, find, read
from smartspec.value import field_names

_JSON = frozenset({"input", "output", "variables", "config_snapshot", "resolved"})
_COLUMNS = tuple(name for name in field_names(Execution) if name not in ("pk", "id", "number"))
_ALL = columns(ExecutionRow)
_build = builder(Execution, ExecutionRow)
_DEFAULTS: dict[str, object] = {
    **dict.fromkeys(_COLUMNS),
    **dict.fromkeys((name for name in _COLUMNS if name.startswith("tasks_")), 0),
    "attempt": 1, "priority": 0, "running_ms": 0, "warned": 0, "pinned": False,
}  # fmt: skip
_SEARCHED = frozenset({"status", "error", "note", "input", "output"})  # a change of these changes what is found
_LASTED = "max(0, ?2 - coalesce(started_at, created_at))"  # none where the clock was set back meanwhile
_END_REPORTED = (
    "UPDATE executions SET status = ?1, completed_at = ?2, output = ?3, error = ?4,"  # noqa: S608 - our own names
    f" duration_ms = {_LASTED}, running_ms = {_LASTED}"
    f" WHERE id = ?5 AND status = 'running' AND kind <> 'workflow' AND deleted_at IS NULL RETURNING {_ALL}"
)


def add(values: Mapping[str, Any]) -> Execution:
    """Insert one, with its reserved number or the next of its workflow. Fields left out have their defaults.

    (A hot path.)
    """
    workflow = values["workflow"]
    names = [name for name in _COLUMNS if values.get(name) is not None]
    sql = (
        f"INSERT INTO executions (id, number, {', '.join(names)})"  # noqa: S608 - names of our own columns
        f" VALUES (?, ?, {', '.join('?' * len(names))})"
    )
    with database.transaction():
        number = values.get("number") or _next_number(workflow)
        stored = [_stored(name, values[name]) for name in names]
        identity = {"id": values.get("id") or new_id(), "number": number}
        pk = ExecutionPk(row_key(database.execute(sql, (*identity.values(), *stored))))
        made = Execution(pk=pk, **{**_DEFAULTS, **values, **identity})
        status = ExecutionStatus(values["status"])
        created = times.to_ms(values["created_at"])
        type_ = {
            ExecutionStatus.PENDING: EventType.EXECUTION_CREATED,
            ExecutionStatus.RUNNING: EventType.EXECUTION_STARTED,
        }.get(status)
        if type_ is None:
            type_ = EventType(f"execution_{status.value}")
            ended = times.to_ms(values["completed_at"])
            connection = database.database.connection()
            metrics.count_execution(connection, workflow, status.value, values.get("duration_ms"), ended)
            search.index(made)
        events.add(type_, workflow=workflow, execution=made.pk, actor=values.get("triggered_by"), at_ms=created)
        database.record_change(Topic.EXECUTIONS, made.pk)
    return made


def reserve_number(workflow: WorkflowPk) -> int:
    """The next number of a workflow, for an execution that is still to be made; it may never be."""
    with database.transaction():
        return _next_number(workflow)


def _next_number(workflow: WorkflowPk) -> int:
    """0 where there is no such workflow any more."""
    sql = "UPDATE workflows SET last_number = last_number + 1 WHERE pk = ? RETURNING last_number"
    return database.scalar(sql, (workflow,)) or 0


def _stored(name: str, value: Any) -> object:
    if name in _JSON:
        return dump(value)
    return times.to_ms(value) if isinstance(value, datetime) else value


def get(pk: ExecutionPk) -> Execution:
    """Raises ExecutionNotFound."""
    found = _one("pk", pk)
    if found is None:
        raise ExecutionNotFound(_("There is no such execution any more."))
    return found


def by_keys(pks: Iterable[ExecutionPk]) -> dict[ExecutionPk, Execution]:
    """Those of these that there are."""
    found = find(Execution, ExecutionRow, "pk IN (SELECT value FROM json_each(?))", (dump([*pks]),))
    return {each.pk: each for each in found}


def requested_of(pk: ExecutionPk) -> Request | None:
    found = database.scalar("SELECT requested FROM executions WHERE pk = ?", (pk,))
    return Request(found) if found else None


def by_id(id_: str) -> Execution | None:
    return _one("id", id_)


def _one(column: str, value: object) -> Execution | None:
    return next(find(Execution, ExecutionRow, f"{column} = ?", (value,)), None)


def end_reported(id_: str, status: ExecutionStatus, output: Json, error: str | None) -> Execution | None:
    """End one that was begun from outside and runs; None where it is not like that. (A hot path.)"""
    now, text = times.to_ms(times.now()), None if output is None else dump(output)
    with database.transaction():
        found = database.rows(_END_REPORTED, (status.value, now, text, error, id_))
        if not found:
            return None
        ended: Execution = _build(found[0])
        if ended.tasks_total:
            external_tasks.end_all(ended)
            ended = get(ended.pk)
        events.add(EventType(f"execution_{status.value}"), workflow=ended.workflow, execution=ended.pk, at_ms=now)
        connection = database.database.connection()
        metrics.count_execution(connection, ended.workflow, status.value, ended.duration_ms, now)
        search.index(ended)
        database.record_change(Topic.EXECUTIONS, ended.pk)
    return ended


def expect_task(pk: ExecutionPk) -> None:
    """It has one task more than was known when it began. Inside a transaction."""
    database.execute("UPDATE executions SET tasks_total = tasks_total + 1 WHERE pk = ?", (pk,))
    database.record_change(Topic.EXECUTIONS, pk)


def by_prefix(prefix: str) -> tuple[Execution, ...]:
    """Up to two whose id begins so."""
    query = ExecutionRow.select().where(ExecutionRow.id >= prefix, ExecutionRow.id < prefix + "g")
    return tuple(read(Execution, query.limit(2)))


def ended_after(pk: ExecutionPk, limit: int) -> tuple[Execution, ...]:
    """Those that have ended, trash and all, in the order of their keys."""
    query = ExecutionRow.select().where(ExecutionRow.pk > pk, ExecutionRow.status.in_([*FINAL]))
    return tuple(read(Execution, query.order_by(ExecutionRow.pk).limit(limit)))


def by_number(workflow: WorkflowPk, number: int) -> Execution | None:
    query = ExecutionRow.select().where(ExecutionRow.workflow == workflow, ExecutionRow.number == number)
    return next(read(Execution, query), None)


_NUMBERED = """
    SELECT (SELECT e.pk FROM executions e WHERE e.workflow = w.pk AND e.deleted_at IS NULL AND e.number = ?1
            LIMIT 1) AS found
    FROM (SELECT pk, last_number FROM workflows
          WHERE workspace = ?2 AND deleted_at IS NULL AND last_number >= ?1
          AND (?4 IS NULL OR pk IN (SELECT value FROM json_each(?4))) ORDER BY updated_at DESC) w
    WHERE found IS NOT NULL LIMIT ?3
"""


def numbered(
    workspace: WorkspacePk, number: int, limit: int, workflows: Collection[WorkflowPk] | None = None
) -> tuple[Execution, ...]:
    """Those with this number, of the workflows, all or these, that were changed last."""
    among = None if workflows is None else json.dumps([*workflows])
    pks = [pk for (pk,) in database.rows(_NUMBERED, (number, workspace, limit, among))]
    found = {each.pk: each for each in read(Execution, ExecutionRow.select().where(ExecutionRow.pk.in_(pks)))}
    return tuple(found[pk] for pk in pks if pk in found)


def children(parent: ExecutionPk) -> tuple[Execution, ...]:
    query = ExecutionRow.select().where(ExecutionRow.parent == parent).order_by(ExecutionRow.pk)
    return tuple(read(Execution, query))


def change(
    execution: Execution, event: EventType, *, by: str | None = None, message: str | None = None, data: Json = None,
    **values: Any,
) -> Execution:  # fmt: skip
    """Write some fields of an execution, if it still has the status that was looked at. Raises Conflict."""
    with database.transaction():
        is_searched = not _SEARCHED.isdisjoint(values)
        if is_searched:
            search.forget(get(execution.pk))
        done = (
            ExecutionRow.update(**values)
            .where(ExecutionRow.pk == execution.pk, ExecutionRow.status == execution.status)
            .execute()
        )
        if not done:
            raise Conflict(
                _("{execution} has changed meanwhile; look at it again, then repeat this.", execution=execution.label)
            )
        events.add(event, workflow=execution.workflow, execution=execution.pk, message=message, data=data, actor=by)
        database.record_change(Topic.EXECUTIONS, execution.pk)
        changed = get(execution.pk)
        if is_searched:
            search.index(changed)
    return changed


def finish(execution: Execution, status: ExecutionStatus, reason: str | None = None, **values: Any) -> Execution:
    """End one that nobody runs, with whatever of it has not ended, and count it."""
    now = times.now()
    with database.transaction():
        for task in tasks.unfinished(execution.pk):
            tasks.end(task, execution.workflow, TaskStatus.CANCELLED, reason)
        duration = values.pop("duration_ms", execution.running_ms)
        ended = change(
            execution, EventType(f"execution_{status.value}"), status=status, status_reason=reason,
            completed_at=now, duration_ms=duration, requested=None, runner=None, **values,
        )  # fmt: skip
        connection = database.database.connection()
        metrics.count_execution(connection, execution.workflow, status.value, duration, times.to_ms(now))
        schedules.count_ended(execution.schedule, status.value)
        database.after_commit(partial(ephemeral_files.remove, execution.id))
    return ended


def waiting_of(workflow: WorkflowPk) -> tuple[Execution, ...]:
    """Those of a workflow that have not begun, or wait to go on."""
    waiting = (ExecutionStatus.PENDING, ExecutionStatus.PAUSED, ExecutionStatus.INTERRUPTED)
    query = ExecutionRow.select().where(ExecutionRow.workflow == workflow, ExecutionRow.status.in_(waiting))
    return tuple(read(Execution, query.order_by(ExecutionRow.pk)))


def reopen(execution: Execution, by: str | None, data: Json = None, **values: Any) -> Execution:
    """Make an ended one pending again, with the next attempt; what it counted as before is counted no more.

    `data` is what the event tells beside that.
    """
    with database.transaction():
        again = change(
            execution, EventType.EXECUTION_RERUN, by=by, data=data, status=ExecutionStatus.PENDING, status_reason=None,
            outcome=None, attempt=execution.attempt + 1, completed_at=None, duration_ms=None, error=None, output=None,
            requested=None, running_ms=0, **values,
        )  # fmt: skip
        if execution.workflow is not None and execution.completed_at is not None:
            connection = database.database.connection()
            ended = times.to_ms(execution.completed_at)
            metrics.uncount_execution(connection, execution.workflow, execution.status.value, ended)
            schedules.count_ended(execution.schedule, execution.status.value, -1)
    return again
