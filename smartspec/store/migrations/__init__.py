"""The schema, as the numbered steps that built it.

A step is SQL of its day, never a model. Steps are only ever appended; a new file runs them all, so there is one
schema. The version of a file is the number of steps it has seen (PRAGMA user_version), raised in the same
transaction. Views and triggers belong to no step: they are dropped first and made anew last.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from smartspec import __version__
from smartspec.domain import times
from smartspec.domain.ids import new_id
from smartspec.errors import DatabaseForeign, DatabaseTooNew, MigrationFailed
from smartspec.store import sqlite


@lru_cache
def steps() -> tuple[str, ...]:
    """The SQL of each step, in order."""
    numbered = sorted(file.name for file in files(__name__).iterdir() if file.name[:4].isdigit())
    return tuple(files(__name__).joinpath(name).read_text(encoding="utf-8") for name in numbered)


def latest() -> int:
    return len(steps())


def views() -> str:
    return files(__name__).joinpath("views.sql").read_text(encoding="utf-8")


def statements(script: str) -> Iterator[str]:
    """A script, one statement at a time (triggers are one)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""


def migrate(connection: Any, file: Path, scripts: Sequence[str] | None = None) -> bool:
    """Run the steps that this file has not seen, all or none of them, after a verified backup; False: it has seen all.

    Raises MigrationFailed, and for a file that changed since its header was read DatabaseTooNew or DatabaseForeign.
    """
    scripts = steps() if scripts is None else scripts
    seen = _version(connection)
    if seen > len(scripts):
        raise DatabaseTooNew(f"{file} was made by a newer SmartSpec; this is {__version__}.")
    if seen == len(scripts):
        return False
    if seen:
        from smartspec.store.backup import backup

        backup(connection, file, f"before migration {seen} to {len(scripts)}")
    else:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise DatabaseForeign(f"{file} was made by another program; it is left as it is.")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # in effect with the first table, in no transaction
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        _run(connection, scripts)
    except sqlite.LIBRARY_ERRORS as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise MigrationFailed(f"The database could not be brought up to date ({error}); it is as it was.") from error
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return True


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _run(connection: Any, scripts: Sequence[str]) -> None:
    from smartspec.store.header import APPLICATION_ID

    connection.execute("BEGIN IMMEDIATE")
    seen = _version(connection)  # another process may have been first
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger')"
    ).fetchall():
        connection.execute(f'DROP {kind} "{name}"')
    for script in [*scripts[seen:], views()]:
        for statement in statements(script):
            connection.execute(statement)
    _describe(connection, seen, len(scripts))
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise sqlite.library.IntegrityError(f"a row of {broken[0]} points nowhere")
    connection.execute(f"PRAGMA user_version={len(scripts)}")
    connection.execute("COMMIT")


def _describe(connection: Any, seen: int, version: int) -> None:
    """What every file says about itself; a new one gets its default workspace."""
    now = times.to_ms(times.now())
    if not seen:
        connection.execute("INSERT INTO metadata VALUES ('created_at', ?)", (str(now),))
        connection.execute(
            "INSERT INTO workspaces (id, name, slug, is_default, created_at) VALUES (?, 'Default', 'default', 1, ?)",
            (new_id(), now),
        )
    described = {"application_version": __version__, "schema_version": str(version)}
    connection.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", described.items())
    connection.execute(
        "INSERT INTO events (at, level, type, process) VALUES (?, 'info', 'database_migrated', 0)", (now,)
    )
