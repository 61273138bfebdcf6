"""What a workflow says of its own alerts, in its preferences."""

from __future__ import annotations

from smartspec.changes import Topic
from smartspec.domain.alert import rules
from smartspec.domain.alert.rules import WorkflowRules
from smartspec.domain.event import EventType
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.jsontext import as_mapping
from smartspec.store import database, events
from smartspec.store.models.workflows import WorkflowRow

_KEY = "alerts"


def get(workflow: WorkflowPk) -> WorkflowRules:
    """Nothing of its own where nothing was said."""
    row = WorkflowRow.select(WorkflowRow.preferences).where(WorkflowRow.pk == workflow).get()
    return rules.from_json(as_mapping(row.preferences).get(_KEY))


def write(workflow: WorkflowPk, wanted: WorkflowRules, by: str | None) -> None:
    """What else it prefers stays."""
    with database.transaction():
        row = WorkflowRow.select(WorkflowRow.preferences).where(WorkflowRow.pk == workflow).get()
        kept = {name: value for name, value in as_mapping(row.preferences).items() if name != _KEY}
        found = rules.to_json(wanted)
        kept = {**kept, _KEY: found} if found else kept
        WorkflowRow.update(preferences=kept or None).where(WorkflowRow.pk == workflow).execute()
        events.add(EventType.WORKFLOW_UPDATED, workflow=workflow, actor=by, data={_KEY: found})
        database.record_change(Topic.WORKFLOWS, workflow)
