"""The audit trail that is stored: the events of workflows that are of no execution."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.domain import times
from smartspec.domain.audit import KIND_OF, AuditEntry, AuditFilter
from smartspec.domain.event import Event
from smartspec.domain.ids import WorkflowPk, WorkspacePk
from smartspec.domain.jsontext import dump
from smartspec.domain.page import Page
from smartspec.store import database, paging
from smartspec.store.models.events import EventRow
from smartspec.store.models.fields import builder, field_count, prefixed

_build = builder(Event, EventRow)
# The keys by the partial index alone, sorted; then as many rows as a page wants. The LIMIT keeps the two apart.
_KEYS = (
    "SELECT pk AS key FROM events INDEXED BY events_workflow WHERE workflow IS NOT NULL AND execution IS NULL"
    "{more} ORDER BY pk DESC LIMIT -1"
)
_FROM = (
    " FROM ({keys}) AS listed CROSS JOIN events AS e ON e.pk = listed.key LEFT JOIN workflows AS w ON w.pk = e.workflow"
)
# What is kept as one types is no change yet.
_NO_DRAFTS = """(e.type <> 'workflow_updated' OR e.data IS NULL OR e.data NOT LIKE '{"working_copy":%')"""
_PURGED = (
    "SELECT workflow, iif(json_valid(data), data ->> 'ref', NULL) FROM events"
    " WHERE workflow IN (SELECT value FROM json_each(?)) AND execution IS NULL AND type = 'workflow_purged' ORDER BY pk"
)

# Its purge is the last that was written of a workflow. One of another workspace is left out; before it was written
# down of which it was, nobody knows, nor where that workspace is gone.
_HERE = """(w.workspace = ? OR (w.pk IS NULL AND ifnull((
    SELECT iif(json_valid(p.data), p.data ->> 'workspace', NULL) FROM events AS p INDEXED BY events_workflow
    WHERE p.workflow = e.workflow AND p.execution IS NULL ORDER BY p.pk DESC LIMIT 1
), '') NOT IN (SELECT slug FROM workspaces WHERE pk <> ?)))"""


def page(wanted: AuditFilter, after: str | None = None, limit: int = 100) -> Page[AuditEntry]:
    """Newest first."""
    start = None if after is None else int(paging.cursor(after)[0])
    source, values = _source(wanted, start)
    sql = f"SELECT {prefixed(EventRow, 'e')}, w.id, w.name, w.ref, w.deleted_at{source} ORDER BY e.pk DESC LIMIT ?"
    rows = database.rows(sql, [*values, limit + 1])
    found = tuple(_entries(rows[:limit]))
    return Page(found, paging.next_key(found[-1].event.pk) if len(rows) > limit else None)


def cursor_after(entry: AuditEntry) -> str:
    """The cursor of the page that follows an entry."""
    return paging.next_key(entry.event.pk)


def count(wanted: AuditFilter, at_most: int | None) -> int:
    """How many there are; counting stops at `at_most`."""
    source, values = _source(wanted, None)
    most = -1 if at_most is None else at_most
    return int(database.scalar(f"SELECT count(*) FROM (SELECT 1{source} LIMIT ?)", [*values, most]))  # noqa: S608


def actors(workspace: WorkspacePk) -> list[str]:
    """Who did something, by name."""
    source, values = _source(AuditFilter(workspace=workspace), None)
    found = database.rows(f"SELECT DISTINCT e.actor{source}", values)
    return sorted(actor for (actor,) in found if actor)


def _entries(rows: list[tuple[object, ...]]) -> Iterator[AuditEntry]:
    width = field_count(EventRow)
    events: list[Event] = [_build(row[:width]) for row in rows]
    purged = _refs_of_purged({each.workflow for each, row in zip(events, rows, strict=True) if row[width] is None})
    for event, row in zip(events, rows, strict=True):
        id_, name, ref, deleted_at = row[width:]
        if id_ is None:
            gone = purged.get(event.workflow, "")
            yield AuditEntry(event, None, gone, gone, False)
        else:
            yield AuditEntry(event, str(id_), str(name), str(ref), deleted_at is not None)


def _refs_of_purged(workflows: set[WorkflowPk | None]) -> dict[WorkflowPk | None, str]:
    """By what was written down when they were deleted for good."""
    found = database.rows(_PURGED, (dump([*workflows]),)) if workflows else []
    return {workflow: str(ref or "") for workflow, ref in found}


def _source(wanted: AuditFilter, before: int | None) -> tuple[str, list[object]]:
    """FROM and WHERE, and their values."""
    keys, values = "", list[object]()
    if wanted.workflow is not None:
        keys, values = " AND workflow = ?", [wanted.workflow]
    if before is not None:
        keys, values = f"{keys} AND pk < ?", [*values, before]
    where, more = _where(wanted)
    return f"{_FROM.format(keys=_KEYS.format(more=keys))} WHERE {' AND '.join(where)}", [*values, *more]


def _where(wanted: AuditFilter) -> tuple[list[str], list[object]]:
    where, values = [_NO_DRAFTS, "e.type IN (SELECT value FROM json_each(?))"], list[object]([_types(wanted)])
    if wanted.workspace is not None:
        where.append(_HERE)
        values += [wanted.workspace] * 2
    if wanted.actor is not None:
        where.append("e.actor = ?")
        values.append(wanted.actor)
    for bound, condition in ((wanted.since, "e.at >= ?"), (wanted.until, "e.at < ?")):
        if bound is not None:
            where.append(condition)
            values.append(times.to_ms(bound))
    if wanted.text:
        part = "%" + "".join(f"\\{each}" if each in "%_\\" else each for each in wanted.text) + "%"
        texts = ("w.name", "w.ref", "e.message", "e.data", "e.actor")
        where.append(f"({' OR '.join(f'{each} LIKE ? ESCAPE char(92)' for each in texts)})")
        values += [part] * len(texts)
    return where, values


def _types(wanted: AuditFilter) -> str:
    return dump([type_.value for type_, kind in KIND_OF.items() if not wanted.kinds or kind in wanted.kinds])
