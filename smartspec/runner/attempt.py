"""One attempt: a command or request, run to its end in a thread of its own. It knows no database."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smartspec.commands.runs import LogWriter
from smartspec.domain.definition.model import TaskKind
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import NOTHING_WRITTEN, Log
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.errors import RunError
from smartspec.runner import exits, scratch
from smartspec.runner.capture import Capture, Guarded
from smartspec.runner.kinds import PROCESS_KINDS
from smartspec.runner.kinds import http as http_kind
from smartspec.runner.kinds.start import Start
from smartspec.runner.outputs import OutputError, read_outputs
from smartspec.runner.process import Command, Process

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
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


@dataclass(slots=True)
class Done:
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
    log: Log = NOTHING_WRITTEN
    excerpt: str | None = None
    is_told: bool = False  # the error is to stand at the end of the log too


class Attempt:
    """`run` blocks until the end; `stop` may be called from any thread, also before."""

    def __init__(self, work: Work, new_log: Callable[[], LogWriter]) -> None:
        self.work = work
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

    def run(self) -> Done:
        """Whatever goes wrong is a failure of this attempt, with a sentence; nothing is raised."""
        began = time.monotonic()
        try:
            done = self._logged()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: what escapes ends one attempt
            done = self._escaped(error)
        done.duration_ms = round((time.monotonic() - began) * 1000)
        return self._masked(done)

    def _logged(self) -> Done:
        log = self._new_log()
        try:
            done = self._limited(log)
        except Exception as error:  # noqa: BLE001 - as above; what was written is kept
            done = self._escaped(error)
        if done.is_told:
            with suppress(Exception):  # it stands in the record as well
                log.write(self.work.mask.bytes(f"{done.error}\n".encode("utf-8", "replace")))
        try:
            done.log = log.close()
        except Exception:
            logger.exception("log of attempt %s", self.work.name)
        return done

    def _limited(self, log: LogWriter) -> Done:
        work = self._request if self.work.kind is TaskKind.HTTP else self._process
        limit = self.work.timeout_ms
        if limit is None:
            return work(log)
        timer = threading.Timer(min(limit / 1000, threading.TIMEOUT_MAX), self._time_out)
        timer.daemon = True
        timer.start()
        try:
            return work(log)
        finally:
            timer.cancel()

    def _escaped(self, error: Exception) -> Done:
        """What an attempt comes to that could not do its work: `start`, or `internal` for what nobody thought of."""
        if self._stopped.is_set():
            return self._judged(0)
        if isinstance(error, RunError):
            return Done(TaskStatus.FAILED, "start", str(error), is_told=True)
        logger.error("attempt %s", self.work.name, exc_info=error)
        return Done(TaskStatus.FAILED, "internal", sentence_of(error), is_told=True)

    def _masked(self, done: Done) -> Done:
        """What is told of an attempt holds no secret; what it gave is as it was written, and masked when recorded."""
        mask = self.work.mask
        done.error = done.error and mask.text(done.error)
        done.excerpt = done.excerpt and mask.text(done.excerpt)
        return done

    # Commands

    def _process(self, log: LogWriter) -> Done:
        work = self.work
        scratch.check(work.scratch)
        start = Start(work.body, work.env, work.scratch, work.name, work.python)
        argv, stdin = PROCESS_KINDS[work.kind](start)
        capture = Guarded(Capture(log, work.mask, apart=work.apart), self._end_process)
        with self._lock:
            if self._stopped.is_set():
                return Done(TaskStatus.CANCELLED)
            self.process = Process(Command(argv, work.env, work.cwd, work.token, stdin, work.apart))
        try:
            ended = self.process.wait(capture)
        except BaseException:
            self.process.abandon()
            raise
        if ended.held:
            capture(b"\n[smartspec: a background process still holds the output; it was left running]\n", True)
        capture.end()
        done = self._judged(ended.code)
        done.exit_code, done.cpu_ms, done.peak_memory_bytes = ended.code, ended.cpu_ms, ended.peak_memory_bytes
        if capture.error is not None:
            raise capture.error
        taken = capture.sink
        if work.apart:
            done.result = {"stdout": taken.stdout.text(), "stderr": taken.stderr.text()}
            if truncated := [name for name in ("stdout", "stderr") if getattr(taken, name).is_cut]:
                done.result["truncated"] = truncated  # templates say so where they fail
        done.result["exit_code"] = ended.code
        done.excerpt = taken.excerpt()
        self._take_outputs(done)
        return done

    def _end_process(self) -> None:
        if self.process is not None:
            self.process.end()

    def _judged(self, code: int) -> Done:
        """One that was ended is timed out or cancelled, whatever its exit code."""
        if self._timed_out:
            limit = (self.work.timeout_ms or 0) / 1000
            return Done(TaskStatus.TIMEOUT, None, f"It ran longer than its limit of {limit:g} s.")
        if self._stopped.is_set():
            return Done(TaskStatus.CANCELLED)
        return Done(*exits.meaning(code))

    def _take_outputs(self, done: Done) -> None:
        file = Path(self.work.env["SMARTSPEC_OUTPUT"])
        try:
            done.written = read_outputs(file)
        except OutputError as error:
            if done.status is TaskStatus.COMPLETED:
                done.status, done.reason, done.error = TaskStatus.FAILED, "outputs: $SMARTSPEC_OUTPUT", str(error)
                done.is_told = True
        finally:
            with suppress(OSError):
                file.unlink(missing_ok=True)  # it may hold what is masked in the record

    # Requests

    def _request(self, log: LogWriter) -> Done:
        """On a thread of its own: a request cannot be broken off while it waits for an answer."""
        work, spec = self.work, self.work.body["http"]
        timeout = work.timeout_ms / 1000 if work.timeout_ms is not None else None
        asked = http_kind.Request(spec, work.env, timeout, work.mask)
        answers: queue.SimpleQueue[http_kind.Answer | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(http_kind.request(asked, self._stopped, lambda data: log.write(work.mask.bytes(data))))
            except Exception as error:  # noqa: BLE001 - the edge of a thread: handed over
                answers.put(error)

        threading.Thread(target=ask, name=f"request {work.name}", daemon=True).start()
        while not self._stopped.is_set():
            with suppress(queue.Empty):
                answer = answers.get(timeout=0.05)
                return self._escaped_request(answer) if isinstance(answer, Exception) else self._answered(answer, spec)
        return self._judged(0)

    def _escaped_request(self, error: Exception) -> Done:
        logger.error("request of %s", self.work.name, exc_info=error)
        return Done(TaskStatus.FAILED, "http", f"The request failed. {sentence_of(error)}", is_told=True)

    def _answered(self, answer: http_kind.Answer, spec: Any) -> Done:
        expect = spec.get("expect", "2xx")
        if self._stopped.is_set():
            return self._judged(0)
        if answer.timed_out and self.work.timeout_ms is not None:
            return Done(TaskStatus.TIMEOUT, None, answer.error)
        if answer.status is None:
            return Done(TaskStatus.FAILED, "http", answer.error, result=answer.result())
        if not http_kind.is_expected(answer.status, expect):
            sentence = f"The answer was {answer.status}, which `expect` does not allow."
            reason = f"http {answer.status}"
            body = self.work.mask.text(answer.body)[:2000]  # masked before it is cut
            return Done(TaskStatus.FAILED, reason, sentence, result=answer.result(), excerpt=body or None)
        return Done(TaskStatus.COMPLETED, result=answer.result())


def sentence_of(error: Exception) -> str:
    """What to say of an error that nobody thought of."""
    if isinstance(error, MemoryError):
        return "There was not enough memory for it."
    if isinstance(error, OSError):
        return f"The system refused it: {(error.strerror or str(error)).lower()}."
    if "can't start new thread" in str(error):
        return "The system allows no more threads; let fewer things run at once (setting runner.at_once)."
    return f"An error in SmartSpec ended it: {error!r}."
