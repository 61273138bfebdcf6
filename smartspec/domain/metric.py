"""A metric: counts and durations of a workflow or task in an hour, a day, or altogether."""

from datetime import datetime

from smartspec.value import frozen


@frozen
class Metric:
    """Durations and `cpu_ms` are milliseconds; `bucket` is the start of the hour or day (UTC), the epoch for total."""

    entity_type: str
    entity: int
    task: str
    granularity: str
    bucket: datetime
    completed: int
    failed: int
    timeout: int
    cancelled: int
    skipped: int
    interrupted: int
    duration_sum_ms: int
    duration_min_ms: int | None
    duration_max_ms: int | None
    cpu_ms: int
    peak_memory_bytes: int
    last_executed_at: datetime
