"""What a user can do with workspaces."""

from smartspec.commands.registry import command
from smartspec.domain.workflow import slug
from smartspec.domain.workspace import Workspace, check_workspace_name
from smartspec.store import workspaces


@command
def create_workspace(name: str) -> Workspace:
    """Make an empty workspace; its slug is made of the name. Raises Invalid or Conflict."""
    name = check_workspace_name(name)
    return workspaces.add(name, slug(name))


@command
def get_workspace(workspace: str) -> Workspace:
    """By its slug. Raises WorkspaceNotFound."""
    return workspaces.get(workspace)


@command
def list_workspaces() -> tuple[Workspace, ...]:
    """All workspaces, the default one first."""
    return workspaces.all_()


@command
def delete_workspace(workspace: str) -> None:
    """Remove an empty workspace. Raises Conflict for the default one, and while anything is in it."""
    workspaces.remove(workspaces.get(workspace))
