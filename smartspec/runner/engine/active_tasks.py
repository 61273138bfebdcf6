"""The active tasks of an execution: item runs that wait for a slot, run, sleep until a retry, or wait for a person."""

from __future__ import annotations

import random
from collections.abc import Callable

from smartspec.commands import runs
from smartspec.domain import times
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.names import results_wanted
from smartspec.domain.definition.render import items
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.execution_progress import TaskEnd
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.execution import Request
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.jsontext import replace_unstorable
from smartspec.runner import clocks
from smartspec.runner.engine import results
from smartspec.runner.engine.attempt import Attempt
from smartspec.runner.engine.child_executions import ChildExecutions
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.item_run import ItemRun, TaskRun
from smartspec.runner.engine.item_run_reopener import ItemRunReopener
from smartspec.runner.engine.item_run_starter import ItemRunStarter, wait_ms
from smartspec.runner.engine.manual_tasks import ManualTasks
from smartspec.runner.engine.messages import EvaluationInterrupted, ExecutionControl, Inbox
from smartspec.runner.engine.preparer import Preparer
from smartspec.runner.engine.ready_queue import ReadyQueue
from smartspec.runner.engine.restore import Restored, Rows
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.running_attempts import RunningAttempts
from smartspec.runner.engine.timers import Timers
from smartspec.runner.engine.transition_writer import TransitionWriter
from smartspec.value import replace

E, T = ExecutionStatus, TaskStatus


