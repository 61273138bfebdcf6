"""One execution from claim to end: decides, starts, waits, records. One thread; the attempts have their own."""

from __future__ import annotations

import heapq
import json
import logging
import queue
import random
import shutil
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from smartspec.commands import runs
from smartspec.domain import times
from smartspec.domain.definition.expressions import TemplateError
from smartspec.domain.definition.model import HANDLER_TIMEOUT_MS, Task, TaskKind
from smartspec.domain.definition.names import results_wanted
from smartspec.domain.definition.render import items, render, truth
from smartspec.domain.execution import Request, TaskExecution
from smartspec.domain.fate import Mark
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.progress import Ended, Progress, sorted_by_file
from smartspec.domain.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.step import CancelRequested, Finish, Outcome, Process, TaskResult
from smartspec.errors import Invalid
from smartspec.runner import results
from smartspec.runner.attempt import Attempt, Done
from smartspec.runner.prepare import Preparer
from smartspec.runner.recorder import Recorder
from smartspec.runner.restore import Restored, Rows, restore
from smartspec.runner.surroundings import TemplateFailure
from smartspec.runner.units import Batch, Unit

E, T = ExecutionStatus, TaskStatus
_LONG_SECONDS = 0.1  # an attempt that lasts longer gets its process noted in its row
logger = logging.getLogger(__name__)


class Host(Protocol):
    """What an execution asks of the runner that it belongs to."""

    runner: int
    pool: ThreadPoolExecutor
    log_cap: int
    python: str

    def run_child(self, execution: int, parent: ExecutionRun) -> None:
        """See to it that a sub-workflow is claimed and run; its end comes as a ChildEnded."""


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    unit: Unit
    done: Done


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """A sub-workflow is run no more: it has ended, or is paused."""

    execution: int


@dataclass(frozen=True, slots=True)
class Look:
    """Something was committed elsewhere; `request` is what is asked of this execution now."""

    request: Request | None


@dataclass(frozen=True, slots=True)
class Abort:
    """The runner goes away: end the processes, leave the rows as they are."""


Message = AttemptEnded | ChildEnded | Look | Abort


@dataclass(frozen=True, slots=True)
class Ending:
    """Nothing starts any more, and why: cancelled by user or parent, or out of time."""

    status: ExecutionStatus
    reason: str


@dataclass(slots=True)
class Active:
    """An attempt under way. `since` (monotonic seconds) is None once its process is noted, or it has none."""

    unit: Unit
    attempt: Attempt
    since: float | None


