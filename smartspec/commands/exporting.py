"""Executions as a file that other programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from smartspec.commands import executions
from smartspec.commands.result_json import to_json
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import progress_callback
from smartspec.domain.execution import Execution
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import Invalid, unwritable
from smartspec.messages import _

_COLUMNS = (
    "id", "workflow_name", "number", "status", "status_reason", "trigger", "workflow_version", "attempt", "created_at",
    "started_at", "completed_at", "duration_ms", "error", "note", "triggered_by", "user_name", "session_id",
    "correlation_id", "tasks_total", "tasks_completed", "tasks_failed",
)  # fmt: skip
_TELL_EVERY = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_executions(
    path: Path,
    wanted: ExecutionFilter | None = None,
    *,
    on_progress: ProgressCallback = ignore_progress,
    workspace: str = DEFAULT,
) -> int:
    """Write all that a filter lets through, newest first: .csv or .jsonl. The answer is how many.

    The file is there whole or not at all. Raises Invalid for another kind of file, or one that cannot be written, and
    Stopped.
    """
    writers = {".csv": _write_csv, ".jsonl": _write_lines, ".json": _write_lines}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Invalid(_("{name} says no format: let its name end in .csv or .jsonl.", name=path.name))
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as opened:
            count = writer(opened, _told(executions.all_executions(wanted, workspace), wanted, on_progress, workspace))
        partial.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # where it could not be made, it may not be removed either
            partial.unlink(missing_ok=True)
    return count


def _told(
    rows: Iterator[Execution], wanted: ExecutionFilter | None, on_progress: ProgressCallback, workspace: str
) -> Iterator[Execution]:
    whole = executions.count_executions(wanted, exact=True, workspace=workspace)
    for done, each in enumerate(rows):
        if done % _TELL_EVERY == 0:
            progress_callback.report_progress(on_progress, done / max(1, whole))
        yield each


def as_csv(rows: Iterable[Execution]) -> str:
    """Executions as CSV (RFC 4180), with a line of headings."""
    text = io.StringIO(newline="")
    _write_csv(text, iter(rows))
    return text.getvalue()


def _write_csv(opened: IO[str], rows: Iterator[Execution]) -> int:
    writer = csv.writer(opened)
    writer.writerow(_COLUMNS)
    count = 0
    for each in rows:
        values = to_json(each)
        writer.writerow(["" if values[name] is None else as_text(str(values[name])) for name in _COLUMNS])
        count += 1
    return count


def _write_lines(opened: IO[str], rows: Iterator[Execution]) -> int:
    count = 0
    for each in rows:
        opened.write(json.dumps(to_json(each), ensure_ascii=False) + "\n")
        count += 1
    return count


def as_text(value: str) -> str:
    """A cell that a spreadsheet takes as text, and never as a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
