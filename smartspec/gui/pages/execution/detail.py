"""What the page of an execution reads: the execution with its tasks, its inputs and outputs, its neighbours."""

from __future__ import annotations

import json
from pathlib import Path

from smartspec.commands import executions, metrics, workflows
from smartspec.commands.result_json import to_json
from smartspec.domain import config
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import Json
from smartspec.errors import SmartSpecError, unwritable
from smartspec.value import frozen


@frozen
class Detail:
    """`usual` is when each task usually ends (ms after its start: mean, longest)."""

    execution: Execution
    rows: tuple[TaskExecution, ...]
    workflow: str
    usual: dict[str, tuple[int, int]]


def read(id_: str, workspace: str) -> Detail:
    execution = executions.get_execution(id_, workspace)
    rows = executions.list_task_executions(execution.id)
    workflow, usual = "", {}
    if execution.workflow is not None:
        found = workflows.get_workflow_by_key(execution.workflow)
        if found.deleted_at is None:
            workflow = found.id
            for each in metrics.task_metrics(found.id, workspace=workspace):
                if each.completed and each.duration_max_ms is not None:
                    usual[each.task] = (each.duration_sum_ms // each.completed, each.duration_max_ms)
    return Detail(execution, rows, workflow, usual)


def neighbour(execution: Execution, by: int, workspace: str) -> str:
    if execution.workflow is None:
        return ""
    workflow = workflows.get_workflow_by_key(execution.workflow)
    try:
        return executions.get_execution(f"{workflow.ref}#{execution.number + by}", workspace).id
    except SmartSpecError:
        return ""


def inputs(execution: Execution) -> dict[str, Json]:
    variables = execution.variables if isinstance(execution.variables, dict) else {}
    found = {"given": execution.input, **variables}
    return {key: value for key, value in found.items() if value not in (None, {})}


def outputs(execution: Execution, rows: tuple[TaskExecution, ...]) -> dict[str, Json]:
    """The output, and what each task gave; of items a list."""
    tasks: dict[str, Json] = {}
    for row_ in rows:
        if row_.output in (None, {}):
            continue
        if row_.item is not None:
            listed = tasks.setdefault(row_.task, [])
            assert isinstance(listed, list)
            listed.append(row_.output)
        else:
            tasks[row_.task] = row_.output
    found = {"output": execution.output, "tasks": tasks}
    return {key: value for key, value in found.items() if value not in (None, {})}


def masked(value: Json) -> Json:
    return "•••" if config.is_secret_reference(value) else value


def export(detail: Detail, path: Path) -> None:
    """The execution with its tasks as JSON. Raises Invalid where the file cannot be written."""
    told = {"execution": to_json(detail.execution), "tasks": to_json(detail.rows)}
    try:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
