"""Results on the terminal: tables, records and JSON."""

import json
import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from smartspec.cli.echo import columns, echo, echo_json, paint, unpainted
from smartspec.cli.session import closed_session
from smartspec.commands.actor import user
from smartspec.commands.result_json import to_json
from smartspec.domain.config import masked
from smartspec.domain.display import display_lines, strip_escapes
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.jsontext import texts
from smartspec.domain.reasons import error_in_text, reason_in_text
from smartspec.domain.text import one_line
from smartspec.formatting import format_duration, format_iso, format_number, format_size
from smartspec.messages import Message, _n, tr, translate
from smartspec.vocabulary import REQUEST_IN_TEXT, status_in_text, trigger_in_text

if TYPE_CHECKING:
    from smartspec.commands.files import Imported
    from smartspec.domain.session_summary import SessionSummary

_COLOURS = {
    "completed": "green", "active": "green", "failed": "red", "timeout": "red", "interrupted": "red",
    "running": "blue", "pending": "cyan", "paused": "yellow", "cancelled": "yellow", "skipped": "bright_black",
    "draft": "yellow", "inactive": "bright_black", "archived": "bright_black",
}  # fmt: skip
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
SIGNS = {
    "completed": "✓", "failed": "✗", "timeout": "⧖", "cancelled": "⊘", "skipped": "–", "running": "▸",
    "pending": "·", "paused": "⏸", "interrupted": "↯",
}  # fmt: skip


def show(value: object, text: str | None = None) -> None:
    """The result of a command: as JSON when that was asked for, else the text, a Message in the language spoken."""
    if closed_session().json:
        echo_json(to_json(value))
    elif text is not None:
        echo(translate(text))


def show_next_page(after: str | None) -> None:
    """Beside a page that is not the last: `after` is its `next`."""
    if after:
        echo(tr("There is more: --after {key}", key=after), err=True)


def status(word: str) -> str:
    """A status with its sign, coloured where there is colour."""
    return marked(word, translate(status_in_text(word)))


def marked(word: str, text: str) -> str:
    """A text with the sign and the colour of a status."""
    return paint(f"{SIGNS.get(word, '')} {text}".strip(), _COLOURS.get(word))


def moment(value: datetime | None) -> str:
    """Local time, to the second."""
    return format_iso(value)


