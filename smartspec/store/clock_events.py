"""What was noted of the clocks of this machine."""

from __future__ import annotations

import json
from datetime import datetime

from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.schedule.situation import Absence, AbsenceKind
from smartspec.store import database

_AT = "SELECT at FROM events WHERE pk >= ? ORDER BY pk LIMIT 1"
_SLEEPS = "SELECT data FROM events WHERE pk >= ? AND type = ? AND at >= ? ORDER BY pk"


def sleeps(since: datetime) -> tuple[Absence, ...]:
    """When the machine slept, as far as it woke since then, in the order in which it was noted."""
    at = times.to_ms(since)
    found = database.rows(_SLEEPS, (_first_since(at), EventType.CLOCK_SLEPT, at))
    return tuple(
        Absence(times.from_ms(each["from"]), times.from_ms(each["until"]), AbsenceKind.ASLEEP)
        for each in (json.loads(data) for (data,) in found)
        if each["from"] < each["until"]
    )


def _first_since(at: int) -> int:
    """The first key of that time: keys follow time, but for a clock that was set back, and no index has the time."""
    low, high = 0, int(database.scalar("SELECT max(pk) FROM events") or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = database.rows(_AT, (middle,))
        if found and found[0][0] < at:
            low = middle + 1
        else:
            high = middle
    return low
