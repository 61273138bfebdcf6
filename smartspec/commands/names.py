"""Names that are asked for: whether one can be had, before it is."""

from __future__ import annotations

from smartspec.commands.workflows import DEFAULT, free_copy_name, get_workflow
from smartspec.domain.workflow import DEFAULT_PACK, check_name, check_pack, slug
from smartspec.domain.workspace import check_workspace_name
from smartspec.store import workflows, workspaces


def check_free_name(
    name: str, *, pack: str = DEFAULT_PACK, renamed: str | None = None, workspace: str = DEFAULT
) -> None:
    """Whether a workflow could be called so in its pack; `renamed` is the id or ref of the one that is to be.

    Raises Invalid for what is no name, Conflict where it is taken.
    """
    workspace_pk = workspaces.get(workspace).pk
    if renamed is not None:
        workflow = get_workflow(renamed, workspace)
        workflows.check_free(workspace_pk, workflow.pack, check_name(name), but=workflow.pk)
    else:
        workflows.check_free(workspace_pk, check_pack(pack), check_name(name))


def check_free_workspace(name: str) -> None:
    """Whether a workspace could be called so. Raises Invalid for what is no name, Conflict where it is taken."""
    workspaces.check_free(slug(check_workspace_name(name)))


def propose_copy_name(ref: str, workspace: str = DEFAULT) -> str:
    """What a duplicate could be called: “X copy”, “X copy 2”, …. Raises Conflict where there are a thousand."""
    return free_copy_name(get_workflow(ref, workspace))
