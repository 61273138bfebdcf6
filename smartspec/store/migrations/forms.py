"""The forms that step 1 had before it was kept: what is made of them before step 2.

All four say `user_version` 1. They were made by d72f1f3, 7e823d0, f6bbc72 and 97b8132; the last is today's step 1.
"""

from __future__ import annotations

from smartspec.store.database import schema

# Per table: what a part of today's statement was before, and in words what was wrong with it.
_WERE = {
    "runners": (" , 'recording'", ""),  # knew no recording
    "workflows": (" AUTOINCREMENT", ""),  # a key was given again after a purge
    "executions": (" AUTOINCREMENT", ""),
    schema.SEARCH: (" , prefix = '2 3 4 5 6 7 8 9 10 11 12'", ""),  # gathered common beginnings whole
}


def outdated(found: schema.Objects, wanted: schema.Objects) -> list[str]:
    """The tables that have a form of another day, which is known."""
    return [table for table, change in _WERE.items() if _was(found, wanted, table, *change)]


def _was(found: schema.Objects, wanted: schema.Objects, table: str, part: str, was: str) -> bool:
    today = schema.canonical(wanted["table", table])
    former = today.replace(part, was)
    return schema.canonical(found.get(("table", table), "")) == former != today
