"""What becomes of each task whose needs have changed: it begins, takes a branch, is skipped, or waits on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from smartspec.commands import runs
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.render import truth
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.engine.execution_progress import ExecutionProgress, TaskEnd
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.masking import Mask
from smartspec.runner.engine.active_tasks import ActiveTasks
from smartspec.runner.engine.failures import run_guarded
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.messages import ExecutionControl
from smartspec.runner.engine.ready_queue import DecisionQueue
from smartspec.runner.engine.restore import Rows
from smartspec.runner.engine.transition_writer import TransitionWriter
from smartspec.value import replace

T = TaskStatus


class TaskDecider:
    """Asks the progress of one execution, and acts on its decisions. `has_news`: a task has ended since."""

    def __init__(
        self,
        run: runs.Run,
        progress: ExecutionProgress,
        control: ExecutionControl,
        writer: TransitionWriter,
        active_tasks: ActiveTasks,
        names: Names,
        mask: Mask,
        write: Callable[[], None],
    ) -> None:
        """`write` writes what the writer has collected, and begins what that allows."""
        self._run = run
        self._definition = run.definition
        self._progress = progress
        self._control = control
        self._writer = writer
        self._active_tasks = active_tasks
        self._names = names
        self._mask = mask
        self._write = write
        self._groups: dict[str, ItemRun] = {}  # those that have started
        self._queue = DecisionQueue(run.definition)
        self.has_news = False

    def __bool__(self) -> bool:
        """Something is to be decided."""
        return bool(self._queue)

    def add(self, names: Iterable[str]) -> None:
        """Of these tasks something has changed."""
        self._queue.add(names)

    def add_all(self) -> None:
        self._queue.add(self._definition.tasks)

    def on_task_ended(self, task: Task, ended: TaskEnd) -> None:
        """Only notes what is to be decided: it is called from in the middle of things."""
        self.has_news = True
        self._queue.add(self._progress.end(task.name, ended))

    def reopen(self, task: Task, rows: Rows) -> None:
        """Go on with a task of an earlier claim that has not ended."""
        self._progress.start(task.name)
        if task.kind.is_group:
            row = rows[0][-1]
            self._groups[task.name] = ItemRun(task, row.round, attempt=row.attempt, pk=row.pk)
            return
        failure = run_guarded(lambda: self._active_tasks.reopen(task, rows), "with_items", self._mask)
        if failure is not None:
            self.end_without_attempt(task, failure)

    def decide_all(self) -> None:
        """Until nothing is left of which something has changed."""
        while True:
            while self._queue:
                self._decide(self._definition.tasks[self._queue.next()])
            if not self._skip_unstarted():
                break
        self.has_news = False

    def _skip_unstarted(self) -> bool:
        """fail_fast: what was to run and has not begun does not begin any more. True when there is more to decide."""
        if self._definition.fail_fast and self._progress.tripped and not self._control.handling:
            for task in self._active_tasks.waiting_tasks():
                if self._progress.stopped_by_failure(task) and self._active_tasks.skip_unstarted(task):
                    self.end_without_attempt(task, AttemptResult(status=T.SKIPPED, reason="fail_fast"))
        return bool(self._queue)

    def _decide(self, task: Task) -> None:
        if task.name in self._groups:
            self._end_group(task)
        elif not self._progress.is_open(task.name) or self._control.handling:
            return
        elif self._control.early_end is not None:
            self.end_without_attempt(task, AttemptResult(status=T.CANCELLED, reason=self._control.early_end.reason))
        elif not self._control.pausing:
            self._decide_open(task)

    def _decide_open(self, task: Task) -> None:
        decision = run_guarded(lambda: self._progress.decide(task.name, self._ask), "if", self._mask)
        if isinstance(decision, AttemptResult):
            self.end_without_attempt(task, decision)
        elif decision == "run":
            self._begin(task)
        elif decision is not None:
            self.end_without_attempt(task, AttemptResult(status=T.SKIPPED, reason=decision))

    def _ask(self, task: Task, success: bool, failure: bool) -> bool:
        functions = {"success": lambda: success, "failure": lambda: failure, "always": lambda: True}
        condition = task.condition_to_run
        return condition is None or truth(condition, {**self._names, **functions})

    def _begin(self, task: Task) -> None:
        if task.kind is TaskKind.CONDITION:
            self._take_branch(task)
        elif task.kind.is_group:
            self.begin_group(task)
        else:
            self._begin_item_runs(task)

    def _take_branch(self, task: Task) -> None:
        asked = task.body["condition"]
        condition = asked if isinstance(asked, bool) else str(asked)
        taken = run_guarded(lambda: truth(condition, self._names), "condition", self._mask)
        if not isinstance(taken, AttemptResult):
            taken = AttemptResult(status=T.COMPLETED, output={"taken": "then" if taken else "else"})
        self.end_without_attempt(task, taken)

    def begin_group(self, task: Task) -> None:
        """Its members may be decided from now on."""
        self._groups[task.name] = self._row_of(task)
        self._writer.start(self._groups[task.name])
        self._queue.add(self._progress.start(task.name))

    def _end_group(self, task: Task) -> None:
        ended = self._progress.group_result(task.name)
        if ended is None:
            return
        if self._control.early_end is not None:
            ended = TaskEnd(T.CANCELLED, self._control.early_end.reason, ended.outputs)
        item_run = self._groups.pop(task.name)
        if item_run.pk is None:  # it began in this very step, which has to be written first
            self._write()
        result = AttemptResult(
            status=ended.status,
            reason=ended.reason,
            tolerated=task.tolerant and ended.status is T.FAILED,
            output=ended.outputs,
        )
        self._writer.end(item_run, result)
        self.on_task_ended(task, ended)

    def _begin_item_runs(self, task: Task) -> None:
        begun = run_guarded(lambda: self._active_tasks.begin(task), "with_items", self._mask)
        if isinstance(begun, AttemptResult):
            self.end_without_attempt(task, begun)
        elif begun:
            self._progress.start(task.name)
        else:
            self.end_without_attempt(task, AttemptResult(status=T.COMPLETED, reason="no_items", output=[]))

    def _row_of(self, task: Task) -> ItemRun:
        """The item run of a task that has no items, or is decided as a whole."""
        return ItemRun(task, self._run.execution.attempt, attempt=self._active_tasks.attempts_of(task, 0) + 1)

    def end_without_attempt(self, task: Task, result: AttemptResult) -> None:
        """End a task without an attempt; the members of a group come to the same."""
        tolerated = task.tolerant and result.status is T.FAILED
        self._writer.decide(self._row_of(task), replace(result, tolerated=tolerated))
        self.on_task_ended(task, TaskEnd(result.status, result.reason, result.output, None, result.error))
        for name in task.members:
            if self._progress.is_open(name):
                self.end_without_attempt(self._definition.tasks[name], _shared_by_members(result))


def _shared_by_members(result: AttemptResult) -> AttemptResult:
    """What the members come to of a group that was decided without starting."""
    if result.status is T.FAILED:
        return AttemptResult(status=T.SKIPPED, reason="needs_failed")
    return AttemptResult(status=result.status, reason=result.reason)
