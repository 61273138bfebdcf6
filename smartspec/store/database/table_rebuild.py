"""Tables made anew in the form that the steps give them, with all their rows: SQLite cannot change one in place.

The order is that of sqlite.org, "Making Other Kinds Of Table Schema Changes": a new table beside the old one, its rows
copied, the old one dropped, the new one renamed; foreign keys are off, and views and triggers are gone meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from smartspec.store.database import schema, sqlite
from smartspec.store.database.sqlite import Connection

_NEW = "new_"
# Keys that must not be given again, beside those of the rows: they outlive their rows in these columns.
_REMEMBERED = {
    "executions": (("events", "execution"), ("schedule_firings", "execution")),
    "workflows": (("events", "workflow"), ("config_history", "workflow"), ("metrics", "entity")),
    "runners": (("executions", "runner"),),
}


def rebuild(connection: Connection, table: str, statements: schema.Objects) -> None:
    """Make a table as its statement says, and its indexes. Raises the library's errors where the rows do not fit."""
    if table == schema.SEARCH:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(statements["table", table])
        return
    before, after = columns(connection, table), f"{_NEW}{table}"
    connection.execute(f"DROP TABLE IF EXISTS {after}")
    connection.execute(re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {after}", statements["table", table]))
    shared = ", ".join(f'"{name}"' for name in columns(connection, after) if name in before)
    if before:
        connection.execute(f"INSERT INTO {after} ({shared}) SELECT {shared} FROM {table}")  # noqa: S608 - of the schema
        connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE {after} RENAME TO {table}")
    make_indexes(connection, table, statements)
    if "AUTOINCREMENT" in statements["table", table]:
        _remember_keys(connection, table)


def make_indexes(connection: Connection, table: str, statements: schema.Objects) -> None:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()}
    for (kind, name), statement in statements.items():
        if kind == "index" and schema.is_on(table, statement) and name not in there:
            connection.execute(statement)


def drop_all(connection: Connection, kinds: Iterable[str]) -> None:
    """Drop all objects of these kinds (views, triggers)."""
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master").fetchall():
        if kind in kinds:
            quoted = name.replace('"', '""')
            connection.execute(f'DROP {kind} IF EXISTS "{quoted}"')


def columns(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]


def _remember_keys(connection: Connection, table: str) -> None:
    """Let the next key be one that nothing has ever been known by."""
    sources = [("pk", table), *((column, other) for other, column in _REMEMBERED.get(table, ()))]
    highest = max(_highest(connection, *source) for source in sources)
    connection.execute("DELETE FROM sqlite_sequence WHERE name IN (?, ?)", (table, f"{_NEW}{table}"))
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, highest))


def _highest(connection: Connection, column: str, table: str) -> int:
    if not columns(connection, table):
        return 0
    try:
        return int(connection.execute(f"SELECT max({column}) FROM {table}").fetchone()[0] or 0)  # noqa: S608
    except sqlite.library.OperationalError:
        return 0
