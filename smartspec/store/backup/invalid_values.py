"""Values that other programs wrote and that are none: unknown statuses, JSON that cannot be read, impossible times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import peewee

from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus, WorkflowStatus
from smartspec.messages import Message, _
from smartspec.store.database.sqlite import Connection
from smartspec.store.models import all_models
from smartspec.store.models.fields import EARLIEST_MS, LATEST_MS, JsonField, MomentField
from smartspec.vocabulary import status_in_text

# What stands in the place of a value that is none; what a definition was is only in a backup.
_STATES = (("executions", ExecutionStatus, "failed"), ("task_executions", TaskStatus, "failed"),
           ("workflows", WorkflowStatus, "inactive"))  # fmt: skip
_NEVER_MENDED = {("workflow_versions", "definition")}
_POSSIBLE = f"BETWEEN {EARLIEST_MS} AND {LATEST_MS}"


def impossible_moments(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Of each column that holds times out of any calendar: its table, its name, and how many. (SQLite finds the rest of
    what is none by the constraints of the columns.)
    """
    for table, moments in _columns(MomentField).items():
        sums = ", ".join(f"sum({each.column_name} NOT {_POSSIBLE})" for each in moments)
        counts = connection.execute(f"SELECT {sums} FROM {table}").fetchone()  # noqa: S608 - of the schema
        yield from ((table, each.column_name, count) for each, count in zip(moments, counts, strict=True) if count)


def replace_invalid(connection: Connection) -> Iterator[str]:
    """Put something in the place of each; what was done, in sentences. Triggers must be gone, and one transaction."""
    for table, kind, instead in _STATES:
        known = ", ".join(repr(each.value) for each in kind)
        sql = f"UPDATE {table} SET status = ? WHERE status NOT IN ({known})"  # noqa: S608 - our own words
        if count := connection.execute(sql, (instead,)).rowcount:
            status = status_in_text(instead)
            yield _(
                "Rows of {table} with a status that there is not are {status} now: {count}.",
                table=table, status=status, count=count,
            )  # fmt: skip
    for table, fields in _columns(JsonField).items():
        for field in fields:
            yield from _mend_json(connection, table, field)
    for table, column, count in list(impossible_moments(connection)):
        yield _mend_moments(connection, table, column, count)


def _mend_json(connection: Connection, table: str, field: peewee.Field) -> Iterator[str]:
    column, empty = field.column_name, "NULL" if field.null else "'[]'"
    if (table, column) in _NEVER_MENDED:
        return
    sql = f"UPDATE {table} SET {column} = {empty} WHERE {column} IS NOT NULL AND NOT json_valid({column})"  # noqa: S608
    if count := connection.execute(sql).rowcount:
        name = f"{table}.{column}"
        yield _("Values of {name} that were no JSON are empty now: {count}.", name=name, count=count)


def _mend_moments(connection: Connection, table: str, column: str, count: int) -> Message:
    """One that must be there becomes the earliest other one of its row, else now."""
    moments = {each.column_name: each for each in _columns(MomentField)[table]}
    instead, words = "NULL", _("empty")
    if not moments[column].null:
        instead = _earliest(name for name in moments if name != column)
        words = _("the earliest other one of the row")
    connection.execute(f"UPDATE {table} SET {column} = {instead} WHERE {column} NOT {_POSSIBLE}")  # noqa: S608
    name = f"{table}.{column}"
    return _("Values of {name} that no calendar has are {words} now: {count}.", name=name, words=words, count=count)


def _earliest(columns: Iterable[str]) -> str:
    now = times.to_ms(times.now())
    possible = " UNION ALL ".join(f"SELECT {each} AS at WHERE {each} {_POSSIBLE}" for each in columns)
    return f"coalesce((SELECT min(at) FROM ({possible})), {now})" if possible else str(now)  # noqa: S608


def _columns(kind: type[peewee.Field]) -> dict[str, list[peewee.Field]]:
    found: dict[str, list[peewee.Field]] = {}
    for model in all_models.MODELS:
        for field in vars(model)["_meta"].sorted_fields:
            if isinstance(field, kind):
                found.setdefault(vars(model)["_meta"].table_name, []).append(field)
    return found
