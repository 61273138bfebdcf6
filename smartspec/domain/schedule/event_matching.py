"""Whether an execution that ended is what a schedule waits for."""

from __future__ import annotations

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.schedule.events import WorkflowEnd, WorkflowEvent

_FAILED = (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT)


def fits_end(event: WorkflowEvent, ref: str, status: ExecutionStatus, before: ExecutionStatus | None) -> bool:
    """`before` is how the execution of the workflow before it ended, None for the first one. What was cancelled neither
    completed nor failed."""
    if ref != event.ref:
        return False
    match event.end:
        case WorkflowEnd.COMPLETED:
            return status is ExecutionStatus.COMPLETED
        case WorkflowEnd.FAILED:
            return status in _FAILED
        case WorkflowEnd.RECOVERED:
            return status is ExecutionStatus.COMPLETED and before in _FAILED
