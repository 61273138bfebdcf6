"""A block of code, or every call of a function, as an execution."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from smartspec.api.calls import recorded
from smartspec.api.ledger import recorder
from smartspec.api.outcome import outcome
from smartspec.api.prints import Prints
from smartspec.api.tasks import TaskRecord
from smartspec.api.values import to_json
from smartspec.domain import times
from smartspec.domain.engine.states import TaskStatus
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import Json
from smartspec.domain.ranges import RANGES
from smartspec.messages import _
from smartspec.runner.record.recording import Recording, RecordingSpec, working_folder
from smartspec.value import replace

P = ParamSpec("P")
R = TypeVar("R")


class Record:
    """A block of code as an execution: a context manager, or a decorator that records every call."""

    def __init__(self, spec: RecordingSpec, *, log_prints: bool | None = None) -> None:
        """`log_prints` None: a decorated function's prints are in its log, those of a block are not."""
        self._spec = spec
        self._log_prints = log_prints
        self._recording: Recording | None = None
        self._prints: Prints | None = None
        self.output: Any = None
        """What the execution gives in the end: JSON, and what can be told as such."""

    def __enter__(self) -> Record:
        if self._recording is not None:
            raise RuntimeError("This block is being recorded already; call smartspec.record() for another.")
        self._recording = Recording(_complain, recorder.pinger)
        self._recording.begin(self._spec, recorder.key)
        if self._log_prints:
            self._prints = Prints(self._recording.write)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._recording is not None
        if self._prints is not None:
            self._prints.end()
        result = outcome(error)
        self._recording.end(result, to_json(self.output) if result.status is TaskStatus.COMPLETED else None)
        self._recording = self._prints = None

    async def __aenter__(self) -> Record:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def log(self, text: str) -> None:
        """Add a line to the log."""
        if self._recording is not None:
            self._recording.write(f"{text}\n".encode("utf-8", "replace"))

    def task(self, name: str, *, input: object = None, log_prints: bool | None = None) -> TaskRecord:
        """A part of the block as a task of its execution: `with execution.task("load") as task:`.

        It has a log, an input and an output of its own; an exception fails it and goes on its way. Told of again,
        it is the next attempt of that task. `log_prints` None: as the block does.
        """
        prints = bool(self._log_prints) if log_prints is None else log_prints
        return TaskRecord(self._recording, name, to_json(input), log_prints=prints)

    @property
    def execution(self) -> Execution | None:
        """The execution as it began; None outside of the block, or where it could not be recorded."""
        return self._recording.execution if self._recording else None

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to cancel it; the block should come to its end then."""
        return self._recording is not None and self._recording.pass_time()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """A function whose every call is an execution."""

        def block(given: Json) -> Record:
            spec = self._spec if self._spec.input is not None else replace(self._spec, input=given)
            return Record(spec, log_prints=self._log_prints is not False)

        return recorded(function, block)


@overload
def record(name: Callable[P, R]) -> Callable[P, R]: ...


@overload
def record(
    name: str, *, input: object = None, log_prints: bool | None = None, session_id: str | None = None,
    user_name: str | None = None, correlation_id: str | None = None, workspace: str = "default",
    every: str | float | None = None,
) -> Record: ...  # fmt: skip


def record(
    name: str | Callable[P, R],
    *,
    input: object = None,
    log_prints: bool | None = None,
    session_id: str | None = None,
    user_name: str | None = None,
    correlation_id: str | None = None,
    workspace: str = "default",
    every: str | float | None = None,
) -> Record | Callable[P, R]:
    """Record a block or a function under the workflow of this ref or name, which is made where there is none.

    `log_prints` puts what is printed into the log: by default of a function, not of a block. What a thread prints
    that the block starts is not among it. An exception fails the execution and goes on its way; KeyboardInterrupt
    and the cancelling of an asyncio task cancel it. What becomes of a process that vanishes is told too: its
    executions are interrupted.

    `every` says how often it is to succeed (`"1d"`, or seconds): without a success in time there is an alert. Raises
    Invalid for what is no such duration.

    >>> @smartspec.record
    ... def tidy() -> None:
    ...     pass
    >>> tidy()
    >>> next(smartspec.executions("tidy")).status.value
    'completed'
    """
    if callable(name):
        return Record(RecordingSpec(name.__name__, _what(name.__name__)))(name)
    origin = Origin(Trigger.API, session_id=session_id, user_name=user_name, correlation_id=correlation_id)
    spec = RecordingSpec(name, _what(name), to_json(input), origin, workspace, _rhythm(every))
    return Record(spec, log_prints=log_prints)


def _rhythm(every: str | float | None) -> int | None:
    if every is None:
        return None
    ms = times.parse_duration_ms(every)
    RANGES["alerts.every_ms"].check(ms, _("The rhythm in milliseconds"))
    return ms


def _what(name: str) -> dict[str, Json]:
    return {"python": name, "cwd": working_folder()}


def _complain(sentence: str) -> None:
    warnings.warn(f"SmartSpec: {sentence}", RuntimeWarning, stacklevel=4)
