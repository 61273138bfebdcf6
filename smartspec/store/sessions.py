"""Sessions and users: what programs gave, to find executions by. In fixed SQL: they are read along indexes."""

from collections import defaultdict

from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.jsontext import dump
from smartspec.domain.session_summary import SessionSummary
from smartspec.store import database

_NEWEST = (
    "SELECT session_id, max(created_at) AS last FROM executions INDEXED BY executions_session"
    " WHERE session_id IS NOT NULL GROUP BY session_id ORDER BY last DESC, session_id LIMIT ? OFFSET ?"
)
_TOTALS = (
    "SELECT session_id, workflow_name, status, count(*), min(created_at), max(created_at) FROM executions"
    " WHERE session_id IN (SELECT value FROM json_each(?)) AND workspace = ? AND deleted_at IS NULL"
    " GROUP BY session_id, workflow_name, status ORDER BY workflow_name"
)
_USERS = (  # from one name to the next along the index, however many executions each has
    "WITH RECURSIVE users (name) AS ("
    " SELECT min(user_name) FROM executions WHERE user_name IS NOT NULL UNION ALL"
    " SELECT (SELECT min(user_name) FROM executions WHERE user_name > name) FROM users WHERE name IS NOT NULL"
    ") SELECT name FROM users WHERE name IS NOT NULL LIMIT ?"
)


def newest(workspace: WorkspacePk, limit: int, offset: int) -> tuple[tuple[SessionSummary, ...], bool]:
    """Of `limit` sessions those with executions in a workspace, the last used first; and whether more may come."""
    ids = [str(id_) for id_, _last in database.rows(_NEWEST, (limit, offset))]
    totals = defaultdict[str, list[tuple[str, str, int, int, int]]](list)
    for id_, *rest in database.rows(_TOTALS, (dump([*ids]), workspace)):
        totals[id_].append((str(rest[0]), str(rest[1]), int(rest[2]), int(rest[3]), int(rest[4])))
    return tuple(_summary(id_, totals[id_]) for id_ in ids if id_ in totals), len(ids) == limit


def _summary(id_: str, rows: list[tuple[str, str, int, int, int]]) -> SessionSummary:
    counts = defaultdict[ExecutionStatus, int](int)
    for _workflow, status, count, _first, _last in rows:
        counts[ExecutionStatus(status)] += count
    workflows = tuple(dict.fromkeys(workflow for workflow, *_ in rows))
    begin, last = min(row[3] for row in rows), max(row[4] for row in rows)
    return SessionSummary(id_, dict(counts), workflows, times.from_ms(begin), times.from_ms(last))


def users(limit: int) -> tuple[str, ...]:
    """The names that executions were started with, in their order."""
    return tuple(str(name) for (name,) in database.rows(_USERS, (limit,)))
