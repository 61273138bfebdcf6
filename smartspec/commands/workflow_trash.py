"""Workflows into the trash, several at once, and what goes with them."""

from __future__ import annotations

from collections.abc import Sequence

from smartspec.commands.workflows import DEFAULT, delete_workflow, get_workflow
from smartspec.domain.engine.states import ACTIVE
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.store import configs, history
from smartspec.value import frozen

_MOST_COUNTED = 10_000


@frozen
class MovedToTrash:
    """The `workflows` that went, with their saved `settings`; their `executions` stay in the history (counted up to
    10,001). Those that waited are `cancelled`. `refused`: why others did not go.
    """

    workflows: tuple[Workflow, ...]
    settings: int
    executions: int
    cancelled: int
    refused: tuple[SmartSpecError, ...]


def delete_workflows(refs: Sequence[str], workspace: str = DEFAULT) -> MovedToTrash:
    """Those that can go, go; one that runs stays, and no other with it."""
    gone, refused = list[Workflow](), list[SmartSpecError]()
    settings = executions = cancelled = 0
    for ref in refs:
        try:
            workflow = get_workflow(ref, workspace)
            waited = _waiting(workflow.pk)
            gone.append(delete_workflow(ref, workspace=workspace))
        except SmartSpecError as error:
            refused.append(error)
            continue
        cancelled += waited
        settings += len(configs.of_workflow(workflow.pk))
        executions += history.count(ExecutionFilter(workflow=workflow.pk), _MOST_COUNTED + 1)
    return MovedToTrash(tuple(gone), settings, executions, cancelled, tuple(refused))


def _waiting(workflow: WorkflowPk) -> int:
    return history.count(ExecutionFilter(workflow=workflow, status=ACTIVE), _MOST_COUNTED + 1)
