"""Executions as a file that other programs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from smartspec.commands import executions, row_files
from smartspec.commands.result_json import to_json
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import progress_callback
from smartspec.domain.execution import Execution
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.search.filters import ExecutionFilter

_COLUMNS = (
    "id", "workflow_name", "number", "status", "status_reason", "trigger", "workflow_version", "attempt", "created_at",
    "started_at", "completed_at", "duration_ms", "error", "note", "triggered_by", "user_name", "session_id",
    "correlation_id", "tasks_total", "tasks_completed", "tasks_failed",
)  # fmt: skip
_TELL_EVERY = 500


def export_executions(
    path: Path,
    wanted: ExecutionFilter | None = None,
    *,
    on_progress: ProgressCallback = ignore_progress,
    workspace: str = DEFAULT,
) -> int:
    """Write all that a filter lets through, newest first: .csv, .json or .jsonl. The answer is how many.

    Raises as `row_files.write_rows`, and Stopped.
    """
    rows = _told(executions.all_executions(wanted, workspace), wanted, on_progress, workspace)
    return row_files.write_rows(path, map(to_json, rows), _COLUMNS)


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
    return row_files.as_csv(map(to_json, rows), _COLUMNS)
