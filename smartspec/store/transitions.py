"""What happens to a running execution, written batch by batch: fixed SQL, one transaction each (a hot path)."""

from collections.abc import Sequence
from functools import partial

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus
from smartspec.domain.engine.transitions import (
    AttemptResult,
    CancelRequested,
    DecideTask,
    EndAttempt,
    FinishExecution,
    NoteProcess,
    Outcome,
    PlanRetry,
    StartAttempt,
    TaskRow,
    TransitionBatch,
)
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Kind, Request
from smartspec.domain.ids import TaskExecutionPk, WorkflowPk
from smartspec.domain.jsontext import Json, JsonObject, as_text, dump
from smartspec.domain.text import replace_unstorable
from smartspec.errors import Conflict
from smartspec.messages import _
from smartspec.store import database, ephemeral_files, events, executions, metrics, schedules, search
from smartspec.store.database.sqlite import Connection, row_key

_ROW = "execution, task, task_type, item_index, item, round, attempt, position, dependencies, max_retries, timeout_ms"
_RESULT = (
    "status, status_reason, tolerated, output, result, error, exit_code, duration_ms, cpu_ms, peak_memory_bytes,"
    " log_path, log_bytes, log_truncated, log_sha256, log_offset, log, log_times, excerpt, completed_at"
)
_INSERT_STARTED = (
    f"INSERT INTO task_executions ({_ROW}, status, input, child_execution, scheduled_at, started_at)"  # noqa: S608
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)"
)
_START_PENDING = (
    "UPDATE task_executions SET status = 'running', input = ?, child_execution = ?, started_at = ?,"
    " next_retry_at = NULL WHERE pk = ?"
)
_INSERT_DECIDED = (
    f"INSERT INTO task_executions ({_ROW}, {_RESULT})"  # noqa: S608
    f" VALUES ({', '.join('?' * 30)})"
)
_INSERT_RETRY = (
    f"INSERT INTO task_executions ({_ROW}, status, next_retry_at, scheduled_at)"  # noqa: S608
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)"
)
_END = (
    "UPDATE task_executions SET status = ?, status_reason = ?, tolerated = ?, output = ?, result = ?, error = ?,"
    " exit_code = ?, duration_ms = ?, cpu_ms = ?, peak_memory_bytes = ?, log_path = ?, log_bytes = ?,"
    " log_truncated = ?, log_sha256 = ?, log_offset = ?, log = ?, log_times = ?, excerpt = ?, completed_at = ?,"
    " next_retry_at = NULL"
    " WHERE pk = ? AND status IN ('running', 'pending')"
)
_WARN = "UPDATE task_executions SET warnings = ? WHERE pk = ?"
_COUNT_WARNED = "UPDATE executions SET warned = warned + 1 WHERE pk = ?"
_PROCESS = "UPDATE task_executions SET pid = ?, process_start = ? WHERE pk = ?"
_EVENT = (
    "INSERT INTO events (at, level, type, workflow, execution, task_execution, process) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_EXECUTION = (
    "UPDATE executions SET running_ms = ?, tasks_completed = ?, tasks_failed = ?, tasks_tolerated = ?,"
    " tasks_skipped = ?, tasks_cancelled = ? WHERE pk = ? AND runner = ? AND status = 'running'"
    " RETURNING requested, workflow, outcome"
)
_OUTCOME = "UPDATE executions SET outcome = ?, status_reason = ?, error = ?, output = ?, requested = NULL WHERE pk = ?"
_FINISH = (
    "UPDATE executions SET status = ?, status_reason = ?, error = ?, output = ?, completed_at = ?, duration_ms = ?,"
    " outcome = ?, requested = NULL, runner = NULL WHERE pk = ?"
)
_UNFINISHED = (
    "SELECT group_concat(task, ', ') FROM task_executions WHERE execution = ? AND status IN ('pending', 'running')"
)
_PAUSE = "UPDATE executions SET status = 'paused', paused_at = ?, requested = NULL, runner = NULL WHERE pk = ?"