def short(id_: str) -> str:
    """Enough of an id to name it."""
    return id_[:18]


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], empty: str = "") -> str:
    """Aligned columns; `empty` where there is nothing. Cells that are Messages stand in the language spoken."""
    cells = [[cell(value) for value in row] for row in rows]
    if not cells:
        return empty
    widths = [max(columns(line[column]) for line in [list(headings), *cells]) for column in range(len(headings))]
    lines = [_line([paint(heading, "bold") for heading in headings], widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in cells)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def cell(value: object) -> str:
    """On one line, so that no value can look like a row of its own."""
    text = strip_escapes(translate(value if isinstance(value, str) else str(value)))
    return text if unpainted(text).isprintable() else _BREAKS.sub(" ", text)


def record(pairs: Iterable[tuple[str, object]]) -> str:
    """Names and values, one a line, those of several lines indented; what is empty is left out."""
    kept = [
        (name, translate(value) if isinstance(value, str) else str(value))
        for name, value in pairs
        if value not in (None, "", [], {}, ())
    ]
    width = max((columns(name) for name, __ in kept), default=0)
    indent = "\n" + " " * (width + 2)
    return "\n".join(f"{paint(padded(name, width), 'bold')}  {_LINE_BREAK.sub(indent, value)}" for name, value in kept)


def padded(text: str, width: int) -> str:
    """With spaces up to a width, as columns on the screen are counted."""
    return text + " " * (width - columns(text))


def coloured_lines(diff: str) -> list[str]:
    """The lines of a unified diff."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return [paint(line, colours.get(line[:1])) for line in diff.removesuffix("\n").split("\n")] if diff else []


def where_it_runs(imported: "Imported") -> str:
    """Where a file's workflow runs, and where it did."""
    folder = imported.workflow.folder
    if imported.moved_from:
        return tr("runs in {folder}, no longer in {before}", folder=folder, before=imported.moved_from)
    return tr("runs in {folder}", folder=folder)


def executions_table(rows: Sequence[Execution], empty: str, why: Sequence[str] = ()) -> str:
    """`why` is said of each at the right."""
    return table(
        (tr("ID"), tr("EXECUTION"), tr("STATUS"), tr("CREATED"), tr("DURATION"), tr("TRIGGER"), tr("TASKS"),
         *([tr("WHY")] if any(why) else [])),
        (
            (short(each.id), each.label, _execution_status(each), moment(each.created_at),
             format_duration(each.duration_ms), trigger_in_text(each.trigger), _progress(each),
             *([one_line(why[number], 80)] if any(why) else []))
            for number, each in enumerate(rows)
        ),
        empty,
    )  # fmt: skip


def sessions_table(rows: Sequence["SessionSummary"]) -> str:
    return table(
        (tr("SESSION"), tr("EXECUTIONS"), tr("FIRST"), tr("LAST"), tr("WORKFLOWS")),
        (
            (each.id, ", ".join(f"{format_number(count)} {status(word)}" for word, count in each.counts.items()),
             moment(each.begin), moment(each.last), one_line(", ".join(each.workflows), 80))
            for each in rows
        ),
        tr("No execution has a session."),
    )  # fmt: skip


def _execution_status(execution: Execution) -> str:
    word = status(execution.status)
    if execution.status == "running" and execution.requested:
        return f"{word} ({translate(REQUEST_IN_TEXT[execution.requested])})"
    return word


def _progress(execution: Execution) -> str:
    ended = (
        execution.tasks_completed + execution.tasks_failed + execution.tasks_tolerated + execution.tasks_skipped
        + execution.tasks_cancelled
    )  # fmt: skip
    words = [f"{ended}/{execution.tasks_total}"] if execution.tasks_total else []
    counts: tuple[tuple[int, Message], ...] = (
        (execution.tasks_failed, _n("{n} failed", "{n} failed", execution.tasks_failed)),
        (execution.tasks_tolerated, _n("{n} tolerated", "{n} tolerated", execution.tasks_tolerated)),
        (execution.tasks_skipped, _n("{n} skipped", "{n} skipped", execution.tasks_skipped)),
        (execution.tasks_cancelled, _n("{n} cancelled", "{n} cancelled", execution.tasks_cancelled)),
    )
    return ", ".join(words + [translate(said) for count, said in counts if count])


def said_reason(reason: str | None, execution: Execution | None = None) -> str:
    """A reason in words; of an execution also who cancelled it."""
    if reason is None:
        return ""
    return translate(reason_in_text(reason, execution.triggered_by if execution else None, user()))


def tasks_table(rows: Iterable[TaskExecution]) -> str:
    return table(
        (tr("TASK"), tr("ATTEMPT"), tr("STATUS"), tr("WHY"), tr("STARTED"), tr("DURATION"), tr("CPU"), tr("MEMORY"),
         tr("LOG")),
        (
            (each.label, each.attempt, _task_status(each), one_line(said_reason(each.status_reason), 40),
             moment(each.started_at), format_duration(each.duration_ms), format_duration(each.cpu_ms),
             format_size(each.peak_memory_bytes), format_size(each.log_bytes or None))
            for each in rows
        ),
        tr("No task has been decided yet."),
    )  # fmt: skip


def _task_status(task: TaskExecution) -> str:
    if task.status == "pending" and task.next_retry_at:
        return f"{status('pending')} {tr('(retrying {moment})', moment=moment(task.next_retry_at))}"
    return f"{status(task.status)} {tr('(tolerated)')}" if task.tolerated else status(task.status)


def execution_record(execution: Execution, tasks: Sequence[TaskExecution]) -> str:
    """Everything about one execution, for reading."""
    head = record((
        (tr("execution"), execution.label), (tr("id"), execution.id), (tr("status"), _execution_status(execution)),
        (tr("why"), said_reason(execution.status_reason, execution) if execution.completed_at else ""),
        (tr("error"), error_in_text(execution.error) if execution.error else ""),
        (tr("version"), execution.workflow_version),
        (tr("attempt"), execution.attempt if execution.attempt > 1 else None),
        (tr("trigger"), trigger_in_text(execution.trigger)), (tr("by"), execution.triggered_by),
        (tr("created"), moment(execution.created_at)),
        (tr("started"), moment(execution.started_at)), (tr("ended"), moment(execution.completed_at)),
        (tr("duration"), format_duration(execution.duration_ms)), (tr("tasks"), _progress(execution)),
        (tr("command"), _command(tasks) if execution.kind == "command" else None),
        (tr("input"), _json(execution.input)), (tr("output"), _json(execution.output)),
        (tr("warnings"), "; ".join(_warnings(tasks))), (tr("folder"), execution.folder),
        (tr("interpreter"), execution.interpreter),
        (tr("settings"), _json(masked(execution.config_snapshot or {}))), (tr("session"), execution.session_id),
        (tr("correlation"), execution.correlation_id), (tr("note"), execution.note),
        (tr("paused"), execution.pause_reason or (moment(execution.paused_at) if execution.paused_at else None)),
        (tr("pinned"), tr("yes") if execution.pinned else None),
        (tr("in the trash"), moment(execution.deleted_at) if execution.deleted_at else None),
    ))  # fmt: skip
    return "\n\n".join(part for part in (head, tasks_table(tasks), _last_lines(tasks)) if part)


def _warnings(tasks: Sequence[TaskExecution]) -> list[str]:
    """What the attempts were warned of."""
    return [f"{each.label}: {warning['sentence']}" for each in tasks for warning in each.warnings or ()]


def _command(tasks: Sequence[TaskExecution]) -> str | None:
    """What was recorded, as it would be typed."""
    words = texts((tasks[0].input or {}).get("command")) if tasks else None
    return shlex.join(words) if words else None


def _json(value: object) -> str | None:
    return None if value in (None, {}) else one_line(json.dumps(value, ensure_ascii=False), 300)


def _last_lines(tasks: Sequence[TaskExecution]) -> str:
    """What the failed ones said last."""
    parts = []
    for task in tasks:
        if task.status in ("failed", "timeout") and (task.excerpt or task.error):
            lines = display_lines(task.excerpt or "")[-10:]
            heading = tr(
                "{task}, attempt {n}: {error}",
                task=task.label, n=task.attempt, error=error_in_text(task.error) if task.error else "",
            )  # fmt: skip
            parts.append("\n".join([heading, *(f"  {line}" for line in lines)]))
    return "\n".join(parts)
