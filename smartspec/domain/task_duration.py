"""How long tasks take: one rule for all who tell it.

An attempt takes what was measured of it. A task takes from the start of its first attempt to the end of its last, with
the waits between them and all of its items.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from smartspec.domain import times
from smartspec.domain.execution import TaskExecution


def ended_at(row: TaskExecution) -> datetime | None:
    """When an attempt ended, by what was measured: a bar from its start to here is as long as its words say."""
    if row.completed_at is None:
        return None
    if row.started_at is not None and row.duration_ms is not None:
        return row.started_at + timedelta(milliseconds=row.duration_ms)
    return row.completed_at


def task_duration_ms(rows: Iterable[TaskExecution]) -> int | None:
    """Of the attempts of one task; None where none began, or one has not ended."""
    begun = [row for row in rows if row.started_at is not None]
    ends = [ended_at(row) for row in begun]
    if not begun or None in ends:
        return None
    first = min(row.started_at for row in begun if row.started_at is not None)
    return times.to_ms(max(end for end in ends if end is not None)) - times.to_ms(first)
