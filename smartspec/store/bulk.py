"""Many executions at once: rows, events, counts and the full-text index, each by one statement over all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from smartspec.changes import Topic
from smartspec.domain.ids import new_id
from smartspec.domain.imported import Imported
from smartspec.store import database, metrics, search

_COLUMNS = (
    "pk, id, workspace, workflow, workflow_name, workflow_version, kind, number, status, status_reason, attempt,"
    " trigger, triggered_by, session_id, user_name, correlation_id, input, output, error, note, running_ms, created_at,"
    " started_at, completed_at, duration_ms"
)
_ADD = f"INSERT INTO executions ({_COLUMNS}) VALUES ({', '.join('?' * 25)})"  # noqa: S608 - our own names
_EVENT = "INSERT INTO events (at, level, type, workflow, execution, actor, process) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ASKED_AT_ONCE = 500

Workflows = Mapping[str, tuple[int, int, str]]  # key, workspace and name, by how a line names it


def known_ids(ids: Iterable[str]) -> set[str]:
    """Those of some ids that executions have."""
    asked, found = [*ids], set[str]()
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        part = asked[start : start + _ASKED_AT_ONCE]
        sql = f"SELECT id FROM executions WHERE id IN ({', '.join('?' * len(part))})"  # noqa: S608
        found |= {id_ for (id_,) in database.rows(sql, part)}
    return found


def add_executions(read: Sequence[Imported], workflows: Workflows, by: str) -> None:
    """Insert executions that have ended, inside a transaction; the numbers of each workflow follow their times."""
    if not read:
        return
    connection = database.database.connection()
    first = (database.scalar("SELECT max(pk) FROM executions") or 0) + 1
    numbers = _last_numbers(workflows)
    rows, events, counted, documents = [], [], [], []
    for pk, each in enumerate(sorted(read, key=lambda each: each.created), start=first):
        workflow, workspace, name = workflows[each.workflow]
        numbers[workflow] += 1
        lasted = each.completed - each.started
        rows.append((
            pk, each.id or new_id(), workspace, workflow, name, each.version, "external", numbers[workflow],
            each.status, each.reason, 1, each.trigger, each.triggered_by or by, each.session_id, each.user_name,
            each.correlation_id,
            each.input, each.output, each.error, each.note, lasted, each.created, each.started, each.completed, lasted,
        ))  # fmt: skip
        level = "info" if each.status in ("completed", "cancelled") else "error"
        events.append((each.completed, level, f"execution_{each.status}", workflow, pk, by, database.process))
        counted.append((workflow, each.status, lasted, each.completed))
        given, output = (None if text is None else json.loads(text) for text in (each.input, each.output))
        text = search.searched_text(name, each.error, each.note, each.correlation_id, given, output)
        documents.append((search.row_id(each.created, pk), search.document_text(workflow, text)))
        database.wrote(Topic.EXECUTIONS, pk)
    connection.executemany(_ADD, rows)
    connection.executemany(_EVENT, events)
    connection.executemany(search.ADD, documents)
    metrics.count_executions(connection, counted)
    connection.executemany(
        "UPDATE workflows SET last_number = ? WHERE pk = ?", [(number, pk) for pk, number in numbers.items()]
    )


def _last_numbers(workflows: Workflows) -> dict[int, int]:
    keys = [pk for pk, _, _ in workflows.values()]
    return {pk: database.scalar("SELECT last_number FROM workflows WHERE pk = ?", (pk,)) for pk in keys}
