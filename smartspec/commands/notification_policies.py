"""What people are told of each workflow, and which are so important that they break the quiet hours."""

from __future__ import annotations

from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.jsontext import as_list, as_mapping
from smartspec.domain.notification.rules import Policy
from smartspec.domain.search.filters import WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.messages import _, listed
from smartspec.store import database, settings, workflows, workspaces
from smartspec.value import frozen

_POLICIES, _IMPORTANT = "notifications.workflows", "notifications.important"
MOST = 10_000


@frozen
class WorkflowPolicy:
    """Of a workflow: what is told of it."""

    id: str
    name: str
    policy: Policy
    is_important: bool

    @property
    def is_usual(self) -> bool:
        return self.policy is Policy.ALL and not self.is_important


@command
def set_notification_policy(
    ref: str, policy: str, *, important: bool | None = None, workspace: str = DEFAULT
) -> Workflow:
    """What people are told of a workflow: all, failures or none; an `important` one breaks quiet hours where the
    setting `notifications.during_quiet` lets it. None leaves that as it is. Raises Invalid, WorkflowNotFound.
    """
    if policy not in [*Policy]:
        raise Invalid(_("“{word}” is none of {words}.", word=policy, words=listed(Policy)))
    workflow = get_workflow(ref, workspace)
    with database.transaction():
        found = {**as_mapping(settings.get(_POLICIES)), str(workflow.pk): policy}
        settings.set_(_POLICIES, {key: each for key, each in found.items() if each != Policy.ALL})
        if important is not None:
            kept = important_ones() - {workflow.pk} | ({workflow.pk} if important else set())
            settings.set_(_IMPORTANT, [*sorted(kept)])
    return workflow


@command
def list_notification_policies(workspace: str = DEFAULT) -> tuple[WorkflowPolicy, ...]:
    """Of each workflow, by name: of more than 10,000 the newest."""
    found = workflows.page(WorkflowFilter(workspace=workspaces.get(workspace).pk), None, MOST).rows
    told, important = policies(), important_ones()
    made = (WorkflowPolicy(each.id, each.name, told.get(each.pk, Policy.ALL), each.pk in important) for each in found)
    return tuple(sorted(made, key=lambda each: each.name.lower()))


def policies() -> dict[WorkflowPk, Policy]:
    found = as_mapping(settings.get(_POLICIES))
    return {WorkflowPk(int(key)): Policy(str(each)) for key, each in found.items()}


def important_ones() -> frozenset[WorkflowPk]:
    return frozenset(WorkflowPk(int(str(each))) for each in as_list(settings.get(_IMPORTANT)))
