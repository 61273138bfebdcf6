"""The verbs of a runner about what it runs: load, record, keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from smartspec.commands import environment, pings, secrets, unmasked_values
from smartspec.commands.execution_plan import Planned, base_names, execution_names, local, moment_of, zone_of
from smartspec.domain import config
from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.engine.transitions import TaskRow, TransitionBatch
from smartspec.domain.execution import Execution, Request, TaskExecution
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.errors import ExecutionNotFound, Invalid
from smartspec.messages import _
from smartspec.store import database, executions, tasks, transitions, versions, workflows
from smartspec.store.claims import Claim
from smartspec.store.database import folders
from smartspec.store.logs.writer import ExecutionLogs, LogWriter
from smartspec.value import frozen, replace

MASKED = "masked"  # among the variables of an execution: they are not what they were
__all__ = ["Claim", "ExecutionLogs", "LogWriter", "Planned"]


@frozen
class Run:
    """An execution as a runner needs it. `folder` is where its tasks run by default; `names` the fixed ones.

    `secrets` holds the values of today, by key; `masked` those that may not be shown, of its family too.
    `environment` is that of whoever asked for it, secrets included; `python` what runs `python:`, empty where nothing
    does.
    """

    execution: Execution
    definition: Definition
    folder: Path
    names: dict[str, Json]
    secrets: dict[str, str]
    masked: tuple[str, ...]
    environment: dict[str, str]
    python: str
    rows: tuple[TaskExecution, ...]

    @property
    def is_beginning(self) -> bool:
        """Whether nothing of this attempt has been done before: it was not paused or interrupted meanwhile."""
        is_new = all(row.round != self.execution.attempt for row in self.rows)
        return is_new and self.execution.outcome is None


def load_run(pk: ExecutionPk) -> Run:
    """Raises Invalid or NoKeyring for a secret that cannot be had."""
    execution = executions.get(pk)
    version = versions.get(execution.version)
    definition = model.read_stored(version.definition)
    workflow = workflows.get(execution.workflow)
    variables = _variables(execution)
    zone = zone_of(execution)
    due = local(execution.scheduled_for, zone) if execution.scheduled_for else None
    own = execution_names(execution.id, execution.number, execution.attempt, due, workflow, version)
    names = {
        **base_names(execution.config_snapshot or {}, local(moment_of(execution), zone), own),
        "params": variables.get("params", {}),
        "vars": variables.get("vars", {}),
    }
    folder = Path(execution.folder or workflow.folder or environment.home())
    around = environment.of(execution)
    python = environment.interpreter_of(execution, definition, around)
    values = secrets.values(workflow, config.secret_keys(definition.config), around)
    masked = tuple({*values.values(), *secrets.of_family(execution, around), *pings.masked(workflow.pk, around)})
    rows = tuple(map(partial(_as_written, execution), tasks.of_execution(pk)))
    return Run(executions.get(pk), definition, folder, names, values, masked, around, python, rows)


def _as_written(execution: Execution, row: TaskExecution) -> TaskExecution:
    """A row with what was masked in it, where that is still kept: then it bears no warning."""
    if not row.warnings:
        return row
    found = unmasked_values.load(execution.id, unmasked_values.of_task(row.task, row.item_index, row.attempt))
    return row if found is None else replace(row, warnings=None, **found)


def keep_as_written(execution: Execution, row: TaskRow, output: Json, result: Json) -> None:
    """What an attempt gave, and is masked in its row. Raises StorageError."""
    key = unmasked_values.of_task(row.task, row.item_index, row.attempt)
    unmasked_values.store(execution.id, key, {"output": output, "result": result})


def keep_output(execution: Execution, output: Json) -> None:
    """The output of a sub-workflow, for its parent. Raises StorageError."""
    if execution.parent is not None:
        unmasked_values.store(executions.get(execution.parent).id, f"output/{execution.id}", output)


def output_of(child: Execution) -> Json:
    """The output of a sub-workflow, as it was worked out where that is kept."""
    kept = (
        unmasked_values.load(executions.get(child.parent).id, f"output/{child.id}")
        if child.parent is not None
        else None
    )
    return child.output if kept is None else kept


def _variables(execution: Execution) -> Mapping[str, Json]:
    """What came of the input. Raises Invalid where that was masked, and is not kept any more."""
    variables = execution.variables or {}
    if not variables.get(MASKED):
        return variables
    kept = unmasked_values.load(execution.id, unmasked_values.INPUT)
    if isinstance(kept, dict):
        return kept
    parent = executions.get(execution.parent) if execution.parent is not None else execution
    raise Invalid(
        _(
            "The input of {execution} holds a secret: it is masked in the record, and not kept any more. Run again"
            " what gives it, with what follows: smartspec rerun {name} --from TASK.",
            execution=execution.label, name=parent.id[:18],
        )
    )  # fmt: skip


def record_transitions(batch: TransitionBatch) -> tuple[list[TaskExecutionPk], Request | None]:
    """Write a batch: the keys of the rows it made, in order, and what is requested. Raises Conflict, StorageError."""
    return transitions.record(batch)


def excerpt_of_failure(pk: ExecutionPk) -> str | None:
    """What the attempt that failed last said last."""
    return tasks.excerpt_of_failure(pk)


def get_execution(pk: ExecutionPk) -> Execution:
    return executions.get(pk)


def requested_of(pk: ExecutionPk) -> Request | None:
    return executions.requested_of(pk)


def status_of(pk: ExecutionPk) -> ExecutionStatus | None:
    """None where there is no such execution any more."""
    try:
        return executions.get(pk).status
    except ExecutionNotFound:
        return None


def task_answers(pks: list[TaskExecutionPk]) -> dict[TaskExecutionPk, tuple[str, str | None, str | None]]:
    """Status, reason and output (JSON text) of rows that a person may have answered."""
    return tasks.statuses(pks)


def undelayed(pks: list[TaskExecutionPk]) -> set[TaskExecutionPk]:
    """Those of some rows that wait for a retry and are to be tried at once."""
    return tasks.undelayed(pks)


def data_version() -> int:
    """A number that moves when another connection has committed."""
    return database.data_version()


def logs_of(execution: Execution, cap: int) -> ExecutionLogs:
    """Where its tasks write; of each log at most `cap` bytes are kept."""
    return ExecutionLogs(execution.id, execution.created_at, cap)


def one_transaction() -> AbstractContextManager[None]:
    """What is written inside is kept together, or not at all."""
    return database.transaction()


def scratch_folder(execution_id: str) -> Path:
    """The folder that an execution's tasks share; the runner makes and removes it."""
    return database.folder() / "scratch" / execution_id


def make_folder(folder: Path) -> None:
    """For the owner alone, with what is missing above it. Raises OSError."""
    folders.make(folder, durable=False)


def over(ids: Iterable[str]) -> list[str]:
    """Those of these ids whose execution has ended, or is not there."""
    found = {id_: executions.by_id(id_) for id_ in ids}
    return [id_ for id_, each in found.items() if each is None or each.status in FINAL]


def database_path() -> Path:
    return database.path()
