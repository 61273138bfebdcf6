"""SmartSpec for Python programs: record what they do, run workflows, look back.

>>> import smartspec
>>> with smartspec.record("train", input={"epochs": 3}) as execution:
...     execution.log("epoch 1")
...     execution.output = {"loss": 0.2}

A decorator records every call, with its arguments as the input and what it returns as the output:

>>> @smartspec.record("add")
... def add(one: int, other: int) -> int:
...     return one + other
>>> add(1, other=2)
3

Looking back takes what the terminal's `history` takes, newest first:

>>> [(each.label, each.input, each.output) for each in smartspec.executions("add", status="completed")]
[('add #1', {'one': 1, 'other': 2}, {'result': 3})]

The ledger is the one of the terminal: SMARTSPEC_DB, else in the data folder. A program whose work cannot be recorded
goes on; a warning says what was wrong.
"""

from __future__ import annotations

import atexit
import functools
import inspect
import os
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from smartspec import paths
from smartspec.commands import database, recording, starting, steering, workflows
from smartspec.commands import executions as verbs
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.states import FINAL, TaskStatus
from smartspec.domain.step import TaskResult
from smartspec.errors import Invalid, SmartSpecError
from smartspec.runner import background, identity
from smartspec.runner.recording import Recording, Subject

__all__ = ["Record", "Run", "executions", "record", "run"]

P = ParamSpec("P")
R = TypeVar("R")
_POLL_SECONDS = 0.1
_LONGEST_VALUE = 10_000  # of an argument or answer that JSON has no word for


class Record:
    """A block of code as an execution: a context manager, or a decorator that records every call."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._recording: Recording | None = None
        self.output: Json = None
        """What the execution gives in the end: any JSON."""

    def __enter__(self) -> Record:
        if self._recording is not None:
            raise RuntimeError("This block is being recorded already; call smartspec.record() for another.")
        self._recording = Recording(_complain)
        self._recording.begin(self._subject, _recorder.key)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._recording is not None
        result = _result(error)
        self._recording.end(result, _keepable(self.output) if result.status is TaskStatus.COMPLETED else None)
        self._recording = None

    def log(self, text: str) -> None:
        """Add a line to the log."""
        if self._recording is not None:
            self._recording.write(f"{text}\n".encode("utf-8", "replace"))

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

        @functools.wraps(function)
        def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
            given = _arguments(function, args, kwargs) if self._subject.input is None else self._subject.input
            with Record(replace(self._subject, input=given)) as execution:
                answer = function(*args, **kwargs)
                execution.output = None if answer is None else {"result": answer}
                return answer

        return recorded


@overload
def record(name: Callable[P, R]) -> Callable[P, R]: ...


@overload
def record(
    name: str, *, input: Json = None, session_id: str | None = None, user_name: str | None = None,
    correlation_id: str | None = None, workspace: str = "default",
) -> Record: ...  # fmt: skip


def record(
    name: str | Callable[P, R],
    *,
    input: Json = None,
    session_id: str | None = None,
    user_name: str | None = None,
    correlation_id: str | None = None,
    workspace: str = "default",
) -> Record | Callable[P, R]:
    """Record a block or a function under the workflow of this ref or name, which is made where there is none.

    An exception fails the execution and goes on its way; KeyboardInterrupt cancels it. What becomes of a process
    that vanishes is told too: its executions are interrupted.

    >>> @smartspec.record
    ... def tidy() -> None:
    ...     pass
    >>> tidy()
    >>> next(smartspec.executions("tidy")).status.value
    'completed'
    """
    if callable(name):
        return Record(Subject(name.__name__, _what(name.__name__)))(name)
    origin = Origin(Trigger.API, session_id=session_id, user_name=user_name, correlation_id=correlation_id)
    return Record(Subject(name, _what(name), input, origin, workspace))


def _what(name: str) -> dict[str, Json]:
    return {"python": name, "cwd": os.getcwd()}  # noqa: PTH109 - a folder that is gone has a name, and no Path.cwd()


def _arguments(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Json:
    """The arguments of a call by name; what JSON has no word for as Python shows it."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return None  # the call itself will say what is wrong with it
    bound.apply_defaults()
    given = {name: _keepable(value) for name, value in bound.arguments.items() if name not in ("self", "cls")}
    return given or None


