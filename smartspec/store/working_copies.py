"""The working copies that are stored: at most one text a workflow, which may have errors."""

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.ids import VersionPk, WorkflowPk
from smartspec.domain.workflow import WorkingCopy
from smartspec.store import database, events
from smartspec.store.models.fields import read
from smartspec.store.models.workflows import WorkingCopyRow


def of_workflow(workflow: WorkflowPk) -> WorkingCopy | None:
    return next(read(WorkingCopy, WorkingCopyRow.select().where(WorkingCopyRow.workflow == workflow)), None)


def save(workflow: WorkflowPk, source: str, source_format: str, based_on: VersionPk | None) -> None:
    """In the place of the one that is there; `based_on` is the version that it was edited from."""
    with database.transaction():
        WorkingCopyRow.insert(
            workflow=workflow, source=source, source_format=source_format, based_on=based_on, updated_at=times.now()
        ).on_conflict_replace().execute()
        events.add(EventType.WORKFLOW_UPDATED, workflow=workflow, data={"working_copy": True})
        database.record_change(Topic.WORKFLOWS, workflow)


def discard(workflow: WorkflowPk) -> bool:
    """False where there was none."""
    with database.transaction():
        gone = WorkingCopyRow.delete().where(WorkingCopyRow.workflow == workflow).execute()
        if gone:
            events.add(EventType.WORKFLOW_UPDATED, workflow=workflow, data={"working_copy": False})
            database.record_change(Topic.WORKFLOWS, workflow)
    return bool(gone)
