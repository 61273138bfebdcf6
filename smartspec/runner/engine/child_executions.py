"""The sub-workflows that an execution waits for: watched, asked to end at their limits, and what they come to."""

from __future__ import annotations

from smartspec.commands import runs, sub_executions
from smartspec.domain.engine.limits import DEADLOCK
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.execution import Execution, Request
from smartspec.domain.ids import ExecutionPk
from smartspec.errors import ExecutionNotFound
from smartspec.runner import clocks
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.messages import ExecutionControl, Inbox
from smartspec.runner.engine.runner_services import RunnerServices

E, T = ExecutionStatus, TaskStatus
Result = tuple[ItemRun, AttemptResult]  # whose `result` is the output as it was worked out


class ChildExecutions:
    """By the keys of their executions."""

    def __init__(self, services: RunnerServices, inbox: Inbox, control: ExecutionControl) -> None:
        self._services = services
        self._inbox = inbox
        self._control = control
        self._item_runs: dict[ExecutionPk, ItemRun] = {}
        self._limits: dict[ExecutionPk, float] = {}  # seconds of uptime
        self._late: set[ExecutionPk] = set()  # their limit has passed

    def __bool__(self) -> bool:
        return bool(self._item_runs)

    def watch(self, item_run: ItemRun) -> None:
        """Its child is to be run, and its end to be told."""
        assert item_run.child is not None
        self._item_runs[item_run.child] = item_run
        if item_run.task.timeout_ms is not None:
            ran = runs.get_execution(item_run.child).running_ms  # before this claim; pauses do not count
            self._limits[item_run.child] = clocks.uptime() + (item_run.task.timeout_ms - ran) / 1000
        self._services.run_child(item_run.child, self._inbox)

    def propagate_request(self, request: Request | None) -> None:
        for child in list(self._item_runs):
            sub_executions.propagate_request(child, request)

    def on_ended(self, execution: ExecutionPk) -> Result | None:
        """What a child came to that is run no more; None where it is paused, or nobody wants to know."""
        item_run = self._item_runs.pop(execution, None)
        if item_run is None or self._control.aborted:
            return None
        try:
            child = runs.get_execution(execution)
        except ExecutionNotFound as error:
            return item_run, AttemptResult(status=T.FAILED, reason="child", error=str(error))
        if child.status not in FINAL:
            if not self._control.pausing:  # a person paused it: it is watched until it goes on
                self.watch(item_run)
            return None
        self._limits.pop(execution, None)
        status, reason = self._task_status(child)
        output = runs.output_of(child)
        result = AttemptResult(
            status=status, reason=reason, output=output, result=output, error=child.error, duration_ms=child.duration_ms
        )
        return item_run, result

    def _task_status(self, child: Execution) -> tuple[TaskStatus, str | None]:
        """The status of the task, and the code of its reason."""
        early_end = self._control.early_end
        if child.status is E.CANCELLED:
            if child.pk in self._late and early_end is None:
                return T.TIMEOUT, None
            return T.CANCELLED, early_end.reason if early_end else "child"
        if child.status is E.FAILED:
            return T.FAILED, DEADLOCK if child.status_reason == DEADLOCK else "child"
        return T(child.status.value), None

    # Time

    def seconds_until_due(self) -> list[float]:
        """Seconds until each limit."""
        return [limit - clocks.uptime() for limit in self._limits.values()]

    def on_time(self) -> None:
        for child in [child for child, limit in self._limits.items() if limit <= clocks.uptime()]:
            self._on_late(child)

    def _on_late(self, child: ExecutionPk) -> None:
        """One has used up its limit, unless it is paused: that time does not count."""
        execution = runs.get_execution(child)
        if execution.status is E.PAUSED and (limit := self._item_runs[child].task.timeout_ms) is not None:
            left = max((limit - execution.running_ms) / 1000, clocks.LONGEST_LOOK_AWAY_SECONDS)
            self._limits[child] = clocks.uptime() + left
            return
        del self._limits[child]
        self._late.add(child)
        sub_executions.propagate_request(child, Request.CANCEL)
