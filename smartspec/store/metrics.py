"""Counts and durations, kept up in the transaction of each status change; rebuilt from rows they are the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from smartspec.domain.alert.rules import Usual
from smartspec.domain.ids import WorkflowPk, WorkspacePk
from smartspec.domain.metric import Metric
from smartspec.store import database
from smartspec.store.database.sqlite import Connection
from smartspec.store.models.fields import read
from smartspec.store.models.metrics import MetricRow

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
_SIZES = {"hour": HOUR_MS, "day": DAY_MS}
_STATUSES = ("completed", "failed", "timeout", "cancelled", "skipped", "interrupted")

_UPSERT = {
    status: (
        f"INSERT INTO metrics (entity_type, entity, task, granularity, bucket, {status}, duration_sum_ms,"  # noqa: S608
        " duration_min_ms, duration_max_ms, cpu_ms, peak_memory_bytes, last_executed_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, 1, coalesce(?6, 0), ?6, ?6, ?7, ?8, ?9)"
        f" ON CONFLICT DO UPDATE SET {status} = {status} + 1, duration_sum_ms = duration_sum_ms + coalesce(?6, 0),"
        " duration_min_ms = min(coalesce(duration_min_ms, ?6), coalesce(?6, duration_min_ms)),"
        " duration_max_ms = max(coalesce(duration_max_ms, ?6), coalesce(?6, duration_max_ms)),"
        " cpu_ms = cpu_ms + ?7, peak_memory_bytes = max(peak_memory_bytes, ?8),"
        " last_executed_at = max(last_executed_at, ?9)"
    )
    for status in _STATUSES
}

_ADD_MANY = {
    status: (
        f"INSERT INTO metrics (entity_type, entity, task, granularity, bucket, {status}, duration_sum_ms,"  # noqa: S608
        " duration_min_ms, duration_max_ms, last_executed_at) VALUES ('workflow', ?1, '', ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        f" ON CONFLICT DO UPDATE SET {status} = {status} + ?4, duration_sum_ms = duration_sum_ms + ?5,"
        " duration_min_ms = min(coalesce(duration_min_ms, ?6), coalesce(?6, duration_min_ms)),"
        " duration_max_ms = max(coalesce(duration_max_ms, ?7), coalesce(?7, duration_max_ms)),"
        " last_executed_at = max(last_executed_at, ?8)"
    )
    for status in _STATUSES
}
ViewRow = dict[str, Any]  # of a view of metrics, by column


def buckets(at_ms: int) -> tuple[tuple[str, int], ...]:
    """The hour, the day and the whole that a moment falls into."""
    return ("hour", at_ms - at_ms % HOUR_MS), ("day", at_ms - at_ms % DAY_MS), ("total", 0)


def count_execution(
    connection: Connection, workflow: WorkflowPk | None, status: str, duration_ms: int | None, at_ms: int
) -> None:
    if workflow is not None:
        _count(connection, "workflow", workflow, "", status, duration_ms, 0, 0, at_ms)


def count_executions(connection: Connection, ended: Iterable[tuple[int, str, int, int]]) -> None:
    """Many at once, as (workflow, status, duration ms, when it ended in ms)."""
    hours: dict[tuple[int, str, int], list[int]] = {}
    for workflow, status, lasted, at_ms in ended:
        key = (workflow, status, at_ms - at_ms % HOUR_MS)
        if key in hours:
            _add(hours[key], (1, lasted, lasted, lasted, at_ms))
        else:
            hours[key] = [1, lasted, lasted, lasted, at_ms]
    for granularity, sums in (("hour", hours), ("day", _by_day(hours, DAY_MS)), ("total", _by_day(hours, 0))):
        rows: dict[str, list[tuple[object, ...]]] = {}
        for (workflow, status, bucket), (count, total, least, most, last) in sums.items():
            measured = (total, least, most) if status == "completed" else (0, None, None)
            rows.setdefault(status, []).append((workflow, granularity, bucket, count, *measured, last))
        for status, values in rows.items():
            connection.executemany(_ADD_MANY[status], values)


def _by_day(hours: dict[tuple[int, str, int], list[int]], size: int) -> dict[tuple[int, str, int], list[int]]:
    """The sums of hours as those of days; of all time with a size of 0."""
    days: dict[tuple[int, str, int], list[int]] = {}
    for (workflow, status, bucket), sums in hours.items():
        key = (workflow, status, bucket - bucket % size if size else 0)
        if key in days:
            _add(days[key], sums)
        else:
            days[key] = [*sums]
    return days


def _add(found: list[int], more: Sequence[int]) -> None:
    """Count, sum, least, most and last."""
    found[0] += more[0]
    found[1] += more[1]
    found[2], found[3], found[4] = min(found[2], more[2]), max(found[3], more[3]), max(found[4], more[4])


def count_task(
    connection: Connection,
    workflow: WorkflowPk | None,
    task: str,
    status: str,
    duration_ms: int | None,
    cpu_ms: int | None,
    memory: int | None,
    at_ms: int,
) -> None:
    """An attempt that ended at a moment (ms since the epoch), by its status; `memory` is its peak in bytes."""
    if workflow is not None:
        _count(connection, "task", workflow, task, status, duration_ms, cpu_ms or 0, memory or 0, at_ms)


def _count(
    connection: Connection,
    kind: str,
    entity: int,
    task: str,
    status: str,
    duration_ms: int | None,
    cpu_ms: int,
    memory: int,
    at_ms: int,
) -> None:
    measured = duration_ms if status == "completed" else None  # how long failures took says nothing about the work
    for granularity, bucket in buckets(at_ms):
        values = (kind, entity, task, granularity, bucket, measured, cpu_ms, memory, at_ms)
        connection.execute(_UPSERT[status], values)


COUNTS_OF_EXECUTIONS = """
INSERT INTO {into} (entity_type, entity, task, granularity, bucket, completed, failed, timeout, cancelled,
    duration_sum_ms, duration_min_ms, duration_max_ms, last_executed_at)
