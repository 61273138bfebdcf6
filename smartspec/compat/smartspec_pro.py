"""The 18 commands of SmartSpec Pro under their own names, with their payloads and answers.

Ids are texts, times integer seconds, statuses one of four words (running, completed, failed, stopped).
Keys may be camelCase or snake_case; answers are snake_case.
"""

from collections.abc import Callable
from datetime import datetime

from smartspec.commands import by_id, configs, control, database, execution_trash, recording, workflows
from smartspec.commands.recording import Report
from smartspec.commands.workflows import WorkflowChanges
from smartspec.compat import payloads
from smartspec.compat.payloads import Payload
from smartspec.domain import ids, times
from smartspec.domain.config import Config, ValueType, stored_text
from smartspec.domain.engine import states
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, Kind
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import MASK
from smartspec.domain.search.filters import ExecutionFilter, WorkflowFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, ExecutionNotFound, Invalid, WorkflowNotFound
from smartspec.messages import _
from smartspec.value import replace

E = ExecutionStatus
_WORDS: dict[ExecutionStatus, str] = {
    E.PENDING: "running", E.RUNNING: "running", E.PAUSED: "running", E.COMPLETED: "completed", E.FAILED: "failed",
    E.TIMEOUT: "failed", E.INTERRUPTED: "failed", E.CANCELLED: "stopped",
}  # fmt: skip


def _create_workflow(payload: Payload) -> Json:
    req = payloads.section(payload, "req", {"name", "description", "config"})
    made = workflows.create_workflow(
        payloads.text(req, "name"), description=payloads.optional_text(req, "description"), config=req.get("config")
    )
    return _workflow(made)


def _get_workflow(payload: Payload) -> Json:
    found = by_id.find_workflow(payloads.text(payload, "id"))
    return _workflow(found) if found and found.deleted_at is None else None


def _get_workflow_by_name(payload: Payload) -> Json:
    found = workflows.find_workflow_by_name(payloads.text(payload, "name"))
    return _workflow(found) if found else None


def _list_workflows(payload: Payload) -> Json:
    wanted = payloads.section(payload, "filter", {"name", "limit", "offset"}, optional=True)
    found = by_id.slice_workflows(WorkflowFilter(name=payloads.optional_text(wanted, "name")), *payloads.window(wanted))
    return [_workflow(each) for each in found]


def _update_workflow(payload: Payload) -> Json:
    req = payloads.section(payload, "req", {"name", "description", "config", "version"})
    current = _existing(payloads.text(payload, "id"))
    _refuse_another_version(current, req.get("version"))
    changes = WorkflowChanges()
    if (name := payloads.optional_text(req, "name")) is not None:
        changes["name"] = name
    if "description" in req:
        changes["description"] = payloads.optional_text(req, "description")
    if "config" in req:
        changes["config"] = req["config"]
    return _workflow(workflows.update_workflow(current.id, **changes))


def _refuse_another_version(workflow: Workflow, version: Json) -> None:
    """A version is a text that is kept for ever: its label does not change. Raises Invalid."""
    label = _label(workflow)
    if version not in (None, label):
        raise Invalid(
            _(
                "The version of {name} cannot be set (it is {label}): import its file with `version: {version}`; that"
                " is its next one then.",
                name=workflow.name,
                label=label,
                version=version,
            )
        )


def _delete_workflow(payload: Payload) -> Json:
    found = by_id.find_workflow(payloads.text(payload, "id"))
    if found is None or found.deleted_at is not None:
        return False
    workflows.delete_workflow(found.id)
    return True


def _create_execution(payload: Payload) -> Json:
    workflow = _existing(payloads.text(payload, "workflow_id"))
    return _execution(recording.begin_execution(workflow.id, payloads.text(payload, "workflow_name")))


def _get_execution(payload: Payload) -> Json:
    found = by_id.find_execution(payloads.text(payload, "id"))
    return _execution(found) if found and found.deleted_at is None else None


def _list_executions(payload: Payload) -> Json:
    wanted = payloads.section(payload, "filter", {"workflow_id", "status", "limit", "offset"}, optional=True)
    asked = ExecutionFilter()
    if (workflow_id := payloads.optional_text(wanted, "workflow_id")) is not None:
        workflow = by_id.find_workflow(workflow_id)
        if workflow is None:
            return []
        asked = replace(asked, workflow=workflow.pk)
    if (word := payloads.optional_text(wanted, "status")) is not None:
        if word not in _WORDS.values():
            raise Invalid(
                _("There is no status “{word}”: the statuses are running, completed, failed and stopped.", word=word)
            )
        asked = replace(asked, status=frozenset(status for status, said in _WORDS.items() if said == word))
    return [_execution(each) for each in by_id.slice_executions(asked, *payloads.window(wanted))]


def _update_execution_status(payload: Payload) -> Json:
    execution = by_id.find_execution(payloads.text(payload, "id"))
    if execution is None or execution.deleted_at is not None:
        raise ExecutionNotFound(_("There is no execution “{id}”.", id=payload["id"]))
    status = states.execution_status(payloads.text(payload, "status"))
    if execution.kind is Kind.WORKFLOW:
        if status is not E.CANCELLED:
            raise Conflict(_("{ref} is run by SmartSpec; it can be stopped, not reported on.", ref=execution.label))
        return _execution(control.cancel_execution(execution.id))
    report = Report(status, payload.get("output"), payloads.optional_text(payload, "error"))
    return _execution(recording.end_execution(execution.id, report))


def _delete_execution(payload: Payload) -> Json:
    found = by_id.find_execution(payloads.text(payload, "id"))
    if found is None or found.deleted_at is not None:
        return False
    execution_trash.delete_execution(found.id)
    return True


