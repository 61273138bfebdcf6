"""The workspaces that are stored."""

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.ids import WorkspacePk, new_id
from smartspec.domain.workspace import Workspace
from smartspec.errors import Conflict, WorkspaceNotFound
from smartspec.messages import _
from smartspec.store import database, events
from smartspec.store.database import sqlite
from smartspec.store.models.fields import read
from smartspec.store.models.workspaces import WorkspaceRow


def add(name: str, slug: str) -> Workspace:
    """Raises Conflict when the name is taken."""
    with database.transaction():
        check_free(slug)
        WorkspaceRow.insert(id=new_id(), name=name, slug=slug, is_default=False, created_at=times.now()).execute()
        events.add(EventType.WORKSPACE_CREATED, message=name)
        database.record_change(Topic.WORKSPACES, 0)
    return get(slug)


def check_free(slug: str) -> None:
    """Raises Conflict where a workspace has this slug."""
    if WorkspaceRow.select().where(WorkspaceRow.slug == slug).exists():
        raise Conflict(_("There is already a workspace “{slug}”.", slug=slug))


def get(slug: str) -> Workspace:
    """Raises WorkspaceNotFound."""
    for workspace in read(Workspace, WorkspaceRow.select().where(WorkspaceRow.slug == slug)):
        return workspace
    raise WorkspaceNotFound(_("There is no workspace “{slug}”; make it with `smartspec workspace new`.", slug=slug))


def slug_of(pk: WorkspacePk) -> str:
    return str(database.scalar("SELECT slug FROM workspaces WHERE pk = ?", (pk,)))


def all_() -> tuple[Workspace, ...]:
    """The default one first, then by name."""
    query = WorkspaceRow.select().order_by(WorkspaceRow.is_default.desc(), WorkspaceRow.slug)
    return tuple(read(Workspace, query))


def remove(workspace: Workspace) -> None:
    """Raises Conflict for the default one, and while anything is in it."""
    if workspace.is_default:
        raise Conflict(_("The default workspace stays."))
    try:
        with database.transaction():
            WorkspaceRow.delete().where(WorkspaceRow.pk == workspace.pk).execute()
            events.add(EventType.WORKSPACE_DELETED, message=workspace.name)
            database.record_change(Topic.WORKSPACES, 0)
    except Exception as error:
        if sqlite.is_integrity_error(error) or sqlite.is_integrity_error(error.__cause__ or error):
            raise Conflict(
                _("The workspace “{slug}” is not empty; purge what is in it first.", slug=workspace.slug)
            ) from error
        raise
