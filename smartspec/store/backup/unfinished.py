"""What had not ended when a backup was made: in the restored ledger it is paused, and never begins by itself.

It may have run to its end since then, in the ledger that is set aside or still in use: whether it is to run (again) is
for a person to say. The file is of whatever form its program made: here stands only what the first one knew.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from smartspec.domain import times
from smartspec.store.database import sqlite
from smartspec.store.database.sqlite import Connection

REASON = "restored from a backup: it may have run since"
_PAUSED = (
    "kind = 'workflow' AND parent IS NULL AND deleted_at IS NULL AND status IN ('pending', 'running', 'interrupted')"
)
_ANY = f"SELECT 1 FROM executions WHERE {_PAUSED} OR status = 'running'"  # noqa: S608 - our own words
_ATTEMPTS = (
    "UPDATE task_executions SET status = 'interrupted', completed_at = ?1, next_retry_at = NULL"
    " WHERE status = 'running' AND task_type = 'executor'"
    " AND execution IN (SELECT pk FROM executions WHERE status = 'running')"
)
_EVENTS = (
    "INSERT INTO events (at, level, type, workflow, execution, message, process)"  # noqa: S608 - our own words
    f" SELECT ?1, 'info', 'execution_paused', workflow, pk, ?2, 0 FROM executions WHERE {_PAUSED}"
)
_PAUSE = (
    "UPDATE executions SET status = 'paused', paused_at = ?1, pause_reason = ?2, requested = NULL, runner = NULL"  # noqa: S608
    f" WHERE {_PAUSED}"
)
_INTERRUPT = "UPDATE executions SET status = 'interrupted', runner = NULL WHERE status = 'running'"


def pause(copy: Path) -> int:
    """In a copy that nobody has open; how many executions there are that a person may resume."""
    with sqlite.typed_errors(), closing(sqlite.library.connect(copy)) as connection:
        connection.isolation_level = None
        if not connection.execute(_ANY).fetchone():
            return 0
        return _pause(connection, times.to_ms(times.now()))


def _pause(connection: Connection, now: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_ATTEMPTS, (now,))
    connection.execute(_EVENTS, (now, REASON))
    count = connection.execute(_PAUSE, (now, REASON)).rowcount
    connection.execute(_INTERRUPT)
    connection.execute("COMMIT")
    return int(count)
