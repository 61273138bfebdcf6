"""One execution from claim to end: decides, starts, waits, records. One thread; the attempts have their own."""

from __future__ import annotations

import queue
from collections import deque
from typing import Any

from smartspec import sandbox
from smartspec.commands import runners, runs
from smartspec.domain.definition.render import render, truth
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.engine.execution_progress import ExecutionProgress, TaskEnd
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import CancelRequested, FinishExecution, Outcome, TaskResult
from smartspec.domain.execution import Request
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.masking import Mask
from smartspec.errors import Stopped
from smartspec.formatting import format_duration
from smartspec.runner import clocks, recovery
from smartspec.runner.engine import scratch
from smartspec.runner.engine.active_tasks import ActiveTasks
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.messages import (
    Abort,
    AttemptEnded,
    CheckRequests,
    ChildEnded,
    EarlyEnd,
    EvaluationInterrupted,
    ExecutionControl,
    Inbox,
    Message,
)
from smartspec.runner.engine.preparer import Preparer
from smartspec.runner.engine.ready_queue import DecisionQueue
from smartspec.runner.engine.restore import Rows, restore
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.transition_writer import TransitionWriter

E, T = ExecutionStatus, TaskStatus


class ExecutionEngine:
    """The life of one claimed execution. `inbox` is how other threads speak to it."""

    def __init__(self, run: runs.Run, services: RunnerServices) -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        self.pk = run.execution.pk
        self._run = run
        self._definition = run.definition
        self._progress = ExecutionProgress(run.definition)
        self._names: dict[str, Any] = {**run.names, "tasks": self._progress.views}
        self._scratch = runs.scratch_folder(run.execution.id)
        self._control = ExecutionControl()
        self._logs = runs.logs_of(run.execution, services.log_cap)
        self.mask = Mask(run.masked)
        self._writer = TransitionWriter(
            run, services.runner, self._progress.counts, services.report_write_error, self.mask
        )
        self._preparer = Preparer(
            run, self._names, self._scratch, runs.database_path(), services.python, self._logs.of, self.mask,
        )  # fmt: skip
        self._services = services
        self._active_tasks = ActiveTasks(
            run, services, self.inbox, self._control, self._writer, self._preparer, self._names, self._on_task_ended
        )
        self._groups: dict[str, ItemRun] = {}  # those that have started
        self._to_decide = DecisionQueue(run.definition)
        self._has_news = False  # a task has ended since all was decided
        self._handlers: deque[Task] = deque()  # those to come

    def stop_processes(self) -> None:
        """For the runner, from its own thread."""
        self._active_tasks.stop_processes()

    # The loop

    def run(self) -> None:
        """Until the execution has ended, is paused, or the runner goes away. Raises SmartSpecError."""
        recovery.end_processes([(self._run.execution, runners.interrupted_attempts(self._run.rows))])
        scratch.make(self._scratch)
        try:
            self._loop()
        except BaseException:
            self._logs.close(remove=False)
            raise
        if not self._control.aborted:
            self._logs.close(remove=True)  # else what is still written goes in, until the processes have ended
        if not self._control.aborted and runs.get_execution(self.pk).status in FINAL:
            scratch.remove(self._scratch)

    def _loop(self) -> None:
        with sandbox.interruptible(self._check_not_leaving):
            self._restore()
        with sandbox.interruptible(self._check_still_wanted):
            while not self._advance():
                self._receive()
                self._apply_pause_request()
                self._on_time()

    def _restore(self) -> None:
        """Begin, or go on from the rows there are."""
        execution = self._run.execution
        restored = restore(self._run, self._progress, self._names)
        self._active_tasks.adopt(restored)
        if execution.outcome is not None:
            outcome = Outcome(execution.outcome, execution.status_reason, execution.error, execution.output)
            self._begin_handlers(outcome)
            return
        for task, rows in restored.open_tasks:
            self._reopen(task, rows)
        for task in restored.groups:
            self._begin_group(task)
        self._to_decide.add(self._definition.tasks)
        if execution.requested is not None:
            self._on_request(execution.requested)

    def _reopen(self, task: Task, rows: Rows) -> None:
        self._progress.start(task.name)
        if task.kind.is_group:
            row = rows[0][-1]
            self._groups[task.name] = ItemRun(task, row.round, attempt=row.attempt, pk=row.pk)
            return
        failure = run_guarded(lambda: self._active_tasks.reopen(task, rows), "with_items", self.mask)
        if failure is not None:
            self._settle(task, failure)

    def _advance(self) -> bool:
        """Do all that can be done now and write it down; True when nothing is left to do or to wait for."""
        while not self._control.aborted:
            try:
                self._decide_all()
                self._active_tasks.start_ready(lambda: not self._has_news)
                if self._has_news:  # something failed at its start: what comes of that is decided before more starts
                    continue
                busy = self._is_busy()
                ended = not busy and self._conclude()
            except EvaluationInterrupted:  # nothing was decided by what was being evaluated
                self._on_message(CheckRequests())
                self._on_time()
                continue
            self._write()
            if busy or ended:
                return ended
        return True

    def _check_not_leaving(self) -> None:
        """While something is being evaluated. Raises Stopped when the runner leaves."""
        if self._services.is_leaving:
            raise Stopped("The runner leaves.")

    def _check_still_wanted(self) -> None:
        """While something is evaluated. Raises EvaluationInterrupted where it is wanted no more, and Stopped."""
        self._check_not_leaving()
        if self._control.early_end is not None or self._control.handling:
            return
        if runs.get_execution(self.pk).requested is Request.CANCEL:
            raise EvaluationInterrupted("user")
        if (left := self._time_left()) is not None and left <= 0:
            raise EvaluationInterrupted("timeout")

    def _is_busy(self) -> bool:
        if self._active_tasks.is_running or self._writer.has_planned or self._to_decide:
            return True
        return not self._control.holds and not self._active_tasks.is_empty

    def _write(self) -> None:
        """Raises CancelRequested, Conflict."""
        requested = self._writer.write(self._active_tasks.begin_item_run, self._active_tasks.plan)
        control = self._control
        if requested is not None and control.early_end is None and not control.pausing and not control.handling:
            self.inbox.put(CheckRequests())

    def _receive(self) -> None:
        try:
            message: Message | None = self.inbox.get(timeout=self._seconds_until_due())
            while message is not None:
                self._on_message(message)
                message = None if self.inbox.empty() else self.inbox.get()
        except queue.Empty:
            return

    def _on_message(self, message: Message) -> None:
        match message:
            case AttemptEnded(item_run, done):
                self._active_tasks.on_attempt_ended(item_run, done)
            case ChildEnded(execution):
                self._active_tasks.on_child_ended(execution)
            case CheckRequests():
                self._on_request(runs.get_execution(self.pk).requested)
            case Abort():
                self._control.aborted = True
                self._active_tasks.stop_processes()

    def _seconds_until_due(self) -> float | None:
        """Seconds until something is due, or is to be looked at again; None: only a message can bring news."""
        due = self._active_tasks.seconds_until_due()
        if (left := self._time_left()) is not None:
            due.append(left)
        return min(max(0.0, min(due)), clocks.LONGEST_LOOK_AWAY_SECONDS) if due else None

    def _time_left(self) -> float | None:
        """Seconds of running time until the execution's own limit, while that counts."""
        limit = self._definition.timeout_ms
        if limit is None or self._control.handling or self._control.early_end is not None:
            return None
        return (limit - self._writer.running_ms) / 1000

    def _on_time(self) -> None:
        left = self._time_left()
        if left is not None and left <= 0:
            self._end_early(EarlyEnd(E.TIMEOUT, "timeout"))
        self._active_tasks.on_time()

    # Deciding

    def _decide_all(self) -> None:
        while True:
            while self._to_decide:
                self._decide(self._definition.tasks[self._to_decide.next()])
            if not self._stop_unbegun():
                break
        self._has_news = False

    def _stop_unbegun(self) -> bool:
        """fail_fast: what was to run and has not begun does not begin any more. True when there is more to decide."""
        if self._definition.fail_fast and self._progress.tripped and not self._control.handling:
            for task in self._active_tasks.waiting_tasks():
                if self._progress.stopped_by_failure(task) and self._active_tasks.stop_unbegun(task):
                    self._settle(task, TaskResult(status=T.SKIPPED, reason="fail_fast"))
        return bool(self._to_decide)

    def _decide(self, task: Task) -> None:
        if task.name in self._groups:
            self._end_group(task)
        elif not self._progress.is_open(task.name) or self._control.handling:
            return
        elif self._control.early_end is not None:
            self._settle(task, TaskResult(status=T.CANCELLED, reason=self._control.early_end.reason))
        elif not self._control.pausing:
            self._decide_open(task)

    def _decide_open(self, task: Task) -> None:
        decision = run_guarded(lambda: self._progress.decide(task.name, self._ask), "if", self.mask)
        if isinstance(decision, TaskResult):
            self._settle(task, decision)
        elif decision == "run":
            self._begin(task)
        elif decision is not None:
            self._settle(task, TaskResult(status=T.SKIPPED, reason=decision))

    def _ask(self, task: Task, success: bool, failure: bool) -> bool:
        functions = {"success": lambda: success, "failure": lambda: failure, "always": lambda: True}
        condition = task.condition_to_run
        return condition is None or truth(condition, {**self._names, **functions})

    def _begin(self, task: Task) -> None:
        if task.kind is TaskKind.CONDITION:
            self._take_branch(task)
        elif task.kind.is_group:
            self._begin_group(task)
        else:
            self._begin_item_runs(task)

    def _take_branch(self, task: Task) -> None:
        taken = run_guarded(lambda: truth(task.body["condition"], self._names), "condition", self.mask)
        if not isinstance(taken, TaskResult):
            taken = TaskResult(status=T.COMPLETED, output={"taken": "then" if taken else "else"})
        self._settle(task, taken)

    def _begin_group(self, task: Task) -> None:
        self._groups[task.name] = self._row_of(task)
        self._writer.start(self._groups[task.name])
        self._to_decide.add(self._progress.start(task.name))

    def _end_group(self, task: Task) -> None:
        ended = self._progress.group_result(task.name)
        if ended is None:
            return
        if self._control.early_end is not None:
            ended = TaskEnd(T.CANCELLED, self._control.early_end.reason, ended.outputs)
        item_run = self._groups.pop(task.name)
        if item_run.pk is None:  # it began in this very step, which has to be written first
            self._write()
        result = TaskResult(status=ended.status, reason=ended.reason, output=ended.outputs)
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._writer.end(item_run, result)
        self._on_task_ended(task, ended)

    def _begin_item_runs(self, task: Task) -> None:
        begun = run_guarded(lambda: self._active_tasks.begin(task), "with_items", self.mask)
        if isinstance(begun, TaskResult):
            self._settle(task, begun)
        elif begun:
            self._progress.start(task.name)
        else:
            self._settle(task, TaskResult(status=T.COMPLETED, reason="no_items", output=[]))

    def _row_of(self, task: Task) -> ItemRun:
        """The item run of a task that has no items, or is decided as a whole."""
        return ItemRun(task, self._run.execution.attempt, attempt=self._active_tasks.attempts_of(task, 0) + 1)

    def _settle(self, task: Task, result: TaskResult) -> None:
        """End a task without an attempt; the members of a group share its fate."""
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._writer.decide(self._row_of(task), result)
        self._on_task_ended(task, TaskEnd(result.status, result.reason, result.output, None, result.error))
        for name in task.members:
            if self._progress.is_open(name):
                self._settle(self._definition.tasks[name], _shared_by_members(result))

    def _on_task_ended(self, task: Task, ended: TaskEnd) -> None:
        """Only notes what is to be decided: it is called from in the middle of things."""
        self._has_news = True
        if self._control.handling:
            self._next_handler()
        else:
            self._to_decide.add(self._progress.end(task.name, ended))

    # Requests

    def _on_request(self, request: Request | None) -> None:
        control = self._control
        self._active_tasks.check_manual_tasks()
        if request is Request.CANCEL and control.handling:
            self._end_handlers()
        elif request is Request.CANCEL:
            self._end_early(EarlyEnd(E.CANCELLED, runs.get_execution(self.pk).status_reason or "user"))
        elif request is Request.PAUSE and not control.pausing and control.early_end is None and not control.handling:
            control.pausing = True
            self._active_tasks.propagate_request(Request.PAUSE)
        elif request is None and control.pausing:
            control.pausing = False
            self._active_tasks.propagate_request(None)
            self._to_decide.add(self._definition.tasks)

    def _apply_pause_request(self) -> None:
        """Nothing starts after a pause was asked for, though the runner may not have been told yet."""
        control = self._control
        if (
            not (control.pausing or control.aborted or control.handling or control.early_end)
            and self._writer.requested() is Request.PAUSE
        ):
            self._on_request(Request.PAUSE)

    def _end_early(self, early_end: EarlyEnd) -> None:
        """Cancel or time out: what runs is ended, what waits is cancelled."""
        if self._control.early_end is not None:
            return
        self._control.early_end = early_end
        self._control.pausing = False
        self._end_all(early_end.reason)
        self._to_decide.add(self._definition.tasks)

    def _end_all(self, reason: str) -> None:
        self._active_tasks.stop_processes()
        self._active_tasks.propagate_request(Request.CANCEL)
        self._active_tasks.cancel_waiting(reason)

    # The end

    def _conclude(self) -> bool:
        """Nothing is left to run: pause, decide the result, or be over; False when handlers follow."""
        if self._control.handling:
            assert self._preparer.outcome is not None
            self._writer.note(FinishExecution(self._preparer.outcome))
            return True
        if self._control.pausing and len(self._progress.ended) < len(self._definition.tasks):
            self._writer.note(FinishExecution(Outcome(E.PAUSED, None, None, None)))
            return True
        outcome = self._result()
        handlers = self._handlers_for(outcome.status)
        self._writer.note(outcome if handlers else FinishExecution(outcome))
        try:
            self._write()
        except CancelRequested:
            self._writer.take_back()
            self._end_early(EarlyEnd(E.CANCELLED, "user"))
            return False
        if handlers:
            self._begin_handlers(outcome)
        return not handlers

    def _result(self) -> Outcome:
        early_end = self._control.early_end
        if early_end is not None and early_end.status is E.CANCELLED:
            return Outcome(E.CANCELLED, early_end.reason, None, None)
        if early_end is not None:
            limit = format_duration(self._definition.timeout_ms)
            return Outcome(E.TIMEOUT, None, f"The execution ran longer than its limit of {limit}.", None)
        status, reason = self._progress.result()
        if status is E.FAILED:
            return Outcome(status, reason, self._error(), None)
        output = run_guarded(self._output, "output", self.mask)
        if isinstance(output, TaskResult):
            return Outcome(E.FAILED, "output", f"The output could not be worked out: {output.error}", None)
        return Outcome(status, reason, None, output)

    def _output(self) -> Json:
        """Raises TemplateError, and Invalid for what cannot be kept."""
        output = None if self._definition.output is None else render(self._definition.output, self._names)
        dump(output)
        return output

    def _error(self) -> str | None:
        """What the task that it fails for says of itself."""
        name = self._progress.first_broken()
        told = None if name is None else self._progress.error_of(name)
        return None if told is None else f"Task “{told[0]}” failed: {told[1]}"

    def _handlers_for(self, status: ExecutionStatus) -> list[Task]:
        own = {E.COMPLETED: "success", E.CANCELLED: "cancel"}.get(status, "failure")
        return [self._definition.handlers[name] for name in (own, "exit") if name in self._definition.handlers]

    def _begin_handlers(self, outcome: Outcome) -> None:
        """Those that have not ended in this round; what was interrupted runs again."""
        self._preparer.outcome = outcome
        self._control.handling = True
        unended = (T.PENDING, T.RUNNING, T.INTERRUPTED)
        rows = [row for row in self._run.rows if row.round == self._run.execution.attempt]
        ended = {row.task for row in rows if row.status not in unended}
        self._handlers.extend(task for task in self._handlers_for(outcome.status) if task.name not in ended)
        self._next_handler()

    def _next_handler(self) -> None:
        if self._handlers:
            self._active_tasks.begin(self._handlers.popleft())

    def _end_handlers(self) -> None:
        """A cancel while they run ends them; the result stays."""
        self._handlers.clear()
        self._end_all("user")


def _shared_by_members(result: TaskResult) -> TaskResult:
    """What the members come to of a group that was decided without starting."""
    if result.status is T.FAILED:
        return TaskResult(status=T.SKIPPED, reason="needs_failed")
    return TaskResult(status=result.status, reason=result.reason)
