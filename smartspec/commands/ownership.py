"""Which runner runs an execution, on which machine, and whether it lives."""

from __future__ import annotations

from smartspec.commands import process_identity
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.runner import Runner
from smartspec.messages import _
from smartspec.store import executions, runners

E = ExecutionStatus


def owner(execution: Execution) -> Runner | None:
    """Who runs it, where that is known."""
    return None if execution.runner is None else runners.get(execution.runner)


def is_elsewhere(execution: Execution) -> bool:
    """Whether it runs on another machine, about whose processes nothing can be known here."""
    runner = owner(execution) if execution.status is E.RUNNING else None
    return runner is not None and not process_identity.is_here(runner)


def host_of(execution: Execution) -> str:
    """For people."""
    runner = owner(execution)
    return runner.host if runner else _("an unknown machine")


def is_alive(execution: Execution) -> bool:
    """Whether the runner that has it in hand certainly lives on this machine."""
    runner = owner(execution) if execution.status is E.RUNNING else None
    return runner is not None and process_identity.is_alive(runner)


def parent_of(execution: Execution) -> Execution | None:
    return None if execution.parent is None else executions.get(execution.parent)
