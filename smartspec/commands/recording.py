"""Executions from outside: a program that tells what it does, and nobody here runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smartspec.commands.actor import user
from smartspec.commands.executions import get_execution
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import states, times
from smartspec.domain.execution import Execution, Kind, Trigger
from smartspec.domain.jsontext import Json
from smartspec.domain.states import ExecutionStatus
from smartspec.domain.text import plain
from smartspec.errors import Conflict, WorkflowNotFound
from smartspec.store import executions, workflows

E = ExecutionStatus


@dataclass(frozen=True, slots=True)
class Report:
    """How something that ran elsewhere ended."""

    status: ExecutionStatus
    output: Json = None
    error: str | None = None


def begin_execution(ref: str, name: str | None = None, workspace: str = DEFAULT) -> Execution:
    """Note that something began to run which no runner runs. It stays running until it is ended."""
    workflow = workflows.brief(ref) or workflows.brief(get_workflow(ref, workspace).id)
    if workflow is None:
        raise WorkflowNotFound(f"There is no workflow “{ref}”.")
    now = times.now()
    values: Mapping[str, Any] = {
        "workspace": workflow.workspace, "workflow": workflow.pk, "workflow_name": name or workflow.name,
        "version": workflow.version, "workflow_version": workflow.label, "kind": Kind.EXTERNAL, "status": E.RUNNING,
        "trigger": Trigger.EXTERNAL, "triggered_by": user(), "created_at": now, "started_at": now,
    }  # fmt: skip
    return executions.add(values)


def end_execution(which: str, report: Report, workspace: str = DEFAULT) -> Execution:
    """End what was begun from outside. Raises Conflict for what a runner runs, InvalidTransition for what has ended."""
    if report.error is not None:
        plain(report.error, "An error", 1_048_576)
    states.check_execution(E.RUNNING, report.status)
    ended = executions.end_reported(which, report.status, report.output, report.error)
    if ended is not None:
        return ended
    execution = get_execution(which, workspace)
    if execution.kind is Kind.WORKFLOW:
        raise Conflict(f"{execution.label} is run by SmartSpec; it can be cancelled, not reported on.")
    states.check_execution(execution.status, report.status)
    ended = executions.end_reported(execution.id, report.status, report.output, report.error)
    if ended is None:
        raise Conflict(f"{execution.label} is in the trash; restore it first.")
    return ended
