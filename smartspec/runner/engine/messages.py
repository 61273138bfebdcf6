"""What other threads say to the run of an execution, and how it is to go on."""

from __future__ import annotations

import queue

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.ids import ExecutionPk
from smartspec.runner.engine.item_run import ItemRun
from smartspec.value import frozen, mutable


@frozen
class AttemptEnded:
    item_run: ItemRun
    result: AttemptResult


@frozen
class ChildEnded:
    """A sub-workflow is run no more: it has ended, or is paused."""

    execution: ExecutionPk


@frozen
class CheckRequests:
    """Something was committed elsewhere: see what is asked of this execution now, and whether people answered."""


@frozen
class Abort:
    """The runner goes away: end the processes, leave the rows as they are."""


Message = AttemptEnded | ChildEnded | CheckRequests | Abort
Inbox = queue.SimpleQueue[Message]


class EvaluationInterrupted(Exception):
    """What was being evaluated is not wanted any more; `reason` as in an EarlyEnd."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@frozen
class EarlyEnd:
    """Nothing starts any more, and why: cancelled by user or parent, or out of time."""

    status: ExecutionStatus
    reason: str


@mutable
class ExecutionControl:
    """How an execution is to go on. `handling`: the result is decided, its handlers run."""

    early_end: EarlyEnd | None = None
    pausing: bool = False
    handling: bool = False
    aborted: bool = False

    @property
    def holds(self) -> bool:
        """Paused, or about to be: nothing new starts, but for handlers."""
        return self.pausing and not self.handling

    @property
    def cancelled(self) -> EarlyEnd | None:
        """Why what runs is being ended, where that is so; handlers run whatever ended the rest."""
        return None if self.handling else self.early_end
