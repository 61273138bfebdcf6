"""Many executions at once: rows, events, counts and the full-text index, each by one statement over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from smartspec.changes import Topic
from smartspec.domain.ids import ExecutionPk, WorkflowPk, WorkspacePk, new_ids
from smartspec.domain.imported_execution import ImportedExecution
from smartspec.store import database, metrics, search
from smartspec.store.database.sqlite import Connection

_EVENT = "INSERT INTO events (at, level, type, workflow, execution, actor, process) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ASKED_AT_ONCE = 500

Owner = tuple[WorkflowPk, WorkspacePk, str]  # the key of a workflow, its workspace and its name
Workflows = Mapping[str, Owner]  # by how a line names it
_AS_THEY_ARE = ("status", "trigger", "session_id", "user_name", "correlation_id", "input", "output", "error", "note")
_EVENTS = {  # level and type, by status
    "completed": ("info", "execution_completed"), "cancelled": ("info", "execution_cancelled"),
    "failed": ("error", "execution_failed"), "timeout": ("error", "execution_timeout"),
}  # fmt: skip


def known_ids(ids: Iterable[str]) -> set[str]:
    """Those of some ids that executions have."""
    asked, found = [*ids], set[str]()
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        part = asked[start : start + _ASKED_AT_ONCE]
        sql = f"SELECT id FROM executions WHERE id IN ({', '.join('?' * len(part))})"  # noqa: S608
        found |= {id_ for (id_,) in database.rows(sql, part)}
    return found


def add_executions(read: Sequence[ImportedExecution], workflows: Workflows, by: str) -> None:
    """Insert executions that have ended, inside a transaction; the numbers of each workflow follow their times."""
    if not read:
        return
    connection = database.database.connection()
    ordered = sorted(read, key=lambda each: each.created_at)
    first = (database.scalar("SELECT seq FROM sqlite_sequence WHERE name = 'executions'") or 0) + 1
    keys = [ExecutionPk(key) for key in range(first, first + len(ordered))]
    owners = [workflows[each.workflow] for each in ordered]
    numbers = _last_numbers(workflows)
    _insert(connection, _columns(ordered, keys, owners, numbers, by), owners[0][1])
    process = database.writer_id()
    connection.executemany(_EVENT, (
        (each.completed_at, *_EVENTS[each.status], owner[0], pk, by, process)
        for pk, each, owner in zip(keys, ordered, owners, strict=True)
    ))  # fmt: skip
    _insert_tasks(connection, keys, ordered, owners)
    connection.executemany(search.ADD, map(_document, keys, ordered, owners))
    metrics.count_executions(
        connection, ((owner[0], each.status, each.completed_at - each.started_at, each.completed_at)
                     for each, owner in zip(ordered, owners, strict=True)),
    )  # fmt: skip
    connection.executemany(
        "UPDATE workflows SET last_number = ? WHERE pk = ?", [(number, pk) for pk, number in numbers.items()]
    )
    database.record_changes(Topic.EXECUTIONS, keys)


def _columns(
    ordered: Sequence[ImportedExecution],
    keys: Iterable[ExecutionPk],
    owners: Sequence[Owner],
    numbers: dict[WorkflowPk, int],
    by: str,
) -> dict[str, Sequence[object]]:
    """Column by column; `numbers` counts on."""
    counted = []
    for workflow, _, _ in owners:
        numbers[workflow] += 1
        counted.append(numbers[workflow])
    lasted = [each.completed_at - each.started_at for each in ordered]
    return {
        "pk": [*keys],
        "id": [each.id or id_ for each, id_ in zip(ordered, new_ids(len(ordered)), strict=True)],
        "workflow": [owner[0] for owner in owners],
        "workflow_name": [owner[2] for owner in owners],
        "number": counted, "created_at": [each.created_at for each in ordered],
        "started_at": [each.started_at for each in ordered], "completed_at": [each.completed_at for each in ordered],
        "duration_ms": lasted, "workflow_version": [each.version for each in ordered],
        "triggered_by": [each.triggered_by or by for each in ordered],
        "status_reason": [each.reason for each in ordered],
        **{name: [getattr(each, name) for each in ordered] for name in _AS_THEY_ARE},
    }  # fmt: skip


def _insert(connection: Connection, columns: dict[str, Sequence[object]], workspace: WorkspacePk) -> None:
    """Columns that hold nothing are left out, and what stands twice is bound once: binding is half of the cost."""
    used = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    lasted = [*used].index("duration_ms") + 1
    sql = (
        f"INSERT INTO executions ({', '.join(used)}, running_ms, workspace, kind)"  # noqa: S608 - our own names
        f" VALUES ({', '.join(f'?{each}' for each in range(1, len(used) + 1))}, ?{lasted}, {workspace:d}, 'external')"
    )
    connection.executemany(sql, zip(*used.values(), strict=True))


_TASK = (
    "INSERT INTO task_executions (execution, task, task_type, position, round, attempt, item_index, item, status,"
    " status_reason, input, output, error, exit_code, started_at, completed_at, duration_ms)"
    " VALUES (?, ?, 'executor', ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COUNTERS = (
    "UPDATE executions SET tasks_total = ?, tasks_completed = ?, tasks_failed = ?, tasks_skipped = ?,"
    " tasks_cancelled = ? WHERE pk = ?"
)


def _insert_tasks(
    connection: Connection, keys: Iterable[ExecutionPk], ordered: Sequence[ImportedExecution], owners: Sequence[Owner]
) -> None:
    """Of those that tell of any: their rows, counters and metrics."""
    for pk, each, owner in zip(keys, ordered, owners, strict=True):
        if not each.tasks:
            continue
        connection.executemany(_TASK, (
            (pk, task.name, task.position, task.attempt, task.item_index, task.item, task.status, task.reason,
             task.input, task.output, task.error, task.exit_code, task.started_at, task.completed_at, task.duration_ms)
            for task in each.tasks
        ))  # fmt: skip
        last = {(task.name, task.item_index): task.status for task in each.tasks}
        ended = Counter({"timeout": "failed", "interrupted": "failed"}.get(word, word) for word in last.values())
        total = len({task.name for task in each.tasks})
        counts = (ended[word] for word in ("completed", "failed", "skipped", "cancelled"))
        connection.execute(_COUNTERS, (total, *counts, pk))
        for task in each.tasks:
            metrics.count_task(
                connection, owner[0], task.name, task.status, task.duration_ms, None, None, task.completed_at
            )


def _document(pk: ExecutionPk, each: ImportedExecution, owner: Owner) -> tuple[int, str]:
    workflow, _, name = owner
    text = search.searched_text(name, each.error, each.note, each.correlation_id, each.input, each.output)
    return search.row_id(each.created_at, pk), search.document_text(workflow, text)


def _last_numbers(workflows: Workflows) -> dict[WorkflowPk, int]:
    keys = [pk for pk, _, _ in workflows.values()]
    return {pk: database.scalar("SELECT last_number FROM workflows WHERE pk = ?", (pk,)) for pk in keys}
