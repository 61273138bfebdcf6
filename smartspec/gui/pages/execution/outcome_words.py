"""How an execution goes or went, and how long that took: failed after 3 s, completed in 3 s, running."""

from __future__ import annotations

from smartspec.domain.engine.states import ACTIVE, ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.status import execution_style
from smartspec.messages import tr

E = ExecutionStatus


def outcome(execution: Execution) -> str:
    status, took = execution_style(execution).in_text, duration(execution.duration_ms)
    if execution.status in ACTIVE or execution.duration_ms is None:
        return status
    if execution.status in (E.FAILED, E.CANCELLED, E.TIMEOUT):
        return tr("{status} after {duration}", status=status, duration=took)
    return tr("{status} in {duration}", status=status, duration=took)
