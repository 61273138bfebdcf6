"""Lists of executions: filtered, searched, counted. In fixed SQL: a hot path."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice

from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.ids import VersionPk, WorkflowPk
from smartspec.domain.page import Page
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import database, paging, search
from smartspec.store.models.executions import ExecutionRow
from smartspec.store.models.fields import builder, columns

_ALL = columns(ExecutionRow)
_build = builder(Execution, ExecutionRow)
_NEWEST_FIRST = "ORDER BY created_at DESC, pk DESC"
_EQUAL = ("workflow", "trigger", "user_name", "session_id", "correlation_id", "schedule", "parent", "pinned")
_COMPARED = (("since", "created_at >= ?"), ("until", "created_at < ?"), ("longer_ms", "duration_ms >= ?"),
             ("shorter_ms", "duration_ms <= ?"))  # fmt: skip
_SCANNED = ("trigger", "pinned", "longer_ms", "shorter_ms", "tag")  # what no index serves
_LARGE_TRASH = 500  # executions; fewer are read sooner than their words are found among all (measured)
_STEP = 100_000  # executions; about 30 ms where the pages are in memory (measured)
_ACTIVE = "status IN ('pending', 'running', 'paused', 'interrupted')"  # word for word as the index says it
_IN_TRASH = "deleted_at IS NOT NULL"
PageCursor = tuple[int, int]  # in the order of lists: a moment of creation (ms) and a key
_TAGGED = (
    "workflow IN (SELECT w.pk FROM workflows AS w, json_each(iif(json_valid(w.tags), w.tags, '[]')) AS t"
    " WHERE t.value = ?)"
)


def page(
    wanted: ExecutionFilter, after: str | None = None, limit: int = 50, *, oldest_first: bool = False
) -> Page[Execution]:
    """Several statuses are read side by side, each by its index, and merged."""
    start = None if after is None else parse_cursor(after)
    if wanted.words or wanted.phrases:
        return _page(_searched(wanted, start, limit + 1, oldest_first), limit, None)
    return _page(_listed(wanted, start, None, limit + 1, oldest_first), limit, None)


def step(
    wanted: ExecutionFilter, after: str | None = None, limit: int = 50, *, oldest_first: bool = False
) -> Page[Execution]:
    """As `page`, but what no index serves is looked for among the next 100,000 only.

    So a page may be short, even empty; where it has a `next`, it goes on there.
    """
    if wanted.words or wanted.phrases or wanted.deleted or all(getattr(wanted, name) is None for name in _SCANNED):
        return page(wanted, after, limit, oldest_first=oldest_first)
    start = None if after is None else parse_cursor(after)
    end = _end_of_step(start, oldest_first)
    last = wanted.until if oldest_first else wanted.since
    if end is not None and last is not None and (end[0] < times.to_ms(last)) is not oldest_first:
        end = None
    return _page(_listed(wanted, start, end, limit + 1, oldest_first), limit, end)


def _page(found: tuple[Execution, ...], limit: int, end: PageCursor | None) -> Page[Execution]:
    """Of what was found up to a cursor, or to the end of all, the first ones."""
    if len(found) > limit:
        end = key_of(found[limit - 1])
    return Page(found[:limit], None if end is None else paging.next_key(*end))


def cursor_after(execution: Execution) -> str:
    """The cursor of the page that follows an execution."""
    return paging.next_key(*key_of(execution))


def _listed(
    wanted: ExecutionFilter, start: PageCursor | None, end: PageCursor | None, limit: int, oldest_first: bool
) -> tuple[Execution, ...]:
    where, values = _from(*_where(wanted), start, oldest_first)
    if end is not None:
        where, values = [*where, f"(created_at, pk) {'<=' if oldest_first else '>='} (?, ?)"], [*values, *end]
    sql, values = _merged(where, values, sorted(wanted.status), f"{_order(oldest_first)} LIMIT {limit:d}")
    return tuple(map(_build, database.rows(sql, values)))


def _end_of_step(start: PageCursor | None, oldest_first: bool) -> PageCursor | None:
    """Where the step that begins after a cursor ends; None where that is the end of all."""
    where, values = _from(["deleted_at IS NULL"], [], start, oldest_first)
    order = _order(oldest_first)
    sql = f"SELECT created_at, pk FROM executions WHERE {' AND '.join(where)} {order} LIMIT 1 OFFSET ?"  # noqa: S608
    found = database.rows(sql, [*values, _STEP - 1])
    return (int(found[0][0]), int(found[0][1])) if found else None


def parse_cursor(after: str) -> PageCursor:
    """Where a page goes on. Raises Invalid."""
    created, pk = paging.cursor(after, 2)
    return int(created), int(pk)


def key_of(execution: Execution) -> PageCursor:
    return times.to_ms(execution.created_at), execution.pk


def _order(oldest_first: bool) -> str:
    return "ORDER BY created_at, pk" if oldest_first else _NEWEST_FIRST


def _from(
    where: list[str], values: list[object], start: PageCursor | None, oldest_first: bool
) -> tuple[list[str], list[object]]:
    """What follows a row, told by its moment of creation and its key."""
    if start is None:
        return where, values
    return [*where, f"(created_at, pk) {'>' if oldest_first else '<'} (?, ?)"], [*values, *start]


def _merged(
    where: list[str], values: list[object], statuses: list[ExecutionStatus], end: str
) -> tuple[str, list[object]]:
    """One statement over the rows of each status, in order; every part ends as the whole does."""
    if len(statuses) < 2:
        where, values = _with_statuses(where, values, statuses)
        return f"SELECT {_ALL} FROM executions WHERE {' AND '.join(where)} {end}", values  # noqa: S608 - our own words
    part = f"SELECT * FROM (SELECT {_ALL} FROM executions WHERE {' AND '.join([*where, 'status = ?'])} {end})"  # noqa: S608
    each = [value for status in statuses for value in (*values, status.value)]
    return f"{' UNION ALL '.join([part] * len(statuses))} {end}", each


def _with_statuses(
    where: list[str], values: list[object], statuses: list[ExecutionStatus]
) -> tuple[list[str], list[object]]:
    if not statuses:
        return where, values
    return [*where, f"status IN ({', '.join('?' * len(statuses))})"], [*values, *(each.value for each in statuses)]


def _searched(
    wanted: ExecutionFilter, start: PageCursor | None, most: int | None, oldest_first: bool = False
) -> tuple[Execution, ...]:
    """Those with the words asked for: of what has ended by the index, of what has not by looking."""
    where, values = _from(*_with_statuses(*_where(wanted), sorted(wanted.status)), start, oldest_first)
    if wanted.deleted and not _is_trash_large():
        return tuple(islice(_looked_through(wanted, where, values, oldest_first), most))
    ended = _indexed(wanted, where, values, start, most, oldest_first)
    unended = _unended(wanted, where, values, oldest_first)
    both = merge(ended, unended, key=key_of, reverse=not oldest_first)
    return tuple(islice(both, most))


def has_to_read(wanted: ExecutionFilter) -> bool:
    """Whether the index alone cannot tell what fits: phrases, longer Chinese words, the trash."""
    return bool(wanted.words or wanted.phrases) and (wanted.deleted or search.verifier(wanted) is not None)


def _count_searched(wanted: ExecutionFilter, at_most: int | None) -> int:
    asked = search.expression(wanted)
    if (wanted.deleted and not _is_trash_large()) or asked is None or search.verifier(wanted):
        return len(_searched(wanted, None, at_most))
    where, values = _with_statuses(*_where(wanted), sorted(wanted.status))
    bounds, limits = _bounds(wanted, None)
    conditions = " AND ".join(["execution_search MATCH ?", *bounds, *where])
    inner = f"SELECT 1 FROM {search.JOINED} WHERE {conditions} LIMIT ?"  # noqa: S608 - our own words
    most = -1 if at_most is None else at_most
    ended = int(database.scalar(f"SELECT count(*) FROM ({inner})", [asked, *limits, *values, most]))  # noqa: S608
    both = ended + sum(1 for _ in _unended(wanted, where, values))
    return both if at_most is None else min(both, at_most)


def _unended(
    wanted: ExecutionFilter, where: list[str], values: list[object], oldest_first: bool = False
) -> Iterator[Execution]:
    where = [f"+{each}" if each == _IN_TRASH else each for each in where]  # not by the index of the trash: by status
    return _looked_through(wanted, [*where, _ACTIVE], values, oldest_first)


def _looked_through(
    wanted: ExecutionFilter, where: list[str], values: list[object], oldest_first: bool
) -> Iterator[Execution]:
    sql = f"SELECT {_ALL} FROM executions WHERE {' AND '.join(where)} {_order(oldest_first)}"  # noqa: S608
    return filter(search.reader(wanted), map(_build, database.rows(sql, values)))


def _indexed(
    wanted: ExecutionFilter,
    where: list[str],
    values: list[object],
    start: PageCursor | None,
    most: int | None,
    oldest_first: bool,
) -> Iterator[Execution]:
    asked = search.expression(wanted)
    if asked is None:
        return
    verify = search.verifier(wanted)
    bounds, limits = _bounds(wanted, None if oldest_first else start)
    if oldest_first and start is not None:
        bounds, limits = [*bounds, "found.rowid >= ?"], [*limits, search.row_id(start[0])]
    order = "found.rowid" if oldest_first else "found.rowid DESC"
    end = "" if verify or most is None else f" LIMIT {most:d}"
    sql = (
        f"SELECT {_ALL} FROM {search.JOINED} WHERE execution_search MATCH ?"  # noqa: S608 - our own words
        f" AND {' AND '.join([*bounds, *where])} ORDER BY {order}{end}"
    )
    for row in database.execute(sql, [asked, *limits, *values]):
        execution = _build(row)
        if verify is None or verify(execution):
            yield execution


def _bounds(wanted: ExecutionFilter, start: PageCursor | None) -> tuple[list[str], list[int]]:
    """The times of a filter, and of what is in the trash, as row ids of the index, so that it looks no further."""
    where, values = _trash_bounds() if wanted.deleted else ([], [])
    if wanted.since is not None:
        where.append("found.rowid >= ?")
        values.append(search.row_id(times.to_ms(wanted.since)))
    until = [times.to_ms(wanted.until)] if wanted.until is not None else []
    if latest := [*until, *([start[0] + 1] if start else [])]:
        where.append("found.rowid < ?")
        values.append(search.row_id(min(latest)))
    return where, values


def newest_ids(wanted: ExecutionFilter, limit: int) -> list[str]:
    """The ids of the newest that a filter lets through."""
    if wanted.words or wanted.phrases:
        return [each.id for each in _searched(wanted, None, limit)]
    where, values = _with_statuses(*_where(wanted), sorted(wanted.status))
    sql = f"SELECT id FROM executions WHERE {' AND '.join(where)} {_NEWEST_FIRST} LIMIT ?"  # noqa: S608 - our own words
    return [id_ for (id_,) in database.rows(sql, [*values, limit])]


def _trash_bounds() -> tuple[list[str], list[int]]:
    """Retention puts the oldest there: then nothing that is newer is asked for."""
    oldest, newest = (
        database.scalar(f"SELECT created_at FROM executions WHERE {_IN_TRASH} ORDER BY created_at {order} LIMIT 1")  # noqa: S608
        for order in ("ASC", "DESC")
    )
    if oldest is None or newest is None:
        return [], []
    return ["found.rowid >= ?", "found.rowid < ?"], [search.row_id(oldest), search.row_id(newest + 1)]


def _is_trash_large() -> bool:
    sql = f"SELECT 1 FROM executions WHERE {_IN_TRASH} LIMIT 1 OFFSET ?"  # noqa: S608 - our own words
    return database.scalar(sql, (_LARGE_TRASH,)) is not None


def slice_(wanted: ExecutionFilter, limit: int, offset: int) -> tuple[Execution, ...]:
    """Newest first, by offset, as SmartSpec Pro's callers ask; the rows before it are counted in the index alone."""
    where, values = _with_statuses(*_where(wanted), sorted(wanted.status))
    keys = f"SELECT pk FROM executions WHERE {' AND '.join(where)} {_NEWEST_FIRST} LIMIT ? OFFSET ?"  # noqa: S608
    sql = f"SELECT {_ALL} FROM executions WHERE pk IN ({keys}) {_NEWEST_FIRST}"  # noqa: S608 - our own words
    return tuple(map(_build, database.rows(sql, [*values, limit, offset])))


