"""Where the address of a workflow's pings is, and what became of the last: a reference, never the address."""

from __future__ import annotations

from smartspec.changes import Topic
from smartspec.domain.event import Event
from smartspec.domain.ids import WorkflowPk
from smartspec.store import database
from smartspec.store.models.events import EventRow
from smartspec.store.models.fields import read

_RECENT = 50  # executions whose events are looked at: there is no index of all events of a workflow
_KEPT = "coalesce(iif(json_valid(preferences), preferences, NULL), '{}')"
_LAST = """
SELECT max(pk) FROM (
    SELECT pk FROM events WHERE type IN ('ping_sent', 'ping_failed') AND execution IN (
        SELECT pk FROM executions WHERE workflow = ? ORDER BY created_at DESC LIMIT ?
    )
    UNION ALL
    SELECT pk FROM events INDEXED BY events_workflow
    WHERE workflow = ? AND execution IS NULL AND type IN ('ping_sent', 'ping_failed')
)
"""


def reference(workflow: WorkflowPk) -> str | None:
    """What the keyring calls it, or `env:NAME`; None where the workflow sends no pings. (A hot path.)"""
    found = database.scalar(f"SELECT json_extract({_KEPT}, '$.ping') FROM workflows WHERE pk = ?", (workflow,))  # noqa: S608
    return str(found) if found else None


def set_reference(workflow: WorkflowPk, value: str | None) -> None:
    """Inside of a transaction."""
    changed, values = f"json_remove({_KEPT}, '$.ping')", list[str]()
    if value is not None:
        changed, values = f"json_set({_KEPT}, '$.ping', ?)", [value]
    database.execute(f"UPDATE workflows SET preferences = {changed} WHERE pk = ?", (*values, workflow))  # noqa: S608
    database.record_change(Topic.CONFIGS, workflow)


def last(workflow: WorkflowPk) -> Event | None:
    """The newest event of a ping among those of the workflow's newest executions, and its tests."""
    newest = database.scalar(_LAST, (workflow, _RECENT, workflow))
    return next(read(Event, EventRow.select().where(EventRow.pk == newest)), None)
