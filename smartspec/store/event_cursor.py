"""How far the events were looked through for those that schedules wait for: a runner that is killed loses none."""

from __future__ import annotations

from smartspec.domain.ids import EventPk
from smartspec.store import database

_KEY = "schedule_events_seen"


def get() -> EventPk | None:
    found = database.scalar("SELECT value FROM metadata WHERE key = ?", (_KEY,))
    return None if found is None else EventPk(int(found))


def advance(seen: EventPk) -> None:
    """Never back: of two runners the one that is further holds."""
    before = get()
    if before is None or seen > before:
        with database.transaction():
            database.execute("INSERT OR REPLACE INTO metadata VALUES (?, ?)", (_KEY, str(seen)))
