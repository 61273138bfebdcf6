"""The word for how a task stands: of one attempt, and of many items together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartspec.domain.execution import TaskExecution

_WORST_FIRST = (
    "running", "retrying", "damaged", "failed", "timeout", "interrupted", "cancelled", "pending", "completed",
    "skipped",
)  # fmt: skip


def word_of(row: TaskExecution) -> str:
    """The word of an attempt's status: one that waits for its time is retrying."""
    return "retrying" if row.status == "pending" and row.next_retry_at else row.status.value


def status_of(statuses: Iterable[str]) -> str | None:
    """One word for several: what runs, else the worst."""
    found = {*statuses}
    return next((each for each in _WORST_FIRST if each in found), None)
