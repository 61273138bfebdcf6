"""The append-only lines about what happened."""

from collections.abc import Iterator, Sequence

from smartspec.changes import Change, ChangeSet, Topic, change_of
from smartspec.domain import times
from smartspec.domain.event import Event, EventType, Level
from smartspec.domain.ids import AlertPk, EventPk, ExecutionPk, SchedulePk, TaskExecutionPk, WorkflowPk
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.page import Page
from smartspec.store import database, paging
from smartspec.store.models.events import EventRow
from smartspec.store.models.fields import read

_ADD = (
    "INSERT INTO events (at, level, type, workflow, execution, task_execution, schedule, alert, message, data, actor,"
    " process) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def add(
    type_: EventType,
    *,
    workflow: WorkflowPk | None = None,
    execution: ExecutionPk | None = None,
    task_execution: TaskExecutionPk | None = None,
    schedule: SchedulePk | None = None,
    alert: AlertPk | None = None,
    level: Level = Level.INFO,
    message: str | None = None,
    data: Json = None,
    actor: str | None = None,
    at_ms: int | None = None,
) -> None:
    """Write one event, inside the transaction of what it tells."""
    at_ms = times.to_ms(times.now()) if at_ms is None else at_ms
    text = None if data is None else dump(data)
    of = (workflow, execution, task_execution, schedule, alert)
    values = (at_ms, level.value, type_.value, *of, message, text, actor, database.writer_id())
    database.execute(_ADD, values)


def page(
    *,
    execution: ExecutionPk | None = None,
    workflow: WorkflowPk | None = None,
    after: str | None = None,
    limit: int = 200,
) -> Page[Event]:
    """Oldest first: of one execution, or of a workflow itself (its audit trail)."""
    query = EventRow.select()
    if execution is not None:
        query = query.where(EventRow.execution == execution)
    if workflow is not None:
        query = query.where(EventRow.workflow == workflow, EventRow.execution.is_null())
    if after is not None:
        query = query.where(EventRow.pk > int(paging.cursor(after)[0]))
    rows = tuple(read(Event, query.order_by(EventRow.pk).limit(limit + 1)))
    return Page(rows[:limit], paging.next_key(rows[limit - 1].pk) if len(rows) > limit else None)


def find(pk: int) -> Event | None:
    return next(read(Event, EventRow.select().where(EventRow.pk == pk)), None)


def after(seen: EventPk, until: EventPk, types: Sequence[EventType]) -> tuple[Event, ...]:
    """Those of some types between two keys, the last one included, the oldest first."""
    query = EventRow.select().where(EventRow.pk > seen, EventRow.pk <= until, EventRow.type.in_([*types]))
    return tuple(read(Event, query.order_by(EventRow.pk)))


def of_alert(alert: AlertPk) -> tuple[Event, ...]:
    """What became of it, the oldest first."""
    return tuple(read(Event, EventRow.select().where(EventRow.alert == alert).order_by(EventRow.pk)))


def newest() -> EventPk:
    """The key of the last event there is, 0 when there is none."""
    return EventPk(database.scalar("SELECT max(pk) FROM events") or 0)


def foreign_changes(after: EventPk) -> tuple[EventPk, list[Change]]:
    """What other processes wrote after an event: the key of the last one seen, and the changes to publish."""
    found = database.rows(
        "SELECT pk, type, workflow, execution, schedule, alert, process FROM events WHERE pk > ? ORDER BY pk", (after,)
    )
    others = [row for row in found if row[6] != database.writer_id()]
    changes = ChangeSet(change for row in others for change in _changes_told(*row[1:6]))
    return (found[-1][0] if found else after), [*changes]


def _changes_told(
    type_: str,
    workflow: WorkflowPk | None,
    execution: ExecutionPk | None,
    schedule: SchedulePk | None,
    alert: AlertPk | None,
) -> Iterator[Change]:
    """The changes that an event tells of."""
    noun = type_.partition("_")[0]
    if noun in ("execution", "task", "notification", "ping") and execution is not None:
        yield change_of(Topic.EXECUTIONS, execution)
        if noun == "task":
            yield change_of(Topic.TASKS, execution)
    if noun in _OF_WORKFLOWS and workflow is not None:
        yield change_of(_OF_WORKFLOWS[noun], workflow)
    if noun == "schedule" and schedule is not None:
        yield change_of(Topic.SCHEDULES, schedule)
    if noun == "alert" and alert is not None:
        yield change_of(Topic.ALERTS, alert)
    if noun in _OF_NO_ROW:
        yield change_of(_OF_NO_ROW[noun], 0)


_OF_WORKFLOWS = {"workflow": Topic.WORKFLOWS, "version": Topic.VERSIONS, "config": Topic.CONFIGS, "ping": Topic.CONFIGS}
_OF_NO_ROW = {
    "setting": Topic.SETTINGS,
    "notification": Topic.SETTINGS,
    "workspace": Topic.WORKSPACES,
    "database": Topic.DATABASE,
}
