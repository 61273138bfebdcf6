"""One execution that this process records: a command that it runs, or a block of its own code."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from smartspec.commands import recording
from smartspec.commands.recording import Recorded
from smartspec.commands.runs import ExecutionLogs
from smartspec.domain.execution import Execution, Origin
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.domain.states import TaskStatus
from smartspec.domain.step import TaskResult
from smartspec.domain.text import escaped
from smartspec.errors import DiskFull, SmartSpecError, TransactionFailed
from smartspec.runner.capture import Capture

_LONGEST_ERROR = 100_000
_TRIES = 3  # a second apart, and each waits for whoever writes


@dataclass(frozen=True, slots=True)
class Subject:
    """What is recorded: under which name, what it is (a JSON object), and what it was given."""

    name: str
    what: Mapping[str, Json]
    input: Json = None
    origin: Origin | None = None
    workspace: str = "default"


def working_folder() -> str:
    """Where this process is; of a folder that was removed, the name that it had when the shell went there."""
    try:
        return escaped(os.getcwd())  # noqa: PTH109 - as text
    except OSError:
        return escaped(os.environ.get("PWD", ""))


class Recording:
    """What the ledger cannot take is complained of in a sentence, and never stops what is recorded."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._recorded: Recorded | None = None
        self._logs: ExecutionLogs | None = None
        self._capture: Capture | None = None
        self._mask = Mask()
        self._began = time.monotonic()
        self._seen = -1
        self._is_cancelled = False
        self._has_complained = False

    @property
    def execution(self) -> Execution | None:
        """As it began; None where it could not be recorded."""
        return self._recorded.execution if self._recorded else None

    def begin(self, subject: Subject, recorder: Callable[[], int]) -> None:
        """`recorder` opens the ledger and answers who records: the key of a row of `runners`."""
        with self._tolerant():
            who = recorder()
            self._mask = Mask(recording.secrets_to_mask(subject.name, subject.workspace))
            self._recorded = recording.begin_recording(
                subject.name, who, self._mask.json(dict(subject.what)), input=self._mask.json(subject.input),
                origin=subject.origin, workspace=subject.workspace,
            )  # fmt: skip
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
                self._look(self._recorded)
        return self._is_cancelled

    def _look(self, recorded: Recorded) -> None:
        version = recording.data_version()
        if version != self._seen:
            self._seen = version
            self._is_cancelled = recording.is_cancel_requested(recorded)

    def end(self, result: TaskResult, output: Json = None, *, last: Callable[[], None] | None = None) -> None:
        """How it ended; `last` is written with it, in one transaction."""
        if self._recorded is None or self._capture is None:
            return
        with self._tolerant():
            self._complete(result, self._capture)
            self._write_end(self._recorded, result, self._mask.json(output), last)
            if self._logs is not None:
                self._logs.close(remove=True)

    def _write_end(self, recorded: Recorded, result: TaskResult, output: Json, last: Callable[[], None] | None) -> None:
        """A full disk or a busy database is given some time."""
        for left in reversed(range(_TRIES)):
            try:
                with recording.one_transaction():
                    recording.end_recording(recorded, result, output)
                    if last is not None:
                        last()
                return
            except (DiskFull, TransactionFailed):
                if not left:
                    raise
                time.sleep(1)

    def _complete(self, result: TaskResult, capture: Capture) -> None:
        """What is known of it from having recorded it."""
        result.duration_ms = round((time.monotonic() - self._began) * 1000)
        result.error = result.error and self._mask.text(result.error)[:_LONGEST_ERROR]
        log = capture.end()
        excerpt = capture.excerpt()
        result.log = log.close()
        result.excerpt = excerpt[-200:] if excerpt and result.status is TaskStatus.COMPLETED else excerpt

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        try:
            yield
        except (SmartSpecError, OSError) as error:
            if not self._has_complained:
                what = "not recorded" if self._recorded is None else "not recorded as it should be"
                self._complain(f"{what}: {error}")
            self._has_complained = True
