"""An event: one append-only line about what happened."""

from datetime import datetime
from enum import StrEnum

from smartspec.domain.ids import AlertPk, EventPk, ExecutionPk, SchedulePk, TaskExecutionPk, ToolPk, WorkflowPk
from smartspec.domain.jsontext import Json
from smartspec.value import frozen


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


class EventType(StrEnum):
    WORKFLOW_CREATED = "workflow_created"
    WORKFLOW_UPDATED = "workflow_updated"
    WORKFLOW_RENAMED = "workflow_renamed"
    WORKFLOW_ACTIVATED = "workflow_activated"
    WORKFLOW_DEACTIVATED = "workflow_deactivated"
    WORKFLOW_ARCHIVED = "workflow_archived"
    WORKFLOW_DELETED = "workflow_deleted"
    WORKFLOW_RESTORED = "workflow_restored"
    WORKFLOW_PURGED = "workflow_purged"
    VERSION_CREATED = "version_created"
    VERSION_ROLLED_BACK = "version_rolled_back"
    CONFIG_SET = "config_set"
    CONFIG_UNSET = "config_unset"
    EXECUTION_CREATED = "execution_created"
    EXECUTION_STARTED = "execution_started"
    EXECUTION_PAUSE_REQUESTED = "execution_pause_requested"
    EXECUTION_CANCEL_REQUESTED = "execution_cancel_requested"
    EXECUTION_PAUSED = "execution_paused"
    EXECUTION_RESUMED = "execution_resumed"
    EXECUTION_INTERRUPTED = "execution_interrupted"
    EXECUTION_DECIDED = "execution_decided"
    EXECUTION_COMPLETED = "execution_completed"
    EXECUTION_FAILED = "execution_failed"
    EXECUTION_TIMEOUT = "execution_timeout"
    EXECUTION_CANCELLED = "execution_cancelled"
    EXECUTION_RERUN = "execution_rerun"
    EXECUTION_WARNED = "execution_warned"
    EXECUTION_NOTED = "execution_noted"
    EXECUTION_DELETED = "execution_deleted"
    EXECUTION_RESTORED = "execution_restored"
    EXECUTION_PURGED = "execution_purged"
    TASK_STARTED = "task_started"
    TASK_COMPLETED = "task_completed"
    TASK_FAILED = "task_failed"
    TASK_TIMEOUT = "task_timeout"
    TASK_SKIPPED = "task_skipped"
    TASK_CANCELLED = "task_cancelled"
    TASK_INTERRUPTED = "task_interrupted"
    TASK_WARNED = "task_warned"
    TASK_RETRYING = "task_retrying"
    SCHEDULE_CREATED = "schedule_created"
    SCHEDULE_UPDATED = "schedule_updated"
    SCHEDULE_PAUSED = "schedule_paused"
    SCHEDULE_RESUMED = "schedule_resumed"
    SCHEDULE_EXPIRED = "schedule_expired"
    SCHEDULE_ERROR = "schedule_error"
    SCHEDULE_FIRED = "schedule_fired"
    SCHEDULE_SKIPPED = "schedule_skipped"
    SCHEDULE_EVENT = "schedule_event"
    SCHEDULE_FILE = "schedule_file"
    SCHEDULE_FILES_UNSEEN = "schedule_files_unseen"
    SCHEDULE_FILES_SEEN = "schedule_files_seen"
    SCHEDULE_DELETED = "schedule_deleted"
    SCHEDULE_RESTORED = "schedule_restored"
    CLOCK_SLEPT = "clock_slept"
    CLOCK_CHANGED = "clock_changed"
    CLOCK_ZONE_CHANGED = "clock_zone_changed"
    SETTING_CHANGED = "setting_changed"
    WORKSPACE_CREATED = "workspace_created"
    WORKSPACE_DELETED = "workspace_deleted"
    DATABASE_MIGRATED = "database_migrated"
    DATABASE_BACKED_UP = "database_backed_up"
    DATABASE_OPTIMIZED = "database_optimized"
    DATABASE_RESTORED = "database_restored"
    DATABASE_REPAIRED = "database_repaired"
    ALERT_RAISED = "alert_raised"
    ALERT_TOLD = "alert_told"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_SNOOZED = "alert_snoozed"
    ALERT_REOPENED = "alert_reopened"
    ALERT_CLOSED = "alert_closed"
    NOTIFICATION_SENT = "notification_sent"
    NOTIFICATION_FAILED = "notification_failed"
    PING_SET = "ping_set"
    PING_REMOVED = "ping_removed"
    PING_SENT = "ping_sent"
    PING_FAILED = "ping_failed"


@frozen
class Event:
    """`workflow`, `execution` and `task_execution` are row keys; `process` tells the writing processes apart."""

    pk: EventPk
    at: datetime
    level: Level
    type: EventType
    workflow: WorkflowPk | None
    execution: ExecutionPk | None
    task_execution: TaskExecutionPk | None
    tool: ToolPk | None
    schedule: SchedulePk | None
    message: str | None
    data: Json
    actor: str | None
    process: int
    alert: AlertPk | None
