"""From a workflow to a pending execution: what is fixed when its row is inserted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smartspec.commands.actor import user
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import config, params, times
from smartspec.domain.definition import model
from smartspec.domain.definition.expressions import TemplateError
from smartspec.domain.definition.model import DEEPEST_WORKFLOWS, Definition
from smartspec.domain.definition.render import render
from smartspec.domain.execution import Execution, Kind, Trigger
from smartspec.domain.ids import new_id
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.states import ExecutionStatus, WorkflowStatus
from smartspec.domain.text import plain
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, Problem, WorkflowNotFound
from smartspec.store import configs, database, executions, versions, workflows, workspaces

LARGEST_INPUT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """Why an execution starts, and what it is to be known by."""

    trigger: Trigger = Trigger.API
    triggered_by: str | None = None
    session_id: str | None = None
    user_name: str | None = None
    correlation_id: str | None = None
    priority: int | None = None
    parent: int | None = None
    replay_of: int | None = None
    runner: int | None = None  # who alone may claim it


def start_execution(
    ref: str,
    input: Mapping[str, Json] | None = None,
    *,
    version: str | None = None,
    origin: Origin | None = None,
    workspace: str = DEFAULT,
) -> Execution:
    """Queue an execution of a workflow, by default of its current version. Whoever runs a runner runs it.

    Raises Invalid for input or settings that do not fit, Conflict for what cannot run, WorkflowNotFound.
    """
    workflow = get_workflow(ref, workspace)
    if workflow.status is WorkflowStatus.ARCHIVED:
        raise Conflict(f"“{workflow.name}” is archived and does not run; `smartspec deactivate {workflow.ref}` first.")
    chosen = versions.find(workflow.pk, version) if version else versions.current(workflow.pk)
    if chosen is None or not chosen.definition.get("tasks"):
        raise Conflict(f"“{workflow.name}” has no tasks to run; import a workflow file for it.")
    definition = model.read(chosen.definition)
    resolved = _resolved(workflow, definition)
    origin = origin or Origin()
    _check_origin(origin)
    return _insert(workflow, chosen, definition, input, resolved, _effective(workflow.pk, definition), origin)


def start_child(parent: Execution, ref: str, given: Mapping[str, Json], runner: int) -> int:
    """Queue a sub-workflow with the version and settings that were fixed for it; the answer is its key.

    Raises Invalid where the input does not fit.
    """
    fixed = parent.resolved["workflows"][ref]
    chosen = versions.get(fixed["version"])
    if chosen.workflow is None:
        raise WorkflowNotFound(f"The workflow “{ref}” was removed meanwhile.")
    workflow = workflows.get(chosen.workflow)
    definition = model.read(chosen.definition)
    origin = Origin(
        Trigger.SUB_WORKFLOW, parent.triggered_by, parent.session_id, parent.user_name, parent.correlation_id,
        parent.priority, parent.pk, runner=runner,
    )  # fmt: skip
    resolved = parent.resolved["workflows"]
    return _insert(workflow, chosen, definition, given, resolved, fixed["config"], origin).pk


def _check_origin(origin: Origin) -> None:
    for name in ("triggered_by", "session_id", "user_name", "correlation_id"):
        if (text := getattr(origin, name)) is not None:
            plain(text, f"The {name.replace('_', ' ')}", 500)


def _insert(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Mapping[str, Json] | None,
    resolved: dict[str, Json],
    settings: dict[str, Json],
    origin: Origin,
) -> Execution:
    if given is not None and not isinstance(given, dict):
        raise Invalid("The input must be a JSON object: the parameters by name.")
    if given and len(dump(given)) > LARGEST_INPUT_BYTES:
        raise Invalid("The input is larger than 16 MiB.")
    if definition.params is not None:
        import jsonschema  # noqa: F401 - imported before the write lock is taken, not under it
    created = times.now()
    values: dict[str, Any] = {
        "id": new_id(), "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": workflow.name,
        "version": version.pk, "workflow_version": version.version, "kind": Kind.WORKFLOW,
        "status": ExecutionStatus.PENDING, "trigger": origin.trigger, "triggered_by": origin.triggered_by or user(),
        "session_id": origin.session_id, "user_name": origin.user_name, "correlation_id": origin.correlation_id,
        "priority": definition.priority if origin.priority is None else origin.priority, "parent": origin.parent,
        "replay_of": origin.replay_of, "runner": origin.runner, "input": given or None,
        "config_snapshot": settings or None, "resolved": _limits(definition, resolved) or None,
        "created_at": created, "tasks_total": len(definition.tasks),
    }  # fmt: skip
    with database.transaction():
        number = workflows.get(workflow.pk).last_number + 1
        names = base_names(settings, created, execution_names(values["id"], number, 1, None, workflow, version))
        values["variables"] = _variables(definition, given or {}, names) or None
        return executions.add(values)


def _limits(definition: Definition, resolved: dict[str, Json]) -> dict[str, Json]:
    """What `resolved` holds: the limits that a claim looks at, and the workflows that can be reached."""
    limits: dict[str, Json] = {}
    if definition.uses:
        limits["uses"] = list(definition.uses)
    if definition.max_running is not None:
        limits["max_running"] = definition.max_running
    if resolved:
        limits["workflows"] = resolved
    return limits


def execution_names(
    id_: str, number: int, attempt: int, scheduled_for: datetime | None, workflow: Workflow, version: Version
) -> dict[str, Json]:
    """What templates see as `execution`."""
    return {
        "id": id_,
        "number": number,
        "attempt": attempt,
        "scheduled_for": scheduled_for.astimezone().isoformat() if scheduled_for else None,
        "workflow": workflow.ref,
        "version": version.version,
    }


def base_names(settings: Mapping[str, Json], moment: datetime, execution: Mapping[str, Json]) -> dict[str, Any]:
    """The names that every template may use; `moment` is the execution's now."""
    local = moment.astimezone()
    return {"config": settings, "now": local.isoformat(), "today": f"{local:%Y-%m-%d}", "execution": execution}


