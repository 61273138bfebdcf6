"""The verbs of a runner about itself and others: claim, let go, take up what a gone one left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from smartspec.commands import environment, settings
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.ids import ExecutionPk, RunnerPk
from smartspec.domain.runner import Runner
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import claims, database, executions, history, runners, tasks
from smartspec.store.claims import Claim


def register_runner(runner: Runner) -> RunnerPk:
    return runners.add(runner)


def list_runners() -> tuple[Runner, ...]:
    return runners.all_()


def claim_execution(runner: RunnerPk, only: ExecutionPk | None = None) -> Claim:
    """Take the most urgent pending execution that the limits allow, or `only` that one."""
    at_once = settings.get_setting("runner.at_once")
    with database.transaction():
        claim = claims.claim(runner, only=only, at_once=at_once)
        if claim.execution is not None:
            environment.note_room(claim.execution)
    return claim


def has_pending() -> bool:
    return claims.waiting()


def interrupt(runner: RunnerPk, is_gone: Callable[[], bool]) -> tuple[Execution, ...]:
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


def has_in_hand(runner: RunnerPk) -> bool:
    """Whether anything is noted as running, or as waiting, for a runner."""
    return any(each.status is not ExecutionStatus.INTERRUPTED for each in runners.of_runner(runner))


def running_of(runner: RunnerPk) -> list[ExecutionPk]:
    """The keys of what runs for it, as far as the record knows."""
    return [each.pk for each in runners.of_runner(runner) if each.status is ExecutionStatus.RUNNING]


def left_by(runner: RunnerPk) -> tuple[tuple[Execution, tuple[TaskExecution, ...]], ...]:
    """The interrupted executions of a gone runner, with their interrupted attempts: processes may be left of them."""
    return tuple((each, interrupted_attempts(tasks.of_execution(each.pk))) for each in runners.of_runner(runner))


def interrupted_attempts(rows: Sequence[TaskExecution]) -> tuple[TaskExecution, ...]:
    return tuple(row for row in rows if row.status is TaskStatus.INTERRUPTED)


def forget_runner(runner: RunnerPk) -> None:
    """Of a gone runner nothing is left."""
    runners.forget(runner)


def unregister_runner(runner: RunnerPk) -> tuple[Execution, ...]:
    """A runner goes, and has ended its processes: what it had in hand is interrupted."""
    with database.transaction():
        interrupted = runners.interrupt(runner, lambda: True)
        runners.forget(runner)
    return interrupted


def let_go(execution: ExecutionPk, runner: RunnerPk, why: str) -> None:
    """A runner could not begin what it had claimed, for want of something: another time, perhaps."""
    with database.transaction():
        found = executions.get(execution)
        if found.status is ExecutionStatus.RUNNING and found.runner == runner:
            runners.let_go(found, why)


def resume_interrupted(interrupted: Sequence[Execution]) -> tuple[Execution, ...]:
    """Queue again what may go on by itself: not sub-workflows (their parents do), not after three interruptions."""
    if not (interrupted and settings.get_setting("runner.resume")):
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
