"""The workflows that a definition can reach: fixed when it starts, and planned when their turn comes."""

from __future__ import annotations

from collections.abc import Mapping

from smartspec.commands import secrets
from smartspec.commands.execution_plan import Planned, limits_of, moment_of, plan_execution, zone_of
from smartspec.commands.workflows import get_workflow
from smartspec.domain import config, params
from smartspec.domain.definition import model
from smartspec.domain.definition.model import DEEPEST_WORKFLOWS, Definition
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution, FixedWorkflow, Origin, Trigger
from smartspec.domain.ids import RunnerPk
from smartspec.domain.jsontext import Json
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, Problem, VersionNotFound, WorkflowNotFound
from smartspec.messages import _, sentences
from smartspec.store import configs, versions, workflows, workspaces


def _resolved_workflows(parent: Execution) -> Mapping[str, FixedWorkflow]:
    """What was fixed for its sub-workflows, by their references."""
    assert parent.resolved is not None, "it was planned without its sub-workflows"
    return parent.resolved["workflows"]


def plan_child(
    parent: Execution, ref: str, given: Mapping[str, Json], runner: RunnerPk, replay_of: Execution | None
) -> Planned:
    """A sub-workflow with the version and settings that were fixed for it, ready to be queued.

    `replay_of` is the one whose `now` it takes over. Raises Invalid where the input does not fit, WorkflowNotFound
    where the workflow or its version was removed meanwhile.
    """
    resolved = _resolved_workflows(parent)
    fixed = resolved[ref]
    try:
        chosen = versions.get(fixed["version"])
    except VersionNotFound:
        raise WorkflowNotFound(_("The workflow “{ref}” was removed meanwhile.", ref=ref)) from None
    if chosen.workflow is None:
        raise WorkflowNotFound(_("The workflow “{ref}” was removed meanwhile.", ref=ref))
    workflow = workflows.get(chosen.workflow)
    definition = model.read_stored(chosen.definition)
    origin = Origin(
        Trigger.SUB_WORKFLOW, parent.triggered_by, parent.session_id, parent.user_name, parent.correlation_id,
        parent.priority, parent.pk, replay_of.pk if replay_of else None, runner=runner,
        scheduled_for=parent.scheduled_for, zone=zone_of(parent),
    )  # fmt: skip
    moment = moment_of(replay_of) if replay_of else None
    given = params.coerce_texts(given, definition.params)
    return plan_execution(
        workflow, chosen, definition, given, limits_of(definition, resolved), fixed["config"], origin, moment
    )


def effective_settings(workflow: Workflow, definition: Definition) -> dict[str, Json]:
    """The values that hold, secrets as references. Raises Invalid with everything that blocks the start."""
    saved = {each.key: each for each in configs.of_workflow(workflow.pk)}
    keys = config.secret_keys(definition.config)
    found = secrets.references(workflow, keys)
    problems = []
    settings = config.effective_settings(definition.config, saved, found)
    for each in settings:
        sentence = each.problem
        if each.key in keys and (sentence is None or each.source == "missing"):
            sentence = secrets.unusable(workflow, each.key, found.get(each.key))
        if sentence:
            problems.append(Problem(f"config.{each.key}", sentence))
    if problems:
        raise Invalid(sentences(problem.sentence for problem in problems), problems)
    return {each.key: each.value for each in settings}


def resolve_sub_workflows(workflow: Workflow, definition: Definition) -> dict[str, FixedWorkflow]:
    """Every workflow that can be reached, by the ref it is called by, with the version and settings fixed now.

    Raises Invalid or Conflict where one is missing, cannot run, or they start each other.
    """
    fixed: dict[str, FixedWorkflow] = {}
    way = [workflow.ref]
    workspace = workspaces.slug_of(workflow.workspace)

    def visit(current: Definition) -> None:
        for ref in current.children():
            child = get_workflow(ref, workspace)
            if child.ref in way:
                raise Invalid(_("These workflows start each other: {path}.", path=" → ".join([*way, child.ref])))
            if len(way) >= DEEPEST_WORKFLOWS:
                raise Invalid(
                    _(
                        "Workflows may be {most} deep, not deeper: {path}.",
                        most=DEEPEST_WORKFLOWS,
                        path=" → ".join(way),
                    )
                )
            version = versions.current(child.pk)
            if version is None or child.status is WorkflowStatus.ARCHIVED:
                raise Conflict(
                    _("The sub-workflow “{ref}” cannot run: it is archived or has no version.", ref=child.ref)
                )
            inner = model.read_stored(version.definition)
            fixed[ref] = {"version": version.pk, "config": effective_settings(child, inner)}
            way.append(child.ref)
            visit(inner)
            way.pop()

    visit(definition)
    return fixed
