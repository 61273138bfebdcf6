"""Starting a workflow, and replaying what ran."""

from __future__ import annotations

from collections.abc import Mapping

from smartspec.commands import environment, secrets
from smartspec.commands.execution_plan import Planned, insert, limits_of, moment_of, plan_execution, plan_row
from smartspec.commands.registry import command
from smartspec.commands.sub_workflows import effective_settings, resolve_sub_workflows
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import config, times
from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution, Origin, Resolved, Trigger, check_note
from smartspec.domain.jsontext import Json
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, Problem
from smartspec.messages import _, sentences
from smartspec.store import database, versions, workflows
from smartspec.value import replace


@command
def start_execution(
    ref: str,
    input: Mapping[str, Json] | None = None,
    *,
    version: str | None = None,
    origin: Origin | None = None,
    note: str | None = None,
    workspace: str = DEFAULT,
) -> Execution:
    """Queue an execution of a workflow, by default of its current version. Whoever runs a runner runs it.

    `note` is kept with it, and found by search. Raises Invalid for input or settings that do not fit, Conflict for
    what cannot run, WorkflowNotFound.
    """
    note = check_note(note)
    workflow = get_workflow(ref, workspace)
    check_not_archived(workflow)
    chosen = versions.find(workflow.pk, version) if version else versions.current(workflow.pk)
    if chosen is None or not chosen.definition.get("tasks"):
        raise Conflict(_("“{name}” has no tasks to run; import a workflow file for it.", name=workflow.name))
    origin = origin or Origin()
    origin.check()
    return _queue({**plan_start(workflow, chosen, input, origin), "note": note})


def check_not_archived(workflow: Workflow) -> None:
    """Raises Conflict."""
    if workflow.status is WorkflowStatus.ARCHIVED:
        raise Conflict(
            _(
                "“{name}” is archived and does not run; `smartspec deactivate {ref}` first.",
                name=workflow.name,
                ref=workflow.ref,
            )
        )


def plan_start(workflow: Workflow, version: Version, given: Mapping[str, Json] | None, origin: Origin) -> Planned:
    """An execution with the settings and sub-workflows of today. Raises Invalid, Conflict."""
    definition = model.read_stored(version.definition)
    secrets.unlock(workflow, config.secret_keys(definition.config))
    resolved = resolve_sub_workflows(workflow, definition)
    limits, settings = limits_of(definition, resolved), effective_settings(workflow, definition)
    return plan_execution(workflow, version, definition, given, limits, settings, origin)


def start_replay(original: Execution, origin: Origin) -> Execution:
    """Queue an execution that has everything pinned from another but the secrets: those are today's.

    Raises Conflict where its workflow cannot run, Invalid for a secret that is missing.
    """
    workflow = _workflow_to_replay(original)
    version = versions.get(original.version)
    definition = model.read_stored(version.definition)
    settings = _with_todays_secrets(workflow, definition, original.config_snapshot or {})
    secrets.unlock(workflow, config.secret_keys(definition.config))
    for fixed in (original.resolved or Resolved()).get("workflows", {}).values():
        child = versions.get(fixed["version"])
        if child.workflow is not None:
            _with_todays_secrets(workflows.get(child.workflow), model.read(child.definition), {})
    origin = replace(origin, trigger=Trigger.REPLAY, replay_of=original.pk, priority=original.priority)
    origin.check()
    values = plan_row(workflow, version, definition, original.input, original.resolved or Resolved(), settings, origin)
    pinned = {key: value for key, value in (original.variables or {}).items() if key != "from"} | {
        "now": times.to_ms(moment_of(original))
    }
    return _queue({**values, "variables": pinned, "scheduled_for": original.scheduled_for})


def _workflow_to_replay(original: Execution) -> Workflow:
    """Raises Conflict where it was removed, is in the trash or archived."""
    if original.workflow is None or original.version is None:
        raise Conflict(_("The workflow of {execution} was removed; it cannot be replayed.", execution=original.label))
    workflow = workflows.get(original.workflow)
    if workflow.deleted_at is not None:
        raise Conflict(
            _(
                "The workflow of {execution} is in the trash; `smartspec restore {ref}` brings it back.",
                execution=original.label, ref=workflow.ref,
            )
        )  # fmt: skip
    if workflow.status is WorkflowStatus.ARCHIVED:
        raise Conflict(
            _(
                "The workflow of {execution} is archived; `smartspec deactivate {ref}` brings it back.",
                execution=original.label, ref=workflow.ref,
            )
        )  # fmt: skip
    return workflow


def _with_todays_secrets(workflow: Workflow, definition: Definition, settings: Mapping[str, Json]) -> dict[str, Json]:
    """A snapshot with the references that hold now. Raises Invalid for a secret that is missing or too short."""
    keys = config.secret_keys(definition.config)
    found = secrets.references(workflow, keys)
    wrong = {key: secrets.unusable(workflow, key, found.get(key)) for key in keys}
    if problems := [Problem(f"config.{key}", sentence) for key, sentence in wrong.items() if sentence]:
        raise Invalid(sentences(problem.sentence for problem in problems), problems)
    return {**settings, **{key: config.secret_reference(found[key]) for key in keys}}


def _queue(planned: Planned) -> Execution:
    """Queue what was planned, with the environment of whoever asks for it."""
    with environment.kept(planned["id"]) as around, database.transaction():
        made = insert(planned)
        around.note(made.pk)
    return made
