"""One execution from claim to end: decides, starts, waits, records. One thread; the attempts have their own."""

from __future__ import annotations

import logging
import queue
from collections.abc import Mapping

from smartspec import sandbox
from smartspec.commands import runners, runs
from smartspec.domain.definition.task import Task
from smartspec.domain.engine.execution_progress import ExecutionProgress, TaskEnd
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.engine.transitions import CancelRequested, FinishExecution, Outcome
from smartspec.domain.execution import Request
from smartspec.domain.masking import Mask
from smartspec.errors import Stopped
from smartspec.messages import _
from smartspec.runner import clocks, recovery
from smartspec.runner.engine import scratch
from smartspec.runner.engine.active_tasks import ActiveTasks
from smartspec.runner.engine.handlers import Handlers
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
from smartspec.runner.engine.outcome import decide_outcome
from smartspec.runner.engine.preparer import Preparer
from smartspec.runner.engine.restore import restore
from smartspec.runner.engine.runner_services import RunnerServices
from smartspec.runner.engine.task_decider import TaskDecider
from smartspec.runner.engine.transition_writer import TransitionWriter

E = ExecutionStatus
logger = logging.getLogger(__name__)


class ExecutionEngine:
    """The life of one claimed execution. `inbox` is how other threads speak to it."""

    def __init__(self, run: runs.Run, services: RunnerServices) -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        self.pk = run.execution.pk
        self._run = run
        self._definition = run.definition
        self._progress = ExecutionProgress(run.definition)
        self._names: dict[str, object] = {**run.names, "tasks": self._progress.views}
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
        self._decider = TaskDecider(
            run, self._progress, self._control, self._writer, self._active_tasks, self._names, self.mask, self._write
        )
        self._requested: Request | None = None  # what was asked of it last
        self._handlers = Handlers(run, self._control, self._preparer, self._active_tasks)

    @property
    def environment(self) -> Mapping[str, str]:
        """That of whoever asked for it."""
        return self._run.environment

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
            self._handlers.begin(outcome)
            return
        for task, rows in restored.open_tasks:
            self._decider.reopen(task, rows)
        for task in restored.groups:
            self._decider.begin_group(task)
        self._decider.add_all()
        if execution.requested is not None:
            self._on_request(execution.requested)

    def _advance(self) -> bool:
        """Do all that can be done now and write it down; True when nothing is left to do or to wait for."""
        while not self._control.aborted:
            try:
                self._decider.decide_all()
                self._active_tasks.start_ready(lambda: not self._decider.has_news)
                if (
                    self._decider.has_news
                ):  # something failed at its start: what comes of that is decided before more starts
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
        if self._services.is_shutting_down:
            raise Stopped(_("The runner leaves."))

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
        if self._active_tasks.is_running or self._writer.has_planned or self._decider:
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

    # Ends of tasks

    def _on_task_ended(self, task: Task, ended: TaskEnd) -> None:
        """Called from in the middle of things."""
        if self._control.handling:
            self._decider.has_news = True
            self._handlers.next()
        else:
            self._decider.on_task_ended(task, ended)

    # Requests

    def _on_request(self, request: Request | None) -> None:
        control = self._control
        self._active_tasks.check_answers()
        if request is not self._requested:
            logger.info(
                "execution %s: %s", self._run.execution.id, f"asked to {request}" if request else "asked to go on"
            )
            self._requested = request
        if request is Request.CANCEL and control.handling:
            self._handlers.clear()
            self._end_all("user")  # the result stays
        elif request is Request.CANCEL:
            self._end_early(EarlyEnd(E.CANCELLED, runs.get_execution(self.pk).status_reason or "user"))
        elif request is Request.PAUSE and not control.pausing and control.early_end is None and not control.handling:
            control.pausing = True
            self._active_tasks.propagate_request(Request.PAUSE)
        elif request is None and control.pausing:
            control.pausing = False
            self._active_tasks.propagate_request(None)
            self._decider.add_all()

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
        self._decider.add_all()

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
        outcome = decide_outcome(self._definition, self._progress, self._control.early_end, self._names, self.mask)
        handlers = self._handlers.for_status(outcome.status)
        self._writer.note(outcome if handlers else FinishExecution(outcome))
        try:
            self._write()
        except CancelRequested:
            self._writer.take_back()
            self._end_early(EarlyEnd(E.CANCELLED, "user"))
            return False
        if handlers:
            self._handlers.begin(outcome)
        return not handlers
