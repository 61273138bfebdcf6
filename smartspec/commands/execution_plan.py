"""An execution that is ready to be queued: everything that is fixed when its row is inserted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from smartspec.commands import environment
from smartspec.commands.actor import user
from smartspec.domain import config, params, times
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.render import render
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, FixedWorkflow, Kind, Origin, Resolved
from smartspec.domain.ids import new_id
from smartspec.domain.jsontext import Json, dump, strings
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import executions

LARGEST_INPUT_BYTES = 16 * 1024 * 1024
Planned = dict[str, Any]  # the fields of an execution by name; `number` None: the next one


def moment_of(execution: Execution) -> datetime:
    """What `now` is in an execution: when it was due, else made; in a replay that of the original."""
    pinned = (execution.variables or {}).get("now")
    return times.from_ms(pinned) if isinstance(pinned, int) else execution.scheduled_for or execution.created_at


def zone_of(execution: Execution) -> str | None:
    """Whose date `today` is in an execution; None: the machine's."""
    pinned = (execution.variables or {}).get("zone")
    return pinned if isinstance(pinned, str) else None


def insert(planned: Planned) -> Execution:
    """Queue what was planned; a sub-workflow has the environment of its parent."""
    return executions.add(planned)


def plan_execution(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Mapping[str, Json] | None,
    resolved: Resolved,
    settings: Mapping[str, Json],
    origin: Origin,
    moment: datetime | None = None,
) -> Planned:
    """Everything of an execution but its row; `moment` is its now where that is pinned.

    Nothing is evaluated inside of a transaction: other processes would wait for it. Where a template names the
    execution, its number is reserved first. Raises Invalid for an input that does not fit the params, or is larger
    than 16 MiB, and for vars that cannot be worked out.
    """
    _check_form(given)
    values = plan_row(workflow, version, definition, given, resolved, settings, origin)
    number = executions.reserve_number(workflow.pk) if _names_the_execution(definition) else None
    due = local(origin.scheduled_for, origin.zone) if origin.scheduled_for else None
    own = execution_names(values["id"], number or 0, 1, due, workflow, version)
    names = base_names(settings, local(moment or origin.scheduled_for or values["created_at"], origin.zone), own)
    variables = _variables(definition, given or {}, names)
    if moment is not None:
        variables["now"] = times.to_ms(moment)
    if origin.zone is not None:
        variables["zone"] = origin.zone
    return {**values, "number": number, "variables": variables or None}


def check_input(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Mapping[str, Json],
    settings: Mapping[str, Json],
    moment: datetime,
) -> None:
    """Whether an input would be taken at a moment, in the zone that it is shown in. Raises Invalid as the plan does."""
    _check_form(given)
    own = execution_names(new_id(), workflow.last_number + 1, 1, moment, workflow, version)
    _variables(definition, given, base_names(settings, moment, own))


def _check_form(given: Mapping[str, Json] | None) -> None:
    if given is not None and not isinstance(given, dict):
        raise Invalid(_("The input must be a JSON object: the parameters by name."))
    if given and len(dump(given)) > LARGEST_INPUT_BYTES:
        raise Invalid(_("The input is larger than 16 MiB."))


def _names_the_execution(definition: Definition) -> bool:
    return any("execution" in text and "{{" in text for text in strings([definition.params, definition.vars]))


def plan_row(
    workflow: Workflow,
    version: Version,
    definition: Definition,
    given: Json,
    resolved: Resolved,
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
        "replay_of": origin.replay_of, "runner": origin.runner, "schedule": origin.schedule,
        "scheduled_for": origin.scheduled_for, "input": given or None,
        "config_snapshot": settings or None, "resolved": resolved or None, "created_at": times.now(),
        "tasks_total": len(definition.tasks), "folder": workflow.folder or environment.home(),
        "environment": executions.get(origin.parent).environment if origin.parent is not None else None,
    }  # fmt: skip


def limits_of(definition: Definition, workflows: Mapping[str, FixedWorkflow]) -> Resolved:
    """What `resolved` of an execution holds; `workflows` are those that it can reach."""
    limits = Resolved()
    if definition.uses:
        limits["uses"] = list(definition.uses)
    if definition.max_running is not None:
        limits["max_running"] = definition.max_running
    if workflows:
        limits["workflows"] = workflows
    return limits


def local(moment: datetime, zone: str | None) -> datetime:
    """The same moment on the clocks of a zone; None: of this machine."""
    return moment.astimezone(ZoneInfo(zone) if zone else None)


def execution_names(
    id_: str, number: int, attempt: int, scheduled_for: datetime | None, workflow: Workflow, version: Version
) -> dict[str, Json]:
    """What templates see as `execution`; `scheduled_for` is in the zone that it is shown in."""
    return {
        "id": id_,
        "number": number,
        "attempt": attempt,
        "scheduled_for": scheduled_for.isoformat() if scheduled_for else None,
        "workflow": workflow.ref,
        "version": version.version,
    }


def base_names(settings: Mapping[str, Json], moment: datetime, execution: Mapping[str, Json]) -> dict[str, Json]:
    """The names that every template may use, secrets hidden; `moment` is the execution's now, in its zone."""
    return {
        "config": config.masked(settings),
        "now": moment.isoformat(),
        "today": f"{moment:%Y-%m-%d}",
        "execution": execution,
    }


def _variables(definition: Definition, given: Mapping[str, Json], names: Names) -> dict[str, Json]:
    """What came of the input: the parameters and, after them, the vars."""
    values: dict[str, Json] = {}
    filled = params.complete(definition.params, given, names)
    if filled:
        values["params"] = filled
    if definition.vars:
        try:
            values["vars"] = render(definition.vars, {**names, "params": filled})
        except TemplateError as error:
            raise Invalid(_("The vars cannot be worked out: {why}", why=error)) from error
    return values
