"""From a workflow to a pending execution: what is fixed when its row is inserted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smartspec.commands import environment, secrets
from smartspec.commands.actor import user
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import config, params, times
from smartspec.domain.config import ValueType
from smartspec.domain.definition import model
from smartspec.domain.definition.expressions import TemplateError
from smartspec.domain.definition.model import DEEPEST_WORKFLOWS, Definition
from smartspec.domain.definition.render import render
from smartspec.domain.engine.states import ExecutionStatus, WorkflowStatus
from smartspec.domain.execution import Execution, Kind, Origin, Trigger
from smartspec.domain.ids import new_id
from smartspec.domain.jsontext import Json, dump, strings
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, Problem, VersionNotFound, WorkflowNotFound
from smartspec.store import configs, database, executions, versions, workflows, workspaces
from smartspec.value import replace

LARGEST_INPUT_BYTES = 16 * 1024 * 1024

Planned = dict[str, Any]  # the fields of an execution by name; `number` None: the next one


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
    definition = model.read_stored(chosen.definition)
    resolved = _resolved(workflow, definition)
    origin = origin or Origin()
    origin.check()
    limits = _limits(definition, resolved)
    return _asked(_plan(workflow, chosen, definition, input, limits, _effective(workflow, definition), origin))


def start_replay(original: Execution, origin: Origin) -> Execution:
    """Queue an execution that has everything pinned from another but the secrets: those are today's.

    Raises Conflict where its workflow cannot run, Invalid for a secret that is missing.
    """
    if original.workflow is None or original.version is None:
        raise Conflict(f"The workflow of {original.label} was removed; it cannot be replayed.")
    workflow = workflows.get(original.workflow)
    if workflow.deleted_at is not None or workflow.status is WorkflowStatus.ARCHIVED:
        way = "restore" if workflow.deleted_at is not None else "deactivate"
        where = "in the trash" if workflow.deleted_at is not None else "archived"
        way = f"`smartspec {way} {workflow.ref}` brings it back"
        raise Conflict(f"The workflow of {original.label} is {where}; {way}.")
    version = versions.get(original.version)
    definition = model.read_stored(version.definition)
    settings = _with_todays_secrets(workflow, definition, original.config_snapshot or {})
    for fixed in (original.resolved or {}).get("workflows", {}).values():
        child = versions.get(fixed["version"])
        if child.workflow is not None:
            _with_todays_secrets(workflows.get(child.workflow), model.read(child.definition), {})
    origin = replace(origin, trigger=Trigger.REPLAY, replay_of=original.pk, priority=original.priority)
    origin.check()
    values = _row(workflow, version, definition, original.input, original.resolved or {}, settings, origin)
    pinned = {key: value for key, value in (original.variables or {}).items() if key != "from"} | {
        "now": times.to_ms(moment_of(original))
    }
    return _asked({**values, "variables": pinned, "scheduled_for": original.scheduled_for})


def _with_todays_secrets(workflow: Workflow, definition: Definition, settings: Mapping[str, Json]) -> dict[str, Json]:
    """A snapshot with the references that hold now. Raises Invalid for a secret that is missing."""
    keys = config.secret_keys(definition.config)
    found = secrets.references(workflow, keys)
    if problems := [Problem(f"config.{key}", secrets.missing(workflow, key)) for key in keys if key not in found]:
        raise Invalid(" ".join(problem.sentence for problem in problems), problems)
    return {**settings, **{key: config.secret_reference(found[key]) for key in keys}}


def moment_of(execution: Execution) -> datetime:
    """What `now` is in an execution: when it was due, else made; in a replay that of the original."""
    pinned = (execution.variables or {}).get("now")
    return times.from_ms(pinned) if pinned is not None else execution.scheduled_for or execution.created_at


def plan_child(
    parent: Execution, ref: str, given: Mapping[str, Json], runner: int, replay_of: Execution | None
) -> Planned:
    """A sub-workflow with the version and settings that were fixed for it, ready to be queued.

    `replay_of` is the one whose `now` it takes over. Raises Invalid where the input does not fit.
    """
    fixed = parent.resolved["workflows"][ref]
    try:
        chosen = versions.get(fixed["version"])
    except VersionNotFound:
        raise WorkflowNotFound(f"The workflow “{ref}” was removed meanwhile.") from None
    if chosen.workflow is None:
        raise WorkflowNotFound(f"The workflow “{ref}” was removed meanwhile.")
    workflow = workflows.get(chosen.workflow)
    definition = model.read_stored(chosen.definition)
    origin = Origin(
        Trigger.SUB_WORKFLOW, parent.triggered_by, parent.session_id, parent.user_name, parent.correlation_id,
        parent.priority, parent.pk, replay_of.pk if replay_of else None, runner=runner,
    )  # fmt: skip
    resolved = parent.resolved["workflows"]
    moment = moment_of(replay_of) if replay_of else None
    given = params.coerce_texts(given, definition.params)
    return _plan(workflow, chosen, definition, given, _limits(definition, resolved), fixed["config"], origin, moment)


def _asked(planned: Planned) -> Execution:
    """Queue what was planned, with the environment of whoever asks for it."""
    with environment.kept(planned["id"]) as around, database.transaction():
        made = insert(planned)
        around.note(made.pk)
    return made


def insert(planned: Planned) -> Execution:
    """Queue what was planned; a sub-workflow has the environment of its parent."""
    return executions.add(planned)


def _plan(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Mapping[str, Json] | None,
    resolved: Mapping[str, Json],
    settings: Mapping[str, Json],
    origin: Origin,
    moment: datetime | None = None,
) -> Planned:
    """Everything of an execution but its row; `moment` is its now where that is pinned.

    Nothing is evaluated inside of a transaction: other processes would wait for it. Where a template names the
    execution, its number is reserved first.
    """
    if given is not None and not isinstance(given, dict):
        raise Invalid("The input must be a JSON object: the parameters by name.")
    if given and len(dump(given)) > LARGEST_INPUT_BYTES:
        raise Invalid("The input is larger than 16 MiB.")
    values = _row(workflow, version, definition, given, resolved, settings, origin)
    number = executions.reserve_number(workflow.pk) if _names_the_execution(definition) else None
    own = execution_names(values["id"], number or 0, 1, None, workflow, version)
    names = base_names(settings, moment or values["created_at"], own)
    variables = _variables(definition, given or {}, names)
    if moment is not None:
        variables["now"] = times.to_ms(moment)
    return {**values, "number": number, "variables": variables or None}


def _names_the_execution(definition: Definition) -> bool:
    return any("execution" in text and "{{" in text for text in strings([definition.params, definition.vars]))


def _row(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Json,
    resolved: Mapping[str, Json],
    settings: Mapping[str, Json],
    origin: Origin,
) -> dict[str, Any]:
    """What is fixed of an execution when its row is inserted, but what comes of its input."""
    return {
        "id": new_id(), "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": workflow.name,
        "version": version.pk, "workflow_version": version.version, "kind": Kind.WORKFLOW,
        "status": ExecutionStatus.PENDING, "trigger": origin.trigger, "triggered_by": origin.triggered_by or user(),
        "session_id": origin.session_id, "user_name": origin.user_name, "correlation_id": origin.correlation_id,
        "priority": definition.priority if origin.priority is None else origin.priority, "parent": origin.parent,
        "replay_of": origin.replay_of, "runner": origin.runner, "input": given or None,
        "config_snapshot": settings or None, "resolved": resolved or None, "created_at": times.now(),
        "tasks_total": len(definition.tasks), "folder": workflow.folder or environment.home(),
        "environment": executions.get(origin.parent).environment if origin.parent is not None else None,
    }  # fmt: skip


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
    """The names that every template may use, secrets hidden; `moment` is the execution's now."""
    local = moment.astimezone()
    return {
        "config": config.masked(settings),
        "now": local.isoformat(),
        "today": f"{local:%Y-%m-%d}",
        "execution": execution,
    }


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


def _effective(workflow: Workflow, definition: Definition) -> dict[str, Json]:
    """The values that hold, secrets as references. Raises Invalid with everything that blocks the start."""
    saved = {each.key: each for each in configs.of_workflow(workflow.pk)}
    found = secrets.references(workflow, config.secret_keys(definition.config))
    problems = []
    settings = config.effective_settings(definition.config, saved, found)
    for each in settings:
        if each.problem is not None:
            is_missing = each.value_type is ValueType.SECRET and each.source == "missing"
            sentence = secrets.missing(workflow, each.key) if is_missing else each.problem
            problems.append(Problem(f"config.{each.key}", sentence))
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
            inner = model.read_stored(version.definition)
            fixed[ref] = {"version": version.pk, "config": _effective(child, inner)}
            way.append(child.ref)
            visit(inner)
            way.pop()

    visit(definition)
    return fixed
