"""One execution from claim to end: decides, starts, waits, records. One thread; the attempts have their own."""

from __future__ import annotations

import queue
from collections import deque
from typing import Any

from smartspec import sandbox
from smartspec.commands import runs
from smartspec.domain import times
from smartspec.domain.definition.model import Task, TaskKind
from smartspec.domain.definition.render import render, truth
from smartspec.domain.engine.execution_progress import Ended, Progress
from smartspec.domain.engine.states import FINAL, ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import CancelRequested, Finish, Outcome, TaskResult
from smartspec.domain.execution import Request
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.masking import Mask
from smartspec.errors import Stopped
from smartspec.runner import clocks, recovery, scratch
from smartspec.runner.failures import tried
from smartspec.runner.host import Host
from smartspec.runner.messages import (
    Abort,
    AttemptEnded,
    ChildEnded,
    Course,
    Ending,
    Inbox,
    Interrupted,
    Look,
    Message,
)
from smartspec.runner.prepare import Preparer
from smartspec.runner.ready import DecisionQueue
from smartspec.runner.recorder import Recorder
from smartspec.runner.restore import Rows, restore
from smartspec.runner.underway import UnderWay
from smartspec.runner.units import Unit

E, T = ExecutionStatus, TaskStatus


class ExecutionRun:
    """The life of one claimed execution. `inbox` is how other threads speak to it."""

    def __init__(self, run: runs.Run, host: Host) -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        self.pk = run.execution.pk
        self._run = run
        self._definition = run.definition
        self._progress = Progress(run.definition)
        self._names: dict[str, Any] = {**run.names, "tasks": self._progress.views}
        self._scratch = runs.scratch_folder(run.execution.id)
        self._course = Course()
        self._logs = runs.logs_of(run.execution, host.log_cap)
        self.mask = Mask(run.masked)
        self._recorder = Recorder(run, host.runner, self._progress.counts, host.tell, self.mask)
        self._preparer = Preparer(
            run, self._names, self._scratch, runs.database_path(), host.python, self._logs.of, self.mask,
        )  # fmt: skip
        self._host = host
        self._under_way = UnderWay(
            run, host, self.inbox, self._course, self._recorder, self._preparer, self._names, self._on_task_ended
        )
        self._groups: dict[str, Unit] = {}  # those that have started
        self._to_decide = DecisionQueue(run.definition)
        self._has_news = False  # a task has ended since all was decided
        self._handlers: deque[Task] = deque()  # those to come

    def stop_processes(self) -> None:
        """For the runner, from its own thread."""
        self._under_way.stop_processes()

    # The loop

    def run(self) -> None:
        """Until the execution has ended, is paused, or the runner goes away. Raises SmartSpecError."""
        recovery.end_processes([(self._run.execution, runs.interrupted_attempts(self._run.rows))])
        scratch.make(self._scratch)
        try:
            self._go()
        except BaseException:
            self._logs.close(remove=False)
            raise
        if not self._course.aborted:
            self._logs.close(remove=True)  # else what is still written goes in, until the processes have ended
        if not self._course.aborted and runs.get_execution(self.pk).status in FINAL:
            scratch.remove(self._scratch)

    def _go(self) -> None:
        with sandbox.interruptible(self._stay):
            self._take_up()
        with sandbox.interruptible(self._look_up):
            while not self._advance():
                self._receive()
                self._heed_pause()
                self._on_time()

    def _take_up(self) -> None:
        """Begin, or go on from the rows there are."""
        execution = self._run.execution
        restored = restore(self._run, self._progress, self._names)
        self._under_way.take_over(restored)
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
            self._groups[task.name] = Unit(task, row.round, attempt=row.attempt, pk=row.pk)
            return
        failure = tried(lambda: self._under_way.reopen(task, rows), "with_items", self.mask)
        if failure is not None:
            self._settle(task, failure)

    def _advance(self) -> bool:
        """Do all that can be done now and write it down; True when nothing is left to do or to wait for."""
        while not self._course.aborted:
            try:
                self._decide_all()
                self._under_way.start_ready(lambda: not self._has_news)
                if self._has_news:  # something failed at its start: what comes of that is decided before more starts
                    continue
                busy = self._is_busy()
                ended = not busy and self._conclude()
            except Interrupted:  # nothing was decided by what was being evaluated
                self._heed(Look())
                self._on_time()
                continue
            self._write()
            if busy or ended:
                return ended
        return True

    def _stay(self) -> None:
        """While something is being evaluated. Raises Stopped when the runner leaves."""
        if self._host.is_leaving:
            raise Stopped("The runner leaves.")

    def _look_up(self) -> None:
        """While something is being evaluated. Raises Interrupted where it is not wanted any more, and Stopped."""
        self._stay()
        if self._course.ending is not None or self._course.handling:
            return
        if runs.get_execution(self.pk).requested is Request.CANCEL:
            raise Interrupted("user")
        if (left := self._time_left()) is not None and left <= 0:
            raise Interrupted("timeout")

    def _is_busy(self) -> bool:
        if self._under_way.is_running or self._recorder.has_planned or self._to_decide:
            return True
        return not self._course.holds and not self._under_way.is_empty

    def _write(self) -> None:
        """Raises CancelRequested, Conflict."""
        requested = self._recorder.write(self._under_way.begin_unit, self._under_way.plan)
        course = self._course
        if requested is not None and course.ending is None and not course.pausing and not course.handling:
            self.inbox.put(Look())

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
                self._under_way.on_attempt_ended(unit, done)
            case ChildEnded(execution):
                self._under_way.on_child_ended(execution)
            case Look():
                self._on_request(runs.get_execution(self.pk).requested)
            case Abort():
                self._course.aborted = True
                self._under_way.stop_processes()

    def _patience(self) -> float | None:
        """Seconds until something is due, or is to be looked at again; None: only a message can bring news."""
        due = self._under_way.patience()
        if (left := self._time_left()) is not None:
            due.append(left)
        return min(max(0.0, min(due)), clocks.LONGEST_LOOK_AWAY_SECONDS) if due else None

    def _time_left(self) -> float | None:
        """Seconds of running time until the execution's own limit, while that counts."""
        limit = self._definition.timeout_ms
        if limit is None or self._course.handling or self._course.ending is not None:
            return None
        return (limit - self._recorder.running_ms) / 1000

    def _on_time(self) -> None:
        left = self._time_left()
        if left is not None and left <= 0:
            self._end_early(Ending(E.TIMEOUT, "timeout"))
        self._under_way.on_time()

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
        if self._definition.fail_fast and self._progress.tripped and not self._course.handling:
            for task in self._under_way.waiting_tasks():
                if self._progress.stopped_by_failure(task) and self._under_way.stop_unbegun(task):
                    self._settle(task, TaskResult(status=T.SKIPPED, reason="fail_fast"))
        return bool(self._to_decide)

    def _decide(self, task: Task) -> None:
        if task.name in self._groups:
            self._end_group(task)
        elif not self._progress.is_open(task.name) or self._course.handling:
            return
        elif self._course.ending is not None:
            self._settle(task, TaskResult(status=T.CANCELLED, reason=self._course.ending.reason))
        elif not self._course.pausing:
            self._decide_fate(task)

    def _decide_fate(self, task: Task) -> None:
        fate = tried(lambda: self._progress.decide(task.name, self._ask), "if", self.mask)
        if isinstance(fate, TaskResult):
            self._settle(task, fate)
        elif fate == "run":
            self._begin(task)
        elif fate is not None:
            self._settle(task, TaskResult(status=T.SKIPPED, reason=fate))

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
            self._begin_units(task)

    def _take_branch(self, task: Task) -> None:
        taken = tried(lambda: truth(task.body["condition"], self._names), "condition", self.mask)
        if not isinstance(taken, TaskResult):
            taken = TaskResult(status=T.COMPLETED, output={"taken": "then" if taken else "else"})
        self._settle(task, taken)

    def _begin_group(self, task: Task) -> None:
        self._groups[task.name] = self._row_of(task)
        self._recorder.start(self._groups[task.name])
        self._to_decide.add(self._progress.start(task.name))

    def _end_group(self, task: Task) -> None:
        ended = self._progress.group_result(task.name)
        if ended is None:
            return
        if self._course.ending is not None:
            ended = Ended(T.CANCELLED, self._course.ending.reason, ended.outputs)
        unit = self._groups.pop(task.name)
        if unit.pk is None:  # it began in this very step, which has to be written first
            self._write()
        result = TaskResult(status=ended.status, reason=ended.reason, output=ended.outputs)
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._recorder.end(unit, result)
        self._on_task_ended(task, ended)

    def _begin_units(self, task: Task) -> None:
        begun = tried(lambda: self._under_way.begin(task), "with_items", self.mask)
        if isinstance(begun, TaskResult):
            self._settle(task, begun)
        elif begun:
            self._progress.start(task.name)
        else:
            self._settle(task, TaskResult(status=T.COMPLETED, reason="no_items", output=[]))

    def _row_of(self, task: Task) -> Unit:
        """The unit of a task that has no items, or is decided as a whole."""
        return Unit(task, self._run.execution.attempt, attempt=self._under_way.attempts_of(task, 0) + 1)

    def _settle(self, task: Task, result: TaskResult) -> None:
        """End a task without an attempt; the members of a group share its fate."""
        result.tolerated = task.tolerant and result.status is T.FAILED
        self._recorder.decide(self._row_of(task), result)
        self._on_task_ended(task, Ended(result.status, result.reason, result.output, None, result.error))
        for name in task.members:
            if self._progress.is_open(name):
                self._settle(self._definition.tasks[name], _shared_by_members(result))

    def _on_task_ended(self, task: Task, ended: Ended) -> None:
        """Only notes what is to be decided: it is called from in the middle of things."""
        self._has_news = True
        if self._course.handling:
            self._next_handler()
        else:
            self._to_decide.add(self._progress.end(task.name, ended))

    # Requests

    def _on_request(self, request: Request | None) -> None:
        course = self._course
        self._under_way.ask_people()
        if request is Request.CANCEL and course.handling:
            self._end_handlers()
        elif request is Request.CANCEL:
            self._end_early(Ending(E.CANCELLED, runs.get_execution(self.pk).status_reason or "user"))
        elif request is Request.PAUSE and not course.pausing and course.ending is None and not course.handling:
            course.pausing = True
            self._under_way.hand_down(Request.PAUSE)
        elif request is None and course.pausing:
            course.pausing = False
            self._under_way.hand_down(None)
            self._to_decide.add(self._definition.tasks)

    def _heed_pause(self) -> None:
        """Nothing starts after a pause was asked for, though the runner may not have been told yet."""
        course = self._course
        if (
            not (course.pausing or course.aborted or course.handling or course.ending)
            and self._recorder.requested() is Request.PAUSE
        ):
            self._on_request(Request.PAUSE)

    def _end_early(self, ending: Ending) -> None:
        """Cancel or time out: what runs is ended, what waits is cancelled."""
        if self._course.ending is not None:
            return
        self._course.ending = ending
        self._course.pausing = False
        self._end_all(ending.reason)
        self._to_decide.add(self._definition.tasks)

    def _end_all(self, reason: str) -> None:
        self._under_way.stop_processes()
        self._under_way.hand_down(Request.CANCEL)
        self._under_way.cancel_waiting(reason)

    # The end

    def _conclude(self) -> bool:
        """Nothing is left to run: pause, decide the result, or be over; False when handlers follow."""
        if self._course.handling:
            assert self._preparer.outcome is not None
            self._recorder.note(Finish(self._preparer.outcome))
            return True
        if self._course.pausing and len(self._progress.ended) < len(self._definition.tasks):
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
        ending = self._course.ending
        if ending is not None and ending.status is E.CANCELLED:
            return Outcome(E.CANCELLED, ending.reason, None, None)
        if ending is not None:
            limit = times.humane(self._definition.timeout_ms)
            return Outcome(E.TIMEOUT, None, f"The execution ran longer than its limit of {limit}.", None)
        status, reason = self._progress.result()
        if status is E.FAILED:
            return Outcome(status, reason, self._error(), None)
        output = tried(self._output, "output", self.mask)
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
        self._course.handling = True
        unended = (T.PENDING, T.RUNNING, T.INTERRUPTED)
        rows = [row for row in self._run.rows if row.round == self._run.execution.attempt]
        ended = {row.task for row in rows if row.status not in unended}
        self._handlers.extend(task for task in self._handlers_for(outcome.status) if task.name not in ended)
        self._next_handler()

    def _next_handler(self) -> None:
        if self._handlers:
            self._under_way.begin(self._handlers.popleft())

    def _end_handlers(self) -> None:
        """A cancel while they run ends them; the result stays."""
        self._handlers.clear()
        self._end_all("user")


def _shared_by_members(result: TaskResult) -> TaskResult:
    """What the members come to of a group that was decided without starting."""
    if result.status is T.FAILED:
        return TaskResult(status=T.SKIPPED, reason="needs_failed")
    return TaskResult(status=result.status, reason=result.reason)
