"""Executions as a file that other programs read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from smartspec.commands import executions, to_json
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.execution import Execution
from smartspec.domain.filters import ExecutionFilter
from smartspec.errors import Invalid, unwritable

_COLUMNS = (
    "id", "workflow_name", "number", "status", "status_reason", "trigger", "workflow_version", "attempt", "created_at",
    "started_at", "completed_at", "duration_ms", "error", "note", "triggered_by", "user_name", "session_id",
    "correlation_id", "tasks_total", "tasks_completed", "tasks_failed",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_executions(path: Path, wanted: ExecutionFilter | None = None, *, workspace: str = DEFAULT) -> int:
    """Write all that a filter lets through, newest first: .csv or .jsonl. The answer is how many.

    The file is there whole or not at all. Raises Invalid for another kind of file, or one that cannot be written.
    """
    writers = {".csv": _write_csv, ".jsonl": _write_lines, ".json": _write_lines}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Invalid(f"{path.name} says no format: let its name end in .csv or .jsonl.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as opened:
            count = writer(opened, _all(wanted, workspace))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise unwritable(path, error) from error
    return count


def _all(wanted: ExecutionFilter | None, workspace: str) -> Iterator[Execution]:
    after: str | None = None
    while True:
        page = executions.list_executions(wanted, after=after, limit=1_000, workspace=workspace)
        yield from page.rows
        after = page.next
        if after is None:
            return


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
