"""What is under way in an execution: the units that wait for room, run, sleep until a retry, or wait for somebody."""

from __future__ import annotations

import heapq
import json
import logging
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from smartspec.commands import runs
from smartspec.domain import times
from smartspec.domain.definition.expressions import TemplateError
from smartspec.domain.definition.model import HANDLER_TIMEOUT_MS, Task, TaskKind
from smartspec.domain.definition.names import results_wanted
from smartspec.domain.definition.render import items
from smartspec.domain.engine.execution_progress import Ended
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import Process, TaskResult
from smartspec.domain.execution import Request, TaskExecution
from smartspec.domain.jsontext import Json, keepable
from smartspec.runner import clocks, results
from smartspec.runner.attempt import Attempt, Done
from smartspec.runner.children import Children
from smartspec.runner.failures import tried
from smartspec.runner.host import Host
from smartspec.runner.messages import AttemptEnded, Course, Inbox, Interrupted, Look
from smartspec.runner.prepare import Preparer
from smartspec.runner.ready import Ready
from smartspec.runner.recorder import Recorder
from smartspec.runner.restore import Restored, Rows
from smartspec.runner.units import Batch, Unit

E, T = ExecutionStatus, TaskStatus
_LONG_SECONDS = 0.1  # an attempt that lasts longer gets its process noted in its row
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Active:
    """An attempt under way. `since` (seconds of uptime) is None once its process is noted, or it has none."""

    unit: Unit
    attempt: Attempt
    since: float | None


