"""What was, of the kinds that schedules wait for: the newest first."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.event import Event, EventType
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.store import database
from smartspec.store.models.events import EventRow
from smartspec.store.models.fields import read

_NEWEST = 100_000  # events that are looked through
_ENDED = (
    "SELECT pk, number, status, completed_at FROM executions WHERE workflow = ? AND deleted_at IS NULL"
    " AND status IN ('completed', 'failed', 'timeout') AND completed_at >= ? ORDER BY completed_at DESC LIMIT ?"
)


def ended(
    workflow: WorkflowPk, since: datetime, limit: int
) -> list[tuple[ExecutionPk, int, ExecutionStatus, datetime]]:
    """The executions of a workflow that completed or failed: key, number, how and when."""
    found = database.rows(_ENDED, (workflow, times.to_ms(since), limit))
    return [(pk, number, ExecutionStatus(status), times.from_ms(at)) for pk, number, status, at in found]


def of_type(type_: EventType, since: datetime) -> tuple[Event, ...]:
    """Of the newest events of all."""
    newest = database.scalar("SELECT max(pk) FROM events") or 0
    query = EventRow.select().where(EventRow.pk > newest - _NEWEST, EventRow.type == type_, EventRow.at >= since)
    return tuple(read(Event, query.order_by(EventRow.pk.desc())))
