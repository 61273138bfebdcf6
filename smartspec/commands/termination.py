"""Ending an execution that nobody runs: with everything that waits in it, and its children."""

from __future__ import annotations

from smartspec.commands.actor import user
from smartspec.domain.definition import model
from smartspec.domain.engine import states
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution, Request
from smartspec.store import database, executions, tasks, versions

E = ExecutionStatus


def end_unclaimed(execution: Execution, status: ExecutionStatus, reason: str, *, handlers: bool = True) -> Execution:
    """At once, or after its handlers where it has begun and has any; without `handlers` in any case at once.

    One whose result is decided already, and that only waits to handle it, ends with that result.
    """
    with database.transaction():
        _end_children(execution, handlers)
        if execution.outcome is not None:
            return executions.finish(execution, execution.outcome, execution.status_reason)
        states.check_execution_transition(execution.status, status)
        if handlers and execution.status in (E.PAUSED, E.INTERRUPTED) and _has_handlers(execution, status):
            _end_rows(execution, reason)
            return executions.change(
                execution, EventType.EXECUTION_DECIDED, by=user(),
                status=E.PENDING, outcome=status, status_reason=reason, requested=None, runner=None,
            )  # fmt: skip
        return executions.finish(execution, status, reason)


def _end_children(execution: Execution, handlers: bool) -> None:
    for child in executions.children(execution.pk):
        if child.status is E.RUNNING:
            type_ = EventType.EXECUTION_CANCEL_REQUESTED
            executions.change(child, type_, message="parent", requested=Request.CANCEL, status_reason="parent")
        elif child.status not in FINAL:
            end_unclaimed(child, E.CANCELLED, "parent", handlers=handlers)


def _end_rows(execution: Execution, reason: str) -> None:
    for task in tasks.unfinished(execution.pk):
        tasks.end(task, execution.workflow, TaskStatus.CANCELLED, reason)


def _has_handlers(execution: Execution, status: ExecutionStatus) -> bool:
    if execution.version is None or not tasks.of_execution(execution.pk):
        return False
    handlers = model.read(versions.get(execution.version).definition).handlers
    wanted = {E.CANCELLED: "cancel", E.FAILED: "failure"}[status]
    return bool(handlers.keys() & {wanted, "exit"})
