"""What is in the trash of a workspace: workflows, then executions, a page at a time."""

from __future__ import annotations

from smartspec.commands import execution_trash, workflows
from smartspec.commands.executions import list_executions, read_query
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.execution import Execution
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.store import history, workspaces
from smartspec.value import frozen, replace

MOST_COUNTED = 1_000  # executions; where there are more, that is said of them
MOST_WORKFLOWS = 1_000
_PAGE = 200


@frozen
class TrashPage:
    """The newest first; workflows stand on the first page. `next` is where the page that follows begins."""

    workflows: tuple[Workflow, ...]
    executions: tuple[Execution, ...]
    next: str | None


@frozen
class TrashTotals:
    """How much is in it; of `executions` one more than `MOST_COUNTED` where there are more than those."""

    workflows: int
    executions: int


def read_trash(text: str = "", after: str | None = None, workspace: str = DEFAULT) -> TrashPage:
    """What a search fits: names of workflows, and what is searched of executions. Raises Invalid."""
    wanted = _executions(text, workspace)
    found = list_executions(wanted, after=after, limit=_PAGE, workspace=workspace)
    first = after is None
    listed = workflows.list_workflows(_workflows(text), limit=MOST_WORKFLOWS, workspace=workspace).rows if first else ()
    return TrashPage(listed, found.rows, found.next)


def count_trash(text: str = "", workspace: str = DEFAULT) -> TrashTotals:
    """As `read_trash`. Raises Invalid."""
    there = replace(_executions(text, workspace), workspace=workspaces.get(workspace).pk)
    return TrashTotals(
        workflows.count_workflows(_workflows(text), workspace=workspace), history.count(there, MOST_COUNTED + 1)
    )


def empty_trash(on_progress: ProgressCallback = ignore_progress, *, workspace: str = DEFAULT) -> None:
    """Remove all that is in it for good. Raises Stopped: what is gone by then is gone."""
    while found := workflows.list_workflows(_workflows(""), limit=MOST_WORKFLOWS, workspace=workspace).rows:
        for each in found:
            workflows.purge_workflow(each.id, workspace=workspace)
    execution_trash.purge_executions(None, on_progress, workspace=workspace)


def _executions(text: str, workspace: str) -> ExecutionFilter:
    return replace(read_query(text, workspace), deleted=True)


def _workflows(text: str) -> WorkflowFilter:
    return WorkflowFilter(deleted=True, name=text.strip() or None)
