"""How far people were told: where in the events, what is on its way, and what each channel did last."""

from __future__ import annotations

from collections.abc import Iterable

from smartspec.domain.engine.states import PROBLEM
from smartspec.domain.ids import EventPk, ExecutionPk, WorkflowPk
from smartspec.domain.jsontext import Json, dump, load
from smartspec.store import database
from smartspec.store.models.settings import SettingRow

_STATE = "notifications.state"  # no choice of anybody's: no event tells of it
_ENDED = ("execution_completed", "execution_failed", "execution_timeout")


def state() -> Json:
    row = SettingRow.get_or_none(SettingRow.key == _STATE)
    return None if row is None else row.value


def keep(value: Json) -> None:
    """Inside of a transaction."""
    SettingRow.insert(key=_STATE, value=value).on_conflict_replace().execute()


def ended_after(seen: EventPk, limit: int) -> list[tuple[EventPk, ExecutionPk]]:
    """The ends of executions behind an event, oldest first; one that is a part of another is told by that.

    What was over before it was written down (taken in from elsewhere, entered by hand) is no news: its end is its
    first event.
    """
    return [
        (EventPk(pk), ExecutionPk(execution))
        for pk, execution in database.rows(
            "SELECT v.pk, v.execution FROM events AS v JOIN executions AS e ON e.pk = v.execution"
            " WHERE v.pk > ? AND v.type IN (?, ?, ?) AND e.parent IS NULL AND e.deleted_at IS NULL"
            " AND EXISTS (SELECT 1 FROM events AS b WHERE b.execution = e.pk AND b.pk < v.pk)"
            " ORDER BY v.pk LIMIT ?",
            (seen, *_ENDED, limit),
        )
    ]


def failures_before(execution: ExecutionPk, workflow: WorkflowPk) -> int:
    """How many of a workflow's executions failed in a row before one."""
    statuses = database.rows(
        "SELECT status FROM executions WHERE workflow = ? AND deleted_at IS NULL AND parent IS NULL AND pk <> ?"
        " AND created_at <= (SELECT created_at FROM executions WHERE pk = ?) AND completed_at IS NOT NULL"
        " ORDER BY created_at DESC LIMIT 100",
        (workflow, execution, execution),
    )
    count = 0
    for (status,) in statuses:
        if status not in PROBLEM:
            break
        count += 1
    return count


def undelivered(of: Iterable[ExecutionPk], since_ms: int) -> list[tuple[EventPk, ExecutionPk, str]]:
    """The messages about executions that did not arrive: by what, and why."""
    keys = dump(list(of))
    found = database.rows(
        "SELECT v.pk, v.execution, v.message FROM json_each(?) AS j JOIN events AS v ON v.execution = j.value"
        " WHERE v.type = 'notification_failed' AND v.at >= ? ORDER BY v.pk",
        (keys, since_ms),
    )
    return [(EventPk(pk), ExecutionPk(execution), message) for pk, execution, message in found]


def undelivered_summaries(since_ms: int) -> list[tuple[EventPk, str]]:
    """Those that did not arrive of the messages about many executions, or none: by what, and why."""
    found = database.rows(
        "SELECT pk, message FROM events WHERE type IN ('notification_sent', 'notification_failed')"
        " AND type = 'notification_failed' AND execution IS NULL AND at >= ? ORDER BY pk DESC LIMIT 20",
        (since_ms,),
    )
    return [(EventPk(pk), message) for pk, message in reversed(found)]


def deliveries(limit: int) -> list[tuple[EventPk, ExecutionPk | None, int, str, str, Json]]:
    """What was sent or could not be delivered, the newest first: key, execution, moment in milliseconds, type, message
    and data.
    """
    found = database.rows(
        "SELECT pk, execution, at, type, message, data FROM events"
        " WHERE type IN ('notification_sent', 'notification_failed') ORDER BY pk DESC LIMIT ?",
        (limit,),
    )
    return [
        (
            EventPk(pk),
            None if execution is None else ExecutionPk(execution),
            at,
            type_,
            message or "",
            load(data) if data else None,
        )
        for pk, execution, at, type_, message, data in found
    ]