SELECT 'workflow', workflow, '', ?1, {bucket}, sum(status = 'completed'), sum(status = 'failed'),
    sum(status = 'timeout'), sum(status = 'cancelled'),
    coalesce(sum(duration_ms) FILTER (WHERE status = 'completed'), 0),
    min(duration_ms) FILTER (WHERE status = 'completed'), max(duration_ms) FILTER (WHERE status = 'completed'),
    max(completed_at)
FROM executions
WHERE workflow IS NOT NULL AND completed_at IS NOT NULL
    AND status IN ('completed', 'failed', 'timeout', 'cancelled') AND {where}
GROUP BY workflow, {bucket}
"""

COUNTS_OF_TASKS = """
INSERT INTO {into} (entity_type, entity, task, granularity, bucket, completed, failed, timeout, cancelled, skipped,
    interrupted, duration_sum_ms, duration_min_ms, duration_max_ms, cpu_ms, peak_memory_bytes, last_executed_at)
SELECT 'task', e.workflow, t.task, ?1, {bucket}, sum(t.status = 'completed'), sum(t.status = 'failed'),
    sum(t.status = 'timeout'), sum(t.status = 'cancelled'), sum(t.status = 'skipped'), sum(t.status = 'interrupted'),
    coalesce(sum(t.duration_ms) FILTER (WHERE t.status = 'completed'), 0),
    min(t.duration_ms) FILTER (WHERE t.status = 'completed'), max(t.duration_ms) FILTER (WHERE t.status = 'completed'),
    coalesce(sum(t.cpu_ms), 0), coalesce(max(t.peak_memory_bytes), 0), max(t.completed_at)
FROM task_executions AS t JOIN executions AS e ON e.pk = t.execution
WHERE e.workflow IS NOT NULL AND t.completed_at IS NOT NULL AND t.status NOT IN ('pending', 'running')
    AND {bucket} >= ?2
