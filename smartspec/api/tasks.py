"""A part of a recorded block as a task of its execution."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from smartspec.api.outcome import outcome
from smartspec.api.prints import Prints
from smartspec.api.values import to_json
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.jsontext import Json
from smartspec.runner.record.recording import RecordedTask, Recording
from smartspec.value import replace


class TaskRecord:
    """A context manager; used again under the same name it is the next attempt of the task."""

    def __init__(self, recording: Recording | None, name: str, given: Json, *, log_prints: bool) -> None:
        self._recording = recording
        self._name = name
        self._given = given
        self._log_prints = log_prints
        self._task: RecordedTask | None = None
        self._prints: Prints | None = None
        self.output: Any = None
        """What the task gives in the end: JSON, and what can be told as such."""

    def __enter__(self) -> TaskRecord:
        if self._task is not None:
            raise RuntimeError("This task is being recorded already; ask the execution for another.")
        if self._recording is not None:
            self._task = self._recording.begin_task(self._name, self._given)
        if self._log_prints:
            self._prints = Prints(self._write)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._prints is not None:
            self._prints.end()
        if self._recording is not None and self._task is not None:
            result = outcome(error)
            output = to_json(self.output) if result.status is TaskStatus.COMPLETED else None
            self._recording.end_task(self._task, replace(result, output=output))
        self._task = self._prints = None

    async def __aenter__(self) -> TaskRecord:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def log(self, text: str) -> None:
        """Add a line to the log of the task."""
        self._write(f"{text}\n".encode("utf-8", "replace"))

    def _write(self, data: bytes, is_error: bool = False) -> None:
        if self._recording is not None and self._task is not None:
            self._recording.write_task(self._task, data, is_error)