class UnderWay:
    """Takes tasks from their begin to their end, unit by unit, and tells of the end."""

    def __init__(
        self,
        run: runs.Run,
        host: Host,
        inbox: Inbox,
        course: Course,
        recorder: Recorder,
        preparer: Preparer,
        names: dict[str, Any],
        on_task_ended: Callable[[Task, Ended], None],
    ) -> None:
        self._run = run
        self._host = host
        self._inbox = inbox
        self._course = course
        self._recorder = recorder
        self._preparer = preparer
        self._names = names
        self._restored = Restored([], [], {}, {})
        self._on_task_ended = on_task_ended
        self._keep_results = results_wanted(run.definition)
        self._batches: dict[str, Batch] = {}
        self._ready = Ready()
        self._slots = run.definition.concurrency
        self._is_cramped = False  # fewer run at once than that, and it was said
        self._active: dict[int, Active] = {}  # by row
        self._children = Children(host, inbox, course)
        self._people: dict[int, Unit] = {}  # by row, manual tasks
        self._timers: list[tuple[float, int, Unit]] = []  # retries and waits, by seconds of boottime

    def take_over(self, restored: Restored) -> None:
        """What earlier claims left."""
        self._restored = restored

    @property
    def is_running(self) -> bool:
        """Something runs that has an end of its own."""
        return bool(self._active or self._children)

    @property
    def is_empty(self) -> bool:
        return not self._batches

    def attempts_of(self, task: Task, index: int) -> int:
        """How often it was begun before this claim."""
        return self._restored.attempts.get((task.name, index), 0)

    # Tasks

    def begin(self, task: Task) -> bool:
        """Take a task up; False where it has no items. Raises TemplateError for a `with_items` that gives no list."""
        batch = self._new_batch(task)
        if not batch.units:
            del self._batches[task.name]
            return False
        batch.waiting.extend(batch.units)
        self._ready.offer(batch)
        return True

    def reopen(self, task: Task, rows: Rows) -> None:
        """Go on with a task that had begun: what has ended stays, what was interrupted begins anew.

        Raises TemplateError where its list cannot be had again; its rows are ended then.
        """
        try:
            batch = self._new_batch(task)
        except TemplateError:
            self._end_rows(task, rows, 0)
            raise
        self._end_rows(task, rows, len(batch.units))
        for unit in batch.units:
            self._reopen_unit(batch, unit, rows.get(unit.index, ()))
        self._hold_back(batch)
        self._ready.offer(batch)

    def _end_rows(self, task: Task, rows: Rows, first: int) -> None:
        """The items from `first` on are not there any more: what is open of them is ended."""
        for index, attempts in rows.items():
            last = attempts[-1]
            if index >= first and last.status in (T.PENDING, T.RUNNING):
                unit = Unit(task, last.round, index, attempt=last.attempt, pk=last.pk)
                self._recorder.end(unit, TaskResult(status=T.CANCELLED, reason="internal"))

    def waiting_tasks(self) -> list[Task]:
        """Those with units that wait for room."""
        return [batch.task for batch in self._batches.values() if batch.waiting]

    def stop_unbegun(self, task: Task) -> bool:
        """What has not begun of a task does not begin any more; True where that is all of it: it is forgotten."""
        batch = self._batches[task.name]
        if batch.is_unbegun:
            del self._batches[task.name]
            return True
        self._skip(batch)
        self._ended_if_complete(batch)
        return False

    def _hold_back(self, batch: Batch) -> None:
        if batch.stops_at_failure:
            self._skip(batch)

    def _skip(self, batch: Batch) -> None:
        for unit in batch.take_unbegun():
            unit.attempt += 1
            result = TaskResult(status=T.SKIPPED, reason="fail_fast")
            self._recorder.decide(unit, result)
            batch.settle(unit, result)

    def _new_batch(self, task: Task) -> Batch:
        """Raises TemplateError for a `with_items` that gives no list."""
        values = items(task.body["with_items"], self._names) if task.has_items else [None]
        units = [Unit(task, self._run.execution.attempt, index, value) for index, value in enumerate(values)]
        for unit in units:
            unit.attempt = self.attempts_of(task, unit.index)
            unit.child = self._restored.children.get((task.name, unit.index))
        batch = Batch(task, units)
        self._batches[task.name] = batch
        return batch

    def _reopen_unit(self, batch: Batch, unit: Unit, rows: Iterable[TaskExecution]) -> None:
        own = [row for row in rows if row.round == self._run.execution.attempt]
        last = [*rows][-1] if rows else None
        unit.retries = sum(row.status in (T.FAILED, T.TIMEOUT) for row in own)
        unit.has_begun = bool(own)
        if last is None or last.status is T.INTERRUPTED:
            batch.waiting.append(unit)
            return
        if last.status not in (T.PENDING, T.RUNNING):
            batch.settle(unit, results.of_row(last))
            return
        unit.pk = last.pk
        batch.active += 1
        if last.status is T.PENDING and last.next_retry_at is not None:
            self._plan_again(unit, last.next_retry_at, last.next_retry_at - (last.scheduled_at or last.next_retry_at))
        elif unit.task.kind is TaskKind.WAIT and last.started_at is not None:
            whole = timedelta(milliseconds=self._wait_ms(unit))
            self._plan_again(unit, last.started_at + whole, whole)
        elif unit.task.kind is TaskKind.MANUAL:
            self._people[last.pk] = unit
        elif last.child_execution is not None:
            unit.child = last.child_execution
            runs.continue_child(unit.child, self._host.runner, rerun=False)
            self._children.watch(unit)

    # Starting units

    def start_ready(self, goes_on: Callable[[], bool]) -> None:
        """Start what there is room for, in the order of the file, as long as it `goes_on`."""
        if self._course.holds:
            return
        while goes_on() and (name := self._ready.next(self._slot_is_free)) is not None:
            batch = self._batches.get(name)
            while batch is not None and batch.waiting and batch.has_room and self._has_slot(batch.task) and goes_on():
                self._start_unit(batch, batch.waiting.popleft())
                batch = self._batches.get(name)
            if batch is not None and batch.waiting and batch.has_room:
                self._ready.offer(batch)
        if self._slots > 0 and self._ready.wants_slot and not self._slot_is_free:
            self._wait_for_room()

    @property
    def _slot_is_free(self) -> bool:
        return self._slots > 0 and self._host.room.is_there(self._run.execution.pk)

    def _has_slot(self, task: Task) -> bool:
        return not task.kind.is_executor or self._slot_is_free

    def _wait_for_room(self) -> None:
        """Its own limit would allow more; it looks again when an attempt of anybody has ended."""
        self._host.room.wait(lambda: self._inbox.put(Look()))
        if not self._is_cramped:
            self._is_cramped = True
            self._host.say(self._host.room.words(self._run.definition.concurrency))

    def _start_unit(self, batch: Batch, unit: Unit) -> None:
        batch.active += 1
        unit.attempt += unit.pk is None
        had_begun, unit.has_begun = unit.has_begun, True
        try:
            failure = tried(lambda: self._next_attempt(unit), unit.task.kind.value, self._preparer.mask)
        except Interrupted:
            self._put_back(batch, unit, had_begun)
            raise
        if failure is not None:
            self._leave(batch, unit, failure)

    def _put_back(self, batch: Batch, unit: Unit, had_begun: bool) -> None:
        """It waits as before."""
        batch.active -= 1
        unit.has_begun = had_begun
        unit.attempt -= unit.pk is None
        batch.waiting.appendleft(unit)
        self._ready.offer(batch)

    def _next_attempt(self, unit: Unit) -> None:
        """Raises TemplateFailure, Invalid for what does not fit or cannot be kept, and whatever else goes wrong."""
        kind = unit.task.kind
        if kind is TaskKind.WAIT:
            self._wait_ms(unit)  # should it be no duration, then before the row says that it began
            self._recorder.start(unit)
        elif kind is TaskKind.MANUAL:
            self._recorder.start(unit, None, {"manual": self._preparer.rendered(unit, "manual")})
        elif kind is TaskKind.WORKFLOW:
            self._next_child(unit)
        else:
            prepared = self._preparer.attempt(unit, self._limit_of(unit))
            self._recorder.start(unit, prepared.attempt, prepared.given)
            self._slots -= 1
            self._host.room.take(self._run.execution.pk)

    def _limit_of(self, unit: Unit) -> int | None:
        if self._course.handling and unit.task.timeout_ms is None:
            return HANDLER_TIMEOUT_MS
        return unit.task.timeout_ms

    def _next_child(self, unit: Unit) -> None:
        given = self._preparer.rendered(unit, "input") or {}
        if unit.child is not None and not runs.child_goes_on(unit.child):
            unit.child = None
        self._recorder.start_child(unit, given)

    def begin_unit(self, unit: Unit, attempt: Attempt | None) -> None:
        """Its row is durable: now it may begin."""
        assert unit.pk is not None
        if unit.task.kind is TaskKind.WAIT:
            unit.due = clocks.boottime() + self._wait_ms(unit) / 1000
            self.plan(unit)
        elif unit.task.kind is TaskKind.MANUAL:
            self._people[unit.pk] = unit
        elif unit.task.kind is TaskKind.WORKFLOW:
            self._children.watch(unit)
        elif attempt is not None:
            has_process = unit.task.kind is not TaskKind.HTTP
            self._active[unit.pk] = Active(unit, attempt, clocks.uptime() if has_process else None)
            self._submit(unit, attempt)

    def _submit(self, unit: Unit, attempt: Attempt) -> None:
        """Where the pool takes nothing more, the attempt has failed; it may not begin later."""
        try:
            self._host.pool.submit(self._work, unit, attempt)
        except RuntimeError as error:
            if attempt.take():
                logger.exception("attempt %s", unit.name)
                sentence = f"It could not be begun: {error}; let fewer things run at once (setting runner.at_once)."
                self._inbox.put(AttemptEnded(unit, Done(T.FAILED, "start", sentence)))

    def _work(self, unit: Unit, attempt: Attempt) -> None:
        """On a thread of the pool."""
        if attempt.take():
            self._inbox.put(AttemptEnded(unit, attempt.run()))

    def _wait_ms(self, unit: Unit) -> int:
        return times.duration_ms(unit.task.body["wait"])

    def plan(self, unit: Unit) -> None:
        heapq.heappush(self._timers, (unit.due, id(unit), unit))

    def _plan_again(self, unit: Unit, at: datetime, whole: timedelta) -> None:
        """Go on with a delay of an earlier claim: by the wall clock, as no other outlasts a restart, and no longer
        than the whole delay, should the clock have been set back.
        """
        left = min(max(at - times.now(), timedelta()), whole)
        unit.due = clocks.boottime() + left.total_seconds()
        self.plan(unit)

    # Ends of attempts

    def on_attempt_ended(self, unit: Unit, done: Done) -> None:
        if unit.pk is not None:
            self._active.pop(unit.pk, None)
        self._slots += 1
        self._host.room.give_back(self._run.execution.pk)
        if self._course.aborted:
            return
        result = results.of_attempt(done)
        if result.status is T.CANCELLED:
            result.reason = self._course.ending.reason if self._course.ending else "user"
        self._judge(unit, result, done.result)

    def on_child_ended(self, execution: int) -> None:
        ended = self._children.on_ended(execution)
        if ended is not None:
            self._judge(*ended)

    def _judge(self, unit: Unit, result: TaskResult, raw: Json) -> None:
        """Work out the outputs, ask `until`; then it is tried again, or has ended."""
        cancelled = self._course.cancelled
        if cancelled is not None and result.status is not T.COMPLETED:
            result.status, result.reason = T.CANCELLED, cancelled.reason
        if result.status is T.COMPLETED:
            self._complete(unit, result, raw)
        if self._keep_results is None or unit.task.name in self._keep_results:
            result.result = keepable(raw) or None
        result.tolerated = unit.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        if cancelled is None and results.may_retry(unit.task, result, unit.retries):
            self._recorder.end(unit, result)
            self._retry(unit)
        else:
            self._leave(self._batches[unit.task.name], unit, result)

    def _complete(self, unit: Unit, result: TaskResult, raw: Json) -> None:
        names = self._preparer.names_of(unit)
        try:
            why = tried(lambda: results.complete(unit.task, result, raw, names), "outputs", self._preparer.mask)
        except Interrupted as interrupted:
            why = TaskResult(status=T.CANCELLED, reason=interrupted.reason)
        if why is not None:
            result.status, result.reason, result.error = why.status, why.reason, why.error

    def _retry(self, unit: Unit) -> None:
        retry = unit.task.retry
        assert retry is not None
        unit.retries += 1
        unit.attempt += 1
        unit.child = None
        delay = retry.delay_before(unit.retries, random.random())  # noqa: S311 - spreads load, guards nothing
        unit.due = clocks.boottime() + delay / 1000
        self._recorder.retry(unit, times.to_ms(times.now()) + delay)

    def _leave(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        """A unit that was active has ended."""
        batch.active -= 1
        self._settle_unit(batch, unit, result)

    def _settle_unit(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        result.tolerated = unit.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        self._recorder.decide(unit, result)
        self._unit_ended(batch, unit, result)

    def _unit_ended(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        batch.settle(unit, result)
        self._hold_back(batch)
        self._ended_if_complete(batch)

    def _ended_if_complete(self, batch: Batch) -> None:
        if batch.is_complete:
            del self._batches[batch.task.name]
            self._on_task_ended(batch.task, results.of_batch(batch))
        else:
            self._ready.offer(batch)

    # Time

    def patience(self) -> list[float]:
        """Seconds until each thing that is due."""
        due = [self._timers[0][0] - clocks.boottime()] if self._timers and not self._course.holds else []
        due += self._children.patience()
        return due + [each.since + _LONG_SECONDS - clocks.uptime() for each in self._active.values() if each.since]

    def on_time(self) -> None:
        """Do what is due."""
        self._children.on_time()
        while self._timers and self._timers[0][0] <= clocks.boottime() and not self._course.holds:
            self._on_due(heapq.heappop(self._timers)[2])
        self._note_processes()

    def _on_due(self, unit: Unit) -> None:
        if unit.task.kind is TaskKind.WAIT:
            lasted = self._wait_ms(unit) + round((clocks.boottime() - unit.due) * 1000)
            self._judge(unit, TaskResult(status=T.COMPLETED, duration_ms=lasted), None)
            return
        batch = self._batches[unit.task.name]
        batch.active -= 1
        batch.waiting.appendleft(unit)
        self._ready.offer(batch)

    def _note_processes(self) -> None:
        """Write down the identity of processes that have lasted a while; the short ones are not worth a commit."""
        late = clocks.uptime() - _LONG_SECONDS
        for pk, active in self._active.items():
            if active.since is not None and active.since <= late:
                active.since = None
                if (process := active.attempt.process) is not None:
                    self._recorder.note(Process(pk, process.pid, process.start_ticks))

    # Requests

    def stop_processes(self) -> None:
        """Also from other threads."""
        for active in list(self._active.values()):
            active.attempt.stop()

    def hand_down(self, request: Request | None) -> None:
        self._children.hand_down(request)

    def ask_people(self) -> None:
        """See whether a person has answered: their answer has ended the row already."""
        if not self._people:
            return
        for pk, (status, reason, output) in runs.task_answers(list(self._people)).items():
            if status != T.RUNNING:
                unit = self._people.pop(pk)
                result = TaskResult(status=T(status), reason=reason, output=json.loads(output) if output else None)
                batch = self._batches[unit.task.name]
                batch.active -= 1
                self._unit_ended(batch, unit, result)

    def cancel_waiting(self, reason: str) -> None:
        waiting = [unit for _, _, unit in self._timers] + list(self._people.values())
        self._timers.clear()
        self._people.clear()
        for unit in waiting:
            self._leave(self._batches[unit.task.name], unit, TaskResult(status=T.CANCELLED, reason=reason))
        for batch in list(self._batches.values()):
            while batch.waiting:
                unit = batch.waiting.popleft()
                unit.attempt += unit.pk is None
                self._settle_unit(batch, unit, TaskResult(status=T.CANCELLED, reason=reason))
