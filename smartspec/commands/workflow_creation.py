"""A workflow made from a text, whole or not at all."""

from __future__ import annotations

from smartspec.commands.definitions import check_all
from smartspec.commands.registry import command
from smartspec.commands.workflow_sources import Source
from smartspec.commands.workflows import DEFAULT, activate_workflow, create_workflow
from smartspec.commands.working_copies import add_version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import database, workflows, workspaces


@command
def create_workflow_from(
    source: Source, *, activate: bool = False, change_log: str | None = None, workspace: str = DEFAULT
) -> Workflow:
    """A new workflow with a text as its first version; name and pack are those that the text gives it.

    It is a draft, unless it is to be active at once. Raises Invalid with the problems of the text, and Conflict where
    there is a workflow of that name in its pack: nothing is made then.
    """
    checked = check_all([source], workspaces.get(workspace).pk)[0][1]
    if checked.errors:
        raise Invalid(_("The text of “{name}” has errors; nothing was made.", name=source.name), checked.errors)
    definition = checked.definition
    with database.transaction():
        made = create_workflow(definition.name, pack=definition.pack, workspace=workspace)
        add_version(made, source, checked, change_log)
        if activate:
            activate_workflow(made.id, workspace)
    return workflows.get(made.pk)
