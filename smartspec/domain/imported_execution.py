"""An execution that ran elsewhere and has ended, and its tasks."""

from __future__ import annotations

from typing import NamedTuple


class ImportedExecution(NamedTuple):  # made a million times: a frozen dataclass takes three times as long
    """`line` counts from 1; times and durations are milliseconds; `input` and `output` JSON text."""

    line: int
    workflow: str
    status: str
    reason: str | None
    id: str | None
    version: str | None
    created_at: int
    started_at: int
    completed_at: int
    input: str | None
    output: str | None
    error: str | None
    note: str | None
    trigger: str
    triggered_by: str | None
    user_name: str | None
    session_id: str | None
    correlation_id: str | None
    tasks: tuple[ImportedTask, ...] | None


class ImportedTask(NamedTuple):
    """Moments as in `ImportedExecution`; `item` is JSON text, `attempt` counts from 1, `position` from 0."""

    name: str
    status: str
    reason: str | None
    position: int
    attempt: int
    item_index: int
    started_at: int | None
    completed_at: int
    duration_ms: int | None
    input: str | None
    output: str | None
    error: str | None
    exit_code: int | None
    item: str | None
