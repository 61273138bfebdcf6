"""One attempt of a task, run to its end in a thread of its own. It knows no database."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from smartspec.commands.runs import LogWriter
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.masking import Mask
from smartspec.errors import RunError
from smartspec.runner.process.task_process import Process
from smartspec.value import frozen, replace

logger = logging.getLogger(__name__)
_SHORT_EXCERPT = 200  # characters of what a completed task said last


@frozen
class AttemptSpec:
    """What an attempt does, all of it rendered. `name` is task.item.attempt; `timeout_ms` None: no limit.

    `apart`: a template reads what came over stdout or stderr alone.
    """

    kind: TaskKind
    body: JsonObject
    env: Mapping[str, str]
    cwd: Path
    scratch: Path
    name: str
    token: str
    timeout_ms: int | None
    mask: Mask
    python: str = ""
    apart: bool = False


class Attempt(ABC):
    """`run` blocks until the end; `stop` may be called from any thread, also before.

    Its result is what came of it before `outputs`, `until` and retries are asked: `result.output` is what the process
    wrote to $SMARTSPEC_OUTPUT, `result.result` what templates see as `result`.
    """

    def __init__(self, spec: AttemptSpec, new_log: Callable[[], LogWriter]) -> None:
        self.spec = spec
        self.process: Process | None = None
        self._new_log = new_log
        self._stopped = threading.Event()
        self._timed_out = False
        self._is_taken = False
        self._lock = threading.Lock()
        self._last_line: str | None = None  # an error that is to stand at the end of the log too

    def take(self) -> bool:
        """Whether whoever asks may run it, or say why it never ran: the first who asks, once."""
        with self._lock:
            taken, self._is_taken = self._is_taken, True
        return not taken

    def stop(self) -> None:
        """End it, whatever it does."""
        self._stopped.set()
        with self._lock:
            process = self.process
        if process is not None:
            process.end()

    def run(self) -> AttemptResult:
        """Whatever goes wrong is a failure of this attempt, with a sentence; nothing is raised."""
        began = time.monotonic()
        try:
            result = self._run_logged()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: what escapes ends one attempt
            result = self._escaped(error)
        return self._masked(result, round((time.monotonic() - began) * 1000))

    @abstractmethod
    def _execute(self, log: LogWriter) -> AttemptResult:
        """Do it; what is written goes to the log."""

    def _run_logged(self) -> AttemptResult:
        log = self._new_log()
        try:
            result = self._run_limited(log)
        except Exception as error:  # noqa: BLE001 - as above; what was written is kept
            result = self._escaped(error)
        if self._last_line is not None:
            with suppress(Exception):  # it stands in the record as well
                log.write(self.spec.mask.bytes(f"{self._last_line}\n".encode("utf-8", "replace")))
        try:
            return replace(result, log=log.close())
        except Exception:
            logger.exception("log of attempt %s", self.spec.name)
        return result

    def _run_limited(self, log: LogWriter) -> AttemptResult:
        limit = self.spec.timeout_ms
        if limit is None:
            return self._execute(log)
        timer = threading.Timer(min(limit / 1000, threading.TIMEOUT_MAX), self._time_out)
        timer.daemon = True
        timer.start()
        try:
            return self._execute(log)
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self.stop()

    # What it comes to

    def _interrupted(self) -> AttemptResult | None:
        """Of one that was ended: timed out or cancelled, whatever else came of it; None where it was not."""
        if self._timed_out:
            limit = (self.spec.timeout_ms or 0) / 1000
            return AttemptResult(status=TaskStatus.TIMEOUT, error=f"It ran longer than its limit of {limit:g} s.")
        return AttemptResult(status=TaskStatus.CANCELLED) if self._stopped.is_set() else None

    def _escaped(self, error: Exception) -> AttemptResult:
        """What an attempt comes to that could not do its work: `start`, or `internal` for what nobody thought of."""
        if (interrupted := self._interrupted()) is not None:
            return interrupted
        if isinstance(error, RunError):
            return self._failed("start", str(error))
        logger.error("attempt %s", self.spec.name, exc_info=error)
        return self._failed("internal", sentence_of(error))

    def _failed(self, reason: str, sentence: str) -> AttemptResult:
        """A failure that its own output does not tell of."""
        self._last_line = sentence
        return AttemptResult(status=TaskStatus.FAILED, reason=reason, error=sentence)

    def _masked(self, result: AttemptResult, duration_ms: int) -> AttemptResult:
        """What is told of an attempt holds no secret; what it gave is as it was written, and masked when recorded."""
        mask = self.spec.mask
        error, excerpt = result.error and mask.text(result.error), result.excerpt and mask.text(result.excerpt)
        if excerpt and result.status is TaskStatus.COMPLETED:
            excerpt = excerpt[-_SHORT_EXCERPT:]
        return replace(result, duration_ms=duration_ms, error=error, excerpt=excerpt)


def sentence_of(error: Exception) -> str:
    """What to say of an error that nobody thought of."""
    if isinstance(error, MemoryError):
        return "There was not enough memory for it."
    if isinstance(error, OSError):
        return f"The system refused it: {(error.strerror or str(error)).lower()}."
    if "can't start new thread" in str(error):
        return "The system allows no more threads; let fewer things run at once (setting runner.at_once)."
    return f"An error in SmartSpec ended it: {error!r}."
