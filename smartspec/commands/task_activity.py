"""What an execution that runs is at: a question, a task, a sub-workflow, a retry, a wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from smartspec.domain import times
from smartspec.domain.activity import Activity, Cause, Control, Holder, Progress, State
from smartspec.domain.definition import model
from smartspec.domain.execution import Execution, Kind, Request, TaskExecution
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.domain.reasons import error_in_text, reason_in_text
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.messages import Message, _, _n, clauses
from smartspec.store import active, executions, versions
from smartspec.value import replace

_WORDS = 200
_ENDED = ("tasks_completed", "tasks_failed", "tasks_tolerated", "tasks_skipped", "tasks_cancelled")


def activities(execution: Execution, rows: Sequence[TaskExecution], blank: Activity) -> Iterable[Activity]:
    """One for each question, else one; `blank` has what all of them share."""
    questions = [row for row in rows if row.task_type == "manual"]
    if questions and execution.requested is None:
        yield from (_asked(row, blank) for row in questions)
        return
    at = _at(execution, rows, blank)
    now = (Control.RETRY,) if at.cause is Cause.RETRY else ()
    yield replace(at, controls=(*now, *_controls(execution)))


def _controls(execution: Execution) -> tuple[Control, ...]:
    if execution.requested is not None:
        return (Control.RESUME, Control.STOP) if execution.requested is Request.PAUSE else (Control.STOP,)
    is_ours = execution.kind is Kind.WORKFLOW and execution.runner is not None
    return (Control.PAUSE, Control.STOP) if is_ours else (Control.STOP,)


def _asked(row: TaskExecution, blank: Activity) -> Activity:
    question = as_mapping(row.input).get("manual")
    words = _("asks: “{question}”", question=one_line(str(question), _WORDS)) if question else _("asks for your answer")
    return replace(
        blank, state=State.ASKED, cause=Cause.QUESTION, words=words, task=row.label, since=row.started_at,
        controls=(Control.CONFIRM, Control.DECLINE),
    )  # fmt: skip


def _at(execution: Execution, rows: Sequence[TaskExecution], blank: Activity) -> Activity:
    of_type = {name: [row for row in rows if row.task_type == name and row.status == "running"]
               for name in ("executor", "sub_workflow", "wait")}  # fmt: skip
    retries = [row for row in rows if row.next_retry_at is not None]
    if execution.requested is not None:
        return _requested(execution, blank)
    if of_type["executor"] or not rows:
        return _running(execution, of_type["executor"], blank)
    if of_type["sub_workflow"]:
        return _child(of_type["sub_workflow"], blank)
    if retries:
        return _retry(execution, retries, blank)
    return _wait(execution, of_type["wait"], blank) if of_type["wait"] else _running(execution, [], blank)


def _requested(execution: Execution, blank: Activity) -> Activity:
    is_pause = execution.requested is Request.PAUSE
    words = _("is paused when what runs has ended") if is_pause else _("is being stopped")
    return replace(blank, cause=Cause.REQUEST, words=words, progress=tasks_ended(execution))


def _running(execution: Execution, rows: Sequence[TaskExecution], blank: Activity) -> Activity:
    if not rows:
        words = _("between two tasks") if execution.kind is Kind.WORKFLOW else _("is recorded while it runs")
        cause = Cause.TASK if execution.kind is Kind.WORKFLOW else Cause.RECORDED
        return replace(blank, cause=cause, words=words, progress=tasks_ended(execution))
    first = rows[0]
    others = len({row.task for row in rows} - {first.task})
    more = _n("and {n} more", "and {n} more", others) if others else Message("")
    items = _items(execution, first) if first.item is not None else None
    return replace(blank, words=more, task=first.task, progress=items or tasks_ended(execution))


def tasks_ended(execution: Execution) -> Progress | None:
    if not execution.tasks_total:
        return None
    return Progress(sum(getattr(execution, name) for name in _ENDED), execution.tasks_total, is_items=False)


def _items(execution: Execution, row: TaskExecution) -> Progress:
    """How many there are only a literal list tells."""
    listed = _as_written(execution, row).get("with_items")
    total = len(listed) if isinstance(listed, list) else None
    return Progress(active.items_done(execution, row.task), total, is_items=True)


def _as_written(execution: Execution, row: TaskExecution) -> JsonObject:
    """The task in the definition that the execution runs."""
    version = versions.get(execution.version) if execution.version is not None else None
    return as_mapping(as_mapping(version.definition.get("tasks")).get(row.task)) if version is not None else {}


def _child(rows: Sequence[TaskExecution], blank: Activity) -> Activity:
    child = executions.get(rows[0].child_execution) if rows[0].child_execution is not None else None
    holder = Holder(child.id, child.label) if child is not None else None
    words = _("its sub-workflow {execution} must end first", execution=holder.label if holder else rows[0].task)
    return replace(
        blank, state=State.WAITING, cause=Cause.CHILD, words=words, holder=holder, task=rows[0].label,
        since=rows[0].started_at,
    )  # fmt: skip


def _retry(execution: Execution, rows: Sequence[TaskExecution], blank: Activity) -> Activity:
    """The one that is due first."""
    row = min(rows, key=lambda row: row.next_retry_at or times.now())
    before, tries = active.attempt_before(row), active.tries(row)
    why = _why(before) if before is not None else Message("")
    failed = _("attempt {attempt} of {most} failed: {why}", attempt=tries, most=row.max_retries + 1, why=why)
    if len(rows) > 1:
        failed = clauses([failed, _n("{n} more waits", "{n} more wait", len(rows) - 1)])
    delay = None
    if row.next_retry_at is not None and row.scheduled_at is not None:
        delay = times.elapsed_ms(row.scheduled_at, row.next_retry_at)
    return replace(
        blank, state=State.WAITING, cause=Cause.RETRY, words=failed, task=row.label, since=row.scheduled_at,
        due=row.next_retry_at, delay_ms=delay, later_ms=_later(execution, row, tries),
    )  # fmt: skip


def _later(execution: Execution, row: TaskExecution, tries: int) -> tuple[int, ...] | None:
    """The delays before the retries after this one; None where the file says nothing of them any more."""
    version = versions.get(execution.version) if execution.version is not None else None
    task = model.read(version.definition).tasks.get(row.task) if version is not None else None
    if task is None or task.retry is None:
        return None
    return tuple(task.retry.delay_before(retry) for retry in range(tries + 1, task.retry.max + 1))


def _why(row: TaskExecution) -> str:
    if row.error:
        return error_in_text(one_line(row.error, _WORDS))
    return reason_in_text(row.status_reason) if row.status_reason else Message(row.status.value)


def _wait(execution: Execution, rows: Sequence[TaskExecution], blank: Activity) -> Activity:
    row = rows[0]
    delay, due = None, None
    with suppress(Invalid):
        delay = times.parse_duration_ms(_as_written(execution, row).get("wait"))
    if delay is not None and row.started_at is not None:
        due = row.started_at + timedelta(milliseconds=delay)
    return replace(
        blank, state=State.WAITING, cause=Cause.CLOCK, words=_("waits for its time"), task=row.label,
        since=row.started_at, due=due, delay_ms=delay,
    )  # fmt: skip
