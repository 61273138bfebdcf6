"""One attempt: a command or request, run to its end in a thread of its own. It knows no database."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from smartspec.commands.runs import LogWriter
from smartspec.domain.definition.model import TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import EMPTY_LOG, Log
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.errors import RunError
from smartspec.runner.engine import scratch
from smartspec.runner.kinds import PROCESS_KINDS
from smartspec.runner.kinds import http as http_kind
from smartspec.runner.kinds.start import Start
from smartspec.runner.process import exit_codes
from smartspec.runner.process.capture import Capture, FailSafeCapture
from smartspec.runner.process.output_file import OutputError, read_outputs
from smartspec.runner.process.task_process import Command, Process
from smartspec.value import field, frozen, mutable

logger = logging.getLogger(__name__)


@frozen
class AttemptSpec:
    """What an attempt does, all of it rendered. `name` is task.item.attempt; `timeout_ms` None: no limit.

    `apart`: a template reads what came over stdout or stderr alone.
    """

    kind: TaskKind
    body: Mapping[str, Json]
    env: Mapping[str, str]
    cwd: Path
    scratch: Path
    name: str
    token: str
    timeout_ms: int | None
    mask: Mask
    python: str = ""
    apart: bool = False


@mutable
class AttemptResult:
    """What came of it, before `outputs`, `until` and retries are asked."""

    status: TaskStatus
    reason: str | None = None
    error: str | None = None
    exit_code: int | None = None
    written: dict[str, Json] = field(default_factory=dict)
    result: dict[str, Json] = field(default_factory=dict)
    duration_ms: int = 0
    cpu_ms: int | None = None
    peak_memory_bytes: int | None = None
    log: Log = EMPTY_LOG
    excerpt: str | None = None
    is_told: bool = False  # the error is to stand at the end of the log too


class Attempt:
    """`run` blocks until the end; `stop` may be called from any thread, also before."""

    def __init__(self, spec: AttemptSpec, new_log: Callable[[], LogWriter]) -> None:
        self.spec = spec
        self.process: Process | None = None
        self._new_log = new_log
        self._stopped = threading.Event()
        self._timed_out = False
        self._is_taken = False
        self._lock = threading.Lock()

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

    def _time_out(self) -> None:
        self._timed_out = True
        self.stop()

    def run(self) -> AttemptResult:
        """Whatever goes wrong is a failure of this attempt, with a sentence; nothing is raised."""
        began = time.monotonic()
        try:
            result = self._logged()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: what escapes ends one attempt
            result = self._escaped(error)
        result.duration_ms = round((time.monotonic() - began) * 1000)
        return self._masked(result)

    def _logged(self) -> AttemptResult:
        log = self._new_log()
        try:
            result = self._limited(log)
        except Exception as error:  # noqa: BLE001 - as above; what was written is kept
            result = self._escaped(error)
        if result.is_told:
            with suppress(Exception):  # it stands in the record as well
                log.write(self.spec.mask.bytes(f"{result.error}\n".encode("utf-8", "replace")))
        try:
            result.log = log.close()
        except Exception:
            logger.exception("log of attempt %s", self.spec.name)
        return result

    def _limited(self, log: LogWriter) -> AttemptResult:
        work = self._request if self.spec.kind is TaskKind.HTTP else self._process
        limit = self.spec.timeout_ms
        if limit is None:
            return work(log)
        timer = threading.Timer(min(limit / 1000, threading.TIMEOUT_MAX), self._time_out)
        timer.daemon = True
        timer.start()
        try:
            return work(log)
        finally:
            timer.cancel()

    def _escaped(self, error: Exception) -> AttemptResult:
        """What an attempt comes to that could not do its work: `start`, or `internal` for what nobody thought of."""
        if self._stopped.is_set():
            return self._judged(0)
        if isinstance(error, RunError):
            return AttemptResult(TaskStatus.FAILED, "start", str(error), is_told=True)
        logger.error("attempt %s", self.spec.name, exc_info=error)
        return AttemptResult(TaskStatus.FAILED, "internal", sentence_of(error), is_told=True)

    def _masked(self, result: AttemptResult) -> AttemptResult:
        """What is told of an attempt holds no secret; what it gave is as it was written, and masked when recorded."""
        mask = self.spec.mask
        result.error = result.error and mask.text(result.error)
        result.excerpt = result.excerpt and mask.text(result.excerpt)
        return result

    # Commands

    def _process(self, log: LogWriter) -> AttemptResult:
        spec = self.spec
        scratch.check(spec.scratch)
        start = Start(spec.body, spec.env, spec.scratch, spec.name, spec.python)
        argv, stdin = PROCESS_KINDS[spec.kind](start)
        capture = FailSafeCapture(Capture(log, spec.mask, apart=spec.apart), self._end_process)
        with self._lock:
            if self._stopped.is_set():
                return AttemptResult(TaskStatus.CANCELLED)
            self.process = Process(Command(argv, spec.env, spec.cwd, spec.token, stdin, spec.apart))
        try:
            ended = self.process.wait(capture)
        except BaseException:
            self.process.abandon()
            raise
        if ended.held:
            capture(b"\n[smartspec: a background process still holds the output; it was left running]\n", True)
        capture.end()
        result = self._judged(ended.code)
        result.exit_code, result.cpu_ms, result.peak_memory_bytes = ended.code, ended.cpu_ms, ended.peak_memory_bytes
        if capture.error is not None:
            raise capture.error
        taken = capture.sink
        if spec.apart:
            result.result = {"stdout": taken.stdout.text(), "stderr": taken.stderr.text()}
            if truncated := [name for name in ("stdout", "stderr") if getattr(taken, name).is_cut]:
                result.result["truncated"] = truncated  # templates say so where they fail
        result.result["exit_code"] = ended.code
        result.excerpt = taken.excerpt()
        self._take_outputs(result)
        return result

    def _end_process(self) -> None:
        if self.process is not None:
            self.process.end()

    def _judged(self, code: int) -> AttemptResult:
        """One that was ended is timed out or cancelled, whatever its exit code."""
        if self._timed_out:
            limit = (self.spec.timeout_ms or 0) / 1000
            return AttemptResult(TaskStatus.TIMEOUT, None, f"It ran longer than its limit of {limit:g} s.")
        if self._stopped.is_set():
            return AttemptResult(TaskStatus.CANCELLED)
        return AttemptResult(*exit_codes.meaning(code))

    def _take_outputs(self, result: AttemptResult) -> None:
        file = Path(self.spec.env["SMARTSPEC_OUTPUT"])
        try:
            result.written = read_outputs(file)
        except OutputError as error:
            if result.status is TaskStatus.COMPLETED:
                result.status, result.reason, result.error = TaskStatus.FAILED, "outputs: $SMARTSPEC_OUTPUT", str(error)
                result.is_told = True
        finally:
            with suppress(OSError):
                file.unlink(missing_ok=True)  # it may hold what is masked in the record

    # Requests

    def _request(self, log: LogWriter) -> AttemptResult:
        """On a thread of its own: a request cannot be broken off while it waits for an answer."""
        spec, asked_http = self.spec, self.spec.body["http"]
        timeout = spec.timeout_ms / 1000 if spec.timeout_ms is not None else None
        asked = http_kind.Request(asked_http, spec.env, timeout, spec.mask)
        answers: queue.SimpleQueue[http_kind.Answer | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(http_kind.request(asked, self._stopped, lambda data: log.write(spec.mask.bytes(data))))
            except Exception as error:  # noqa: BLE001 - the edge of a thread: handed over
                answers.put(error)

        threading.Thread(target=ask, name=f"request {spec.name}", daemon=True).start()
        while not self._stopped.is_set():
            with suppress(queue.Empty):
                answer = answers.get(timeout=0.05)
                return (
                    self._escaped_request(answer)
                    if isinstance(answer, Exception)
                    else self._answered(answer, asked_http)
                )
        return self._judged(0)

    def _escaped_request(self, error: Exception) -> AttemptResult:
        logger.error("request of %s", self.spec.name, exc_info=error)
        return AttemptResult(TaskStatus.FAILED, "http", f"The request failed. {sentence_of(error)}", is_told=True)

    def _answered(self, answer: http_kind.Answer, asked_http: Any) -> AttemptResult:
        expect = asked_http.get("expect", "2xx")
        if self._stopped.is_set():
            return self._judged(0)
        if answer.timed_out and self.spec.timeout_ms is not None:
            return AttemptResult(TaskStatus.TIMEOUT, None, answer.error)
        if answer.status is None:
            return AttemptResult(TaskStatus.FAILED, "http", answer.error, result=answer.result())
        if not http_kind.is_expected(answer.status, expect):
            sentence = f"The answer was {answer.status}, which `expect` does not allow."
            reason = f"http {answer.status}"
            body = self.spec.mask.text(answer.body)[:2000]  # masked before it is cut
            return AttemptResult(TaskStatus.FAILED, reason, sentence, result=answer.result(), excerpt=body or None)
        return AttemptResult(TaskStatus.COMPLETED, result=answer.result())


def sentence_of(error: Exception) -> str:
    """What to say of an error that nobody thought of."""
    if isinstance(error, MemoryError):
        return "There was not enough memory for it."
    if isinstance(error, OSError):
        return f"The system refused it: {(error.strerror or str(error)).lower()}."
    if "can't start new thread" in str(error):
        return "The system allows no more threads; let fewer things run at once (setting runner.at_once)."
    return f"An error in SmartSpec ended it: {error!r}."
