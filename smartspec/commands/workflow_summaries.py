"""The list of workflows as the window shows it: by pack and name, each with how it went lately."""

from __future__ import annotations

from collections.abc import Collection

from smartspec.commands.workflows import DEFAULT
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.store import outcomes, workflows, workspaces
from smartspec.store.outcomes import Outcomes
from smartspec.value import frozen, replace

MOST = 10_000
_LATELY = 8


@frozen
class WorkflowSummary:
    """A workflow and how it went lately: (status, duration in ms) of its newest executions, newest first."""

    workflow: Workflow
    outcomes: Outcomes


@frozen
class ChangedSummaries:
    """The workflows that were asked about, and of them those that the list still has, as they are now."""

    asked: frozenset[WorkflowPk]
    found: tuple[WorkflowSummary, ...]


def order_of(summary: WorkflowSummary) -> tuple[str, str]:
    """Where it stands in the list."""
    return summary.workflow.pack.lower(), summary.workflow.name.lower()


def summarize_workflows(
    wanted: WorkflowFilter | None = None, *, workspace: str = DEFAULT
) -> tuple[WorkflowSummary, ...]:
    """By pack and name; of more than 10,000 the newest."""
    return _summarized(workflows.page(_here(wanted, workspace), None, MOST).rows)


def summarize_changed(
    changed: Collection[WorkflowPk], executions: Collection[ExecutionPk], wanted: WorkflowFilter | None = None, *,
    workspace: str = DEFAULT,
) -> ChangedSummaries:  # fmt: skip
    """Of the workflows with these keys, and of those that these executions are of."""
    asked = frozenset(changed) | outcomes.workflows_of(executions)
    return ChangedSummaries(asked, _summarized(workflows.among(_here(wanted, workspace), asked)))


def _summarized(found: tuple[Workflow, ...]) -> tuple[WorkflowSummary, ...]:
    went = outcomes.of_each([each.pk for each in found], _LATELY)
    return tuple(sorted((WorkflowSummary(each, went[each.pk]) for each in found), key=order_of))


def _here(wanted: WorkflowFilter | None, workspace: str) -> WorkflowFilter:
    return replace(wanted or WorkflowFilter(), workspace=workspaces.get(workspace).pk)
