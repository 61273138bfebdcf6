"""The rows of the ledger of due times whose execution is still to be made, those of all schedules in one question."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain import times
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.situation import LONGEST_UNMET
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.store import database
from smartspec.store.firings import BY_HAND
from smartspec.store.models.fields import find
from smartspec.store.models.schedules import FiringRow

# As the index schedule_firings_waiting has it, of schedules that are not paused and workflows that are in use.
_WAITING = """
    FROM schedule_firings AS f CROSS JOIN schedules AS s ON s.pk = f.schedule JOIN workflows AS w ON w.pk = s.workflow
    WHERE f.execution IS NULL AND f.decision IN ('caught_up', 'queued', 'replaced')
    AND s.status IN ('active', 'expired') AND s.deleted_at IS NULL AND w.status = 'active' AND w.deleted_at IS NULL
"""
_IS_FREE = """NOT EXISTS (
    SELECT 1 FROM executions AS e WHERE e.workflow = s.workflow AND e.deleted_at IS NULL
    AND e.status IN ('pending', 'running', 'paused', 'interrupted')
)"""
_ON_TIME = "f.decision IN ('queued', 'replaced')"
_IS_BY_HAND = f"(f.cause LIKE '{BY_HAND} %')"
# The first row of each, however many wait: SQLite takes `pk` from the row that has the smallest time.
_FIRST_ON_TIME = f"""
    SELECT pk FROM (SELECT f.pk, min(f.scheduled_for) {_WAITING} AND {_ON_TIME} AND {_IS_FREE} GROUP BY f.schedule)
"""  # noqa: S608 - our own words
_FIRST_CATCH_UPS = f"""
    SELECT pk FROM (
        SELECT f.pk, min(f.scheduled_for) {_WAITING} AND f.decision = 'caught_up'
        AND (s.overlap = 'allow' OR {_IS_FREE})
        AND NOT EXISTS (
            SELECT 1 FROM schedule_firings AS o WHERE o.schedule = f.schedule AND o.execution IS NULL
            AND o.decision IN ('caught_up', 'queued', 'replaced') AND o.decision <> 'caught_up'
        )
        GROUP BY f.schedule, {_IS_BY_HAND}
    )
"""  # noqa: S608 - our own words
_ORDER = f"ORDER BY {_IS_BY_HAND.replace('f.', '')}, scheduled_for, pk"


def any_() -> bool:
    """Whether anything is to be started, now or later."""
    return database.scalar(f"SELECT 1 {_WAITING} LIMIT 1") is not None


def first_on_time() -> tuple[StoredFiring, ...]:
    """Of each schedule the first that waits for what was active, where its workflow is free. (A hot path.)"""
    return tuple(find(StoredFiring, FiringRow, f"pk IN ({_FIRST_ON_TIME}) ORDER BY scheduled_for, pk", ()))


def first_catch_ups() -> tuple[StoredFiring, ...]:
    """Of each schedule the oldest catch-up whose turn it may be: what was missed first of all, then what somebody asked
    for; the oldest due time first, then the one that was decided first.
    """
    return tuple(find(StoredFiring, FiringRow, f"pk IN ({_FIRST_CATCH_UPS}) {_ORDER}", ()))


def held_up(now: datetime) -> tuple[SchedulePk, ...]:
    """The schedules of which a condition has held up something that may be made up for. (A hot path.)"""
    return tuple(SchedulePk(pk) for (pk,) in database.rows(_HELD_UP, (times.to_ms(now - LONGEST_UNMET),)))


# As the indexes schedules_conditions and schedule_firings_held_up have it; the plus keeps SQLite from another one.
_HELD_UP = """
    SELECT s.pk FROM schedules AS s JOIN workflows AS w ON w.pk = s.workflow
    WHERE s.conditions IS NOT NULL AND +s.status IN ('active', 'expired')
    AND s.deleted_at IS NULL AND w.status = 'active' AND w.deleted_at IS NULL AND EXISTS (
        SELECT 1 FROM schedule_firings AS f WHERE f.schedule = s.pk AND f.execution IS NULL
        AND f.decision = 'skipped_condition'
        AND (f.scheduled_for > ? AND f.cause <> '' OR s.misfire = 'all' OR s.misfire = 'once' AND NOT EXISTS (
            SELECT 1 FROM schedule_firings AS l WHERE l.schedule = s.pk AND l.scheduled_for > f.scheduled_for
            AND l.execution IS NOT NULL
        ))
    )
    ORDER BY s.pk
"""


def catching_up_since(now: datetime, longest: datetime) -> datetime | None:
    """When the last catch-up began of those that have not ended, and began after `longest`; None: there is none.

    What is paused takes no turn; what a clock that was wrong has put far into the future neither.
    """
    ahead = now + (now - longest)
    found = database.scalar(_CATCHING_UP, (times.to_ms(longest), times.to_ms(ahead)))
    return None if found is None else times.from_ms(found)


_CATCHING_UP = (
    "SELECT max(created_at) FROM executions WHERE status IN ('pending', 'running', 'interrupted')"
    " AND trigger = 'catchup' AND schedule IS NOT NULL AND deleted_at IS NULL AND created_at > ? AND created_at <= ?"
)
