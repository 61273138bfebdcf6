"""What SQLite itself finds in the pages, rows and indexes of a database, and what the last look came to."""

from smartspec.domain import progress_callback, times
from smartspec.domain.progress_callback import ProgressCallback
from smartspec.messages import _
from smartspec.store.database import sqlite
from smartspec.store.database.sqlite import Connection

_LOOK_STEPS = 20_000  # of SQLite: a millisecond where the pages are in memory, below a second where they are not
# What a row costs in steps, and each index for it: counted over a generated ledger, with SQLite 3.53.
_ROW_STEPS, _INDEX_STEPS = 13, 12


def pages(connection: Connection, on_progress: ProgressCallback = progress_callback.ignore_progress) -> list[str]:
    """What is wrong, at most a hundred lines. Raises Stopped, or StorageError where it cannot be read at all."""
    whole, done, goes_on = max(1, _steps(connection)), 0, True

    def look() -> bool:
        nonlocal done, goes_on
        done += _LOOK_STEPS
        goes_on = on_progress(min(0.99, done / whole))
        return not goes_on

    connection.set_progress_handler(look, _LOOK_STEPS)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(100)")]
    except sqlite.LIBRARY_ERRORS as error:
        if goes_on:
            raise sqlite.translated(error) from error
        found = []
    finally:
        connection.set_progress_handler(None, 0)
    progress_callback.report_progress(lambda _share: goes_on, 1)
    return [] if found == ["ok"] else found


def _steps(connection: Connection) -> int:
    """How many it will take, by what the planner of queries knows of the tables; 0 where it knows nothing."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        return 0
    known = connection.execute("SELECT max(CAST(stat AS INTEGER)), count(idx) FROM sqlite_stat1 GROUP BY tbl")
    return sum(rows * (_ROW_STEPS + _INDEX_STEPS * indexes) for rows, indexes in known)


def quick(connection: Connection) -> list[str]:
    """As `pages`, without the indexes against their rows: the first of what is wrong."""
    found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    return [] if found == ["ok"] else found


def note(findings: int) -> None:
    """Keep how many things the last thorough look found. Raises StorageError."""
    from smartspec.store import database

    with database.transaction():
        value = f"{findings} {times.now().isoformat(timespec='minutes')}"
        database.execute("INSERT OR REPLACE INTO metadata VALUES ('last_check', ?)", (value,))


def last_check() -> str | None:
    """A sentence, where the last thorough look found something."""
    from smartspec.store import database

    noted = database.scalar("SELECT value FROM metadata WHERE key = 'last_check'")
    count, _space, at = str(noted or "0 ").partition(" ")
    if count == "0":
        return None
    return _("The last `smartspec db check` ({at}) found what is not in order: {count}.", at=at[:16], count=count)
