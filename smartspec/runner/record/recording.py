"""One execution that this process records: a command that it runs, or a block of its own code."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartspec.commands import recording
from smartspec.commands.external_tasks import check_task_name
from smartspec.commands.recording import RECORDED_TASK, Recorded
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult, TaskRow
from smartspec.domain.execution import Execution, Origin
from smartspec.domain.ids import RunnerPk, TaskExecutionPk
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.domain.text import escape_undecodable
from smartspec.errors import DiskFull, SmartSpecError, TransactionFailed
from smartspec.messages import N_, _
from smartspec.runner.pings.pinger import Pinger
from smartspec.runner.process import process_exit
from smartspec.runner.process.capture import Capture
from smartspec.value import frozen, replace

if TYPE_CHECKING:
    from smartspec.commands.runs import ExecutionLogs

_LONGEST_ERROR = 100_000
_SHORT_EXCERPT = 200  # characters of what was said last, of what completed
_NOT_RECORDED, _NOT_AS_IT_SHOULD = N_("not recorded: {error}"), N_("not recorded as it should be: {error}")
_TRIES = 3  # a second apart, and each waits for whoever writes


@frozen
class RecordingSpec:
    """What is recorded: under which name, what it is (a JSON object), and what it was given.

    `every_ms`: so often it is to succeed.
    """

    name: str
    what: Mapping[str, Json]
    input: Json = None
    origin: Origin | None = None
    workspace: str = "default"
    every_ms: int | None = None


def working_folder() -> str:
    """Where this process is; of a folder that was removed, the name that it had when the shell went there."""
    try:
        return escape_undecodable(os.getcwd())  # noqa: PTH109 - as text
    except OSError:
        return escape_undecodable(os.environ.get("PWD", ""))


@frozen
class RecordedTask:
    """A task of what is recorded that runs; `began` in seconds of a clock that nobody sets."""

    pk: TaskExecutionPk
    name: str
    capture: Capture
    began: float


class Recording:
    """What the ledger cannot take is complained of in a sentence, and never stops what is recorded."""

    def __init__(self, complain: Callable[[str], None], pinger: Pinger) -> None:
        """`pinger` is waited for by whoever made it."""
        self._complain, self._pinger = complain, pinger
        self._recorded: Recorded | None = None
        self._logs: ExecutionLogs | None = None
        self._capture: Capture | None = None
        self._mask = Mask()
        self._began = time.monotonic()
        self._seen = -1
        self._is_cancelled = False
        self._has_complained = False
        self._lock = threading.Lock()  # tasks begin and end on any thread
        self._tasks: dict[TaskExecutionPk, RecordedTask] = {}  # those that run, by row
        self._attempts: dict[str, int] = {RECORDED_TASK: 1}

    @property
    def execution(self) -> Execution | None:
        """As it began; None where it could not be recorded."""
        return self._recorded.execution if self._recorded else None

    def begin(self, spec: RecordingSpec, recorder: Callable[[], RunnerPk]) -> None:
        """`recorder` opens the ledger and answers who records: the key of a row of `runners`."""
        with self._tolerant():
            who = recorder()
            self._mask = Mask(recording.secrets_to_mask(spec.name, spec.workspace))
            self._recorded = recording.begin_recording(
                spec.name, who, self._mask.json(dict(spec.what)), input=self._mask.json(spec.input),
                origin=spec.origin, workspace=spec.workspace, every_ms=spec.every_ms,
            )  # fmt: skip
            self._pinger.began(self._recorded.execution, os.environ)
            self._logs = self._recorded.logs()
            self._capture = Capture(self._logs.of(self._recorded.task), self._mask)

    def write(self, data: bytes, is_error: bool = False) -> None:
        """Into its log."""
        if self._capture is not None:
            with self._tolerant():
                self._capture(data, is_error)

    def pass_time(self) -> bool:
        """To be called several times a second; True once somebody asked to cancel it."""
        if self._recorded is not None and self._capture is not None and not self._is_cancelled:
            with self._tolerant():
                self._capture.pass_time()
                self._check_cancel(self._recorded)
        return self._is_cancelled

    def _check_cancel(self, recorded: Recorded) -> None:
        version = recording.data_version()
        if version != self._seen:
            self._seen = version
            self._is_cancelled = recording.is_cancel_requested(recorded)

    def begin_task(self, name: str, given: Json) -> RecordedTask | None:
        """A task of it begins; None where that could not be recorded."""
        if self._recorded is None or self._logs is None:
            return None
        with self._tolerant(), self._lock:
            row = self._row_of(check_task_name(name))
            given = self._mask.json(given)
            pk = recording.begin_recorded_task(self._recorded, row, given, self._running_ms())
            task = RecordedTask(pk, row.task, Capture(self._logs.of(pk), self._mask), time.monotonic())
            self._tasks[pk] = task
            return task
        return None

    def _row_of(self, name: str) -> TaskRow:
        """The next attempt of a task; those that were begun are known by their names, in their order."""
        self._attempts[name] = attempt = self._attempts.get(name, 0) + 1
        position = [*self._attempts].index(name)
        return TaskRow(task=name, task_type="executor", position=position, round=1, attempt=attempt)

    def write_task(self, task: RecordedTask, data: bytes, is_error: bool = False) -> None:
        """Into the log of a task."""
        with self._tolerant():
            task.capture(data, is_error)

    def end_task(self, task: RecordedTask, result: AttemptResult) -> None:
        """How a task ended; one that has ended with the whole already stays as it is."""
        if self._recorded is None:
            return
        with self._tolerant(), self._lock:
            if self._tasks.pop(task.pk, None) is not None:
                masked = replace(result, output=self._mask.json(result.output))
                result = self._completed(masked, task.capture, task.began)
                recording.end_recorded_task(self._recorded, task.pk, task.name, result, self._running_ms())

    def _running_ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)

    def end(self, result: AttemptResult, output: Json = None, *, last: Callable[[], None] | None = None) -> None:
        """How it ended; `last` is written with it, in one transaction."""
        if self._recorded is None or self._capture is None:
            return
        for task in [*self._tasks.values()]:  # nobody will tell any more what became of it
            self.end_task(task, AttemptResult(status=TaskStatus.CANCELLED, reason="parent"))
        with self._tolerant():
            result = self._completed(result, self._capture, self._began)
            self._write_end(self._recorded, result, self._mask.json(output), last)
            if self._logs is not None:
                self._logs.close(remove=True)

    def _write_end(
        self, recorded: Recorded, result: AttemptResult, output: Json, last: Callable[[], None] | None
    ) -> None:
        """A full disk or a busy database is given some time."""
        for left in reversed(range(_TRIES)):
            try:
                with recording.one_transaction():
                    ended = recording.end_recording(recorded, result, output)
                    if last is not None:
                        last()
                self._pinger.ended(ended, os.environ)
                return
            except (DiskFull, TransactionFailed):
                if not left:
                    raise
                time.sleep(1)

    def _completed(self, result: AttemptResult, capture: Capture, began: float) -> AttemptResult:
        """With what is known of it from having recorded it since then (seconds, of a clock that nobody sets)."""
        lasted = round((time.monotonic() - began) * 1000)
        log = capture.end()
        excerpt = capture.excerpt()
        result = process_exit.with_last_words(result, capture.last_words)
        return replace(
            result,
            duration_ms=lasted,
            error=result.error and self._mask.text(result.error)[:_LONGEST_ERROR],
            log=log.close(),
            excerpt=excerpt[-_SHORT_EXCERPT:] if excerpt and result.status is TaskStatus.COMPLETED else excerpt,
        )

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        try:
            yield
        except (SmartSpecError, OSError) as error:
            if not self._has_complained:
                template = _NOT_RECORDED if self._recorded is None else _NOT_AS_IT_SHOULD
                self._complain(_(template, error=error))
            self._has_complained = True
