"""Counting the metrics again from the rows, while others go on counting.

The rows are counted in one view of the database, without holding anybody up, beside a copy of the metrics as they were
in that view. Then the counts are put right some at a time: what has been added to a bucket since the view is added to
its new count too, so nothing that others count meanwhile is lost. Least and most of the durations are those of the new
count, unless a bucket has seen smaller or larger ones since.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smartspec.domain.progress_callback import ProgressCallback, ignore_progress, report_progress
from smartspec.store import database
from smartspec.store.database.sqlite import Connection
from smartspec.store.metrics import COUNTS_OF_EXECUTIONS, COUNTS_OF_TASKS, bucket_of, frozen_until

_ROWS_OF_STEP = 1_000
_COUNTED = 0.8  # the part of the work that is counting
_KEY = ("entity_type", "entity", "task", "granularity", "bucket")
_SUMS = (
    "completed", "failed", "timeout", "cancelled", "skipped", "interrupted", "duration_sum_ms", "cpu_ms",
    "output_bytes",
)  # fmt: skip
_LEAST, _MOST = ("duration_min_ms",), ("duration_max_ms", "peak_memory_bytes", "last_executed_at")
_ALL = (*_KEY, *_SUMS, *_LEAST, *_MOST)
_SAME_KEY = " AND ".join(f"{{0}}.{name} = k.{name}" for name in _KEY)


def rebuild(on_progress: ProgressCallback) -> None:
    """Buckets that begin before `metrics_frozen_until` stay as they are.

    Raises Stopped; what was put right by then stays so.
    """
    with _tables() as connection:
        _count(connection, on_progress)
        keys = connection.execute("SELECT count(*) FROM temp.recount_keys").fetchone()[0]
        for first in range(1, keys + 1, _ROWS_OF_STEP):
            with database.transaction():
                _put_right(connection, first, first + _ROWS_OF_STEP - 1)
            report_progress(on_progress, _COUNTED + (1 - _COUNTED) * first / max(1, keys))


def differing() -> int:
    """How many buckets are not what `rebuild` would make of them. Nothing is written."""
    with _tables() as connection:
        _count(connection, ignore_progress)
        unset = (*_SUMS, "peak_memory_bytes")  # NULL where the counting leaves them out
        columns = ", ".join(f"coalesce({name}, 0) AS {name}" if name in unset else name for name in _ALL)
        counted, kept = (f"SELECT {columns} FROM temp.{name}" for name in ("recount", "recount_before"))  # noqa: S608
        ours = "entity_type IN ('workflow', 'task')"  # what is counted from rows
        either = f"SELECT * FROM ({counted} EXCEPT {kept}) UNION SELECT * FROM ({kept} WHERE {ours} EXCEPT {counted})"  # noqa: S608
        sql = f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(_KEY)} FROM ({either}))"  # noqa: S608
        return int(connection.execute(sql).fetchone()[0])


@contextmanager
def _tables() -> Iterator[Any]:
    """Tables of this connection alone, gone after."""
    connection = database.database.connection()
    try:
        yield connection
    finally:
        for name in ("recount", "recount_before", "recount_keys"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _count(connection: Connection, on_progress: ProgressCallback) -> None:
    """One view of the database, as a reader: nobody who writes waits for it."""
    for name in ("recount", "recount_before"):
        connection.execute(f"CREATE TEMP TABLE {name} AS SELECT {', '.join(_ALL)} FROM main.metrics WHERE 0")  # noqa: S608
    with database.snapshot():
        frozen = frozen_until()
        columns = ", ".join(_ALL)
        connection.execute(
            f"INSERT INTO temp.recount_before SELECT {columns} FROM main.metrics WHERE bucket >= ?",  # noqa: S608
            (frozen,),
        )
        for part, granularity in enumerate(("hour", "day", "total"), start=1):
            bucket = bucket_of("completed_at", granularity)
            sql = COUNTS_OF_EXECUTIONS.format(into="temp.recount", bucket=bucket, where=f"{bucket} >= ?2")
            connection.execute(sql, (granularity, frozen))
            sql = COUNTS_OF_TASKS.format(into="temp.recount", bucket=bucket_of("t.completed_at", granularity))
            connection.execute(sql, (granularity, frozen))
            report_progress(on_progress, _COUNTED * part / 3)
    keys = ", ".join(_KEY)
    for name in ("recount", "recount_before"):
        connection.execute(f"CREATE UNIQUE INDEX temp.{name}_key ON {name} ({keys})")
    both = f"SELECT {keys} FROM temp.recount UNION SELECT {keys} FROM temp.recount_before"  # noqa: S608 - our own names
    connection.execute(f"CREATE TEMP TABLE recount_keys AS {both}")


def _put_right(connection: Connection, first: int, last: int) -> None:
    """The buckets of some keys, inside a transaction."""
    new = [f"coalesce(r.{name}, 0) + coalesce(m.{name}, 0) - coalesce(b.{name}, 0)" for name in _SUMS]
    new += [f"CASE WHEN m.{name} < coalesce(b.{name}, m.{name} + 1) THEN min(m.{name}, coalesce(r.{name}, m.{name})) "
            f"ELSE r.{name} END" for name in _LEAST]  # fmt: skip
    new += [f"CASE WHEN m.{name} > coalesce(b.{name}, m.{name} - 1) THEN max(m.{name}, coalesce(r.{name}, m.{name})) "
            f"ELSE r.{name} END" for name in _MOST]  # fmt: skip
    joined = " ".join(
        f"LEFT JOIN {table} AS {short} ON {_SAME_KEY.format(short)}"
        for table, short in (("temp.recount", "r"), ("temp.recount_before", "b"), ("main.metrics", "m"))
    )
    sql = (
        f"SELECT {', '.join(f'k.{name}' for name in _KEY)}, {', '.join(new)} FROM temp.recount_keys AS k {joined}"  # noqa: S608
        " WHERE k.rowid BETWEEN ? AND ?"
    )
    rows = connection.execute(sql, (first, last)).fetchall()
    counts = slice(len(_KEY), len(_KEY) + 6)
    gone = [row[: len(_KEY)] for row in rows if not any(row[counts])]
    kept = [(*row[:-2], row[-2] or 0, row[-1] or 0) for row in rows if any(row[counts])]
    marks = ", ".join("?" * len(_ALL))
    connection.executemany(f"INSERT OR REPLACE INTO main.metrics ({', '.join(_ALL)}) VALUES ({marks})", kept)  # noqa: S608
    matched = " AND ".join(f"{name} = ?" for name in _KEY)
    connection.executemany(f"DELETE FROM main.metrics WHERE {matched}", gone)  # noqa: S608
