"""The next attempt of an item run: rendered, and noted as started; it begins once that is durable."""

from __future__ import annotations

from smartspec.commands import sub_executions
from smartspec.domain import times
from smartspec.domain.definition.model import HANDLER_TIMEOUT_MS
from smartspec.domain.definition.task import TaskKind
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.messages import ExecutionControl
from smartspec.runner.engine.preparer import Preparer
from smartspec.runner.engine.running_attempts import RunningAttempts
from smartspec.runner.engine.transition_writer import TransitionWriter


class ItemRunStarter:
    """By the kind of the task."""

    def __init__(
        self, control: ExecutionControl, writer: TransitionWriter, preparer: Preparer, attempts: RunningAttempts
    ) -> None:
        self._control = control
        self._writer = writer
        self._preparer = preparer
        self._attempts = attempts

    def start(self, item_run: ItemRun) -> None:
        """Raises TemplateFailure, Invalid for what does not fit or cannot be kept, and whatever else goes wrong."""
        kind = item_run.task.kind
        if kind is TaskKind.WAIT:
            wait_ms(item_run)  # should it be no duration, then before the row says that it began
            self._writer.start(item_run)
        elif kind is TaskKind.MANUAL:
            self._writer.start(item_run, None, {"manual": self._preparer.rendered(item_run, "manual")})
        elif kind is TaskKind.WORKFLOW:
            self._next_child(item_run)
        else:
            prepared = self._preparer.attempt(item_run, self._limit_of(item_run))
            self._writer.start(item_run, prepared.attempt, prepared.given)
            self._attempts.take_slot()

    def _limit_of(self, item_run: ItemRun) -> int | None:
        if self._control.handling and item_run.task.timeout_ms is None:
            return HANDLER_TIMEOUT_MS
        return item_run.task.timeout_ms

    def _next_child(self, item_run: ItemRun) -> None:
        given = self._preparer.rendered(item_run, "input") or {}
        if item_run.child is not None and not sub_executions.child_goes_on(item_run.child):
            item_run.child = None
        self._writer.start_child(item_run, given)


def wait_ms(item_run: ItemRun) -> int:
    """How long a wait is."""
    return times.parse_duration_ms(item_run.task.body["wait"])
