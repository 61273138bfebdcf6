"""An execution, its tasks and its environment as rows."""

import peewee

from smartspec.domain import execution
from smartspec.domain.engine import states
from smartspec.store.models.base import Row
from smartspec.store.models.fields import FlagField, JsonField, MomentField, Number, Text, WordField


class EnvironmentRow(Row):
    hash = Text()
    body = JsonField()

    class Meta:
        table_name = "environments"


class ExecutionRow(Row):
    id = Text()
    workspace = Number()
    workflow = Number(null=True)
    workflow_name = Text()
    version = Number(null=True)
    workflow_version = Text(null=True)
    kind = WordField(execution.Kind)
    number = Number()
    status = WordField(states.ExecutionStatus)
    status_reason = Text(null=True)
    requested = WordField(execution.Request, null=True)
    outcome = WordField(states.ExecutionStatus, null=True)
    attempt = Number()
    priority = Number()
    trigger = WordField(execution.Trigger)
    triggered_by = Text(null=True)
    schedule = Number(null=True)
    scheduled_for = MomentField(null=True)
    session_id = Text(null=True)
    user_name = Text(null=True)
    correlation_id = Text(null=True)
    parent = Number(null=True)
    replay_of = Number(null=True)
    input = JsonField(null=True)
    output = JsonField(null=True)
    variables = JsonField(null=True)
    config_snapshot = JsonField(null=True)
    resolved = JsonField(null=True)
    running_ms = Number()
    environment = Number(null=True)
    free_disk_bytes = Number(null=True)
    error = Text(null=True)
    paused_at = MomentField(null=True)
    pause_reason = Text(null=True)
    note = Text(null=True)
    pinned = FlagField()
    runner = Number(null=True)
    created_at = MomentField()
    started_at = MomentField(null=True)
    completed_at = MomentField(null=True)
    deleted_at = MomentField(null=True)
    duration_ms = Number(null=True)
    tasks_total = Number()
    tasks_completed = Number()
    tasks_failed = Number()
    tasks_tolerated = Number()
    tasks_skipped = Number()
    tasks_cancelled = Number()
    tool = Number(null=True)
    folder = Text(null=True)
    interpreter = Text(null=True)
    warned = Number()

    class Meta:
        table_name = "executions"


class TaskExecutionRow(Row):
    execution = Number()
    task = Text()
    task_type = Text()
    tool = Number(null=True)
    item_index = Number()
    batch = Number(null=True)
    item = JsonField(null=True)
    round = Number()
    attempt = Number()
    position = Number()
    dependencies = JsonField(null=True)
    status = WordField(states.TaskStatus)
    status_reason = Text(null=True)
    tolerated = FlagField()
    input = JsonField(null=True)
    output = JsonField(null=True)
    result = JsonField(null=True)
    error = Text(null=True)
    exit_code = Number(null=True)
    max_retries = Number()
    next_retry_at = MomentField(null=True)
    timeout_ms = Number(null=True)
    child_execution = Number(null=True)
    pid = Number(null=True)
    process_start = Number(null=True)
    scheduled_at = MomentField(null=True)
    started_at = MomentField(null=True)
    completed_at = MomentField(null=True)
    duration_ms = Number(null=True)
    cpu_ms = Number(null=True)
    peak_memory_bytes = Number(null=True)
    log_path = Text(null=True)
    log_bytes = Number()
    log_truncated = FlagField()
    log_sha256 = Text(null=True)
    excerpt = Text(null=True)
    log_offset = Number(null=True)
    warnings = JsonField(null=True)
    progress = peewee.FloatField(null=True)
    progress_words = Text(null=True)
    machine = JsonField(null=True)

    class Meta:
        table_name = "task_executions"
