"""What a re-run from a task would do, before it is done."""

from __future__ import annotations

from smartspec.commands.control import to_rerun_from
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.execution import Execution
from smartspec.domain.task_run import TaskRun, task_runs
from smartspec.store import task_tallies
from smartspec.value import frozen


@frozen
class RerunScope:
    """`anew` are the tasks that would be decided again, `kept` those that stay as they are; in the order of the file.

    `handlers` would run again when it ends, where they are for how it ends.
    """

    execution: Execution
    task: str
    anew: tuple[str, ...]
    kept: tuple[TaskRun, ...]
    handlers: tuple[str, ...]


@command
def rerun_scope(which: str, task: str, workspace: str = DEFAULT) -> RerunScope:
    """What `rerun_from` would decide anew, and what it would keep. Raises as that."""
    execution, definition = to_rerun_from(which, task, workspace)
    following = execution.attempt + 1
    tallies = task_tallies.of_execution(execution.pk, execution.attempt)
    runs = task_runs(definition, tallies, following, {**execution.begun_from, following: task})
    kept = tuple(run for run in runs if run.latest is not None and run.task in definition.tasks)
    known = {run.task for run in kept}
    anew = tuple(name for name in definition.tasks if name not in known)
    return RerunScope(execution, task, anew, kept, tuple(definition.handlers))
