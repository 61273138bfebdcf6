"""The runner's verbs: claim, load, record a step, hand down to sub-workflows. Not in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from smartspec.commands import environment, secrets, settings, starting, unmasked_values
from smartspec.commands.starting import Planned, base_names, execution_names, moment_of
from smartspec.commands.termination import end_unclaimed
from smartspec.domain import config
from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import TaskRow, TransitionBatch
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Kind, Request, TaskExecution
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.domain.runner import Runner
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Conflict, ExecutionNotFound, Invalid
from smartspec.store import claims, database, executions, history, runners, tasks, transitions, versions, workflows
from smartspec.store.claims import Claim
from smartspec.store.database import folders
from smartspec.store.logs.writer import ExecutionLogs, LogWriter
from smartspec.value import frozen, replace

_MASKED = "masked"  # among the variables of an execution: they are not what they were

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


def register_runner(runner: Runner) -> int:
    return runners.add(runner)


def list_runners() -> tuple[Runner, ...]:
    return runners.all_()


def claim_execution(runner: int, only: int | None = None) -> Claim:
    """Take the most urgent pending execution that the limits allow, or `only` that one."""
    at_once = settings.get_setting("runner.at_once")
    with database.transaction():
        claim = claims.claim(runner, only=only, at_once=at_once)
        if claim.execution is not None:
            environment.note_room(claim.execution)
    return claim


def has_pending() -> bool:
    return claims.waiting()


def load_run(pk: int) -> Run:
    """Raises Invalid or NoKeyring for a secret that cannot be had."""
    execution = executions.get(pk)
    version = versions.get(execution.version or 0)
    definition = model.read_stored(version.definition)
    workflow = workflows.get(execution.workflow or 0)
    variables = _variables(execution)
    own = execution_names(execution.id, execution.number, execution.attempt, execution.scheduled_for, workflow, version)
    names = {
        **base_names(execution.config_snapshot or {}, moment_of(execution), own),
        "params": variables.get("params", {}),
        "vars": variables.get("vars", {}),
    }
    folder = Path(execution.folder or workflow.folder or environment.home())
    around = environment.of(execution)
    python = environment.interpreter_of(execution, definition, around)
    values = secrets.values(workflow, config.secret_keys(definition.config), around)
    masked = tuple({*values.values(), *secrets.of_family(execution, around)})
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
    if not variables.get(_MASKED):
        return variables
    kept = unmasked_values.load(execution.id, unmasked_values.INPUT)
    if isinstance(kept, dict):
        return kept
    parent = executions.get(execution.parent) if execution.parent is not None else execution
    raise Invalid(
        f"The input of {execution.label} holds a secret: it is masked in the record, and not kept any more. Run again"
        f" what gives it, with what follows: smartspec rerun {parent.id[:18]} --from TASK."
    )


def record_step(step: TransitionBatch) -> tuple[list[int], Request | None]:
    """Write a step: the keys of the rows it made, in order, and what is requested. Raises Conflict, StorageError."""
    return transitions.record(step)


def excerpt_of_failure(pk: int) -> str | None:
    """What the attempt that failed last said last."""
    return tasks.excerpt_of_failure(pk)


def get_execution(pk: int) -> Execution:
    return executions.get(pk)


def requested_of(pk: int) -> Request | None:
    return executions.requested_of(pk)


def status_of(pk: int) -> ExecutionStatus | None:
    """None where there is no such execution any more."""
    try:
        return executions.get(pk).status
    except ExecutionNotFound:
        return None


def task_answers(pks: list[int]) -> dict[int, tuple[str, str | None, str | None]]:
    """Status, reason and output (JSON text) of rows that a person may have answered."""
    return tasks.statuses(pks)


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


def plan_child(parent: Execution, task: str, item: int, ref: str, given: Json, runner: int) -> Planned:
    """The sub-workflow of a task, all evaluated; in a replay, as the one that the task had in the original.

    Raises Invalid where the input does not fit its params.
    """
    if not isinstance(given, dict):
        raise Invalid("The input of a sub-workflow must be a mapping.")
    original = None
    if parent.replay_of is not None:
        rows = [row for row in tasks.of_execution(parent.replay_of, task) if row.item_index == item]
        children = [row.child_execution for row in rows if row.child_execution is not None]
        original = executions.get(children[-1]) if children else None
    return starting.plan_child(parent, ref, given, runner, original)


def start_child(planned: Planned, mask: Mask) -> int:
    """Queue it, with the secrets in its input masked; the answer is its key."""
    values = {key: planned.get(key) for key in ("input", "variables")}
    shown = {key: mask.json(value) for key, value in values.items()}
    if shown != values:
        unmasked_values.store(planned["id"], unmasked_values.INPUT, values["variables"])
        planned = {**planned, **shown, "variables": {**(shown["variables"] or {}), _MASKED: True}}
    return starting.insert(planned).pk


def propagate_request(child: int, request: Request | None) -> None:
    """Ask of a sub-workflow what is asked of its parent; None takes a pause back. What has not begun is cancelled."""
    for _ in range(10):
        try:
            _propagate_once(executions.get(child), request)
            return
        except Conflict:  # it has begun or ended just now: look at it again
            continue


def _propagate_once(child: Execution, request: Request | None) -> None:
    if request is None:
        if child.requested is Request.PAUSE:
            executions.change(child, EventType.EXECUTION_RESUMED, message="parent", requested=None)
    elif child.status is ExecutionStatus.RUNNING:
        type_ = {
            Request.CANCEL: EventType.EXECUTION_CANCEL_REQUESTED,
            Request.PAUSE: EventType.EXECUTION_PAUSE_REQUESTED,
        }[request]
        executions.change(child, type_, message="parent", requested=request, status_reason="parent")
    elif request is Request.CANCEL and child.status not in FINAL:
        end_unclaimed(child, ExecutionStatus.CANCELLED, "parent")


def child_goes_on(child: int) -> bool:
    """Whether a sub-workflow of an earlier round can go on: it has not completed, and was not purged."""
    try:
        return executions.get(child).status is not ExecutionStatus.COMPLETED
    except ExecutionNotFound:
        return False


def continue_child(child: int, runner: int, *, rerun: bool) -> Execution:
    """Make a sub-workflow pending again where it was paused, interrupted, or is to be run again in part."""
    with database.transaction():
        return _continue_child(executions.get(child), runner, rerun)


def _continue_child(execution: Execution, runner: int, rerun: bool) -> Execution:
    status = execution.status
    if status in (ExecutionStatus.PAUSED, ExecutionStatus.INTERRUPTED):
        return executions.change(execution, EventType.EXECUTION_RESUMED, status=ExecutionStatus.PENDING, runner=runner)
    if rerun and status in (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT, ExecutionStatus.CANCELLED):
        parent = executions.get(execution.parent) if execution.parent is not None else execution
        return executions.reopen(execution, None, environment=parent.environment)
    return execution


def abort_execution(execution: int, runner: int, error: str, reason: str) -> None:
    """End an execution that cannot go on, and everything in it that has not ended; it has failed."""
    found = executions.get(execution)
    if found.status is ExecutionStatus.RUNNING and found.runner == runner:
        executions.finish(found, ExecutionStatus.FAILED, reason, error=error)
        for child in executions.children(execution):
            propagate_request(child.pk, Request.CANCEL)


# What a gone runner left behind


def interrupt(runner: int, is_gone: Callable[[], bool]) -> tuple[Execution, ...]:
    """Note once that a gone runner's executions were interrupted; `is_gone` is asked again inside the transaction.

    Its row stays while there may be processes of it: see `left_by` and `forget_runner`.
    """
    return runners.interrupt(runner, is_gone)


def interrupt_ownerless() -> tuple[Execution, ...]:
    """Note that what runs for a runner that is not known (any more) was interrupted."""
    if not runners.ownerless():
        return ()
    with database.transaction():
        found = runners.ownerless()
        for execution in found:
            runners.let_go(execution, "its runner is not known")
    return found


def has_in_hand(runner: int) -> bool:
    """Whether anything is noted as running, or as waiting, for a runner."""
    return any(each.status is not ExecutionStatus.INTERRUPTED for each in runners.of_runner(runner))


def running_of(runner: int) -> list[int]:
    """The keys of what runs for it, as far as the record knows."""
    return [each.pk for each in runners.of_runner(runner) if each.status is ExecutionStatus.RUNNING]


def left_by(runner: int) -> tuple[tuple[Execution, tuple[TaskExecution, ...]], ...]:
    """The interrupted executions of a gone runner, with their interrupted attempts: processes may be left of them."""
    return tuple((each, interrupted_attempts(tasks.of_execution(each.pk))) for each in runners.of_runner(runner))


def interrupted_attempts(rows: Sequence[TaskExecution]) -> tuple[TaskExecution, ...]:
    return tuple(row for row in rows if row.status is TaskStatus.INTERRUPTED)


def forget_runner(runner: int) -> None:
    """Of a gone runner nothing is left."""
    runners.forget(runner)


def unregister_runner(runner: int) -> tuple[Execution, ...]:
    """A runner goes, and has ended its processes: what it had in hand is interrupted."""
    with database.transaction():
        interrupted = runners.interrupt(runner, lambda: True)
        runners.forget(runner)
    return interrupted


def let_go(execution: int, runner: int, why: str) -> None:
    """A runner could not begin what it had claimed, for want of something: another time, perhaps."""
    with database.transaction():
        found = executions.get(execution)
        if found.status is ExecutionStatus.RUNNING and found.runner == runner:
            runners.let_go(found, why)


def resume_interrupted(interrupted: Sequence[Execution]) -> tuple[Execution, ...]:
    """Queue again what may go on by itself: not sub-workflows (their parents do), not after three interruptions."""
    if not settings.get_setting("runner.resume"):
        return ()
    resumed = []
    for execution in filter(_goes_on_by_itself, interrupted):
        with database.transaction():  # somebody may end it at this moment
            current = executions.by_id(execution.id)
            if current is not None and _goes_on_by_itself(current):
                changed = {"status": ExecutionStatus.PENDING, "runner": None}
                resumed.append(executions.change(current, EventType.EXECUTION_RESUMED, **changed))
    return tuple(resumed)


def _goes_on_by_itself(execution: Execution) -> bool:
    is_ours = execution.kind is Kind.WORKFLOW and execution.parent is None
    is_left = execution.status is ExecutionStatus.INTERRUPTED and execution.deleted_at is None
    return is_ours and is_left and runners.interrupted_in_a_row(execution.pk) < 3


def interrupted_executions() -> tuple[Execution, ...]:
    return history.page(ExecutionFilter(status=frozenset({ExecutionStatus.INTERRUPTED})), limit=1000).rows
