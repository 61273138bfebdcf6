"""A thorough look at a ledger: pages, schema, what points where, what was counted, the index, the logs, the chain.

Everything is read from one view of the database, and nothing is written to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from smartspec.domain import progress_callback
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.store import database, hash_chain, metrics_recount, migrations, search_index
from smartspec.store.backup import counters, integrity, invalid_values
from smartspec.store.database import schema, sqlite
from smartspec.store.logs import segments

_DAMAGED = "The database is damaged"
REPAIR, RESTORE = "`smartspec db repair`", "`smartspec db restore`"
_PAGES = 0.8  # the part of the work that is looking at pages
_OF_ROWS = ("CHECK constraint failed", "NULL value in", "non-", "NUMERIC value in", "TEXT value in", "REAL value in")


def inspect(on_progress: ProgressCallback = ignore_progress) -> list[str]:
    """What is wrong, each a sentence with the command that mends it. Raises Stopped, or StorageError."""
    connection = database.database.connection()
    pages = integrity.pages(connection, lambda share: on_progress(share * _PAGES))
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
    if words.startswith(_OF_ROWS):
        return f"A row holds what it may not ({words}); it is shown as damaged; {REPAIR} puts in its place what it can."
    if " index " in words:
        return f"An index is damaged ({words}); {REPAIR} makes it anew."
    if words.startswith("malformed inverted index"):
        return f"The full-text index is damaged; {REPAIR} makes it anew."
    return f"{_DAMAGED} ({words}); {RESTORE} takes the newest backup."


def is_damaged(findings: Sequence[str]) -> bool:
    """Whether pages are damaged: then nothing else can be believed, and only a backup helps."""
    return any(each.startswith(_DAMAGED) for each in findings)


def _differences(connection: Any) -> list[schema.Difference]:
    seen = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return schema.differences(schema.of(connection), migrations.wanted(seen))


def schema_findings(connection: Any) -> list[str]:
    return [f"{str(each)[0].upper()}{str(each)[1:]}; {REPAIR} mends that." for each in _differences(connection)]


def foreign_key_findings(connection: Any) -> list[str]:
    broken = Counter((table, parent) for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"))
    return [
        f"{_rows(count)} of {table} point{'s' if count == 1 else ''} to {parent} that are not there; "
        f"{REPAIR} mends that."
        for (table, parent), count in broken.items()
    ]


def _rows(count: int, noun: str = "row") -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


_COUNTED = {
    counters.WRONG_NUMBERS: "The last number is too small for {}: one would be given twice; {} mends that.|workflow",
    counters.WRONG_CURRENT: "The current version is not the newest one of {}; {} mends that.|workflow",
    counters.WRONG_TASKS: "The task counters do not add up in {}; {} counts them again.|execution",
    counters.UNFINISHED: "{} in executions that have ended, and will never end; {} ends them.|unfinished task",
    counters.OWNERLESS: "{} without a runner; {} notes them as interrupted.|running execution",
}


def _counters(connection: Any) -> Iterator[str]:
    for sql, words in _COUNTED.items():
        sentence, noun = words.split("|")
        if count := connection.execute(sql).fetchone()[0]:
            yield sentence.format(_rows(count, noun), REPAIR)


def _tasks(connection: Any) -> Iterator[str]:
    if count := connection.execute(counters.MISCOUNTED_EXECUTIONS).fetchone()[0]:
        yield f"The task counters are not those of the rows in {_rows(count, 'execution')}; {REPAIR} counts them again."


def _metrics() -> Iterator[str]:
    if count := metrics_recount.differing():
        yield f"{_rows(count, 'metric')} not as the rows say; {REPAIR} counts them again."


def search_findings(connection: Any) -> Iterator[str]:
    try:
        missing, extra = search_index.strays()
    except sqlite.LIBRARY_ERRORS:
        yield f"The full-text index is damaged; {REPAIR} makes it anew."
        return
    wrong = [f"lacks {_rows(missing, 'execution')}"] * bool(missing) + [f"has {extra:,} too many"] * bool(extra)
    if wrong:
        yield f"The full-text index {' and '.join(wrong)}; {REPAIR} makes it anew."


def _moments(connection: Any) -> Iterator[str]:
    for table, column, count in invalid_values.impossible_moments(connection):
        yield (
            f"{_rows(count)} of {table} with a time that no calendar has ({column}), shown as damaged; "
            f"{REPAIR} puts in its place what it can."
        )


def _logs(connection: Any) -> Iterator[str]:
    gone = [path for _, path, is_there in log_states(connection) if not is_there]
    if gone:
        yield (
            f"The logs of {_rows(len(gone), 'attempt')} are missing or shorter than they were, the first of them in "
            f"{gone[0]}; {REPAIR} notes them as gone."
        )


def log_states(connection: Any) -> Iterator[tuple[int, str, bool]]:
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


def _chain(connection: Any) -> Iterator[str]:
    if broken := hash_chain.broken(connection):
        number, label = broken[0]
        yield (
            f"{_rows(len(broken), 'version')} not as made: the chain of hashes breaks first at #{number} ({label}). "
            f"Somebody has changed or removed a version; {RESTORE} takes the newest backup."
        )


_LOOKS: tuple[Callable[[Any], Any], ...] = (
    foreign_key_findings, _moments, _counters, _tasks, search_findings, _logs, _chain,
)  # fmt: skip
