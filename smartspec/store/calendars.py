"""The calendars whose events are days without for schedules: what was read of each, and when."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.blackouts import Blackout
from smartspec.domain.schedule.calendar import Calendar
from smartspec.store import database
from smartspec.store.models.calendars import CalendarRow
from smartspec.store.models.fields import find

_KEEP = (
    "INSERT INTO calendars (path, stretches, seen, read_at, until) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (path) DO UPDATE SET stretches = excluded.stretches, seen = excluded.seen,"
    " read_at = excluded.read_at, until = excluded.until, problem = NULL"
)
_IN_USE = """
    SELECT DISTINCT value FROM schedules, json_each(schedules.calendars)
    WHERE schedules.calendars IS NOT NULL AND schedules.deleted_at IS NULL
"""


def keep(path: str, stretches: Sequence[Blackout], seen: str, read_at: datetime, until: datetime) -> None:
    """What a file says: `seen` tells its states apart."""
    told = json.dumps([[each.first.isoformat(), each.end.isoformat(), each.name] for each in stretches])
    with database.transaction():
        database.execute(_KEEP, (path, told, seen, times.to_ms(read_at), times.to_ms(until)))
        _tell(path)


def note_problem(path: str, problem: str | None) -> None:
    """It cannot be read now; what was read of it before holds. None: it can be again, and is as it was."""
    with database.transaction():
        database.execute("UPDATE calendars SET problem = ? WHERE path = ?", (problem, path))
        _tell(path)


def _tell(path: str) -> None:
    """The schedules that name it are others now. Inside a transaction."""
    for (pk,) in database.rows(_WHO, (path,)):
        database.record_change(Topic.SCHEDULES, SchedulePk(pk))


_WHO = (
    "SELECT schedules.pk FROM schedules, json_each(schedules.calendars)"
    " WHERE schedules.calendars IS NOT NULL AND value = ?"
)


def get(paths: Collection[str]) -> tuple[Calendar, ...]:
    """Those of these that were ever read, by their path."""
    where = "path IN (SELECT value FROM json_each(?)) ORDER BY path"
    return tuple(find(Calendar, CalendarRow, where, (json.dumps([*paths]),)))


def in_use() -> tuple[str, ...]:
    """The paths that schedules name which are not in the trash. (Asked once a minute.)"""
    return tuple(sorted(path for (path,) in database.rows(_IN_USE)))


def forget_unused() -> None:
    """What nobody names any more, once."""
    unused = f"path NOT IN ({_IN_USE.replace('AND schedules.deleted_at IS NULL', '')})"
    if database.rows(f"SELECT 1 FROM calendars WHERE {unused} LIMIT 1"):  # noqa: S608 - our own words
        with database.transaction():
            database.execute(f"DELETE FROM calendars WHERE {unused}")  # noqa: S608 - our own words