GROUP BY e.workflow, t.task, {bucket}
"""


def bucket_of(column: str, granularity: str) -> str:
    """The start of the bucket that a moment in a column falls into, as SQL."""
    size = _SIZES.get(granularity)
    return f"{column} - {column} % {size}" if size else f"0 * {column}"


def uncount_execution(connection: Connection, workflow: WorkflowPk, status: str, at_ms: int) -> None:
    """An execution that had ended is no longer what it was: its buckets are counted again, the frozen ones by hand."""
    for granularity, bucket in buckets(at_ms):
        key = (workflow, granularity, bucket)
        where = "entity_type = 'workflow' AND entity = ? AND task = '' AND granularity = ? AND bucket = ?"
        if bucket < frozen_until():
            connection.execute(f"UPDATE metrics SET {status} = {status} - 1 WHERE {where}", key)  # noqa: S608
            continue
        connection.execute(f"DELETE FROM metrics WHERE {where}", key)  # noqa: S608
        end = bucket + _SIZES[granularity] if granularity in _SIZES else 1 << 62
        sql = COUNTS_OF_EXECUTIONS.format(
            into="metrics",
            bucket=bucket_of("completed_at", granularity),
            where="workflow = ?2 AND completed_at >= ?3 AND completed_at < ?4",
        )
        connection.execute(sql, (granularity, workflow, bucket, end))


def freeze(connection: Connection, at_ms: int) -> None:
    """Rows are removed for good: the buckets up to now can no longer be counted from rows."""
    until = (at_ms // HOUR_MS + 1) * HOUR_MS
    connection.execute("INSERT OR REPLACE INTO metadata VALUES ('metrics_frozen_until', ?)", (str(until),))


def frozen_until() -> int:
    """Buckets that begin before this (ms) can no longer be counted from rows: some were removed for good."""
    return int(database.scalar("SELECT value FROM metadata WHERE key = 'metrics_frozen_until'") or 0)


def of(
    entity_type: str, entity: int, task: str | None = None, granularity: str = "total", limit: int = 1000
) -> tuple[Metric, ...]:
    """Newest bucket first."""
    query = MetricRow.select().where(
        MetricRow.entity_type == entity_type, MetricRow.entity == entity, MetricRow.granularity == granularity
    )
    if task is not None:
        query = query.where(MetricRow.task == task)
    return tuple(read(Metric, query.order_by(MetricRow.bucket.desc(), MetricRow.task).limit(limit)))


def of_workspace(workspace: WorkspacePk, granularity: str) -> list[ViewRow]:
    """All its workflows together, newest bucket first; keys are the columns of the view `workspace_metrics`."""
    where = "workspace = ? AND granularity = ? ORDER BY bucket DESC"
    return _of_view("workspace_metrics", where, (workspace, granularity))


_ALERTS = ("long_running_executions", "high_failure_rate_workflows", "resource_intensive_tasks")


def alerts() -> dict[str, list[ViewRow]]:
    """The rows of each view of what stands out, by the view's name; keys are its columns."""
    return {view: _of_view(view) for view in _ALERTS}


def _of_view(view: str, where: str = "true", values: Sequence[object] = ()) -> list[ViewRow]:
    cursor = database.execute(f"SELECT * FROM {view} WHERE {where}", values)  # noqa: S608 - our own words
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def over_time(
    workspace: WorkspacePk, workflow: WorkflowPk | None, granularity: str, since_ms: int
) -> dict[int, tuple[int, int]]:
    """By the start of each hour or day (ms): how many executions completed, and how many did not."""
    one = "" if workflow is None else " AND w.pk = ?"
    sql = (
        "SELECT m.bucket, sum(m.completed), sum(m.failed + m.timeout + m.cancelled)"  # noqa: S608 - our own words
        " FROM workflows AS w CROSS JOIN metrics AS m ON m.entity_type = 'workflow' AND m.entity = w.pk"
        " AND m.task = '' AND m.granularity = ? AND m.bucket >= ?"
        f" WHERE w.workspace = ?{one} GROUP BY m.bucket"
    )
    values = (granularity, since_ms, workspace, *([] if workflow is None else [workflow]))
    return {bucket: (completed, bad) for bucket, completed, bad in database.rows(sql, values)}


def typical_ms(workflow: WorkflowPk) -> tuple[int, int] | None:
    """The median and the 95th percentile of the last 200 completed executions, in milliseconds."""
    found = usual(workflow)
    return None if found.median_ms is None or found.p95_ms is None else (found.median_ms, found.p95_ms)


def usual(workflow: WorkflowPk) -> Usual:
    """How long the last 200 completed executions took."""
    found = database.rows(
        "SELECT duration_ms FROM executions WHERE workflow = ? AND status = 'completed' AND deleted_at IS NULL"
        " ORDER BY created_at DESC LIMIT 200",
        (workflow,),
    )
    durations = sorted(duration for (duration,) in found if duration is not None)
    if not durations:
        return Usual(None, None, 0)
    p95 = durations[min(len(durations) - 1, round(len(durations) * 0.95))]
    return Usual(durations[len(durations) // 2], p95, len(durations))