def _variables(definition: Definition, given: Mapping[str, Json], names: dict[str, Any]) -> dict[str, Json]:
    """What came of the input: the parameters and, after them, the vars."""
    values: dict[str, Json] = {}
    filled = params.complete(definition.params, given, names)
    if filled:
        values["params"] = filled
    if definition.vars:
        try:
            values["vars"] = render(definition.vars, {**names, "params": filled})
        except TemplateError as error:
            raise Invalid(f"The vars cannot be worked out: {error}") from error
    return values


# Settings and sub-workflows


def _effective(workflow: int, definition: Definition) -> dict[str, Json]:
    """The values that hold. Raises Invalid with everything that blocks the start."""
    saved = {each.key: each for each in configs.of_workflow(workflow)}
    settings = config.effective(definition.config, saved)
    problems = [Problem(f"config.{each.key}", each.problem) for each in settings if each.problem]
    if problems:
        raise Invalid(" ".join(problem.sentence for problem in problems), problems)
    return {each.key: each.value for each in settings}


def _resolved(workflow: Workflow, definition: Definition) -> dict[str, Json]:
    """Every workflow that can be reached, by the ref it is called by, with the version and settings fixed now.

    Raises Invalid or Conflict where one is missing, cannot run, or they start each other.
    """
    fixed: dict[str, Json] = {}
    way = [workflow.ref]
    place = workspaces.slug_of(workflow.workspace)

    def visit(current: Definition) -> None:
        for ref in current.children():
            child = get_workflow(ref, place)
            if child.ref in way:
                raise Invalid(f"These workflows start each other: {' → '.join([*way, child.ref])}.")
            if len(way) >= DEEPEST_WORKFLOWS:
                raise Invalid(f"Workflows may be {DEEPEST_WORKFLOWS} deep, not deeper: {' → '.join(way)}.")
            version = versions.current(child.pk)
            if version is None or child.status is WorkflowStatus.ARCHIVED:
                raise Conflict(f"The sub-workflow “{child.ref}” cannot run: it is archived or has no version.")
            inner = model.read(version.definition)
            fixed[ref] = {"version": version.pk, "config": _effective(child.pk, inner)}
            way.append(child.ref)
            visit(inner)
            way.pop()

    visit(definition)
    return fixed
