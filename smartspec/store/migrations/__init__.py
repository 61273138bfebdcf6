"""The schema, as the numbered steps that built it.

A step is SQL of its day, never a model. Steps are only ever appended; a new file runs them all, so there is one
schema. The version of a file is the number of steps it has seen (PRAGMA user_version), raised in the same
transaction. Views and triggers belong to no step: they are dropped first and made anew last.

The number alone does not make a file ours: its tables have to be those that its steps make. That is looked at once,
and again when anybody has changed the schema since (SQLite counts that) or the program has other statements;
`metadata` notes what was seen, and the fingerprint of it.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from smartspec import __version__
from smartspec.domain import times
from smartspec.domain.ids import new_id
from smartspec.errors import DatabaseDamaged, DatabaseForeign, DatabaseTooNew, MigrationFailed
from smartspec.messages import Message, _
from smartspec.store import hash_chain
from smartspec.store.database import schema, sqlite, table_rebuild
from smartspec.store.database.header import APPLICATION_ID
from smartspec.store.database.sqlite import Connection
from smartspec.store.migrations import forms

_WITH_CHAIN = 2  # the step that brings the hashes of the versions' chain; they are computed here, SQL cannot


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


def wanted(seen: int, scripts: Sequence[str] | None = None) -> schema.Objects:
    """The schema of a file that has seen so many steps."""
    scripts = steps() if scripts is None else scripts
    return schema.made_by((*scripts[:seen], views()) if seen == len(scripts) else tuple(scripts[:seen]))


def migrate(connection: Connection, file: Path, scripts: Sequence[str] | None = None) -> bool:
    """Run the steps that this file has not seen, all or none of them, after a verified backup.

    The answer is whether there was anything to look at: False where the file is known to be as it should be. Raises
    MigrationFailed, DatabaseDamaged where its tables are not those that it should have, and for a file that changed
    since its header was read DatabaseTooNew or DatabaseForeign.
    """
    scripts = steps() if scripts is None else tuple(scripts)
    seen = _version(connection)
    if seen > len(scripts):
        raise DatabaseTooNew(
            _("{file} was made by a newer SmartSpec; this is {version}.", file=file, version=__version__)
        )
    if seen == len(scripts) and is_known(connection, scripts):
        return False
    if seen:
        match _what_is_to_do(connection, file, seen, scripts):
            case "nothing":
                return True
            case "all":
                _back_up(connection, file, seen, scripts)
    else:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise DatabaseForeign(_("{file} was made by another program; it is left as it is.", file=file))
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # in effect with the first table, in no transaction
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        _run(connection, scripts)
    except sqlite.LIBRARY_ERRORS as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise MigrationFailed(
            _("The database could not be brought up to date ({why}); it is as it was.", why=error)
        ) from error
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return True


def _what_is_to_do(
    connection: Connection, file: Path, seen: int, scripts: Sequence[str]
) -> Literal["nothing", "views", "all"]:
    """Raises DatabaseDamaged where no step leads from what the file has to what it should have."""
    found = schema.of(connection)
    former = forms.outdated(found, wanted(1, scripts)) if seen == 1 else []
    wrong = schema.tables(schema.differences(found, wanted(seen, scripts)))
    if strange := [each for each in wrong if each.name not in former]:
        raise DatabaseDamaged(not_ours(file, strange))
    if former or seen < len(scripts):
        return "all"
    return "nothing" if _note(connection, "schema_declared") == _declared(scripts) else "views"


def not_ours(file: Path, wrong: Sequence[schema.Difference]) -> Message:
    """The first of what is wrong with the schema of a file, and the ways out."""
    more = _(" (and {count} more)", count=len(wrong) - 1) if len(wrong) > 1 else ""
    return _(
        "{file} is not as SmartSpec makes it: {wrong}{more}. `smartspec db check` lists all that is wrong, "
        "`smartspec db repair` mends what can be mended, `smartspec db restore` takes the newest backup.",
        file=file, wrong=wrong[0].words, more=more,
    )  # fmt: skip


def _back_up(connection: Connection, file: Path, seen: int, scripts: Sequence[str]) -> None:
    from smartspec.store.backup.backups import backup

    backup(connection, file, f"before migration {seen} to {len(scripts)}")


def is_known(connection: Connection, scripts: Sequence[str] | None = None) -> bool:
    scripts = steps() if scripts is None else scripts
    return _note(connection, "schema_known") == _known(connection, scripts)


def note_known(connection: Connection, scripts: Sequence[str] | None = None) -> None:
    """From now on this schema needs no second look. Nothing is waited for: it can be noted another time."""
    if is_known(connection, scripts):
        return
    scripts = steps() if scripts is None else scripts
    busy = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("INSERT OR REPLACE INTO metadata VALUES ('schema_known', ?)", (_known(connection, scripts),))
    except sqlite.LIBRARY_ERRORS:
        return
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(busy)}")


def _known(connection: Connection, scripts: Sequence[str]) -> str:
    """What this program makes of it, and how often its schema was changed by anybody."""
    return f"{_declared(scripts)} {connection.execute('PRAGMA schema_version').fetchone()[0]}"


@lru_cache
def _declared(scripts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((*scripts, views())).encode()).hexdigest()


def _note(connection: Connection, key: str) -> str | None:
    try:
        found = connection.execute("SELECT value FROM metadata WHERE key = ?", (key,)).fetchone()
    except sqlite.library.OperationalError:
        return None
    return str(found[0]) if found else None


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _run(connection: Connection, scripts: Sequence[str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    seen = _version(connection)  # another process may have been first
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    table_rebuild.drop_all(connection, ("view", "trigger"))
    if seen:
        _straighten(connection, seen, schema.made_by(tuple(scripts[:seen])))
    for script in scripts[seen:]:
        for statement in statements(script):
            connection.execute(statement)
    if len(scripts) >= _WITH_CHAIN:
        hash_chain.backfill(connection)
    for statement in statements(views()):
        connection.execute(statement)
    _describe(connection, seen, scripts)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise sqlite.library.IntegrityError(f"a row of {broken[0]} points nowhere")
    connection.execute(f"PRAGMA user_version={len(scripts)}")
    connection.execute("COMMIT")


def _straighten(connection: Connection, seen: int, should: schema.Objects) -> None:
    """Before a step: the tables and indexes that all steps before it have left."""
    for table in forms.outdated(schema.of(connection), should) if seen == 1 else ():
        table_rebuild.rebuild(connection, table, should)
        if table == schema.SEARCH:
            connection.execute("INSERT OR REPLACE INTO metadata VALUES ('search_outdated', '1')")
    for kind, name in should:
        if kind == "table":
            table_rebuild.make_indexes(connection, name, should)


def describe(connection: Connection, scripts: Sequence[str] | None = None) -> None:
    """Note what the schema is now."""
    scripts = steps() if scripts is None else tuple(scripts)
    described = {
        "application_version": __version__,
        "schema_version": str(len(scripts)),
        "schema_declared": _declared(scripts),
        "schema_fingerprint": schema.fingerprint(schema.of(connection)),
    }
    connection.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", described.items())


def _describe(connection: Connection, seen: int, scripts: Sequence[str]) -> None:
    """What every file says about itself; a new one gets its default workspace."""
    now = times.to_ms(times.now())
    if not seen:
        connection.execute("INSERT INTO metadata VALUES ('created_at', ?)", (str(now),))
        connection.execute(
            "INSERT INTO workspaces (id, name, slug, is_default, created_at) VALUES (?, 'Default', 'default', 1, ?)",
            (new_id(), now),
        )
    describe(connection, scripts)
    connection.execute(
        "INSERT INTO events (at, level, type, process) VALUES (?, 'info', 'database_migrated', 0)", (now,)
    )
