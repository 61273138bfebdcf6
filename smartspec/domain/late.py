"""From when on an execution is late: one rule, for lists, alerts and messages."""

from __future__ import annotations

LEAST_COMPLETED = 5  # with fewer, what is usual says nothing
WITHOUT_USUAL_MS = 3_600_000
_LEAST_BEYOND_MS = 300_000
_TIMES_USUAL = 2


def late_after_ms(p95_ms: int | None, completed: int, without_usual_ms: int = WITHOUT_USUAL_MS) -> int:
    """How long an execution may run, in milliseconds.

    `p95_ms` is the 95 % mark of the last 200 `completed` ones; twice that, and five minutes more at least.
    """
    if p95_ms is None or completed < LEAST_COMPLETED:
        return without_usual_ms
    return max(_TIMES_USUAL * p95_ms, p95_ms + _LEAST_BEYOND_MS)
