"""What the page of an execution reads: the execution with its tasks, its inputs and outputs, its neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from smartspec.commands import executions, metrics, task_runs, versions, workflows
from smartspec.commands.result_json import to_json
from smartspec.domain import config
from smartspec.domain.definition import cycles, graph, model
from smartspec.domain.definition.graph import Edges
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.states import TASK_PROBLEM
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.domain.task_run import TaskRun
from smartspec.errors import SmartSpecError, unwritable
from smartspec.messages import tr
from smartspec.value import frozen

_MOST_CHILDREN = 50


@frozen
class Detail:
    """`tasks` is what became of each by the end of `round`; `rows` are their attempts, of very many the most telling.

    `usual` is when each task usually ends (ms after its start: mean, longest), `usual_ms` what nearly every execution
    takes at most; `definition` is that of its version, `edges` what each task comes after, `children` are the
    executions of its sub-workflows, `parent` is what it is one of, `original` what it is a replay of.
    """

    execution: Execution
    rows: tuple[TaskExecution, ...]
    workflow: str
    usual: dict[str, tuple[int, int]]
    usual_ms: int
    round: int
    definition: Definition | None
    tasks: tuple[TaskRun, ...]
    parent: Execution | None
    original: Execution | None
    children: Mapping[ExecutionPk, Execution]
    edges: Edges

    @property
    def telling(self) -> TaskExecution | None:
        """The attempt that says most: of the task that failed first, else of what runs, else of what ended last."""
        failed = [run for run in self.tasks if run.status in TASK_PROBLEM]
        failed = [run for run in failed if run.latest is not None and not run.latest.tolerated] or failed
        failed.sort(key=lambda run: (run.task_type in ("parallel", "sequential"), run.ended_at is None, run.ended_at))
        for run in [*failed, *(run for run in self.tasks if run.status == "running")]:
            rows = [row for row in self.rows if row.task == run.task and row.status == run.status]
            if rows:
                return rows[-1]
        ended = [(row.completed_at, row.pk, row) for row in self.rows if row.completed_at and row.started_at]
        return max(ended)[2] if ended else None

    def rows_of(self, task: str) -> list[TaskExecution]:
        """Those that were read."""
        return [row for row in self.rows if row.task == task]

    def run(self, task: str) -> TaskRun | None:
        return next((run for run in self.tasks if run.task == task), None)


def read(id_: str, workspace: str, round_: int = 0) -> Detail:
    """Of its last attempt where `round_` is 0."""
    execution = executions.get_execution(id_, workspace)
    round_ = min(round_, execution.attempt) or execution.attempt
    version = execution.version
    definition = None if version is None else model.read(versions.get_version_by_key(version).definition)
    tasks = task_runs.list_task_runs(execution, definition, round_)
    rows = task_runs.some_attempts(execution, tasks, round_)
    workflow, usual, usual_ms = "", {}, 0
    if execution.workflow is not None:
        found = workflows.get_workflow_by_key(execution.workflow)
        if found.deleted_at is None:
            workflow = found.id
            usual_ms = metrics.usual_durations([found.pk]).get(found.pk, (None, None))[1] or 0
            for each in metrics.task_metrics(found.id, workspace=workspace):
                if each.completed and each.duration_max_ms is not None:
                    usual[each.task] = (each.duration_sum_ms // each.completed, each.duration_max_ms)
    parent, original = (
        None if pk is None else executions.get_execution_by_key(pk) for pk in (execution.parent, execution.replay_of)
    )
    return Detail(
        execution, rows, workflow, usual, usual_ms, round_, definition, tasks, parent, original, _children(rows),
        _edges(definition),
    )  # fmt: skip


def _edges(definition: Definition | None) -> Edges:
    found = {} if definition is None else graph.nearest_dependencies(definition)
    return dict.fromkeys(found, ()) if cycles.find_cycles(found) else found


def _children(rows: Iterable[TaskExecution]) -> dict[ExecutionPk, Execution]:
    pks = [row.child_execution for row in rows if row.child_execution is not None]
    return {pk: executions.get_execution_by_key(pk) for pk in pks[-_MOST_CHILDREN:]}


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
    found = {tr("given"): execution.input, **variables}
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
    """The execution with all attempts of its tasks as JSON. Raises Invalid where the file cannot be written."""
    rows = executions.list_task_executions(detail.execution.id)
    told = {"execution": to_json(detail.execution), "tasks": to_json(rows)}
    try:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
