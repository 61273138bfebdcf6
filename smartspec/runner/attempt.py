"""One attempt: a command or request, run to its end in a thread of its own. It knows no database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smartspec.commands.runs import LogWriter
from smartspec.domain.definition.model import TaskKind
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import Mask
from smartspec.domain.states import TaskStatus
from smartspec.errors import RunError
from smartspec.runner import exits
from smartspec.runner.capture import Capture
from smartspec.runner.kinds import PROCESS_KINDS
from smartspec.runner.kinds import http as http_kind
from smartspec.runner.kinds.start import Start
from smartspec.runner.outputs import OutputError, read_outputs
from smartspec.runner.process import Command, Process


@dataclass(frozen=True, slots=True)
class Work:
    """What an attempt does, all of it rendered. `name` is task.item.attempt; `timeout_ms` None: no limit."""

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
    log_bytes: int = 0
    log_truncated: bool = False
    log_sha256: str | None = None
    excerpt: str | None = None


class Attempt:
    """`run` blocks until the end; `stop` may be called from any thread, also before."""

    def __init__(self, work: Work, new_log: Callable[[], LogWriter]) -> None:
        self.work = work
        self.process: Process | None = None
        self._new_log = new_log
        self._stopped = threading.Event()
        self._timed_out = False
        self._lock = threading.Lock()

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
        began = time.monotonic()
        log = self._new_log()
        timer = None
        if self.work.timeout_ms is not None:
            timer = threading.Timer(self.work.timeout_ms / 1000, self._time_out)
            timer.daemon = True
            timer.start()
        try:
            done = self._request(log) if self.work.kind is TaskKind.HTTP else self._process(log)
        except RunError as error:
            done = Done(TaskStatus.FAILED, "start", str(error))
            log.write(self.work.mask.bytes(f"{error}\n".encode()))
        finally:
            if timer is not None:
                timer.cancel()
        done.log_sha256 = log.close()
        done.log_bytes, done.log_truncated = log.size, log.truncated
        done.duration_ms = round((time.monotonic() - began) * 1000)
        return self._masked(done)

    def _masked(self, done: Done) -> Done:
        """Nothing that comes of an attempt holds a secret; its output was masked as it came."""
        mask = self.work.mask
        done.written, done.result = mask.json(done.written), mask.json(done.result)
        done.error = done.error and mask.text(done.error)
        done.excerpt = done.excerpt and mask.text(done.excerpt)
        return done

    # Commands

    def _process(self, log: LogWriter) -> Done:
        work = self.work
        start = Start(work.body, work.env, work.scratch, work.name, work.python)
        argv, stdin = PROCESS_KINDS[work.kind](start)
        capture = Capture(log, work.mask)
        with self._lock:
            if self._stopped.is_set():
                return Done(TaskStatus.CANCELLED)
            self.process = Process(Command(argv, work.env, work.cwd, work.token, stdin))
        ended = self.process.wait(capture)
        if ended.held:
            capture(b"\n[smartspec: a background process still holds the output; it was left running]\n", True)
        capture.end()
        done = self._judged(ended.code)
        done.result = {
            "stdout": capture.stdout.text(),
            "stderr": capture.stderr.text(),
            "exit_code": ended.code,
        }
        done.exit_code, done.cpu_ms, done.peak_memory_bytes = ended.code, ended.cpu_ms, ended.peak_memory_bytes
        done.excerpt = capture.excerpt()
        self._take_outputs(done)
        return done

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
                done.status, done.reason, done.error = TaskStatus.FAILED, "outputs", str(error)
        finally:
            with suppress(OSError):
                file.unlink(missing_ok=True)  # it may hold what is masked in the record

    # Requests

    def _request(self, log: LogWriter) -> Done:
        spec: Any = self.work.body["http"]
        timeout = self.work.timeout_ms / 1000 if self.work.timeout_ms is not None else None
        answers: list[http_kind.Answer] = []

        def write(data: bytes) -> None:
            log.write(self.work.mask.bytes(data))

        thread = threading.Thread(
            target=lambda: answers.append(http_kind.request(spec, timeout, self._stopped, write)), daemon=True
        )
        thread.start()
        while thread.is_alive() and not self._stopped.is_set():
            thread.join(0.05)
        if not answers or self._stopped.is_set():
            return self._judged(0)
        return self._answered(answers[0], spec.get("expect", "2xx"))

    def _answered(self, answer: http_kind.Answer, expect: Json) -> Done:
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