class ExecutionRun:
    """The life of one claimed execution. `inbox` is how other threads speak to it."""

    def __init__(self, run: runs.Run, host: Host) -> None:
        self.inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.pk = run.execution.pk
        self._run = run
        self._host = host
        self._definition = run.definition
        self._progress = Progress(run.definition)
        self._names: dict[str, Any] = {**run.names, "tasks": self._progress.views}
        self._scratch = runs.scratch_folder(run.execution.id)
        self._preparer = Preparer(
            run,
            self._names,
            self._scratch,
            runs.database_path(),
            host.python,
            lambda name: runs.new_log(name, host.log_cap),
        )
        self._recorder = Recorder(run, host.runner, self._progress.counts)
        self._keep_results = results_wanted(run.definition)
        self._restored = Restored([], {}, {}, anything_started=False)
        self._batches: dict[str, Batch] = {}
        self._ready = _Ready()
        self._slots = run.definition.concurrency
        self._to_decide: deque[str] = deque()
        self._active: dict[int, Active] = {}  # by row
        self._children: dict[int, Unit] = {}  # by execution
        self._child_limits: dict[int, float] = {}  # by execution, monotonic seconds
        self._late_children: set[int] = set()  # by execution: their limit has passed
        self._people: dict[int, Unit] = {}  # by row, manual tasks
        self._timers: list[tuple[float, int, Unit]] = []  # retries and waits, by wall clock seconds
        self._ending: Ending | None = None
        self._pausing = False
        self._aborted = False
        self._handlers: deque[Task] | None = None  # those to come, once the result is decided

    # For the runner, from its own thread

    def stop_processes(self) -> None:
        for active in list(self._active.values()):
            active.attempt.stop()

    # The loop

    def run(self) -> None:
        """Until the execution has ended, is paused, or the runner goes away. Raises SmartSpecError."""
        self._scratch.joinpath(".outputs").mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_up()
        while not self._advance():
            self._receive()
            self._on_time()
        if not self._aborted and runs.get_execution(self.pk).status in FINAL:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _advance(self) -> bool:
        """Do all that can be done now and write it down; True when nothing is left to do or to wait for."""
        while not self._aborted:
            self._decide_all()
            self._start_ready()
            busy = self._busy()
            ended = not busy and self._conclude()
            self._write()
            if busy or ended:
                return ended
        return True

    def _busy(self) -> bool:
        if self._active or self._children or self._recorder.has_planned or self._to_decide:
            return True
        if self._pausing and self._handlers is None:
            return False
        return bool(self._batches)

    def _write(self) -> None:
        """Raises CancelRequested, Conflict."""
        requested = self._recorder.write(self._begin_unit, self._plan)
        if requested is not None and self._ending is None and not self._pausing and self._handlers is None:
            self.inbox.put(Look(requested))

    def _receive(self) -> None:
        try:
            message: Message | None = self.inbox.get(timeout=self._patience())
            while message is not None:
                self._heed(message)
                message = None if self.inbox.empty() else self.inbox.get()
        except queue.Empty:
            return

    def _heed(self, message: Message) -> None:
        match message:
            case AttemptEnded(unit, done):
                self._on_attempt_ended(unit, done)
            case ChildEnded(execution):
                self._on_child_ended(execution)
            case Look(request):
                self._on_request(request)
            case Abort():
                self._aborted = True
                self._stop_all()

    def _patience(self) -> float | None:
        """Seconds until something is due; None: only a message can bring news."""
        due = [self._timers[0][0] - time.time()] if self._timers and not self._holds else []
        due += [limit - time.monotonic() for limit in self._child_limits.values()]
        due += [each.since + _LONG_SECONDS - time.monotonic() for each in self._active.values() if each.since]
        if (left := self._time_left()) is not None:
            due.append(left)
        return max(0.0, min(due)) if due else None

    @property
    def _holds(self) -> bool:
        """Paused, or about to be: nothing new starts, but for handlers."""
        return self._pausing and self._handlers is None

    # Taking up what was left

    def _take_up(self) -> None:
        self._restored = restore(self._run, self._progress, self._names)
        execution = self._run.execution
        if execution.outcome is not None:
            outcome = Outcome(execution.outcome, execution.status_reason, execution.error, execution.output)
            self._begin_handlers(outcome)
            return
        for task, rows in self._restored.open_tasks:
            self._reopen(task, rows)
        self._to_decide.extend(self._definition.tasks)
        if execution.requested is not None:
            self._on_request(execution.requested)

    def _reopen(self, task: Task, rows: Rows) -> None:
        """Go on with a task that had begun: what has ended stays, what was interrupted begins anew."""
        if task.kind.is_group:
            row = rows[0][-1]
            self._batches[task.name] = Batch(task, [Unit(task, row.round, attempt=row.attempt, pk=row.pk)])
            self._progress.start(task.name)
            return
        batch = self._new_batch(task)
        self._progress.start(task.name)
        for unit in batch.units:
            self._reopen_unit(batch, unit, rows.get(unit.index, ()))
        self._ready.offer(batch)

    def _reopen_unit(self, batch: Batch, unit: Unit, rows: Iterable[TaskExecution]) -> None:
        own = [row for row in rows if row.round == self._run.execution.attempt]
        last = [*rows][-1] if rows else None
        unit.retries = sum(row.status in (T.FAILED, T.TIMEOUT) for row in own)
        if last is None or last.status is T.INTERRUPTED:
            batch.waiting.append(unit)
            return
        if last.status not in (T.PENDING, T.RUNNING):
            batch.results[unit.index] = results.of_row(last)
            return
        unit.pk = last.pk
        batch.active += 1
        if last.status is T.PENDING and last.next_retry_at is not None:
            self._plan(unit, times.to_ms(last.next_retry_at))
        elif unit.task.kind is TaskKind.WAIT and last.started_at is not None:
            self._plan(unit, times.to_ms(last.started_at) + self._wait_ms(unit))
        elif unit.task.kind is TaskKind.MANUAL:
            self._people[last.pk] = unit
        elif last.child_execution is not None:
            unit.child = last.child_execution
            runs.continue_child(unit.child, self._host.runner, rerun=False)
            self._watch_child(unit)

    # Deciding

    def _decide_all(self) -> None:
        while self._to_decide:
            names = sorted_by_file(self._definition, self._to_decide)
            self._to_decide.clear()
            for name in names:
                self._decide(self._definition.tasks[name])

    def _decide(self, task: Task) -> None:
        if task.name in self._progress.started and task.kind.is_group:
            self._end_group(task)
        elif not self._progress.is_open(task.name) or self._handlers is not None:
            return
        elif self._ending is not None:
            self._settle(task, TaskResult(status=T.CANCELLED, reason=self._ending.reason))
        elif not self._pausing:
            self._decide_fate(task)

    def _decide_fate(self, task: Task) -> None:
        try:
            fate = self._progress.decide(task.name, self._ask)
        except TemplateError as error:
            self._settle(task, _failed("template: if", error))
            return
        if fate == "run":
            self._begin(task)
        elif fate is not None:
            self._settle(task, TaskResult(status=T.SKIPPED, reason=fate))

    def _ask(self, task: Task, failure: bool) -> bool:
        functions = {"failure": lambda: failure, "success": lambda: not failure, "always": lambda: True}
        condition = task.condition_to_run
        return condition is None or truth(condition, {**self._names, **functions})

    def _settle(self, task: Task, result: TaskResult) -> None:
        """End a task without an attempt; the members of a group share its fate."""
        unit = Unit(task, self._run.execution.attempt, attempt=self._attempts_of(task, 0) + 1)
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._recorder.decide(unit, result)
        self._end_task(task, Ended(result.status, result.reason, result.output, None, result.error))
        for name in task.members:
            if self._progress.is_open(name):
                self._settle(self._definition.tasks[name], _shared_by_members(result))

    def _attempts_of(self, task: Task, index: int) -> int:
        return self._restored.attempts.get((task.name, index), 0)

    def _end_task(self, task: Task, ended: Ended) -> None:
        self._batches.pop(task.name, None)
        self._to_decide.extend(self._progress.end(task.name, ended))
        if self._definition.fail_fast and self._progress.tripped:
            self._trip()

    def _trip(self) -> None:
        """fail_fast: what was to run and has not begun does not begin any more."""
        for batch in [each for each in self._batches.values() if each.is_untouched]:
            if self._progress.stopped_by_failure(batch.task) and not batch.task.kind.is_group:
                self._settle(batch.task, TaskResult(status=T.SKIPPED, reason="fail_fast"))

    # Beginning tasks

    def _begin(self, task: Task) -> None:
        if task.kind is TaskKind.CONDITION:
            self._take_branch(task)
        elif task.kind.is_group:
            self._begin_group(task)
        else:
            self._begin_units(task)

    def _take_branch(self, task: Task) -> None:
        try:
            taken = truth(task.body["condition"], self._names)
        except TemplateError as error:
            self._settle(task, _failed("template: condition", error))
            return
        self._restored.anything_started = True
        self._settle(task, TaskResult(status=T.COMPLETED, output={"taken": "then" if taken else "else"}))

    def _begin_group(self, task: Task) -> None:
        unit = Unit(task, self._run.execution.attempt, attempt=self._attempts_of(task, 0) + 1)
        self._batches[task.name] = Batch(task, [unit], active=1)
        self._recorder.start(unit)
        self._to_decide.extend(self._progress.start(task.name))

    def _end_group(self, task: Task) -> None:
        ended = self._progress.group_result(task.name)
        if ended is None:
            return
        if self._ending is not None:
            ended = Ended(T.CANCELLED, self._ending.reason, ended.outputs)
        unit = self._batches[task.name].units[0]
        if unit.pk is None:  # it began in this very step, which has to be written first
            self._write()
        result = TaskResult(status=ended.status, reason=ended.reason, output=ended.outputs)
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._recorder.end(unit, result)
        self._end_task(task, ended)

    def _begin_units(self, task: Task) -> None:
        try:
            batch = self._new_batch(task)
        except TemplateError as error:
            self._settle(task, _failed("template: with_items", error))
            return
        if not batch.units:
            self._settle(task, TaskResult(status=T.COMPLETED, reason="no_items", output=[]))
            return
        self._progress.start(task.name)
        batch.waiting.extend(batch.units)
        self._ready.offer(batch)

    def _new_batch(self, task: Task) -> Batch:
        """Raises TemplateError for a `with_items` that gives no list."""
        values = items(task.body["with_items"], self._names) if task.has_items else [None]
        units = [Unit(task, self._run.execution.attempt, index, value) for index, value in enumerate(values)]
        for unit in units:
            unit.attempt = self._attempts_of(task, unit.index)
            unit.child = self._restored.children.get((task.name, unit.index))
        batch = Batch(task, units)
        self._batches[task.name] = batch
        return batch

    # Starting units

    def _start_ready(self) -> None:
        """Start what there is room for, in the order of the file."""
        if self._holds:
            return
        while (name := self._ready.next(self._slots > 0)) is not None:
            batch = self._batches.get(name)
            while batch is not None and batch.waiting and batch.has_room and self._has_slot(batch.task):
                self._start_unit(batch, batch.waiting.popleft())
                batch = self._batches.get(name)
            if batch is not None and batch.waiting and batch.has_room:
                self._ready.offer(batch)

    def _has_slot(self, task: Task) -> bool:
        return self._slots > 0 or not task.kind.is_executor

    def _start_unit(self, batch: Batch, unit: Unit) -> None:
        if batch.stops_at_failure:
            unit.attempt += 1
            self._settle_unit(batch, unit, TaskResult(status=T.SKIPPED, reason="fail_fast"))
            return
        batch.active += 1
        unit.attempt += unit.pk is None
        self._restored.anything_started = True
        try:
            self._next_attempt(unit)
        except TemplateFailure as failure:
            self._leave(batch, unit, _failed(f"template: {failure.key}", failure))
        except Invalid as error:
            self._leave(batch, unit, _failed("input", error))

    def _next_attempt(self, unit: Unit) -> None:
        """Raises TemplateFailure, and Invalid for the input of a sub-workflow."""
        kind = unit.task.kind
        if kind is TaskKind.WAIT:
            self._recorder.start(unit)
        elif kind is TaskKind.MANUAL:
            self._recorder.start(unit, None, {"manual": self._preparer.rendered(unit, "manual")})
        elif kind is TaskKind.WORKFLOW:
            self._next_child(unit)
        else:
            prepared = self._preparer.attempt(unit, self._limit_of(unit))
            self._slots -= 1
            self._recorder.start(unit, prepared.attempt, prepared.given)

    def _limit_of(self, unit: Unit) -> int | None:
        if self._handlers is not None and unit.task.timeout_ms is None:
            return HANDLER_TIMEOUT_MS
        return unit.task.timeout_ms

    def _next_child(self, unit: Unit) -> None:
        given = self._preparer.rendered(unit, "input") or {}
        if unit.child is not None and runs.get_execution(unit.child).status is E.COMPLETED:
            unit.child = None
        if unit.child is None:
            runs.check_child_input(self._run.execution, unit.task.body["workflow"], given)
        self._recorder.start_child(unit, given)

    def _begin_unit(self, unit: Unit, attempt: Attempt | None) -> None:
        """Its row is durable: now it may begin."""
        assert unit.pk is not None
        if unit.task.kind is TaskKind.WAIT:
            self._plan(unit, round(time.time() * 1000) + self._wait_ms(unit))
        elif unit.task.kind is TaskKind.MANUAL:
            self._people[unit.pk] = unit
        elif unit.task.kind is TaskKind.WORKFLOW:
            self._watch_child(unit)
        elif attempt is not None:
            has_process = unit.task.kind is not TaskKind.HTTP
            self._active[unit.pk] = Active(unit, attempt, time.monotonic() if has_process else None)
            self._host.pool.submit(self._work, unit, attempt)

    def _work(self, unit: Unit, attempt: Attempt) -> None:
        """On a thread of the pool."""
        try:
            done = attempt.run()
        except Exception as error:
            logger.exception("attempt %s", unit.name)
            done = Done(T.FAILED, "start", f"{type(error).__name__}: {error}")
        self.inbox.put(AttemptEnded(unit, done))

    def _wait_ms(self, unit: Unit) -> int:
        return times.duration_ms(unit.task.body["wait"])

    def _plan(self, unit: Unit, at_ms: int) -> None:
        heapq.heappush(self._timers, (at_ms / 1000, id(unit), unit))

    def _watch_child(self, unit: Unit) -> None:
        assert unit.child is not None
        self._children[unit.child] = unit
        if unit.task.timeout_ms is not None:
            self._child_limits[unit.child] = time.monotonic() + unit.task.timeout_ms / 1000
        self._host.run_child(unit.child, self)

    # Ends of attempts

    def _on_attempt_ended(self, unit: Unit, done: Done) -> None:
        if unit.pk is not None:
            self._active.pop(unit.pk, None)
        self._slots += 1
        if self._aborted:
            return
        result = results.of_attempt(done, self._preparer.log_of(unit))
        if result.status is T.CANCELLED:
            result.reason = self._ending.reason if self._ending else "user"
        self._judge(unit, result, done.result)

    def _on_child_ended(self, execution: int) -> None:
        unit = self._children.pop(execution, None)
        if unit is None or self._aborted:
            return
        child = runs.get_execution(execution)
        if child.status not in FINAL:
            if not self._pausing:  # a person paused it: it is watched until it goes on
                self._watch_child(unit)
            return
        self._child_limits.pop(execution, None)
        status = T(child.status.value)
        reason = {T.FAILED: "child", T.CANCELLED: self._ending.reason if self._ending else "child"}.get(status)
        if status is T.CANCELLED and execution in self._late_children and self._ending is None:
            status, reason = T.TIMEOUT, None
        result = TaskResult(
            status=status, reason=reason, output=child.output, error=child.error, duration_ms=child.duration_ms
        )
        self._judge(unit, result, child.output)

    def _judge(self, unit: Unit, result: TaskResult, raw: Json) -> None:
        """Work out the outputs, ask `until`; then it is tried again, or has ended."""
        cancelled = self._ending is not None and self._handlers is None
        if cancelled and self._ending is not None and result.status is not T.COMPLETED:
            result.status, result.reason = T.CANCELLED, self._ending.reason
        if result.status is T.COMPLETED:
            results.complete(unit.task, result, raw, self._preparer.names_of(unit))
        if self._keep_results is None or unit.task.name in self._keep_results:
            result.result = raw or None
        result.tolerated = unit.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        if not cancelled and results.may_retry(unit.task, result, unit.retries):
            self._recorder.end(unit, result)
            self._retry(unit)
        else:
            self._leave(self._batches[unit.task.name], unit, result)

    def _retry(self, unit: Unit) -> None:
        retry = unit.task.retry
        assert retry is not None
        unit.retries += 1
        unit.attempt += 1
        unit.child = None
        delay = retry.delay_before(unit.retries, random.random())  # noqa: S311 - spreads load, guards nothing
        self._recorder.retry(unit, round(time.time() * 1000) + delay)

    def _leave(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        """A unit that was active has ended."""
        batch.active -= 1
        self._settle_unit(batch, unit, result)

    def _settle_unit(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        result.tolerated = unit.task.tolerant and result.status in (T.FAILED, T.TIMEOUT)
        self._recorder.decide(unit, result)
        self._unit_ended(batch, unit, result)

    def _unit_ended(self, batch: Batch, unit: Unit, result: TaskResult) -> None:
        batch.results[unit.index] = result
        if self._handlers is not None:
            del self._batches[unit.task.name]
            self._next_handler()
        elif batch.is_complete:
            self._end_task(batch.task, results.of_batch(batch))
        else:
            self._ready.offer(batch)

    # Time

    def _time_left(self) -> float | None:
        """Seconds of running time until the execution's own limit, while that counts."""
        limit = self._definition.timeout_ms
        if limit is None or self._handlers is not None or self._ending is not None:
            return None
        return (limit - self._recorder.running_ms) / 1000

    def _on_time(self) -> None:
        left = self._time_left()
        if left is not None and left <= 0:
            self._end_early(Ending(E.TIMEOUT, "timeout"))
        for child in [child for child, limit in self._child_limits.items() if limit <= time.monotonic()]:
            del self._child_limits[child]
            self._late_children.add(child)
            runs.hand_down(child, Request.CANCEL)
        while self._timers and self._timers[0][0] <= time.time() and not self._holds:
            self._on_due(heapq.heappop(self._timers)[2])
        self._note_processes()

    def _on_due(self, unit: Unit) -> None:
        if unit.task.kind is TaskKind.WAIT:
            self._judge(unit, TaskResult(status=T.COMPLETED), None)
            return
        batch = self._batches[unit.task.name]
        batch.active -= 1
        batch.waiting.appendleft(unit)
        self._ready.offer(batch)

    def _note_processes(self) -> None:
        """Write down the identity of processes that have lasted a while; the short ones are not worth a commit."""
        late = time.monotonic() - _LONG_SECONDS
        for pk, active in self._active.items():
            if active.since is not None and active.since <= late:
                active.since = None
                if (process := active.attempt.process) is not None:
                    self._recorder.note(Process(pk, process.pid, process.start_ticks))

    # Requests

    def _on_request(self, request: Request | None) -> None:
        self._ask_people()
        if request is Request.CANCEL and self._handlers is not None:
            self._end_handlers()
        elif request is Request.CANCEL:
            self._end_early(Ending(E.CANCELLED, runs.get_execution(self.pk).status_reason or "user"))
        elif request is Request.PAUSE and not self._pausing and self._ending is None and self._handlers is None:
            self._pausing = True
            self._hand_down(Request.PAUSE)
        elif request is None and self._pausing:
            self._pausing = False
            self._hand_down(None)
            self._to_decide.extend(self._definition.tasks)

    def _hand_down(self, request: Request | None) -> None:
        for child in list(self._children):
            runs.hand_down(child, request)

    def _ask_people(self) -> None:
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

    def _end_early(self, ending: Ending) -> None:
        """Cancel or time out: what runs is ended, what waits is cancelled."""
        if self._ending is not None:
            return
        self._ending = ending
        self._pausing = False
        self._stop_all()
        self._cancel_waiting(ending.reason)
        self._to_decide.extend(self._definition.tasks)

    def _stop_all(self) -> None:
        self.stop_processes()
        if not self._aborted:
            self._hand_down(Request.CANCEL)

    def _cancel_waiting(self, reason: str) -> None:
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

    # The end

    def _conclude(self) -> bool:
        """Nothing is left to run: pause, decide the result, or be over; False when handlers follow."""
        if self._handlers is not None:
            assert self._preparer.outcome is not None
            self._recorder.note(Finish(self._preparer.outcome))
            return True
        if self._pausing and len(self._progress.ended) < len(self._definition.tasks):
            self._recorder.note(Finish(Outcome(E.PAUSED, None, None, None)))
            return True
        outcome = self._result()
        handlers = self._handlers_for(outcome.status)
        self._recorder.note(outcome if handlers else Finish(outcome))
        try:
            self._write()
        except CancelRequested:
            self._recorder.take_back()
            self._end_early(Ending(E.CANCELLED, "user"))
            return False
        if handlers:
            self._begin_handlers(outcome)
        return not handlers

    def _result(self) -> Outcome:
        if self._ending is not None and self._ending.status is E.CANCELLED:
            return Outcome(E.CANCELLED, self._ending.reason, None, None)
        if self._ending is not None:
            limit = times.humane(self._definition.timeout_ms)
            return Outcome(E.TIMEOUT, None, f"The execution ran longer than its limit of {limit}.", None)
        status, reason = self._progress.result()
        if status is E.FAILED:
            return Outcome(status, reason, self._error(), None)
        try:
            output = None if self._definition.output is None else render(self._definition.output, self._names)
            dump(output)
        except (TemplateError, Invalid) as error:
            return Outcome(E.FAILED, "output", f"The output could not be worked out: {error}", None)
        return Outcome(status, reason, None, output)

    def _error(self) -> str | None:
        """What the first broken task says of itself."""
        for name, ended in self._progress.ended.items():
            if self._progress.mark(name) is Mark.BROKEN and ended.error:
                return f"Task “{name}” failed: {ended.error}"
        return None

    def _handlers_for(self, status: ExecutionStatus) -> list[Task]:
        if not self._restored.anything_started:
            return []
        own = {E.COMPLETED: "success", E.CANCELLED: "cancel"}.get(status, "failure")
        return [self._definition.handlers[name] for name in (own, "exit") if name in self._definition.handlers]

    def _begin_handlers(self, outcome: Outcome) -> None:
        """Those that have not ended in this round; what was interrupted runs again."""
        self._preparer.outcome = outcome
        self._restored.anything_started = True
        self._slots = max(1, self._slots)
        round_ = self._run.execution.attempt
        unended = (T.PENDING, T.RUNNING, T.INTERRUPTED)
        ended = {row.task for row in self._run.rows if row.round == round_ and row.status not in unended}
        self._handlers = deque(task for task in self._handlers_for(outcome.status) if task.name not in ended)
        self._next_handler()

    def _next_handler(self) -> None:
        if not self._handlers:
            return
        task = self._handlers.popleft()
        batch = self._new_batch(task)
        batch.waiting.extend(batch.units)
        self._ready.offer(batch)

    def _end_handlers(self) -> None:
        """A cancel while they run ends them; the result stays."""
        assert self._handlers is not None
        self._handlers.clear()
        self._stop_all()
        self._cancel_waiting("user")


class _Ready:
    """The tasks with units that wait to start, first in the file first; those that need a slot by themselves."""

    def __init__(self) -> None:
        self._slotted: list[tuple[int, str]] = []
        self._free: list[tuple[int, str]] = []
        self._offered: set[str] = set()

    def offer(self, batch: Batch) -> None:
        if batch.waiting and batch.task.name not in self._offered:
            self._offered.add(batch.task.name)
            heap = self._slotted if batch.task.kind.is_executor else self._free
            heapq.heappush(heap, (batch.task.position, batch.task.name))

    def next(self, slot_is_free: bool) -> str | None:
        heap = self._free or (self._slotted if slot_is_free else [])
        if not heap:
            return None
        name = heapq.heappop(heap)[1]
        self._offered.discard(name)
        return name


def _failed(reason: str, error: Exception) -> TaskResult:
    return TaskResult(status=T.FAILED, reason=reason, error=str(error))


def _shared_by_members(result: TaskResult) -> TaskResult:
    """What the members come to of a group that was decided without starting."""
    if result.status is T.FAILED:
        return TaskResult(status=T.SKIPPED, reason="needs_failed")
    return TaskResult(status=result.status, reason=result.reason)
