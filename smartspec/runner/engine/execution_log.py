"""What the application's log tells of an execution: facts with ids, once they are written."""

from __future__ import annotations

import logging

from smartspec.domain.engine.transitions import AttemptResult, FinishExecution, Outcome, Transition

logger = logging.getLogger(__name__)
Fact = tuple[object, ...]  # a format of `logging`, and its arguments


class ExecutionLog:
    """Collects the facts of one transaction. Of a task it says task.item.attempt."""

    def __init__(self, execution_id: str) -> None:
        self._id = execution_id
        self._facts: list[Fact] = []

    def task_started(self, name: str) -> None:
        self._facts.append(("task %s started", name))

    def task_ended(self, name: str, result: AttemptResult) -> None:
        self._facts.append(("task %s ended: %s", name, _words(result.status, result.reason)))

    def task_retried(self, name: str) -> None:
        """`name` is that of the attempt to come."""
        self._facts.append(("task %s is the next attempt; it waits for its delay", name))

    def noted(self, change: Transition) -> None:
        """Of the result of the whole."""
        if isinstance(change, Outcome):
            self._facts.append(("decided: %s; its handlers run", _words(change.status, change.reason)))
        elif isinstance(change, FinishExecution):
            self._facts.append(("ended: %s", _words(change.outcome.status, change.outcome.reason)))

    def take_back(self) -> None:
        """The last fact was refused."""
        self._facts.pop()

    def write(self) -> None:
        """They stand in the record."""
        facts, self._facts = self._facts, []
        if logger.isEnabledFor(logging.INFO):
            for words, *arguments in facts:
                logger.info(f"execution %s: {words}", self._id, *arguments)


def _words(status: str, reason: str | None) -> str:
    return f"{status} ({reason})" if reason else str(status)
