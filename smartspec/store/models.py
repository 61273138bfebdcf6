"""Peewee's view of the tables. Private to the store."""

import peewee

from smartspec.domain import event, execution, job
from smartspec.domain.config import ValueType
from smartspec.domain.engine import states
from smartspec.store.database import database
from smartspec.store.fields import FlagField, JsonField, MomentField, Number, TagsField, Text, WordField


class Row(peewee.Model):
    pk = peewee.AutoField()

    class Meta:
        database = database
        legacy_table_names = False


class WorkspaceRow(Row):
    id = Text()
    name = Text()
    slug = Text()
    is_default = FlagField()
    created_at = MomentField()

    class Meta:
        table_name = "workspaces"


class RunnerRow(Row):
    host = Text()
    machine_id = Text(null=True)
    pid = Number()
    start_ticks = Number()
    boot_id = Text()
    kind = Text()
    started_at = MomentField()

    class Meta:
        table_name = "runners"


class WorkflowRow(Row):
    id = Text()
    workspace = Number()
    pack = Text()
    ref = Text()
    name = Text()
    description = Text(null=True)
    category = Text(null=True)
    tags = TagsField()
    status = WordField(states.WorkflowStatus)
    current_version = Number(null=True)
    last_number = Number()
    config = JsonField(null=True)
    folder = Text(null=True)
    file = Text(null=True)
    preferences = JsonField(null=True)
    created_by = Text(null=True)
    row_version = Number()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "workflows"


class VersionRow(Row):
    workflow = Number(null=True)
    number = Number()
    version = Text()
    source = Text()
    source_format = Text()
    definition = JsonField()
    definition_hash = Text()
    param_schema = JsonField(null=True)
    out_schema = JsonField(null=True)
    change_log = Text(null=True)
    parent = Number(null=True)
    rolled_back_from = Number(null=True)
    created_by = Text(null=True)
    created_at = MomentField()
    chain_hash = Text(null=True)

    class Meta:
        table_name = "workflow_versions"


class WorkingCopyRow(peewee.Model):
    workflow = peewee.IntegerField(primary_key=True)
    source = Text()
    source_format = Text()
    based_on = Number(null=True)
    updated_at = MomentField()

    class Meta:
        database = database
        table_name = "working_copies"


class ConfigRow(Row):
    id = Text()
    workflow = Number()
    key = Text()
    value = Text()
    value_type = WordField(ValueType)
    description = Text(null=True)
    created_at = MomentField()
    updated_at = MomentField()

    class Meta:
        table_name = "configs"


class ConfigHistoryRow(Row):
    workflow = Number()
    key = Text()
    old = Text(null=True)
    new = Text(null=True)
    value_type = WordField(ValueType)
    operation = Text()
    by = Text(null=True)
    at = MomentField()

    class Meta:
        table_name = "config_history"


class ToolRow(Row):
    id = Text()
    workspace = Number()
    name = Text()
    description = Text(null=True)
    tool_type = Text()
    version = Text()
    input_schema = JsonField()
    output_schema = JsonField()
    config = JsonField()
    execution_config = JsonField()
    tags = TagsField()
    category = Text(null=True)
    enabled = FlagField()
    workflow = Number(null=True)
    source = Text(null=True)
    hash = Text(null=True)
    last_number = Number()
    row_version = Number()
    registered_at = MomentField()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "tools"


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


class EventRow(Row):
    at = MomentField()
    level = WordField(event.Level)
    type = WordField(event.EventType)
    workflow = Number(null=True)
    execution = Number(null=True)
    task_execution = Number(null=True)
    tool = Number(null=True)
    schedule = Number(null=True)
    message = Text(null=True)
    data = JsonField(null=True)
    actor = Text(null=True)
    process = Number()

    class Meta:
        table_name = "events"


class ScheduleRow(Row):
    id = Text()
    workflow = Number()
    version = Number(null=True)
    name = Text()
    trigger_type = Text()
    expression = Text(null=True)
    timezone = Text(null=True)
    input = JsonField(null=True)
    status = Text()
    error = Text(null=True)
    misfire = Text()
    catch_up_cap = Number()
    overlap = Text()
    jitter = Number()
    conditions = JsonField(null=True)
    blackouts = JsonField(null=True)
    environment = JsonField(null=True)
    expected_interval_ms = Number(null=True)
    events_per_hour = Number(null=True)
    ping = JsonField(null=True)
    start_at = MomentField(null=True)
    end_at = MomentField(null=True)
    next_run_at = MomentField(null=True)
    last_run_at = MomentField(null=True)
    run_count = Number()
    success_count = Number()
    failure_count = Number()
    missed_count = Number()
    row_version = Number()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "schedules"


class FiringRow(Row):
    schedule = Number()
    scheduled_for = MomentField()
    cause = Text()
    until = MomentField(null=True)
    count = Number()
    decision = Text()
    reason = Text(null=True)
    fired_at = MomentField()
    execution = Number(null=True)

    class Meta:
        table_name = "schedule_firings"


class MetricRow(peewee.Model):
    entity_type = Text()
    entity = Number()
    task = Text()
    granularity = Text()
    bucket = MomentField()
    completed = Number()
    failed = Number()
    timeout = Number()
    cancelled = Number()
    skipped = Number()
    interrupted = Number()
    duration_sum_ms = Number()
    duration_min_ms = Number(null=True)
    duration_max_ms = Number(null=True)
    cpu_ms = Number()
    peak_memory_bytes = Number()
    output_bytes = Number()
    last_executed_at = MomentField()

    class Meta:
        database = database
        table_name = "metrics"
        primary_key = peewee.CompositeKey("entity_type", "entity", "task", "granularity", "bucket")


class AlertRow(Row):
    id = Text()
    kind = Text()
    subject = Text()
    raised_at = MomentField()
    acknowledged_at = MomentField(null=True)
    snoozed_until = MomentField(null=True)
    told_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    evidence = JsonField(null=True)

    class Meta:
        table_name = "alerts"


class JobRow(Row):
    kind = WordField(job.JobKind)
    what = JsonField()
    status = Text()
    position = JsonField(null=True)
    done = Number()
    total = Number(null=True)
    runner = Number(null=True)
    actor = Text(null=True)
    error = Text(null=True)
    created_at = MomentField()
    updated_at = MomentField()
    completed_at = MomentField(null=True)

    class Meta:
        table_name = "jobs"


class SettingRow(peewee.Model):
    key = peewee.TextField(primary_key=True)
    value = JsonField()

    class Meta:
        database = database
        table_name = "settings"


class MetadataRow(peewee.Model):
    key = peewee.TextField(primary_key=True)
    value = Text()

    class Meta:
        database = database
        table_name = "metadata"


# columns that a list of rows is better off without; whoever wants one reads it by itself (`store.logs`)
APART: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "task_executions": (("log_times", "BLOB", False), ("log", "BLOB", False)),
}
MODELS: tuple[type[peewee.Model], ...] = (
    MetadataRow,
    WorkspaceRow,
    RunnerRow,
    WorkflowRow,
    VersionRow,
    WorkingCopyRow,
    ConfigRow,
    ConfigHistoryRow,
    ToolRow,
    EnvironmentRow,
    ExecutionRow,
    TaskExecutionRow,
    EventRow,
    ScheduleRow,
    FiringRow,
    MetricRow,
    AlertRow,
    JobRow,
    SettingRow,
)
