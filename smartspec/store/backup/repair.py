"""Making anew what can be had from the rows: indexes, views, triggers, tables of another form, counters, the index.

All in one transaction, after a copy of the file as it was. What cannot be made anew is said, and left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from smartspec.domain import times
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.errors import DatabaseDamaged, MigrationFailed
from smartspec.messages import N_, Message, _, listed
from smartspec.store import conditions, database, metrics_recount, migrations, search_index
from smartspec.store.backup import backups, counters, inspection, integrity, invalid_values
from smartspec.store.backup.backups import Backup
from smartspec.store.database import schema, sqlite, table_rebuild
from smartspec.store.database.sqlite import Connection
from smartspec.value import field, mutable


@mutable
class Repaired:
    """`done` and `left`: sentences."""

    backup: Backup | None = None
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def repair(file: Path, on_progress: ProgressCallback = ignore_progress) -> Repaired:
    """Raises DatabaseDamaged where a page is damaged: then only a backup helps. Nothing has changed then."""
    with database.fresh_connection() as fresh:
        pages = integrity.pages(fresh, lambda share: on_progress(share / 4))
    for words in pages:
        if inspection.is_damaged([sentence := inspection.page_finding(words)]):
            raise DatabaseDamaged(sentence)
    connection, found = database.database.connection(), Repaired()
    found.backup = backups.backup(
        connection, file, "before repair", lambda share: on_progress((1 + share) / 4), flawed=True
    )
    with _alone(connection):
        _repair_schema(connection, found)
        _repair_references(connection, found)
    try:
        migrations.migrate(connection, file)
    except (DatabaseDamaged, MigrationFailed) as error:
        found.left.append(error.sentence)
        return found
    with _alone(connection):
        _repair_rows(connection, found)
        migrations.describe(connection)
    if count := metrics_recount.differing():
        metrics_recount.rebuild(ignore_progress)
        found.done.append(_("Metrics were counted again: {count} were not as the rows say.", count=count))
    search_index.rebuild_if_outdated()
    migrations.note_known(connection)
    found.left += [
        each for each in inspection.inspect(lambda share: on_progress((3 + share) / 4)) if each not in found.left
    ]
    return found


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One transaction, without foreign keys, views and triggers in the way. Raises StorageError."""
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        with database.transaction():
            table_rebuild.drop_all(connection, ("view", "trigger"))
            yield
            for statement in _views(connection):
                connection.execute(statement)
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def _seen(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _views(connection: Connection) -> list[str]:
    """Those of today; a file of an earlier step gets them by the steps that it has not seen."""
    is_latest = _seen(connection) == migrations.latest()
    return list(migrations.statements(migrations.views())) if is_latest else []


def _repair_schema(connection: Connection, found: Repaired) -> None:
    wanted = schema.made_by(migrations.steps()[: _seen(connection)])
    wrong = schema.differences(schema.of(connection), wanted)
    for each in (each for each in wrong if each.kind == "index" and each.how != "missing"):
        _try(
            connection,
            found,
            _("Dropped {what}", what=each.words),
            partial(connection.execute, f'DROP INDEX "{each.name}"'),
        )
    for each in (each for each in wrong if each.kind == "table"):
        _try(
            connection, found, _("Made the table {name} anew, with the rows that it had", name=each.name),
            partial(_rebuild, connection, each.name, wanted, found),
        )  # fmt: skip
    for kind, name in wanted:
        if kind == "table":
            _try(connection, found, None, partial(table_rebuild.make_indexes, connection, name, wanted))
    for each in schema.differences(schema.of(connection), wanted):
        if each.kind == "index" and each.how == "missing":
            found.left.append(_("The index {name} cannot be made.", name=each.name))
    made = {each.name for each in wrong if each.kind == "index" and each.how == "missing"}
    found.done += [_("Made the index {name} anew.", name=name) for name in sorted(made)]
    _try(connection, found, None, partial(connection.execute, "REINDEX"))


def _rebuild(connection: Connection, table: str, wanted: schema.Objects, found: Repaired) -> None:
    before = table_rebuild.columns(connection, table)
    table_rebuild.rebuild(connection, table, wanted)
    if table == schema.SEARCH:
        connection.execute("INSERT OR REPLACE INTO metadata VALUES ('search_outdated', '1')")
    elif lost := [name for name in before if name not in table_rebuild.columns(connection, table)]:
        found.left.append(
            _(
                "The table {table} had the columns {names}; they are only in the backup now.",
                table=table, names=listed(lost),
            )
        )  # fmt: skip


def _try(connection: Connection, found: Repaired, done: Message | None, what: Callable[[], object]) -> None:
    """Do something or nothing; what fails is said. `done` is a sentence without its end."""
    connection.execute("SAVEPOINT mending")
    try:
        what()
    except sqlite.LIBRARY_ERRORS as error:
        connection.execute("ROLLBACK TO mending")
        found.left.append(_("{what}: that failed ({why}).", what=done or _("An index"), why=error))
    else:
        if done:
            found.done.append(_("{what}.", what=done))
    finally:
        connection.execute("RELEASE mending")


# Rows that point nowhere


def _repair_references(connection: Connection, found: Repaired) -> None:
    """As the key says what becomes of a row whose parent goes; deleting may leave others behind, so until none is."""
    with _removing(connection):
        while broken := connection.execute("PRAGMA foreign_key_check").fetchall():
            counts = Counter(
                (_repair_reference(connection, table, rowid, parent, number), table, parent)
                for table, rowid, parent, number in broken
            )
            for (template, table, parent), count in counts.items():
                found.done.append(_(template, table=table, parent=parent, count=count))


def _repair_reference(connection: Connection, table: str, rowid: int, parent: str, number: int) -> str:
    """What became of the row: a template of the table, its parent, and how many."""
    keys = connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    column, on_delete = next((key[3], key[6]) for key in keys if key[0] == number)
    required = any(row[1] == column and row[3] for row in connection.execute(f"PRAGMA table_info({table})").fetchall())
    if not required:
        connection.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (rowid,))  # noqa: S608 - of the schema
        return N_("Rows of {table} that pointed to {parent} that are gone point to none: {count}.")
    if parent == "workspaces" and on_delete == "NO ACTION":
        default = connection.execute("SELECT pk FROM workspaces WHERE is_default = 1").fetchone()
        if default is not None:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (default[0], rowid))  # noqa: S608
            return N_("Rows of {table} whose workspace is gone are in the default one: {count}.")
    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))  # noqa: S608
    return N_("Rows of {table} that belonged to {parent} that are gone were removed: {count} (they are in the backup).")


