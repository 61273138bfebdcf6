"""The batches of one execution, written one transaction each, before anything that they allow begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from smartspec.commands import runs, sub_executions
from smartspec.domain.engine.transitions import (
    AttemptResult,
    DecideTask,
    EndAttempt,
    FinishExecution,
    Outcome,
    PlanRetry,
    StartAttempt,
    TaskRow,
    Transition,
    TransitionBatch,
)
from smartspec.domain.execution import Request
from smartspec.domain.ids import RunnerPk, TaskExecutionPk
from smartspec.domain.jsontext import Json, JsonObject, dump
from smartspec.domain.masking import Mask
from smartspec.errors import ConnectionFailed, DiskFull, ReadOnly, TransactionFailed
from smartspec.runner import clocks
from smartspec.runner.engine.attempt import Attempt
from smartspec.runner.engine.execution_log import ExecutionLog
from smartspec.runner.engine.item_run import ItemRun
from smartspec.value import replace

_RETRY_SECONDS = 1.0

_TEMPORARY = (DiskFull, TransactionFailed, ReadOnly, ConnectionFailed)  # what is over again without the runner

Begin = Callable[[ItemRun, Attempt | None], None]
Plan = Callable[[ItemRun], None]
T = TypeVar("T")


class TransitionWriter:
    """Collects changes, writes them as one batch, and hands out the keys of the rows that came of it."""

    def __init__(
        self,
        run: runs.Run,
        runner: RunnerPk,
        counts: dict[str, int],
        report_write_error: Callable[[str | None], None],
        mask: Mask,
    ) -> None:
        """`report_write_error` gets why nothing can be written, None when it can again. What is recorded is masked."""
        self._run = run
        self._mask = mask
        self._report_write_error = report_write_error
        self._runner = runner
        self._counts = counts
        self._began = clocks.uptime()
        self._log = ExecutionLog(run.execution.id)
        self._changes: list[Transition] = []
        self._planned: list[tuple[ItemRun, Attempt | None]] = []  # for each Start and Retry, in order
        self._children: list[tuple[ItemRun, StartAttempt, runs.Planned | None]] = []

    @property
    def running_ms(self) -> int:
        """Running time so far, that of earlier claims included."""
        return self._run.execution.running_ms + round((clocks.uptime() - self._began) * 1000)

    @property
    def is_empty(self) -> bool:
        return not self._changes

    @property
    def has_planned(self) -> bool:
        return bool(self._planned)

    # What is to be written

    def start(self, item_run: ItemRun, attempt: Attempt | None = None, given: dict[str, Json] | None = None) -> None:
        """The item run begins once this is durable. Raises Invalid for what was given when it cannot be kept."""
        dump(given)
        self._changes.append(StartAttempt(self._row(item_run), given or None, item_run.pk, item_run.child))
        self._planned.append((item_run, attempt))
        self._log.task_started(item_run.name)

    def start_child(self, item_run: ItemRun, given: dict[str, Json]) -> None:
        """A sub-workflow begins; its execution is made in the same transaction, or `item_run.child` goes on.

        It is evaluated here, before that. Raises Invalid where what was given does not fit or cannot be kept.
        """
        dump(given)
        planned = self._write_with_retry(lambda: self._plan_child(item_run, given)) if item_run.child is None else None
        start = StartAttempt(self._row(item_run), {"input": self._mask.json(given)} if given else None, item_run.pk)
        self._changes.append(start)
        self._planned.append((item_run, None))
        self._children.append((item_run, start, planned))
        self._log.task_started(item_run.name)

    def _plan_child(self, item_run: ItemRun, given: dict[str, Json]) -> runs.Planned:
        ref = str(item_run.task.body["workflow"])
        return sub_executions.plan_child(
            self._run.execution, item_run.task.name, item_run.index, ref, given, self._runner
        )

    def end(self, item_run: ItemRun, result: AttemptResult) -> None:
        assert item_run.pk is not None
        self._changes.append(EndAttempt(item_run.pk, item_run.task.name, self._shown(item_run.row(), result)))
        item_run.pk = None
        self._log.task_ended(item_run.name, result)

    def decide(self, item_run: ItemRun, result: AttemptResult) -> None:
        """The item run ends without an attempt: its pending row, or a row made for it."""
        if item_run.pk is not None:
            self.end(item_run, result)
        else:
            self._log.task_ended(item_run.name, result)
            self._changes.append(DecideTask(self._row(item_run), self._shown(item_run.row(), result)))

    def retry(self, item_run: ItemRun, at_ms: int) -> None:
        """`at_ms` is what the row says, by the wall clock: it holds after a restart."""
        self._changes.append(PlanRetry(self._row(item_run), at_ms))
        self._planned.append((item_run, None))
        self._log.task_retried(item_run.name)

    def note(self, change: Transition) -> None:
        """An Outcome, a Finish or a Process."""
        if isinstance(change, Outcome):
            change = self._shown_outcome(change)
        elif isinstance(change, FinishExecution):
            change = FinishExecution(self._shown_outcome(change.outcome))
        self._changes.append(change)
        self._log.noted(change)

    def take_back(self) -> None:
        """Forget the last change: it was refused."""
        self._changes.pop()
        self._log.take_back()

    # Nothing that is recorded holds a secret; what was masked is kept beside the record until the execution has ended

    def _row(self, item_run: ItemRun) -> TaskRow:
        row = item_run.row()
        row.item = self._mask.json(row.item)
        return row

    def _shown(self, row: TaskRow, result: AttemptResult) -> AttemptResult:
        shown = self._mask.json(result.output), self._mask.json(result.result)
        if shown == (result.output, result.result):
            return replace(result, error=self._mask.text(result.error)) if result.error and self._mask else result
        self._write_with_retry(lambda: runs.keep_as_written(self._run.execution, row, result.output, result.result))
        return replace(
            result, output=shown[0], result=shown[1], error=result.error and self._mask.text(result.error),
            warnings=[*(result.warnings or ()), _masked(result, *shown)],
        )  # fmt: skip

    def _shown_outcome(self, outcome: Outcome) -> Outcome:
        output = self._mask.json(outcome.output)
        if output != outcome.output:
            self._write_with_retry(lambda: runs.keep_output(self._run.execution, outcome.output))
        return replace(outcome, output=output, error=outcome.error and self._mask.text(outcome.error))

    # Writing

    def write(self, begin: Begin, plan: Plan) -> Request | None:
        """Write the batch; then each started item run begins, and each retry is planned for when it is due.

        The answer is what is requested of the execution. Raises CancelRequested (the batch is kept) and Conflict.
        """
        if not self._changes:
            return None
        batch = TransitionBatch(self._run.execution.pk, self._runner, self.running_ms, self._counts, self._changes)
        pks, requested = self._write_with_retry(lambda: self._record(batch))
        self._log.write()
        changes, planned = self._changes, self._planned
        self._changes, self._planned, self._children = [], [], []
        made = [change for change in changes if isinstance(change, StartAttempt | DecideTask | PlanRetry)]
        item_runs = iter(planned)
        for change, pk in zip(made, pks, strict=True):
            if isinstance(change, DecideTask):
                continue
            item_run, attempt = next(item_runs)
            item_run.pk = pk
            if isinstance(change, PlanRetry):
                plan(item_run)
            else:
                item_run.child = change.child_execution
                begin(item_run, attempt)
        return requested

    def requested(self) -> Request | None:
        return self._write_with_retry(lambda: runs.requested_of(self._run.execution.pk))

    def _record(self, batch: TransitionBatch) -> tuple[list[TaskExecutionPk], Request | None]:
        if not self._children:
            return runs.record_transitions(batch)
        with runs.one_transaction():
            self._make_children()
            return runs.record_transitions(batch)

    def _make_children(self) -> None:
        for item_run, start, planned in self._children:
            if planned is not None:
                start.child_execution = sub_executions.start_child(planned, self._mask)
            else:
                assert item_run.child is not None
                sub_executions.continue_child(item_run.child, self._runner, rerun=True)
                start.child_execution = item_run.child

    def _write_with_retry(self, write: Callable[[], T]) -> T:
        """A full disk, a busy database or one that is gone must not end what runs: it is tried until it succeeds."""
        while True:
            try:
                answer = write()
                self._report_write_error(None)
                return answer
            except _TEMPORARY as error:
                self._report_write_error(error.sentence)
                time.sleep(_RETRY_SECONDS)


def _masked(result: AttemptResult, output: Json, raw: Json) -> JsonObject:
    """The warning of an attempt that gave a secret, or what looks like one."""
    given = result.output if isinstance(result.output, dict) else {}
    keys = [key for key, value in given.items() if not isinstance(output, dict) or output.get(key) != value]
    if not keys and output != result.output:
        keys = ["outputs"]
    if raw != result.result:
        keys.append("result")
    names = ", ".join(f"“{key}”" for key in keys)
    sentence = f"What it gave as {names} holds a secret: that is masked in the record; later tasks get it as it was."
    return {"code": "masked", "keys": keys, "sentence": sentence}
