"""What one step of a running execution changes; the store writes a whole step in one transaction."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.ids import ExecutionPk, RunnerPk, TaskExecutionPk
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.value import field, frozen, mutable


class CancelRequested(Exception):
    """A result was to be written, but a cancel was requested before; nothing of the step was kept."""


@mutable(kw_only=True)
class TaskRow:
    """Which row: the task, its item, round and attempt."""

    task: str
    task_type: str
    position: int
    round: int
    attempt: int
    item_index: int = 0
    item: Json = None
    dependencies: tuple[str, ...] = ()
    max_retries: int = 0
    timeout_ms: int | None = None


@frozen(kw_only=True)
class Log:
    """What an attempt wrote, and where it is kept: at a path (below the folder of logs), or here.

    `offset` is where it begins in a file that holds others too; `times` are packed (`store.logs.timestamps`).
    """

    bytes: int = 0
    truncated: bool = False
    sha256: str | None = None
    path: str | None = None
    offset: int | None = None
    data: builtins.bytes | None = None
    times: builtins.bytes | None = None


EMPTY_LOG = Log()


@frozen(kw_only=True)
class AttemptResult:
    """What an attempt or a decision came to. Times are milliseconds, sizes bytes; `reason` is a code and details."""

    status: TaskStatus
    reason: str | None = None
    tolerated: bool = False
    output: Json = None
    result: Json = None
    error: str | None = None
    exit_code: int | None = None
    duration_ms: int | None = None
    cpu_ms: int | None = None
    peak_memory_bytes: int | None = None
    log: Log = EMPTY_LOG
    excerpt: str | None = None
    warnings: Sequence[JsonObject] | None = None


@mutable
class StartAttempt:
    """An attempt begins: a new row, or a pending one (`pk`) that was waiting for its retry."""

    row: TaskRow
    input: Json = None
    pk: TaskExecutionPk | None = None
    child_execution: ExecutionPk | None = None


@mutable
class EndAttempt:
    """A running or pending row ends."""

    pk: TaskExecutionPk
    task: str
    result: AttemptResult


@mutable
class DecideTask:
    """A task is decided without an attempt: skipped, a condition, a failed template, cancelled while it waited."""

    row: TaskRow
    result: AttemptResult


@mutable
class PlanRetry:
    """The next attempt is planned: a pending row, `at_ms` since the epoch."""

    row: TaskRow
    at_ms: int


@mutable
class NoteProcess:
    """The identity of an attempt's process: its pid and when it began, in the kernel's ticks."""

    pk: TaskExecutionPk
    pid: int
    start_ticks: int


@mutable
class Outcome:
    """The result is decided; the handlers have yet to run."""

    status: ExecutionStatus
    reason: str | None
    error: str | None
    output: Json


@mutable
class FinishExecution:
    """The execution ends, or pauses. `outcome` as above, or with the status paused."""

    outcome: Outcome


Transition = StartAttempt | EndAttempt | DecideTask | PlanRetry | NoteProcess | Outcome | FinishExecution


@mutable
class TransitionBatch:
    """Changes in order, the running time so far, and the counters after them."""

    execution: ExecutionPk
    runner: RunnerPk
    running_ms: int
    counts: dict[str, int]
    changes: list[Transition] = field(default_factory=list)
