"""What an execution comes to: from its tasks, or from what ended it early; and its output."""

from __future__ import annotations

from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.render import render
from smartspec.domain.engine.execution_progress import ExecutionProgress
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.engine.transitions import AttemptResult, Outcome
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.masking import Mask
from smartspec.formatting import format_duration
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.messages import EarlyEnd

E = ExecutionStatus


def decide_outcome(
    definition: Definition,
    progress: ExecutionProgress,
    early_end: EarlyEnd | None,
    names: Names,
    mask: Mask,
) -> Outcome:
    """The result of an execution of which nothing is left to run."""
    if early_end is not None and early_end.status is E.CANCELLED:
        return Outcome(E.CANCELLED, early_end.reason, None, None)
    if early_end is not None:
        limit = format_duration(definition.timeout_ms)
        return Outcome(E.TIMEOUT, None, f"The execution ran longer than its limit of {limit}.", None)
    status, reason = progress.result()
    if status is E.FAILED:
        return Outcome(status, reason, _error(progress), None)
    output = run_guarded(lambda: _output(definition, names), "output", mask)
    if isinstance(output, AttemptResult):
        return Outcome(E.FAILED, "output", f"The output could not be worked out: {output.error}", None)
    return Outcome(status, reason, None, output)


def _output(definition: Definition, names: Names) -> Json:
    """Raises TemplateError, and Invalid for what cannot be kept."""
    output = None if definition.output is None else render(definition.output, names)
    dump(output)
    return output


def _error(progress: ExecutionProgress) -> str | None:
    """What the task that it fails for says of itself."""
    name = progress.first_broken()
    told = None if name is None else progress.error_of(name)
    return None if told is None else f"Task “{told[0]}” failed: {told[1]}"
