"""What is newer than a backup as rows for a file: executions in the form in which they are imported, and texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from smartspec.domain import times
from smartspec.domain.engine.states import FINAL
from smartspec.domain.jsontext import Json
from smartspec.store.backup.newer import Known, rows_gone_on, rows_since
from smartspec.store.database.sqlite import Connection
from smartspec.value import frozen

MOST_TASKS = 10_000  # of an execution, as the import takes them
Row = dict[str, Json]
Read = Callable[[Connection, Known], Iterator[Row]]
_ENDED = frozenset(each.value for each in FINAL)
_FIELDS = (
    "id", "status", "workflow_name", "workflow_version", "created_at", "started_at", "completed_at", "duration_ms",
    "input", "output", "error", "note", "trigger", "triggered_by", "user_name", "session_id", "correlation_id", "pk",
)  # fmt: skip
_TASK_FIELDS = (
    "task", "status", "started_at", "completed_at", "duration_ms", "input", "output", "error", "exit_code", "item",
    "item_index", "attempt",
)  # fmt: skip
_NAMES = {"workflow_name": "workflow", "workflow_version": "version", "task": "name"}
_TIMES, _TEXTS = frozenset({"created_at", "started_at", "completed_at"}), frozenset({"input", "output", "item"})
_TASKS = (
    f"SELECT {', '.join(_TASK_FIELDS)} FROM task_executions"  # noqa: S608 - our own words
    " WHERE execution = ? AND status NOT IN ('pending', 'running') ORDER BY pk LIMIT ?"
)


@frozen
class NewerText:
    """A version of a workflow, or (`number` None) what was written and is no version yet."""

    ref: str
    number: int | None
    source: str
    format: str


def ended_since(mine: Connection, known: Known) -> Iterator[Row]:
    """Those that the backup does not have."""
    return _ended(mine, rows_since(mine, known, ", ".join(_FIELDS)))


def gone_on(mine: Connection, known: Known) -> Iterator[Row]:
    """Those that it has, before their end."""
    return _ended(mine, rows_gone_on(mine, known, ", ".join(_FIELDS)))


def _ended(mine: Connection, rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    for row in rows:
        values = dict(zip(_FIELDS, row, strict=True))
        pk = values.pop("pk")
        if values["status"] in _ENDED:
            tasks = mine.execute(_TASKS, (pk, MOST_TASKS)).fetchall()
            made = _told(values)
            made["tasks"] = [_told(dict(zip(_TASK_FIELDS, each, strict=True))) for each in tasks] or None
            yield {name: value for name, value in made.items() if value is not None}


def _told(values: dict[str, object]) -> Row:
    return {_NAMES.get(name, name): _as_json(name, value) for name, value in values.items() if value is not None}


def _as_json(name: str, value: object) -> Json:
    if name in _TIMES and isinstance(value, int):
        return times.from_ms(value).isoformat()
    if name in _TEXTS and isinstance(value, str):
        text: Json = json.loads(value)
        return text
    return value if isinstance(value, str | int) else str(value)


def texts(mine: Connection, known: Known) -> Iterator[NewerText]:
    """Versions that were made since, oldest first, then what was written since and not saved as one."""
    versions = mine.execute(
        "SELECT coalesce(w.ref, 'removed'), v.number, v.source, v.source_format FROM workflow_versions AS v"
        " LEFT JOIN workflows AS w ON w.pk = v.workflow WHERE v.created_at >= ? ORDER BY v.pk", (known.made_ms,),
    )  # fmt: skip
    for row in versions:
        yield NewerText(*row)
    drafts = mine.execute(
        "SELECT w.ref, NULL, c.source, c.source_format FROM working_copies AS c JOIN workflows AS w"
        " ON w.pk = c.workflow WHERE c.updated_at >= ? ORDER BY w.pk", (known.made_ms,),
    )  # fmt: skip
    for row in drafts:
        yield NewerText(*row)