def record(batch: TransitionBatch) -> tuple[list[TaskExecutionPk], Request | None]:
    """Write a batch: the keys of its Start, Decide and Retry rows in order, and what is requested of the execution.

    Raises Conflict where the execution is no longer this runner's, CancelRequested for a result that came too late.
    """
    now = times.to_ms(times.now())
    with database.transaction():
        connection = database.database.connection()
        counts = batch.counts
        owned = connection.execute(
            _EXECUTION,
            (
                batch.running_ms, counts["completed"], counts["failed"], counts["tolerated"], counts["skipped"],
                counts["cancelled"], batch.execution, batch.runner,
            ),
        ).fetchone()  # fmt: skip
        if owned is None:
            raise Conflict(_("The execution is run by another runner now."))
        requested, workflow, decided = owned
        if requested == Request.CANCEL and decided is None and any(map(_ignores_cancel, batch.changes)):
            raise CancelRequested
        writer = _BatchWriter(connection, batch, workflow, now)
        pks = [pk for change in batch.changes if (pk := writer.write(change)) is not None]
        database.record_change(Topic.EXECUTIONS, batch.execution)
        database.record_change(Topic.TASKS, batch.execution)
    return pks, Request(requested) if requested else None


def _ignores_cancel(change: object) -> bool:
    """A result other than cancelled."""
    outcome = change.outcome if isinstance(change, FinishExecution) else change
    return isinstance(outcome, Outcome) and outcome.status is not ExecutionStatus.CANCELLED