def count(wanted: ExecutionFilter, at_most: int | None = None) -> int:
    """How many there are; counting stops at `at_most`."""
    if wanted.words or wanted.phrases:
        return _count_searched(wanted, at_most)
    where, values = _with_statuses(*_where(wanted), sorted(wanted.status))
    # in the order of an index it reads that alone, and not the table (measured: half the time); several have none
    along = "ORDER BY created_at" if at_most is not None and len(wanted.status) < 2 else ""
    inner = f"SELECT 1 FROM executions WHERE {' AND '.join(where)} {along} LIMIT ?"  # noqa: S608
    return int(database.scalar(f"SELECT count(*) FROM ({inner})", [*values, -1 if at_most is None else at_most]))  # noqa: S608


def _where(wanted: ExecutionFilter) -> tuple[list[str], list[object]]:
    """The conditions of all that was asked but the status, and their values."""
    where, values = [f"deleted_at IS {'NOT NULL' if wanted.deleted else 'NULL'}"], list[object]()
    for column in _EQUAL:
        if (value := getattr(wanted, column)) is not None:
            where.append(f"{column} = ?")
            values.append(value)
    if wanted.workspace is not None and wanted.workflow is None and _several_workspaces():
        where.append("+workspace = ?")  # the + keeps the planner from an index that the order does not follow
        values.append(wanted.workspace)
    for name, condition in _COMPARED:
        if (bound := getattr(wanted, name)) is not None:
            where.append(condition)
            values.append(times.to_ms(bound) if isinstance(bound, datetime) else bound)
    if wanted.tag is not None:
        where.append(_TAGGED)
        values.append(wanted.tag)
    return where, values


def _several_workspaces() -> bool:
    return int(database.scalar("SELECT count(*) FROM workspaces")) > 1


def results_by_version(workflow: WorkflowPk, most: int = 5_000) -> dict[VersionPk, tuple[int, int]]:
    """Completed and ended executions by version, of the newest `most`."""
    newest = (
        "SELECT version, status FROM executions WHERE deleted_at IS NULL AND workflow = ? AND version IS NOT NULL"  # noqa: S608
        f" {_NEWEST_FIRST} LIMIT ?"
    )
    sql = (
        "SELECT version, sum(status = 'completed'), sum(status IN ('completed', 'failed', 'timeout', 'cancelled'))"  # noqa: S608
        f" FROM ({newest}) GROUP BY version"
    )
    return {version: (completed, ended) for version, completed, ended in database.rows(sql, (workflow, most))}
