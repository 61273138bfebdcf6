"""What waits for its next attempt, tried at once."""

from __future__ import annotations

from smartspec.commands import next_steps
from smartspec.commands.actor import user
from smartspec.commands.executions import get_execution
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.errors import Conflict, InvalidTransition
from smartspec.messages import Message, _, sentences
from smartspec.store import database, tasks
from smartspec.vocabulary import status_in_text


@command
def retry_now(which: str, task: str | None = None, workspace: str = DEFAULT) -> tuple[TaskExecution, ...]:
    """Begin what waits for a retry now, not when its delay is over: of one task, or of all.

    Raises InvalidTransition for an execution that does not run, Conflict where nothing waits for a retry.
    """
    execution = get_execution(which, workspace)
    if execution.status is not ExecutionStatus.RUNNING:
        status = status_in_text(execution.status)
        why = _("{execution} is {status}; nothing of it is tried now.", execution=execution.label, status=status)
        raise InvalidTransition(sentences([why, next_steps.describe(execution)]))
    with database.transaction():  # looked at inside: it may begin by itself meanwhile
        waiting = [each for each in tasks.unfinished(execution.pk) if each.next_retry_at and task in (None, each.task)]
        if not waiting:
            raise Conflict(_nothing(execution, task))
        for each in waiting:
            tasks.drop_delay(each, execution.workflow, user())
    return tuple(tasks.get(each.pk) for each in waiting)


def _nothing(execution: Execution, task: str | None) -> Message:
    name = execution.id[:18]
    if task is None:
        return _(
            "Nothing of {execution} waits for a retry; `smartspec tasks {name}` shows how far it is.",
            execution=execution.label, name=name,
        )  # fmt: skip
    return _(
        "The task “{task}” of {execution} does not wait for a retry; `smartspec tasks {name}` shows what does.",
        task=task, execution=execution.label, name=name,
    )  # fmt: skip