class ActiveTasks:
    """Takes tasks from their begin to their end, item by item, and tells of the end."""

    def __init__(
        self,
        run: runs.Run,
        services: RunnerServices,
        inbox: Inbox,
        control: ExecutionControl,
        writer: TransitionWriter,
        preparer: Preparer,
        names: Names,
        on_task_ended: Callable[[Task, TaskEnd], None],
    ) -> None:
        self._run = run
        self._services = services
        self._inbox = inbox
        self._control = control
        self._writer = writer
        self._preparer = preparer
        self._names = names
        self._restored = Restored([], [], {}, {})
        self._on_task_ended = on_task_ended
        self._keep_results = results_wanted(run.definition)
        self._task_runs: dict[str, TaskRun] = {}
        self._ready = ReadyQueue()
        self._attempts = RunningAttempts(run, services, inbox, writer)
        self._starter = ItemRunStarter(control, writer, preparer, self._attempts)
        self._children = ChildExecutions(services, inbox, control)
        self._manual = ManualTasks()
        self._timers = Timers()  # retries and waits
        self._reopener = ItemRunReopener(run, services, writer, self._timers, self._manual, self._children)

    def adopt(self, restored: Restored) -> None:
        """What earlier claims left."""
        self._restored = restored

    @property
    def is_running(self) -> bool:
        """Something runs that has an end of its own."""
        return bool(self._attempts or self._children)

    @property
    def is_empty(self) -> bool:
        return not self._task_runs

    def attempts_of(self, task: Task, index: int) -> int:
        """How often it was begun before this claim."""
        return self._restored.attempts.get((task.name, index), 0)

    # Tasks

    def begin(self, task: Task) -> bool:
        """Take a task up; False where it has no items. Raises TemplateError for a `with_items` that gives no list."""
        task_run = self._new_task_run(task)
        if not task_run.item_runs:
            del self._task_runs[task.name]
            return False
        task_run.waiting.extend(task_run.item_runs)
        self._ready.offer(task_run)
        return True

    def reopen(self, task: Task, rows: Rows) -> None:
        """Go on with a task that had begun: what has ended stays, what was interrupted begins anew.

        Raises TemplateError where its list cannot be had again; its rows are ended then.
        """
        try:
            task_run = self._new_task_run(task)
        except TemplateError:
            self._reopener.end_rows(task, rows, 0)
            raise
        self._reopener.end_rows(task, rows, len(task_run.item_runs))
        for item_run in task_run.item_runs:
            self._reopener.reopen(task_run, item_run, rows.get(item_run.index, ()))
        self._apply_item_fail_fast(task_run)
        self._ready.offer(task_run)

    def waiting_tasks(self) -> list[Task]:
        """Those with item runs that wait for a slot."""
        return [task_run.task for task_run in self._task_runs.values() if task_run.waiting]

    def skip_unstarted(self, task: Task) -> bool:
        """What has not begun of a task does not begin any more; True where that is all of it: it is forgotten."""
        task_run = self._task_runs[task.name]
        if task_run.has_not_started:
            del self._task_runs[task.name]
            return True
        self._skip(task_run)
        self._ended_if_complete(task_run)
        return False

    def _apply_item_fail_fast(self, task_run: TaskRun) -> None:
        if task_run.stops_at_failure:
            self._skip(task_run)

    def _skip(self, task_run: TaskRun) -> None:
        for item_run in task_run.take_unstarted():
            item_run.attempt += 1
            result = AttemptResult(status=T.SKIPPED, reason="fail_fast")
            self._writer.decide(item_run, result)
            task_run.add_result(item_run, result)

    def _new_task_run(self, task: Task) -> TaskRun:
        """Raises TemplateError for a `with_items` that gives no list."""
        values = items(task.body["with_items"], self._names) if task.has_items else [None]
        self._task_runs[task.name] = self._restored.new_task_run(task, self._run.execution.attempt, values)
        return self._task_runs[task.name]

    # Starting

    def start_ready(self, may_continue: Callable[[], bool]) -> None:
        """Start what there is room for, in the order of the file, while `may_continue` says so."""
        if self._control.holds:
            return
        while may_continue() and (name := self._ready.next(self._attempts.has_free_slot)) is not None:
            task_run = self._task_runs.get(name)
            while task_run is not None and self._may_start(task_run) and may_continue():
                self._start_item_run(task_run, task_run.waiting.popleft())
                task_run = self._task_runs.get(name)
            if task_run is not None and task_run.waiting and task_run.has_free_slot:
                self._ready.offer(task_run)
        if self._ready.wants_slot:
            self._attempts.wait_for_slot()

    def _may_start(self, task_run: TaskRun) -> bool:
        """Whether there is an item run of it that waits, and a slot for it."""
        needs_slot = task_run.task.kind.is_executor
        return bool(task_run.waiting) and task_run.has_free_slot and (not needs_slot or self._attempts.has_free_slot)

    def _start_item_run(self, task_run: TaskRun, item_run: ItemRun) -> None:
        task_run.active += 1
        item_run.attempt += item_run.pk is None
        had_begun, item_run.has_begun = item_run.has_begun, True
        try:
            failure = run_guarded(lambda: self._starter.start(item_run), item_run.task.kind.value, self._preparer.mask)
        except EvaluationInterrupted:
            self._put_back(task_run, item_run, had_begun)
            raise
        if failure is not None:
            self._finish_item_run(task_run, item_run, failure)

    def _put_back(self, task_run: TaskRun, item_run: ItemRun, had_begun: bool) -> None:
        """It waits as before."""
        task_run.active -= 1
        item_run.has_begun = had_begun
        item_run.attempt -= item_run.pk is None
        task_run.waiting.appendleft(item_run)
        self._ready.offer(task_run)

    def plan(self, item_run: ItemRun) -> None:
        """It is tried again once its delay is over; the row of that is durable."""
        self._timers.add(item_run)

    def begin_item_run(self, item_run: ItemRun, attempt: Attempt | None) -> None:
        """Its row is durable: now it may begin."""
        assert item_run.pk is not None
        if item_run.task.kind is TaskKind.WAIT:
            item_run.due = clocks.boottime() + wait_ms(item_run) / 1000
            self._timers.add(item_run)
        elif item_run.task.kind is TaskKind.MANUAL:
            self._manual.add(item_run)
        elif item_run.task.kind is TaskKind.WORKFLOW:
            self._children.watch(item_run)
        elif attempt is not None:
            self._attempts.begin(item_run, attempt)

    # Ends of attempts

    def on_attempt_ended(self, item_run: ItemRun, result: AttemptResult) -> None:
        self._attempts.end(item_run)
        if self._control.aborted:
            return
        if result.status is T.CANCELLED:
            early_end = self._control.early_end
            result = replace(result, reason=early_end.reason if early_end else "user")
        self._on_result(item_run, result)

    def on_child_ended(self, execution: ExecutionPk) -> None:
        ended = self._children.on_ended(execution)
        if ended is not None:
            self._on_result(*ended)

    def _on_result(self, item_run: ItemRun, result: AttemptResult) -> None:
        """Work out the outputs, ask `until`; then it is tried again, or has ended."""
        raw = result.result
        cancelled = self._control.cancelled
        if cancelled is not None and result.status is not T.COMPLETED:
            result = replace(result, status=T.CANCELLED, reason=cancelled.reason)
        if result.status is T.COMPLETED:
            names = self._preparer.names_of(item_run)
            result = results.complete_or_fail(item_run.task, result, raw, names, self._preparer.mask)
        is_kept = self._keep_results is None or item_run.task.name in self._keep_results
        result = replace(result, result=(replace_unstorable(raw) or None) if is_kept else None)
        if cancelled is None and results.may_retry(item_run.task, result, item_run.retries):
            self._writer.end(item_run, _tolerated(item_run, result))
            self._retry(item_run)
        else:
            self._finish_item_run(self._task_runs[item_run.task.name], item_run, result)

    def _retry(self, item_run: ItemRun) -> None:
        retry = item_run.task.retry
        assert retry is not None
        item_run.retries += 1
        item_run.attempt += 1
        item_run.child = None
        delay = retry.delay_before(item_run.retries, random.random())  # noqa: S311 - spreads load, guards nothing
        item_run.due = clocks.boottime() + delay / 1000
        self._writer.retry(item_run, times.to_ms(times.now()) + delay)

    def _finish_item_run(self, task_run: TaskRun, item_run: ItemRun, result: AttemptResult) -> None:
        """An item run that was active has ended."""
        task_run.active -= 1
        self._decide_item_run(task_run, item_run, result)

    def _decide_item_run(self, task_run: TaskRun, item_run: ItemRun, result: AttemptResult) -> None:
        result = _tolerated(item_run, result)
        self._writer.decide(item_run, result)
        self._item_run_ended(task_run, item_run, result)

    def _item_run_ended(self, task_run: TaskRun, item_run: ItemRun, result: AttemptResult) -> None:
        task_run.add_result(item_run, result)
        self._apply_item_fail_fast(task_run)
        self._ended_if_complete(task_run)

    def _ended_if_complete(self, task_run: TaskRun) -> None:
        if task_run.is_complete:
            del self._task_runs[task_run.task.name]
            self._on_task_ended(task_run.task, results.of_task_run(task_run))
        else:
            self._ready.offer(task_run)

    # Time

    def seconds_until_due(self) -> list[float]:
        """Seconds until each thing that is due."""
        due = [] if self._control.holds else self._timers.seconds_until_due()
        return due + self._children.seconds_until_due() + self._attempts.seconds_until_due()

    def on_time(self) -> None:
        """Do what is due."""
        self._children.on_time()
        while not self._control.holds and (due := self._timers.pop_due()) is not None:
            self._on_due(due)
        self._attempts.note_processes()

    def _on_due(self, item_run: ItemRun) -> None:
        if item_run.task.kind is TaskKind.WAIT:
            lasted = wait_ms(item_run) + round((clocks.boottime() - item_run.due) * 1000)
            self._on_result(item_run, AttemptResult(status=T.COMPLETED, duration_ms=lasted))
            return
        task_run = self._task_runs[item_run.task.name]
        task_run.active -= 1
        task_run.waiting.appendleft(item_run)
        self._ready.offer(task_run)

    # Requests

    def stop_processes(self) -> None:
        """Also from other threads."""
        self._attempts.stop()

    def propagate_request(self, request: Request | None) -> None:
        self._children.propagate_request(request)

    def check_answers(self) -> None:
        """See whether a person has answered, which has ended the row already, or does not want to wait for a retry."""
        self._timers.check_delays()
        for item_run, result in self._manual.take_answered():
            task_run = self._task_runs[item_run.task.name]
            task_run.active -= 1
            self._item_run_ended(task_run, item_run, result)

    def cancel_waiting(self, reason: str) -> None:
        waiting = self._timers.take_all() + self._manual.take_all()
        for item_run in waiting:
            self._finish_item_run(
                self._task_runs[item_run.task.name], item_run, AttemptResult(status=T.CANCELLED, reason=reason)
            )
        for task_run in list(self._task_runs.values()):
            while task_run.waiting:
                item_run = task_run.waiting.popleft()
                item_run.attempt += item_run.pk is None
                self._decide_item_run(task_run, item_run, AttemptResult(status=T.CANCELLED, reason=reason))


def _tolerated(item_run: ItemRun, result: AttemptResult) -> AttemptResult:
    """The same, marked where its task may fail."""
    is_tolerated = item_run.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
    return replace(result, tolerated=True) if is_tolerated else result