def _delete_old_executions(payload: Payload) -> Json:
    days = payload.get("days")
    if isinstance(days, bool) or not isinstance(days, int | float):
        raise Invalid(_("“{name}” must be a number.", name="days"))
    return execution_trash.delete_old_executions(days)


def _upsert_config(payload: Payload) -> Json:
    workflow = _existing(payloads.text(payload, "workflow_id"))
    value = payload.get("value")
    if value is None:
        raise Invalid(payloads.missing("value"))
    configs.set_config(
        workflow.id, payloads.text(payload, "key"), value,
        value_type=payloads.text(payload, "value_type"), description=payloads.optional_text(payload, "description"),
    )  # fmt: skip
    return _saved(workflow, payloads.text(payload, "key"))


def _get_config(payload: Payload) -> Json:
    workflow = by_id.find_workflow(payloads.text(payload, "workflow_id"))
    return _saved(workflow, payloads.text(payload, "key")) if workflow and workflow.deleted_at is None else None


def _saved(workflow: Workflow, key: str) -> Json:
    found = by_id.find_config(workflow, key)
    return _config(found, workflow) if found else None


def _list_configs(payload: Payload) -> Json:
    workflow = by_id.find_workflow(payloads.text(payload, "workflow_id"))
    if workflow is None or workflow.deleted_at is not None:
        return []
    return [_config(each, workflow) for each in by_id.configs_of(workflow)]


def _delete_config(payload: Payload) -> Json:
    workflow = by_id.find_workflow(payloads.text(payload, "workflow_id"))
    if workflow is None or workflow.deleted_at is not None:
        return False
    return configs.delete_config(workflow.id, payloads.text(payload, "key"))


def _get_database_stats(__: Payload) -> Json:
    return database.database_stats()


def _get_database_version(__: Payload) -> Json:
    return str(database.database_version().schema)


_HANDLERS: dict[str, tuple[Callable[[Payload], Json], frozenset[str]]] = {
    "create_workflow_db": (_create_workflow, frozenset({"req"})),
    "get_workflow_db": (_get_workflow, frozenset({"id"})),
    "get_workflow_by_name_db": (_get_workflow_by_name, frozenset({"name"})),
    "list_workflows_db": (_list_workflows, frozenset({"filter"})),
    "update_workflow_db": (_update_workflow, frozenset({"id", "req"})),
    "delete_workflow_db": (_delete_workflow, frozenset({"id"})),
    "create_execution_db": (_create_execution, frozenset({"workflow_id", "workflow_name"})),
    "get_execution_db": (_get_execution, frozenset({"id"})),
    "list_executions_db": (_list_executions, frozenset({"filter"})),
    "update_execution_status_db": (_update_execution_status, frozenset({"id", "status", "output", "error"})),
    "delete_execution_db": (_delete_execution, frozenset({"id"})),
    "delete_old_executions_db": (_delete_old_executions, frozenset({"days"})),
    "upsert_config_db": (
        _upsert_config, frozenset({"workflow_id", "key", "value", "value_type", "description"})
    ),
    "get_config_db": (_get_config, frozenset({"workflow_id", "key"})),
    "list_configs_by_workflow_db": (_list_configs, frozenset({"workflow_id"})),
    "delete_config_db": (_delete_config, frozenset({"workflow_id", "key"})),
    "get_database_stats": (_get_database_stats, frozenset()),
    "get_database_version": (_get_database_version, frozenset()),
}  # fmt: skip
NAMES = tuple(_HANDLERS)


def answer(name: str, payload: Payload) -> Json:
    """What the command of this name says to a payload. Raises Invalid, NotFound, Conflict."""
    handler, keys = _HANDLERS[name]
    given = {payloads.snake(key): value for key, value in payload.items()}
    payloads.refuse_unknown(given, keys, name)
    return handler(given)


def _workflow(workflow: Workflow) -> Json:
    current = _label(workflow)
    return {
        "id": workflow.id, "name": workflow.name, "description": workflow.description, "version": current,
        "config": workflow.config, "created_at": _seconds(workflow.created_at),
        "updated_at": _seconds(workflow.updated_at),
    }  # fmt: skip


def _execution(execution: Execution) -> Json:
    workflow = workflows.get_workflow_by_key(execution.workflow).id if execution.workflow else None
    return {
        "id": execution.id, "workflow_id": workflow, "workflow_name": execution.workflow_name,
        "status": _WORDS.get(execution.status, "failed"), "output": execution.output, "error": execution.error,
        "started_at": _seconds(execution.started_at or execution.created_at),
        "completed_at": _seconds(execution.completed_at),
    }  # fmt: skip


def _label(workflow: Workflow) -> str:
    return by_id.version_label(workflow) or "1.0.0"


def _config(config: Config, workflow: Workflow) -> Json:
    value = MASK if config.value_type is ValueType.SECRET else stored_text(config.value, config.value_type)
    return {
        "id": config.id, "workflow_id": workflow.id, "key": config.key, "value": value,
        "value_type": config.value_type.value, "description": config.description,
        "created_at": _seconds(config.created_at), "updated_at": _seconds(config.updated_at),
    }  # fmt: skip


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else times.to_ms(moment) // 1000


def _existing(id_: str) -> Workflow:
    found = by_id.find_workflow(id_)
    if found is None or found.deleted_at is not None:
        if not ids.is_id(id_):
            raise WorkflowNotFound(_("“{id}” is not the id of a workflow.", id=id_))
        raise WorkflowNotFound(_("There is no workflow with the id {id}.", id=id_))
    return found
