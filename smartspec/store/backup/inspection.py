"""A thorough look at a ledger: pages, schema, what points where, what was counted, the index, the logs, the chain.

Everything is read from one view of the database, and nothing is written to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from smartspec.domain import progress_callback
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.formatting import format_number
from smartspec.messages import N_, Message, _, _n, _p, join
from smartspec.store import database, hash_chain, metrics_recount, migrations, search_index
from smartspec.store.backup import counters, integrity, invalid_values
from smartspec.store.database import schema, sqlite
from smartspec.store.database.sqlite import Connection
from smartspec.store.logs import segments

_DAMAGED = "The database is damaged"  # how such a finding begins, in English
REPAIR, RESTORE = "`smartspec db repair`", "`smartspec db restore`"
_PAGES = 0.8  # the part of the work that is looking at pages
_OF_ROWS = ("CHECK constraint failed", "NULL value in", "non-", "NUMERIC value in", "TEXT value in", "REAL value in")


def inspect(on_progress: ProgressCallback = ignore_progress) -> list[str]:
    """What is wrong, each a sentence with the command that mends it. Raises Stopped, or StorageError."""
    with database.fresh_connection() as fresh:
        pages = integrity.pages(fresh, lambda share: on_progress(share * _PAGES))
    connection = database.database.connection()
    found = list(dict.fromkeys(map(page_finding, pages)))  # SQLite says of each row the same
    if is_damaged(found):
        return found
    found += schema_findings(connection)
    if schema.tables(_differences(connection)):
        return found  # the rows are not where they are looked for
    found += _metrics()
    with database.snapshot():
        for number, look in enumerate(_LOOKS, 1):
            found += look(connection)
            progress_callback.report_progress(on_progress, _PAGES + (1 - _PAGES) * number / (len(_LOOKS) + 1))
    return found


def page_finding(words: str) -> str:
    """One line of what SQLite finds in the pages, as a sentence with what mends it."""
    if words.startswith(_OF_ROWS):
        return _(
            "A row holds what it may not ({words}); it is shown as damaged; {repair} puts in its place what it can.",
            words=words, repair=REPAIR,
        )  # fmt: skip
    if " index " in words:
        return _("An index is damaged ({words}); {repair} makes it anew.", words=words, repair=REPAIR)
    if words.startswith("malformed inverted index"):
        return _("The full-text index is damaged; {repair} makes it anew.", repair=REPAIR)
    return _("The database is damaged ({words}); {restore} takes the newest backup.", words=words, restore=RESTORE)


def is_damaged(findings: Sequence[str]) -> bool:
    """Whether pages are damaged: then nothing else can be believed, and only a backup helps."""
    return any(each.startswith(_DAMAGED) for each in findings)


def _differences(connection: Connection) -> list[schema.Difference]:
    seen = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return schema.differences(schema.of(connection), migrations.wanted(seen))


_OF_SCHEMA = {
    "missing": N_("The {kind} {name} is missing; {repair} mends that."),
    "different": N_("The {kind} {name} is not as it was made; {repair} mends that."),
    "foreign": N_("The {kind} {name} is not SmartSpec's; {repair} mends that."),
}


def schema_findings(connection: Connection) -> list[str]:
    """What is not as the steps make it, each a sentence."""
    return [
        _(_OF_SCHEMA[each.how], kind=schema.KINDS[each.kind], name=each.name, repair=REPAIR)
        for each in _differences(connection)
    ]


def foreign_key_findings(connection: Connection) -> list[str]:
    """The rows that point nowhere, a sentence for each pair of tables."""
    broken = Counter((table, parent) for table, _rowid, parent, _number in connection.execute(_FOREIGN_KEYS))
    return [
        _n(
            "{n} row of {table} points to {parent} that are not there; {repair} mends that.",
            "{n} rows of {table} point to {parent} that are not there; {repair} mends that.",
            count, table=table, parent=parent, repair=REPAIR,
        )
        for (table, parent), count in broken.items()
    ]  # fmt: skip


_FOREIGN_KEYS = "PRAGMA foreign_key_check"
_COUNTED: dict[str, Callable[[int], Message]] = {
    counters.WRONG_NUMBERS: lambda count: _n(
        "The last number is too small for {n} workflow: one would be given twice; {repair} mends that.",
        "The last number is too small for {n} workflows: one would be given twice; {repair} mends that.",
        count, repair=REPAIR,
    ),
    counters.WRONG_CURRENT: lambda count: _n(
        "The current version is not the newest one of {n} workflow; {repair} mends that.",
        "The current version is not the newest one of {n} workflows; {repair} mends that.",
        count, repair=REPAIR,
    ),
    counters.WRONG_TASKS: lambda count: _n(
        "The task counters do not add up in {n} execution; {repair} counts them again.",
        "The task counters do not add up in {n} executions; {repair} counts them again.",
        count, repair=REPAIR,
    ),
    counters.UNFINISHED: lambda count: _n(
        "{n} unfinished task in executions that have ended, and will never end; {repair} ends them.",
        "{n} unfinished tasks in executions that have ended, and will never end; {repair} ends them.",
        count, repair=REPAIR,
    ),
    counters.OWNERLESS: lambda count: _n(
        "{n} running execution without a runner; {repair} notes them as interrupted.",
        "{n} running executions without a runner; {repair} notes them as interrupted.",
        count, repair=REPAIR,
    ),
}  # fmt: skip


def _counters(connection: Connection) -> Iterator[str]:
    for sql, finding in _COUNTED.items():
        if count := connection.execute(sql).fetchone()[0]:
            yield finding(count)


def _tasks(connection: Connection) -> Iterator[str]:
    if count := connection.execute(counters.MISCOUNTED_EXECUTIONS).fetchone()[0]:
        yield _n(
            "The task counters are not those of the rows in {n} execution; {repair} counts them again.",
            "The task counters are not those of the rows in {n} executions; {repair} counts them again.",
            count, repair=REPAIR,
        )  # fmt: skip


def _metrics() -> Iterator[str]:
    if count := metrics_recount.differing():
        yield _n(
            "{n} metric not as the rows say; {repair} counts them again.",
            "{n} metrics not as the rows say; {repair} counts them again.",
            count, repair=REPAIR,
        )  # fmt: skip


def search_findings(connection: Connection) -> Iterator[str]:
    """What is wrong with the full-text index, in a sentence; nothing where it is as the rows say."""
    try:
        missing, extra = search_index.strays()
    except sqlite.LIBRARY_ERRORS:
        yield _("The full-text index is damaged; {repair} makes it anew.", repair=REPAIR)
        return
    wrong = []
    if missing:
        wrong.append(_n("lacks {n} execution", "lacks {n} executions", missing))
    if extra:
        wrong.append(_("has {count} too many", count=format_number(extra)))
    if wrong:
        both = join(_p("between two things that are wrong", " and "), wrong)
        yield _("The full-text index {wrong}; {repair} makes it anew.", wrong=both, repair=REPAIR)


def _moments(connection: Connection) -> Iterator[str]:
    for table, column, count in invalid_values.impossible_moments(connection):
        yield _n(
            "{n} row of {table} with a time that no calendar has ({column}), shown as damaged; "
            "{repair} puts in its place what it can.",
            "{n} rows of {table} with a time that no calendar has ({column}), shown as damaged; "
            "{repair} puts in its place what it can.",
            count, table=table, column=column, repair=REPAIR,
        )  # fmt: skip


def _logs(connection: Connection) -> Iterator[str]:
    gone = [path for _pk, path, is_there in log_states(connection) if not is_there]
    if gone:
        yield _n(
            "The logs of {n} attempt are missing or shorter than they were, the first of them in "
            "{path}; {repair} notes them as gone.",
            "The logs of {n} attempts are missing or shorter than they were, the first of them in "
            "{path}; {repair} notes them as gone.",
            len(gone), path=gone[0], repair=REPAIR,
        )  # fmt: skip


def log_states(connection: Connection) -> Iterator[tuple[int, str, bool]]:
    """Of each attempt that has ended and whose log is in a file: its key, the path, and whether all of it is there."""
    folder = database.folder() / "logs"
    rows = connection.execute(
        "SELECT pk, log_path, log_offset, log_bytes FROM task_executions"
        " WHERE log_path IS NOT NULL AND log_bytes > 0 AND status NOT IN ('pending', 'running')"
    )
    sizes: dict[str, int] = {}  # the tasks of an execution share a file
    for pk, path, offset, size in rows:
        if path not in sizes:
            sizes.clear()
            sizes[path] = segments.size_of(folder / path)
        yield pk, path, sizes[path] >= (offset or 0) + size


def _chain(connection: Connection) -> Iterator[str]:
    if broken := hash_chain.broken(connection):
        number, label = broken[0]
        yield _n(
            "{n} version not as made: the chain of hashes breaks first at #{number} ({label}). "
            "Somebody has changed or removed a version; {restore} takes the newest backup.",
            "{n} versions not as made: the chain of hashes breaks first at #{number} ({label}). "
            "Somebody has changed or removed a version; {restore} takes the newest backup.",
            len(broken), number=number, label=label, restore=RESTORE,
        )  # fmt: skip


_LOOKS: tuple[Callable[[Connection], Iterable[str]], ...] = (
    foreign_key_findings, _moments, _counters, _tasks, search_findings, _logs, _chain,
)  # fmt: skip
