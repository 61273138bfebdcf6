"""The runners there are, and what becomes of what one that is gone had in hand."""

from collections.abc import Callable
from dataclasses import asdict

from smartspec.changes import Topic
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.domain.runner import Runner
from smartspec.store import conditions, database, events, executions, tasks
from smartspec.store.models.executions import ExecutionRow, TaskExecutionRow
from smartspec.store.models.fields import find, read
from smartspec.store.models.runners import RunnerRow

_NEVER_BEGAN = "Whoever was to run it was gone before it began; nothing of it has run."
E = ExecutionStatus


def add(runner: Runner) -> RunnerPk:
    values = asdict(runner)
    del values["pk"]
    with database.transaction():
        return RunnerPk(RunnerRow.insert(**values).execute())


def all_() -> tuple[Runner, ...]:
    """(A hot path.)"""
    return tuple(find(Runner, RunnerRow, "1 ORDER BY pk", ()))


def get(pk: RunnerPk) -> Runner | None:
    return next(read(Runner, RunnerRow.select().where(RunnerRow.pk == pk)), None)


def of_runner(runner: RunnerPk) -> tuple[Execution, ...]:
    """The executions that it has in hand, is to begin, or left interrupted."""
    # written as in the index executions_active, or the whole table is looked through
    sql = "SELECT pk FROM executions WHERE status IN ('pending', 'running', 'paused', 'interrupted') AND runner = ?"
    return tuple(executions.get(pk) for (pk,) in database.rows(sql, (runner,)))


def interrupt(runner: RunnerPk, is_gone: Callable[[], bool]) -> tuple[Execution, ...]:
    """Write down that a gone runner's work was interrupted, once, whoever looks: the executions concerned.

    They keep its key, and it its row, until what is left of their processes was ended (`forget`). What was reserved
    for it and never began has failed: whoever asked for it in the foreground is gone too.
    """
    with database.transaction():
        if get(runner) is None or not is_gone():
            return ()
        found = of_runner(runner)
        running = tuple(each for each in found if each.status is E.RUNNING)
        for execution in found:
            if execution in running:
                interrupt_one(execution)
            elif execution.status is not E.INTERRUPTED:
                _release(execution)
        if not any(map(_may_have_processes, found)):
            forget(runner)
    return running


def _may_have_processes(execution: Execution) -> bool:
    """As it was found: what is recorded is its recorder's own process."""
    return execution.kind is not Kind.COMMAND and execution.status in (E.RUNNING, E.INTERRUPTED)


def interrupt_one(execution: Execution, why: str | None = None) -> None:
    """A running execution whose runner is gone, or is not waited for any more."""
    with database.transaction():
        for task in _under_way(execution.pk):
            tasks.end(task, execution.workflow, TaskStatus.INTERRUPTED, None)
        ExecutionRow.update(status=E.INTERRUPTED).where(ExecutionRow.pk == execution.pk).execute()
        type_ = EventType.EXECUTION_INTERRUPTED
        events.add(type_, workflow=execution.workflow, execution=execution.pk, level=Level.WARN, message=why)
        database.record_change(Topic.EXECUTIONS, execution.pk)


def take_from_its_runner(execution: Execution) -> None:
    """It and its children that run are interrupted, whatever becomes of their runner."""
    with database.transaction():
        if execution.status is E.RUNNING:
            interrupt_one(execution)
            ExecutionRow.update(runner=None).where(ExecutionRow.pk == execution.pk).execute()
        for child in executions.children(execution.pk):
            take_from_its_runner(child)


def let_go(execution: Execution, why: str) -> None:
    """It could not be begun, and no process of it is there; it may be, another time."""
    with database.transaction():
        interrupt_one(execution, why)
        ExecutionRow.update(runner=None).where(ExecutionRow.pk == execution.pk).execute()


def ownerless() -> tuple[Execution, ...]:
    """Those that run for a runner of which there is no row."""
    sql = f"SELECT pk FROM executions WHERE {conditions.OWNERLESS}"  # noqa: S608 - our own words
    return tuple(executions.get(pk) for (pk,) in database.rows(sql))


def _under_way(execution: ExecutionPk) -> tuple[TaskExecution, ...]:
    """Its attempts that had a process, or a request."""
    row = TaskExecutionRow
    wanted = (row.execution == execution, row.status == TaskStatus.RUNNING, row.task_type == "executor")
    return tuple(read(TaskExecution, row.select().where(*wanted)))


def _release(execution: Execution) -> None:
    is_paused = execution.status is E.PAUSED
    if is_paused or execution.parent is not None or execution.started_at is not None:
        ExecutionRow.update(runner=None).where(ExecutionRow.pk == execution.pk).execute()
    else:
        executions.finish(execution, E.FAILED, "start", error=_NEVER_BEGAN)


def forget(runner: RunnerPk) -> None:
    """Remove the row of a runner that has nothing in hand and left no processes."""
    with database.transaction():
        left = (ExecutionRow.status == E.INTERRUPTED, ExecutionRow.runner == runner)
        ExecutionRow.update(runner=None).where(*left).execute()
        RunnerRow.delete().where(RunnerRow.pk == runner).execute()


def interrupted_in_a_row(execution: ExecutionPk) -> int:
    """The most times that one task of it was interrupted without anything else in between."""
    worst = 0
    counts: dict[tuple[str, int], int] = {}
    for row in tasks.of_execution(execution):
        key = (row.task, row.item_index)
        counts[key] = counts.get(key, 0) + 1 if row.status is TaskStatus.INTERRUPTED else 0
        worst = max(worst, counts[key])
    return worst
