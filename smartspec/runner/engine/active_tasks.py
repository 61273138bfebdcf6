"""The active tasks of an execution: item runs that wait for a slot, run, sleep until a retry, or wait for a person."""

from __future__ import annotations

import heapq
import json
import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from smartspec.commands import runs, sub_executions
from smartspec.domain import times
from smartspec.domain.definition.model import HANDLER_TIMEOUT_MS
from smartspec.domain.definition.names import results_wanted
from smartspec.domain.definition.render import items
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.execution_progress import TaskEnd
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import NoteProcess, TaskResult
from smartspec.domain.execution import Request, TaskExecution
from smartspec.domain.jsontext import Json, replace_unstorable
from smartspec.runner import clocks
from smartspec.runner.engine import results
from smartspec.runner.engine.attempt import Attempt
from smartspec.runner.engine.child_executions import ChildExecutions
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.item_run import ItemRun, TaskRun
from smartspec.runner.engine.messages import AttemptEnded, CheckRequests, EvaluationInterrupted, ExecutionControl, Inbox
from smartspec.runner.engine.preparer import Preparer
from smartspec.runner.engine.ready_queue import ReadyQueue
from smartspec.runner.engine.restore import Restored, Rows
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.transition_writer import TransitionWriter
from smartspec.value import mutable

E, T = ExecutionStatus, TaskStatus
_LONG_SECONDS = 0.1  # an attempt that lasts longer gets its process noted in its row
logger = logging.getLogger(__name__)


