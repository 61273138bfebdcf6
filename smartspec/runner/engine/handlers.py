"""The handlers of an execution: one after the other, once its result is decided."""

from __future__ import annotations

from collections import deque

from smartspec.commands import runs
from smartspec.domain.definition.task import Task
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import Outcome
from smartspec.runner.engine.active_tasks import ActiveTasks
from smartspec.runner.engine.messages import ExecutionControl
from smartspec.runner.engine.preparer import Preparer

E, T = ExecutionStatus, TaskStatus


class Handlers:
    """Of one execution; each is a task."""

    def __init__(self, run: runs.Run, control: ExecutionControl, preparer: Preparer, active_tasks: ActiveTasks) -> None:
        self._run = run
        self._definition = run.definition
        self._control = control
        self._preparer = preparer
        self._active_tasks = active_tasks
        self._queue: deque[Task] = deque()  # those to come

    def for_status(self, status: ExecutionStatus) -> list[Task]:
        """Those of an execution that comes to this, in their order."""
        own = {E.COMPLETED: "success", E.CANCELLED: "cancel"}.get(status, "failure")
        return [self._definition.handlers[name] for name in (own, "exit") if name in self._definition.handlers]

    def begin(self, outcome: Outcome) -> None:
        """Those that have not ended in this round; what was interrupted runs again."""
        self._preparer.outcome = outcome
        self._control.handling = True
        unended = (T.PENDING, T.RUNNING, T.INTERRUPTED)
        rows = [row for row in self._run.rows if row.round == self._run.execution.attempt]
        ended = {row.task for row in rows if row.status not in unended}
        self._queue.extend(task for task in self.for_status(outcome.status) if task.name not in ended)
        self.next()

    def next(self) -> None:
        """Begin the next one, if there is one."""
        if self._queue:
            self._active_tasks.begin(self._queue.popleft())

    def clear(self) -> None:
        """No other begins."""
        self._queue.clear()