class _BatchWriter:
    """The changes of one batch, one statement or two each."""

    def __init__(self, connection: Connection, batch: TransitionBatch, workflow: WorkflowPk | None, now: int) -> None:
        self._connection = connection
        self._batch = batch
        self._workflow = workflow
        self._now = now

    def write(self, change: object) -> TaskExecutionPk | None:
        match change:
            case StartAttempt():
                return self._start(change)
            case EndAttempt():
                self._end(change)
            case DecideTask():
                return self._decide(change)
            case PlanRetry():
                return self._retry(change)
            case NoteProcess():
                self._connection.execute(_PROCESS, (change.pid, change.start_ticks, change.pk))
            case Outcome():
                self._outcome(change)
            case FinishExecution():
                self._finish(change.outcome)
        return None

    def _start(self, start: StartAttempt) -> TaskExecutionPk:
        if start.pk is None:
            values = (*self._row(start.row), _json(start.input), start.child_execution, self._now, self._now)
            pk = TaskExecutionPk(row_key(self._connection.execute(_INSERT_STARTED, values)))
        else:
            pk = start.pk
            self._connection.execute(_START_PENDING, (_json(start.input), start.child_execution, self._now, pk))
        self._event(EventType.TASK_STARTED, pk)
        return pk

    def _end(self, end: EndAttempt) -> None:
        done = self._connection.execute(_END, (*self._result(end.result), end.pk)).rowcount
        if done:
            self._ended(end.pk, end.task, end.result)

    def _decide(self, decide: DecideTask) -> TaskExecutionPk:
        values = (*self._row(decide.row), *self._result(decide.result))
        pk = TaskExecutionPk(row_key(self._connection.execute(_INSERT_DECIDED, values)))
        self._ended(pk, decide.row.task, decide.result)
        return pk

    def _retry(self, retry: PlanRetry) -> TaskExecutionPk:
        values = (*self._row(retry.row), retry.at_ms, self._now)
        pk = TaskExecutionPk(row_key(self._connection.execute(_INSERT_RETRY, values)))
        self._event(EventType.TASK_RETRYING, pk)
        return pk

    def _ended(self, pk: TaskExecutionPk, task: str, result: AttemptResult) -> None:
        if result.warnings:
            self._warn(pk, result.warnings)
        broken = result.status in (TaskStatus.FAILED, TaskStatus.TIMEOUT)
        self._event(
            EventType(f"task_{result.status.value}"), pk, "error" if broken and not result.tolerated else "info"
        )
        metrics.count_task(
            self._connection, self._workflow, task, result.status.value, result.duration_ms, result.cpu_ms,
            result.peak_memory_bytes, self._now,
        )  # fmt: skip

    def _warn(self, pk: TaskExecutionPk, warnings: Sequence[JsonObject]) -> None:
        self._connection.execute(_WARN, (dump(warnings), pk))
        self._connection.execute(_COUNT_WARNED, (self._batch.execution,))
        for warning in warnings:
            events.add(
                EventType.TASK_WARNED, workflow=self._workflow, execution=self._batch.execution, task_execution=pk,
                level=Level.WARN, message=as_text(warning["sentence"]), at_ms=self._now,
            )  # fmt: skip

    def _outcome(self, outcome: Outcome) -> None:
        values = (
            outcome.status.value,
            outcome.reason,
            replace_unstorable(outcome.error),
            _json(outcome.output),
            self._batch.execution,
        )
        self._connection.execute(_OUTCOME, values)
        self._event(EventType.EXECUTION_DECIDED, None)

    def _finish(self, outcome: Outcome) -> None:
        if outcome.status is ExecutionStatus.PAUSED:
            self._connection.execute(_PAUSE, (self._now, self._batch.execution))
            self._event(EventType.EXECUTION_PAUSED, None)
            return
        self._check_all_ended()
        status = outcome.status.value
        self._connection.execute(
            _FINISH,
            (
                status, outcome.reason, replace_unstorable(outcome.error), _json(outcome.output), self._now,
                self._batch.running_ms, status, self._batch.execution,
            ),
        )  # fmt: skip
        level = "info" if outcome.status in (ExecutionStatus.COMPLETED, ExecutionStatus.CANCELLED) else "error"
        self._event(EventType(f"execution_{status}"), None, level)
        metrics.count_execution(self._connection, self._workflow, status, self._batch.running_ms, self._now)
        ended = executions.get(self._batch.execution)
        schedules.count_ended(ended.schedule, status)
        search.index(ended)
        if ended.kind is Kind.WORKFLOW:
            database.after_commit(partial(ephemeral_files.remove, ended.id))

    def _check_all_ended(self) -> None:
        """No row is left unfinished in an ended execution: one that is, is an error of the runner's, and loud."""
        unfinished = self._connection.execute(_UNFINISHED, (self._batch.execution,)).fetchone()[0]
        assert unfinished is None, f"The execution was to end, but these tasks have not: {unfinished}"

    def _event(self, type_: EventType, task_execution: TaskExecutionPk | None, level: str = "info") -> None:
        execution, process = self._batch.execution, database.writer_id()
        values = (self._now, level, type_.value, self._workflow, execution, task_execution, process)
        self._connection.execute(_EVENT, values)

    def _row(self, row: TaskRow) -> tuple[object, ...]:
        return (
            self._batch.execution, row.task, row.task_type, row.item_index, _json(row.item), row.round, row.attempt,
            row.position, _json(list(row.dependencies) or None), row.max_retries, row.timeout_ms,
        )  # fmt: skip

    def _result(self, result: AttemptResult) -> tuple[object, ...]:
        log = result.log
        return (
            result.status.value, result.reason, int(result.tolerated), _json(result.output), _json(result.result),
            replace_unstorable(result.error), result.exit_code, result.duration_ms, result.cpu_ms,
            result.peak_memory_bytes,
            log.path, log.bytes, int(log.truncated), log.sha256, log.offset, log.data, log.times,
            replace_unstorable(result.excerpt), self._now,
        )  # fmt: skip


def _json(value: Json) -> str | None:
    return None if value is None else dump(value)