@contextmanager
def _removing(connection: Connection) -> Iterator[None]:
    connection.execute("INSERT OR REPLACE INTO metadata VALUES ('removing', 'repair')")
    yield
    connection.execute("DELETE FROM metadata WHERE key = 'removing'")


# What is kept beside the rows

_REPAIRS = {
    counters.OWNERLESS: (
        N_("Running executions without a runner are interrupted now: {count}."),
        f"UPDATE executions SET status = 'interrupted', runner = NULL WHERE {conditions.OWNERLESS}",  # noqa: S608
        "UPDATE task_executions SET status = 'interrupted', completed_at = ?1 WHERE status = 'running'"
        " AND execution IN (SELECT pk FROM executions WHERE status = 'interrupted')",
    ),
    counters.UNFINISHED: (
        N_("Unfinished tasks of executions that have ended are ended: {count}."),
        "UPDATE task_executions SET status = iif(status = 'running', 'interrupted', 'cancelled'),"  # noqa: S608
        " completed_at = coalesce((SELECT completed_at FROM executions AS e WHERE e.pk = execution), ?1),"
        " next_retry_at = NULL WHERE status IN ('pending', 'running') AND execution IN (SELECT pk FROM executions"
        f" WHERE status IN {conditions.ENDED})",
    ),
    counters.WRONG_NUMBERS: (
        N_("The last number of workflows is that of their executions: {count}."),
        "UPDATE workflows SET last_number = (SELECT max(number) FROM executions AS e WHERE e.workflow = workflows.pk)"
        " WHERE last_number < (SELECT max(number) FROM executions AS e WHERE e.workflow = workflows.pk)",
    ),
    counters.WRONG_CURRENT: (
        N_("The current version of workflows is their newest: {count}."),
        "UPDATE workflows SET current_version ="
        " (SELECT pk FROM workflow_versions AS v WHERE v.workflow = workflows.pk ORDER BY number DESC LIMIT 1)",
    ),
    counters.MISCOUNTED_EXECUTIONS: (
        N_("Task counters were counted again: {count}."),
        "UPDATE executions SET (tasks_completed, tasks_failed, tasks_tolerated, tasks_skipped, tasks_cancelled) ="
        " (SELECT completed, failed, tolerated, skipped, cancelled FROM temp.miscounted AS m"
        " WHERE m.pk = executions.pk)"
        " WHERE pk IN (SELECT pk FROM temp.miscounted)",
    ),
    counters.WRONG_TASKS: (
        N_("Task counters that could not be were cut to what can be: {count}."),
        "UPDATE executions SET tasks_total = max(tasks_total, 0), tasks_completed = max(tasks_completed, 0),"
        " tasks_failed = max(tasks_failed, 0), tasks_tolerated = max(tasks_tolerated, 0),"
        " tasks_skipped = max(tasks_skipped, 0), tasks_cancelled = max(tasks_cancelled, 0) WHERE min(tasks_total,"
        " tasks_completed, tasks_failed, tasks_tolerated, tasks_skipped, tasks_cancelled) < 0",
        "UPDATE executions SET tasks_total = tasks_completed + tasks_failed + tasks_tolerated + tasks_skipped"
        " + tasks_cancelled WHERE tasks_completed + tasks_failed + tasks_tolerated + tasks_skipped + tasks_cancelled"
        " > tasks_total",
    ),
}


