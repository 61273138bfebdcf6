"""A schedule as it is stored: a rule for when a workflow runs, and with what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain.ids import SchedulePk, VersionPk, WorkflowPk
from smartspec.domain.jsontext import Json, JsonObject
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.value import frozen


class ScheduleStatus(StrEnum):
    """Only active ones fire; `expired` will never be due again, of `error` nobody can tell when it would be."""

    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"
    ERROR = "error"


@frozen
class Schedule:
    """`version` is the one that is pinned, else the current one of the moment runs; `timezone` None: this machine's.

    `expression` is what its kind of trigger takes. `jitter` is in milliseconds. `environment` holds the saved
    variables, `calendars` the paths of files. `next_run_at` is the next due time that nothing was decided about. What
    is counted: executions begun, those that completed, those that failed or timed out, and due times that were missed.
    """

    pk: SchedulePk
    id: str
    workflow: WorkflowPk
    version: VersionPk | None
    name: str
    trigger_type: TriggerType
    expression: str | None
    timezone: str | None
    input: JsonObject | None
    status: ScheduleStatus
    error: str | None
    misfire: Misfire
    catch_up_cap: int
    overlap: Overlap
    jitter: int
    conditions: Json
    blackouts: Json
    environment: JsonObject | None
    events_per_hour: int | None
    start_at: datetime | None
    end_at: datetime | None
    next_run_at: datetime | None
    last_run_at: datetime | None
    run_count: int
    success_count: int
    failure_count: int
    missed_count: int
    row_version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    calendars: Json = None
