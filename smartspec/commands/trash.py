"""What is in the trash of a workspace: workflows, then executions, a page at a time."""

from __future__ import annotations

from smartspec.commands import execution_trash, workflows
from smartspec.commands.executions import list_executions
from smartspec.commands.workflows import DEFAULT, find_workflow, find_workflow_by_name, get_workflow
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.page import Page
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search import query
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.search.query import Query
from smartspec.domain.workflow import Workflow
from smartspec.errors import WorkflowNotFound
from smartspec.store import history, workspaces
from smartspec.value import frozen, replace

MOST_COUNTED = 1_000  # executions; where there are more, that is said of them
_PAGE = 200
_OF_WORKFLOWS = "workflow:"  # begins the cursors of pages on which there are only these
Deleted = Workflow | Execution


@frozen
class TrashTotals:
    """How much is in it; of `executions` one more than `MOST_COUNTED` where there are more than those."""

    workflows: int
    executions: int


def read_trash(text: str = "", after: str | None = None, workspace: str = DEFAULT) -> Page[Deleted]:
    """What a search fits, workflows, then executions, the newest first.

    It is in the language of `domain.search.query`; its words are looked for in names of workflows too.

    A filter that workflows have not, such as `status:failed`, lets executions through only. Raises Invalid,
    WorkflowNotFound.
    """
    asked = query.parse(text, times.now())
    wanted, of_workflows = _executions(asked, workspace), _workflows(asked)
    listed = Page[Workflow]((), None)
    if after is None or after.startswith(_OF_WORKFLOWS):
        begin, after = after.removeprefix(_OF_WORKFLOWS) if after else None, None
        if of_workflows is not None:
            listed = workflows.list_workflows(of_workflows, after=begin, limit=_PAGE, workspace=workspace)
        if listed.next is not None:
            return Page(listed.rows, _OF_WORKFLOWS + listed.next)
    found = list_executions(wanted, after=after, limit=_PAGE, workspace=workspace)
    return Page((*listed.rows, *found.rows), found.next)


def count_trash(text: str = "", workspace: str = DEFAULT) -> TrashTotals:
    """As `read_trash`. Raises Invalid, WorkflowNotFound."""
    asked = query.parse(text, times.now())
    there = replace(_executions(asked, workspace), workspace=workspaces.get(workspace).pk)
    wanted = _workflows(asked)
    count = workflows.count_workflows(wanted, workspace=workspace) if wanted else 0
    return TrashTotals(count, history.count(there, MOST_COUNTED + 1))


def empty_trash(on_progress: ProgressCallback = ignore_progress, *, workspace: str = DEFAULT) -> None:
    """Remove all that is in it for good. Raises Stopped: what is gone by then is gone."""
    all_ = WorkflowFilter(deleted=True)
    while found := workflows.list_workflows(all_, limit=_PAGE, workspace=workspace).rows:
        for each in found:
            workflows.purge_workflow(each.id, workspace=workspace)
    execution_trash.purge_executions(None, on_progress, workspace=workspace)


def _executions(asked: Query, workspace: str) -> ExecutionFilter:
    wanted = replace(asked.filter, deleted=True)
    if asked.workflow is None:
        return wanted
    return replace(wanted, workflow=_workflow(asked.workflow, workspace).pk)


def _workflow(ref: str, workspace: str) -> Workflow:
    """Its executions may be in the trash without it, or with it."""
    try:
        return find_workflow_by_name(ref, workspace) or get_workflow(ref, workspace)
    except WorkflowNotFound:
        return find_workflow(ref, workspaces.get(workspace).pk, deleted=True)


def _workflows(asked: Query) -> WorkflowFilter | None:
    """None where something is asked for that only executions have."""
    filter_ = asked.filter
    if replace(filter_, words=(), phrases=(), tag=None, deleted=False) != ExecutionFilter():
        return None
    named = () if asked.workflow is None else (asked.workflow,)
    tags = frozenset() if filter_.tag is None else frozenset({filter_.tag})
    return WorkflowFilter(deleted=True, words=(*filter_.words, *filter_.phrases, *named), tags=tags)
