"""The full-text index as a whole: made anew from the rows, and compared with them."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain import progress_callback
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.progress_callback import ProgressCallback
from smartspec.store import database, executions, search
from smartspec.store.conditions import ENDED
from smartspec.store.database import schema

_AT_ONCE = 500
_ROW_ID = f"created_at << {search.KEY_BITS} | (pk & {(1 << search.KEY_BITS) - 1})"


def rebuild_if_outdated() -> None:
    """After a migration that made the index anew, and left it empty."""
    if database.scalar("SELECT 1 FROM metadata WHERE key = 'search_outdated'"):
        with database.transaction():
            rebuild()
            database.execute("DELETE FROM metadata WHERE key = 'search_outdated'")


def rebuild(on_progress: ProgressCallback = progress_callback.ignore_progress) -> int:
    """Empty the index and put every execution that has ended into it, inside a transaction; the answer is how many."""
    whole, done = max(1, database.scalar("SELECT max(pk) FROM executions") or 0), 0
    database.execute(f"INSERT INTO {schema.SEARCH} ({schema.SEARCH}) VALUES ('delete-all')")  # noqa: S608
    for execution in _ended():
        search.index(execution)
        done += 1
        if done % _AT_ONCE == 0:
            progress_callback.report_progress(on_progress, execution.pk / whole)
    return done


def _ended() -> Iterator[Execution]:
    last = ExecutionPk(0)
    while found := executions.ended_after(last, _AT_ONCE):
        yield from found
        last = found[-1].pk


def strays() -> tuple[int, int]:
    """How many executions that have ended are not in the index, and how many are in it that should not be."""
    should = f"SELECT {_ROW_ID} FROM executions WHERE status IN {ENDED}"  # noqa: S608 - our own words
    has = f"SELECT id FROM {schema.SEARCH}_docsize"  # noqa: S608
    missing = database.scalar(f"SELECT count(*) FROM ({should} EXCEPT {has})")  # noqa: S608
    extra = database.scalar(f"SELECT count(*) FROM ({has} EXCEPT {should})")  # noqa: S608
    return int(missing), int(extra)
