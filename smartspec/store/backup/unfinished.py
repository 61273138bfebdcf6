"""What had not ended when a backup was made, and its schedules: in the copy they are paused, and nothing begins.

It may have run since then, and be run still, in the ledger that is set aside or in use: whether it is to run (again) is
for a person to say. The file is of whatever form its program made: here stands only what the first one knew.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from smartspec.domain import times
from smartspec.store.database import sqlite
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

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
_ACTIVE = "status = 'active'"
_SCHEDULES = f"SELECT pk FROM schedules WHERE {_ACTIVE} ORDER BY pk"  # noqa: S608 - our own words
_SCHEDULE_EVENTS = (
    "INSERT INTO events (at, level, type, workflow, schedule, message, process)"  # noqa: S608 - our own words
    f" SELECT ?1, 'info', 'schedule_paused', workflow, pk, ?2, 0 FROM schedules WHERE {_ACTIVE}"
)
_PAUSE_SCHEDULES = f"UPDATE schedules SET status = 'paused', updated_at = ?1 WHERE {_ACTIVE}"  # noqa: S608
_INTERRUPT = "UPDATE executions SET status = 'interrupted', runner = NULL WHERE status = 'running'"


@frozen
class Paused:
    """How many executions are, and the keys of the schedules."""

    executions: int = 0
    schedules: tuple[int, ...] = ()


def pause(copy: Path) -> Paused:
    """In a copy that nobody has open."""
    with sqlite.typed_errors(), closing(sqlite.library.connect(copy)) as connection:
        connection.isolation_level = None
        schedules = tuple(pk for (pk,) in connection.execute(_SCHEDULES).fetchall())
        if not schedules and not connection.execute(_ANY).fetchone():
            return Paused()
        return Paused(_pause(connection, times.to_ms(times.now())), schedules)


def _pause(connection: Connection, now: int) -> int:
    """The answer is how many executions were."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_SCHEDULE_EVENTS, (now, REASON))
    connection.execute(_PAUSE_SCHEDULES, (now,))
    connection.execute(_ATTEMPTS, (now,))
    connection.execute(_EVENTS, (now, REASON))
    count = connection.execute(_PAUSE, (now, REASON)).rowcount
    connection.execute(_INTERRUPT)
    connection.execute("COMMIT")
    return int(count)
