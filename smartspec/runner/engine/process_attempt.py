"""An attempt that is a process: `run`, `command` and `python`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from smartspec.commands.runs import LogWriter
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.engine.transitions import AttemptResult
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.runner.engine import scratch
from smartspec.runner.engine.attempt import Attempt
from smartspec.runner.kinds import PROCESS_KINDS
from smartspec.runner.kinds.start import Start
from smartspec.runner.process import process_exit
from smartspec.runner.process.capture import Capture, FailSafeCapture
from smartspec.runner.process.command import Command
from smartspec.runner.process.output_file import OutputError, read_outputs
from smartspec.runner.process.process_exit import ProcessExit
from smartspec.runner.process.task_process import Process
from smartspec.value import replace


class ProcessAttempt(Attempt):
    """Starts it, keeps its output, and reads what it wrote to $SMARTSPEC_OUTPUT."""

    def _execute(self, log: LogWriter) -> AttemptResult:
        """Raises RunError where it cannot be started, and whatever kept its output from being kept."""
        spec = self.spec
        scratch.check(spec.scratch)
        argv, stdin = PROCESS_KINDS[spec.kind](Start(spec.body, spec.env, spec.scratch, spec.name, spec.python))
        capture = FailSafeCapture(Capture(log, spec.mask, apart=spec.apart), self._end_process)
        with self._lock:
            if self._stopped.is_set():
                return AttemptResult(status=TaskStatus.CANCELLED)
            self.process = Process(Command(argv, spec.env, spec.cwd, spec.token, stdin, spec.apart))
        ended = self._wait(self.process, capture)
        if capture.error is not None:
            raise capture.error
        return self._result(ended, capture.sink)

    def _wait(self, process: Process, capture: FailSafeCapture) -> ProcessExit:
        try:
            ended = process.wait(capture)
        except BaseException:
            process.abandon()
            raise
        if ended.is_output_held:
            capture(b"\n[smartspec: a background process still holds the output; it was left running]\n", True)
        capture.end()
        return ended

    def _end_process(self) -> None:
        if self.process is not None:
            self.process.end()

    def _result(self, ended: ProcessExit, captured: Capture) -> AttemptResult:
        interrupted = self._interrupted()
        result = process_exit.with_usage(interrupted, ended) if interrupted else process_exit.result_of(ended)
        streams, warnings = self._streams(captured)
        seen: dict[str, Json] = {**streams, "exit_code": ended.code}
        result = process_exit.with_last_words(result, captured.last_words)
        return self._with_outputs(replace(result, result=seen, excerpt=captured.excerpt(), warnings=warnings))

    def _streams(self, captured: Capture) -> tuple[dict[str, Json], list[JsonObject] | None]:
        """What templates read of the output, where one does, and the warning where its beginning is not kept."""
        if not self.spec.apart:
            return {}, None
        tails = {"stdout": captured.stdout, "stderr": captured.stderr}
        streams: dict[str, Json] = {name: tail.text() for name, tail in tails.items()}
        truncated: list[Json] = [name for name, tail in tails.items() if tail.is_cut]
        if not truncated:
            return streams, None
        return {**streams, "truncated": truncated}, [_truncated(truncated)]  # templates say so where they fail

    def _with_outputs(self, result: AttemptResult) -> AttemptResult:
        """With what it wrote to its file; a completed one has failed where that cannot be read."""
        file = Path(self.spec.env["SMARTSPEC_OUTPUT"])
        try:
            written = read_outputs(file)
            return replace(result, output=written) if written else result
        except OutputError as error:
            if result.status is not TaskStatus.COMPLETED:
                return result
            self._last_line = str(error)
            return replace(result, status=TaskStatus.FAILED, reason="outputs: $SMARTSPEC_OUTPUT", error=str(error))
        finally:
            with suppress(OSError):
                file.unlink(missing_ok=True)  # it may hold what is masked in the record


def _truncated(streams: list[Json]) -> JsonObject:
    """The warning of an attempt whose output some template reads, and of which the beginning is not kept for that."""
    named = " and ".join(map(str, streams))
    sentence = f"Only the last 64 KiB of {named} are kept for templates, and it wrote more; write to $SMARTSPEC_OUTPUT."
    return {"code": "truncated", "keys": [f"result.{each}" for each in streams], "sentence": sentence}