def _keepable(value: Any) -> Json:
    try:
        dump(value)
    except Invalid:
        if isinstance(value, Mapping):
            return {str(key): _keepable(each) for key, each in value.items()}
        return repr(value)[:_LONGEST_VALUE].replace("\0", "")
    return value


def _result(error: BaseException | None) -> TaskResult:
    if error is None:
        return TaskResult(status=TaskStatus.COMPLETED)
    if isinstance(error, KeyboardInterrupt):
        return TaskResult(status=TaskStatus.CANCELLED, reason="user")
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return TaskResult(status=TaskStatus.COMPLETED)
    told = "".join(traceback.format_exception(error)).rstrip()
    return TaskResult(status=TaskStatus.FAILED, reason=f"exception {type(error).__name__}", error=told)


def _complain(sentence: str) -> None:
    warnings.warn(f"SmartSpec: {sentence}", RuntimeWarning, stacklevel=4)


class _Recorder:
    """This process, as the one who records. It leaves the ledger when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: int | None = None
        self._process = 0
        self._file: Path | None = None

    def key(self) -> int:
        """Raises StorageError."""
        with self._lock:
            _open()
            here = (os.getpid(), database.database_path())  # a fork is another process, another file another ledger
            if self._key is None or here != (self._process, self._file):
                self._key = recording.register_recorder(identity.this_process("recording"))
                self._process, self._file = here
                atexit.register(self._leave, self._key, *here)
            return self._key

    def _leave(self, key: int, process: int, file: Path) -> None:
        if process == os.getpid() and database.is_open() and database.database_path() == file:
            try:
                recording.unregister_recorder(key)
                database.close_database()
            except SmartSpecError:
                return


_recorder = _Recorder()


def _open() -> None:
    """Open the ledger, unless one is open. Raises StorageError."""
    if not database.is_open():
        database.open_database(paths.database_path())


class Run:
    """An execution that was started, and whoever may wait for it."""

    def __init__(self, execution: Execution) -> None:
        self.id = execution.id

    @property
    def execution(self) -> Execution:
        """As it is now."""
        return verbs.get_execution(self.id)

    @property
    def status(self) -> str:
        return self.execution.status.value

    def wait(self, timeout: float | None = None) -> Execution:
        """Until it has ended or is paused; the answer is how it stands. Raises TimeoutError after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            execution = self.execution
            if execution.status in FINAL or execution.status == "paused":
                return execution
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"{execution.label} has not ended within {timeout:g} s; it is {execution.status}.")
            time.sleep(_POLL_SECONDS)

    def cancel(self) -> None:
        """Raises InvalidTransition for what has ended."""
        steering.cancel_execution(self.id)


def run(ref: str, input: Mapping[str, Json] | None = None, /, *, workspace: str = "default", **params: Json) -> Run:
    """Start a workflow in a background runner; the keyword arguments are its parameters, laid over `input`.

    Raises WorkflowNotFound, Invalid for parameters that do not fit, Conflict for what cannot run.

    >>> smartspec.run("greet", name="Ada").wait().output
    {'words': 'Hello Ada'}
    """
    _open()
    given = {**(input or {}), **params}
    started = starting.start_execution(ref, given or None, origin=Origin(Trigger.API), workspace=workspace)
    background.ensure(database.database_path())
    return Run(started)


def executions(
    ref: str | None = None, *, query: str = "", workspace: str = "default", **wanted: Json
) -> Iterator[Execution]:
    """Every execution that is like this, newest first, read page by page as they are taken.

    `query` is what `smartspec history` takes; the keywords are its keys: status, trigger, user, session, correlation,
    after, before, dur, tag, pinned. Raises Invalid, WorkflowNotFound.

    >>> [each.label for each in smartspec.executions(query="status:completed wf:train dur:<1h")]
    ['train #1']
    >>> sum(1 for _ in smartspec.executions(status="failed", after="7d"))
    0
    """
    _open()
    keys = {key: _text(value) for key, value in wanted.items() if value is not None}
    if ref is not None:
        keys["workflow"] = workflows.get_workflow(ref, workspace).id
    asked = verbs.read_query(query, workspace, keys)
    after: str | None = None
    while True:
        page = verbs.list_executions(asked, after=after, limit=200, workspace=workspace)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _text(value: Json) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