def _repair_rows(connection: Connection, found: Repaired) -> None:
    now = times.to_ms(times.now())
    found.done += invalid_values.replace_invalid(connection)
    for sql, (words, *statements) in _REPAIRS.items():
        if count := connection.execute(sql).fetchone()[0]:
            connection.execute("DROP TABLE IF EXISTS temp.miscounted")
            connection.execute(f"CREATE TEMP TABLE miscounted AS {counters.MISCOUNTED}")
            for statement in statements:
                connection.execute(statement, (now,) if "?1" in statement else ())
            connection.execute("DROP TABLE temp.miscounted")
            found.done.append(_(words, count=count))
    _repair_logs(connection, found)
    _repair_search(connection, found)


def _repair_logs(connection: Connection, found: Repaired) -> None:
    gone = [(pk,) for pk, _path, is_there in inspection.log_states(connection) if not is_there]
    connection.executemany(
        "UPDATE task_executions SET log_path = NULL, log_offset = NULL, log_times = NULL, log_bytes = 0,"
        " log_sha256 = NULL, log_truncated = 1 WHERE pk = ?", gone,
    )  # fmt: skip
    if gone:
        found.done.append(_("Logs that are not there any more are noted as gone: {count}.", count=len(gone)))


def _repair_search(connection: Connection, found: Repaired) -> None:
    if not any(True for _finding in inspection.search_findings(connection)):
        return
    wanted = schema.made_by(migrations.steps())
    table_rebuild.rebuild(connection, schema.SEARCH, wanted)
    count = search_index.rebuild()
    found.done.append(_("The full-text index was made anew, of {count} executions.", count=count))