@mutable
class RunningAttempt:
    """An attempt that runs. `since` (seconds of uptime) is None once its process is noted, or it has none."""

    item_run: ItemRun
    attempt: Attempt
    since: float | None


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
        names: dict[str, Any],
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
        self._free_slots = run.definition.concurrency
        self._has_told_limit = False  # fewer run at once than that, and it was said
        self._attempts: dict[int, RunningAttempt] = {}  # by row
        self._children = ChildExecutions(services, inbox, control)
        self._manual: dict[int, ItemRun] = {}  # by row, manual tasks
        self._timers: list[tuple[float, int, ItemRun]] = []  # retries and waits, by seconds of boottime

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
            self._end_rows(task, rows, 0)
            raise
        self._end_rows(task, rows, len(task_run.item_runs))
        for item_run in task_run.item_runs:
            self._reopen_item_run(task_run, item_run, rows.get(item_run.index, ()))
        self._apply_item_fail_fast(task_run)
        self._ready.offer(task_run)

    def _end_rows(self, task: Task, rows: Rows, first: int) -> None:
        """The items from `first` on are not there any more: what is open of them is ended."""
        for index, attempts in rows.items():
            last = attempts[-1]
            if index >= first and last.status in (T.PENDING, T.RUNNING):
                item_run = ItemRun(task, last.round, index, attempt=last.attempt, pk=last.pk)
                self._writer.end(item_run, TaskResult(status=T.CANCELLED, reason="internal"))

    def waiting_tasks(self) -> list[Task]:
        """Those with item runs that wait for a slot."""
        return [task_run.task for task_run in self._task_runs.values() if task_run.waiting]

    def stop_unbegun(self, task: Task) -> bool:
        """What has not begun of a task does not begin any more; True where that is all of it: it is forgotten."""
        task_run = self._task_runs[task.name]
        if task_run.is_unbegun:
            del self._task_runs[task.name]
            return True
        self._skip(task_run)
        self._ended_if_complete(task_run)
        return False

    def _apply_item_fail_fast(self, task_run: TaskRun) -> None:
        if task_run.stops_at_failure:
            self._skip(task_run)

    def _skip(self, task_run: TaskRun) -> None:
        for item_run in task_run.take_unbegun():
            item_run.attempt += 1
            result = TaskResult(status=T.SKIPPED, reason="fail_fast")
            self._writer.decide(item_run, result)
            task_run.settle(item_run, result)

    def _new_task_run(self, task: Task) -> TaskRun:
        """Raises TemplateError for a `with_items` that gives no list."""
        values = items(task.body["with_items"], self._names) if task.has_items else [None]
        item_runs = [ItemRun(task, self._run.execution.attempt, index, value) for index, value in enumerate(values)]
        for item_run in item_runs:
            item_run.attempt = self.attempts_of(task, item_run.index)
            item_run.child = self._restored.children.get((task.name, item_run.index))
        task_run = TaskRun(task, item_runs)
        self._task_runs[task.name] = task_run
        return task_run

    def _reopen_item_run(self, task_run: TaskRun, item_run: ItemRun, rows: Iterable[TaskExecution]) -> None:
        own = [row for row in rows if row.round == self._run.execution.attempt]
        last = [*rows][-1] if rows else None
        item_run.retries = sum(row.status in (T.FAILED, T.TIMEOUT) for row in own)
        item_run.has_begun = bool(own)
        if last is None or last.status is T.INTERRUPTED:
            task_run.waiting.append(item_run)
            return
        if last.status not in (T.PENDING, T.RUNNING):
            task_run.settle(item_run, results.of_row(last))
            return
        item_run.pk = last.pk
        task_run.active += 1
        if last.status is T.PENDING and last.next_retry_at is not None:
            self._plan_again(
                item_run, last.next_retry_at, last.next_retry_at - (last.scheduled_at or last.next_retry_at)
            )
        elif item_run.task.kind is TaskKind.WAIT and last.started_at is not None:
            whole = timedelta(milliseconds=self._wait_ms(item_run))
            self._plan_again(item_run, last.started_at + whole, whole)
        elif item_run.task.kind is TaskKind.MANUAL:
            self._manual[last.pk] = item_run
        elif last.child_execution is not None:
            item_run.child = last.child_execution
            sub_executions.continue_child(item_run.child, self._services.runner, rerun=False)
            self._children.watch(item_run)

    # Starting

    def start_ready(self, goes_on: Callable[[], bool]) -> None:
        """Start what there is room for, in the order of the file, as long as it `goes_on`."""
        if self._control.holds:
            return
        while goes_on() and (name := self._ready.next(self._slot_is_free)) is not None:
            task_run = self._task_runs.get(name)
            while (
                task_run is not None
                and task_run.waiting
                and task_run.has_free_slot
                and self._has_slot(task_run.task)
                and goes_on()
            ):
                self._start_item_run(task_run, task_run.waiting.popleft())
                task_run = self._task_runs.get(name)
            if task_run is not None and task_run.waiting and task_run.has_free_slot:
                self._ready.offer(task_run)
        if self._free_slots > 0 and self._ready.wants_slot and not self._slot_is_free:
            self._wait_for_slot()

    @property
    def _slot_is_free(self) -> bool:
        return self._free_slots > 0 and self._services.slots.has_free(self._run.execution.pk)

    def _has_slot(self, task: Task) -> bool:
        return not task.kind.is_executor or self._slot_is_free

    def _wait_for_slot(self) -> None:
        """Its own limit would allow more; it looks again when an attempt of anybody has ended."""
        self._services.slots.call_when_free(lambda: self._inbox.put(CheckRequests()))
        if not self._has_told_limit:
            self._has_told_limit = True
            self._services.post_notice(self._services.slots.explain_limit(self._run.definition.concurrency))

    def _start_item_run(self, task_run: TaskRun, item_run: ItemRun) -> None:
        task_run.active += 1
        item_run.attempt += item_run.pk is None
        had_begun, item_run.has_begun = item_run.has_begun, True
        try:
            failure = run_guarded(lambda: self._next_attempt(item_run), item_run.task.kind.value, self._preparer.mask)
        except EvaluationInterrupted:
            self._put_back(task_run, item_run, had_begun)
            raise
        if failure is not None:
            self._leave(task_run, item_run, failure)

    def _put_back(self, task_run: TaskRun, item_run: ItemRun, had_begun: bool) -> None:
        """It waits as before."""
        task_run.active -= 1
        item_run.has_begun = had_begun
        item_run.attempt -= item_run.pk is None
        task_run.waiting.appendleft(item_run)
        self._ready.offer(task_run)

    def _next_attempt(self, item_run: ItemRun) -> None:
        """Raises TemplateFailure, Invalid for what does not fit or cannot be kept, and whatever else goes wrong."""
        kind = item_run.task.kind
        if kind is TaskKind.WAIT:
            self._wait_ms(item_run)  # should it be no duration, then before the row says that it began
            self._writer.start(item_run)
        elif kind is TaskKind.MANUAL:
            self._writer.start(item_run, None, {"manual": self._preparer.rendered(item_run, "manual")})
        elif kind is TaskKind.WORKFLOW:
            self._next_child(item_run)
        else:
            prepared = self._preparer.attempt(item_run, self._limit_of(item_run))
            self._writer.start(item_run, prepared.attempt, prepared.given)
            self._free_slots -= 1
            self._services.slots.take(self._run.execution.pk)

    def _limit_of(self, item_run: ItemRun) -> int | None:
        if self._control.handling and item_run.task.timeout_ms is None:
            return HANDLER_TIMEOUT_MS
        return item_run.task.timeout_ms

    def _next_child(self, item_run: ItemRun) -> None:
        given = self._preparer.rendered(item_run, "input") or {}
        if item_run.child is not None and not sub_executions.child_goes_on(item_run.child):
            item_run.child = None
        self._writer.start_child(item_run, given)

    def begin_item_run(self, item_run: ItemRun, attempt: Attempt | None) -> None:
        """Its row is durable: now it may begin."""
        assert item_run.pk is not None
        if item_run.task.kind is TaskKind.WAIT:
            item_run.due = clocks.boottime() + self._wait_ms(item_run) / 1000
            self.plan(item_run)
        elif item_run.task.kind is TaskKind.MANUAL:
            self._manual[item_run.pk] = item_run
        elif item_run.task.kind is TaskKind.WORKFLOW:
            self._children.watch(item_run)
        elif attempt is not None:
            has_process = item_run.task.kind is not TaskKind.HTTP
            self._attempts[item_run.pk] = RunningAttempt(item_run, attempt, clocks.uptime() if has_process else None)
            self._submit(item_run, attempt)

    def _submit(self, item_run: ItemRun, attempt: Attempt) -> None:
        """Where the pool takes nothing more, the attempt has failed; it may not begin later."""
        try:
            self._services.pool.submit(self._run_attempt, item_run, attempt)
        except RuntimeError as error:
            if attempt.take():
                logger.exception("attempt %s", item_run.name)
                sentence = f"It could not be begun: {error}; let fewer things run at once (setting runner.at_once)."
                self._inbox.put(AttemptEnded(item_run, TaskResult(status=T.FAILED, reason="start", error=sentence)))

    def _run_attempt(self, item_run: ItemRun, attempt: Attempt) -> None:
        """On a thread of the pool."""
        if attempt.take():
            self._inbox.put(AttemptEnded(item_run, attempt.run()))

    def _wait_ms(self, item_run: ItemRun) -> int:
        return times.parse_duration_ms(item_run.task.body["wait"])

    def plan(self, item_run: ItemRun) -> None:
        heapq.heappush(self._timers, (item_run.due, id(item_run), item_run))

    def _plan_again(self, item_run: ItemRun, at: datetime, whole: timedelta) -> None:
        """Go on with a delay of an earlier claim: by the wall clock, as no other outlasts a restart, and no longer
        than the whole delay, should the clock have been set back.
        """
        left = min(max(at - times.now(), timedelta()), whole)
        item_run.due = clocks.boottime() + left.total_seconds()
        self.plan(item_run)

    # Ends of attempts

    def on_attempt_ended(self, item_run: ItemRun, result: TaskResult) -> None:
        if item_run.pk is not None:
            self._attempts.pop(item_run.pk, None)
        self._free_slots += 1
        self._services.slots.release(self._run.execution.pk)
        if self._control.aborted:
            return
        if result.status is T.CANCELLED:
            result.reason = self._control.early_end.reason if self._control.early_end else "user"
        self._on_result(item_run, result)

    def on_child_ended(self, execution: int) -> None:
        ended = self._children.on_ended(execution)
        if ended is not None:
            self._on_result(*ended)

    def _on_result(self, item_run: ItemRun, result: TaskResult) -> None:
        """Work out the outputs, ask `until`; then it is tried again, or has ended."""
        raw, result.result = result.result, None
        cancelled = self._control.cancelled
        if cancelled is not None and result.status is not T.COMPLETED:
            result.status, result.reason = T.CANCELLED, cancelled.reason
        if result.status is T.COMPLETED:
            self._complete(item_run, result, raw)
        if self._keep_results is None or item_run.task.name in self._keep_results:
            result.result = replace_unstorable(raw) or None
        result.tolerated = item_run.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        if cancelled is None and results.may_retry(item_run.task, result, item_run.retries):
            self._writer.end(item_run, result)
            self._retry(item_run)
        else:
            self._leave(self._task_runs[item_run.task.name], item_run, result)

    def _complete(self, item_run: ItemRun, result: TaskResult, raw: Json) -> None:
        names = self._preparer.names_of(item_run)
        try:
            why = run_guarded(
                lambda: results.complete(item_run.task, result, raw, names), "outputs", self._preparer.mask
            )
        except EvaluationInterrupted as interrupted:
            why = TaskResult(status=T.CANCELLED, reason=interrupted.reason)
        if why is not None:
            result.status, result.reason, result.error = why.status, why.reason, why.error

    def _retry(self, item_run: ItemRun) -> None:
        retry = item_run.task.retry
        assert retry is not None
        item_run.retries += 1
        item_run.attempt += 1
        item_run.child = None
        delay = retry.delay_before(item_run.retries, random.random())  # noqa: S311 - spreads load, guards nothing
        item_run.due = clocks.boottime() + delay / 1000
        self._writer.retry(item_run, times.to_ms(times.now()) + delay)

    def _leave(self, task_run: TaskRun, item_run: ItemRun, result: TaskResult) -> None:
        """A item run that was active has ended."""
        task_run.active -= 1
        self._settle_item_run(task_run, item_run, result)

    def _settle_item_run(self, task_run: TaskRun, item_run: ItemRun, result: TaskResult) -> None:
        result.tolerated = item_run.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        self._writer.decide(item_run, result)
        self._item_run_ended(task_run, item_run, result)

    def _item_run_ended(self, task_run: TaskRun, item_run: ItemRun, result: TaskResult) -> None:
        task_run.settle(item_run, result)
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
        due = [self._timers[0][0] - clocks.boottime()] if self._timers and not self._control.holds else []
        due += self._children.seconds_until_due()
        return due + [each.since + _LONG_SECONDS - clocks.uptime() for each in self._attempts.values() if each.since]

    def on_time(self) -> None:
        """Do what is due."""
        self._children.on_time()
        while self._timers and self._timers[0][0] <= clocks.boottime() and not self._control.holds:
            self._on_due(heapq.heappop(self._timers)[2])
        self._note_processes()

    def _on_due(self, item_run: ItemRun) -> None:
        if item_run.task.kind is TaskKind.WAIT:
            lasted = self._wait_ms(item_run) + round((clocks.boottime() - item_run.due) * 1000)
            self._on_result(item_run, TaskResult(status=T.COMPLETED, duration_ms=lasted))
            return
        task_run = self._task_runs[item_run.task.name]
        task_run.active -= 1
        task_run.waiting.appendleft(item_run)
        self._ready.offer(task_run)

    def _note_processes(self) -> None:
        """Write down the identity of processes that have lasted a while; the short ones are not worth a commit."""
        late = clocks.uptime() - _LONG_SECONDS
        for pk, running in self._attempts.items():
            if running.since is not None and running.since <= late:
                running.since = None
                if (process := running.attempt.process) is not None:
                    self._writer.note(NoteProcess(pk, process.pid, process.start_ticks))

    # Requests

    def stop_processes(self) -> None:
        """Also from other threads."""
        for running in list(self._attempts.values()):
            running.attempt.stop()

    def propagate_request(self, request: Request | None) -> None:
        self._children.propagate_request(request)

    def check_manual_tasks(self) -> None:
        """See whether a person has answered: their answer has ended the row already."""
        if not self._manual:
            return
        for pk, (status, reason, output) in runs.task_answers(list(self._manual)).items():
            if status != T.RUNNING:
                item_run = self._manual.pop(pk)
                result = TaskResult(status=T(status), reason=reason, output=json.loads(output) if output else None)
                task_run = self._task_runs[item_run.task.name]
                task_run.active -= 1
                self._item_run_ended(task_run, item_run, result)

    def cancel_waiting(self, reason: str) -> None:
        waiting = [item_run for _, _, item_run in self._timers] + list(self._manual.values())
        self._timers.clear()
        self._manual.clear()
        for item_run in waiting:
            self._leave(self._task_runs[item_run.task.name], item_run, TaskResult(status=T.CANCELLED, reason=reason))
        for task_run in list(self._task_runs.values()):
            while task_run.waiting:
                item_run = task_run.waiting.popleft()
                item_run.attempt += item_run.pk is None
                self._settle_item_run(task_run, item_run, TaskResult(status=T.CANCELLED, reason=reason))
