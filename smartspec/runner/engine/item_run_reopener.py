"""Item runs of an earlier claim, from their rows back to where they were: ended, waiting, or under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from smartspec.commands import runs, sub_executions
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.execution import TaskExecution
from smartspec.runner.engine import results
from smartspec.runner.engine.child_executions import ChildExecutions
from smartspec.runner.engine.item_run import ItemRun, TaskRun
from smartspec.runner.engine.item_run_starter import wait_ms
from smartspec.runner.engine.manual_tasks import ManualTasks
from smartspec.runner.engine.restore import Rows
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.timers import Timers
from smartspec.runner.engine.transition_writer import TransitionWriter

T = TaskStatus
_OPEN = (T.PENDING, T.RUNNING)


class ItemRunReopener:
    """Hands each to whatever it waited for when its runner went: a timer, a person, a sub-workflow."""

    def __init__(
        self,
        run: runs.Run,
        services: RunnerServices,
        writer: TransitionWriter,
        timers: Timers,
        manual: ManualTasks,
        children: ChildExecutions,
    ) -> None:
        self._round = run.execution.attempt
        self._services = services
        self._writer = writer
        self._timers = timers
        self._manual = manual
        self._children = children

    def reopen(self, task_run: TaskRun, item_run: ItemRun, rows: Sequence[TaskExecution]) -> None:
        """`rows` are its attempts, newest last. What has ended stays, what was interrupted begins anew."""
        own = [row for row in rows if row.round == self._round]
        item_run.retries = sum(row.status in (T.FAILED, T.TIMEOUT) for row in own)
        item_run.has_begun = bool(own)
        last = rows[-1] if rows else None
        if last is None or last.status is T.INTERRUPTED:
            task_run.waiting.append(item_run)
        elif last.status not in _OPEN:
            task_run.add_result(item_run, results.of_row(last))
        else:
            item_run.pk = last.pk
            task_run.active += 1
            self._continue(item_run, last)

    def _continue(self, item_run: ItemRun, row: TaskExecution) -> None:
        if row.status is T.PENDING and row.next_retry_at is not None:
            delay = row.next_retry_at - (row.scheduled_at or row.next_retry_at)
            self._timers.add_again(item_run, row.next_retry_at, delay)
        elif item_run.task.kind is TaskKind.WAIT and row.started_at is not None:
            whole = timedelta(milliseconds=wait_ms(item_run))
            self._timers.add_again(item_run, row.started_at + whole, whole)
        elif item_run.task.kind is TaskKind.MANUAL:
            self._manual.add(item_run)
        elif row.child_execution is not None:
            item_run.child = row.child_execution
            sub_executions.continue_child(item_run.child, self._services.runner, rerun=False)
            self._children.watch(item_run)

    def end_rows(self, task: Task, rows: Rows, first: int) -> None:
        """The items from `first` on are not there any more: what is open of them is ended."""
        for index, attempts in rows.items():
            last = attempts[-1]
            if index >= first and last.status in _OPEN:
                item_run = ItemRun(task, last.round, index, attempt=last.attempt, pk=last.pk)
                self._writer.end(item_run, AttemptResult(status=T.CANCELLED, reason="internal"))
