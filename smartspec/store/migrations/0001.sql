CREATE TABLE metadata (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspaces (
    pk INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX workspaces_default ON workspaces (is_default) WHERE is_default = 1;

CREATE TABLE runners (
    pk INTEGER NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('foreground', 'background', 'recording')),
    started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE workflows (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used again: events and the index outlive rows
    id TEXT NOT NULL UNIQUE,
    workspace INTEGER NOT NULL REFERENCES workspaces,
    pack TEXT NOT NULL CHECK (pack <> ''),
    ref TEXT NOT NULL CHECK (ref <> ''),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description TEXT,
    category TEXT,
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'inactive', 'archived')),
    current_version INTEGER REFERENCES workflow_versions,
    last_number INTEGER NOT NULL DEFAULT 0,
    config TEXT CHECK (config IS NULL OR json_valid(config)),
    folder TEXT,
    created_by TEXT,
    row_version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX workflows_ref ON workflows (workspace, ref) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX workflows_name ON workflows (workspace, pack, name) WHERE deleted_at IS NULL;

CREATE TABLE workflow_versions (
    pk INTEGER NOT NULL PRIMARY KEY,
    workflow INTEGER REFERENCES workflows ON DELETE SET NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    version TEXT NOT NULL CHECK (version <> ''),
    source TEXT NOT NULL,
    source_format TEXT NOT NULL CHECK (source_format IN ('yaml', 'json')),
    definition TEXT NOT NULL CHECK (json_valid(definition)),
    definition_hash TEXT NOT NULL,
    param_schema TEXT CHECK (param_schema IS NULL OR json_valid(param_schema)),
    out_schema TEXT CHECK (out_schema IS NULL OR json_valid(out_schema)),
    change_log TEXT CHECK (length(change_log) <= 2000),
    parent INTEGER REFERENCES workflow_versions,
    rolled_back_from INTEGER REFERENCES workflow_versions,
    created_by TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (workflow, number),
    UNIQUE (workflow, version)
) STRICT;

CREATE TABLE working_copies (
    workflow INTEGER NOT NULL PRIMARY KEY REFERENCES workflows ON DELETE CASCADE,
    source TEXT NOT NULL,
    source_format TEXT NOT NULL CHECK (source_format IN ('yaml', 'json')),
    based_on INTEGER REFERENCES workflow_versions,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE configs (
    pk INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workflow INTEGER NOT NULL REFERENCES workflows ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (key <> ''),
    value TEXT NOT NULL,
    value_type TEXT NOT NULL CHECK (value_type IN ('string', 'number', 'boolean', 'json', 'secret')),
    description TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (workflow, key)
) STRICT;

CREATE TABLE config_history (
    pk INTEGER NOT NULL PRIMARY KEY,
    workflow INTEGER NOT NULL,
    key TEXT NOT NULL,
    old TEXT,
    new TEXT,
    value_type TEXT NOT NULL CHECK (value_type IN ('string', 'number', 'boolean', 'json', 'secret')),
    operation TEXT NOT NULL CHECK (operation IN ('set', 'unset')),
    "by" TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX config_history_workflow ON config_history (workflow, key, at);

CREATE TABLE tools (
    pk INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL CHECK (
        substr(id, 1, 5) = 'tool:' AND instr(substr(id, 6), '/') > 1 AND instr(id, '@') > instr(id, '/') + 1
        AND instr(id, '@') < length(id)
    ),
    workspace INTEGER NOT NULL REFERENCES workspaces,
    name TEXT NOT NULL,
    tool_type TEXT NOT NULL,
    version TEXT NOT NULL,
    input_schema TEXT NOT NULL CHECK (json_valid(input_schema)),
    output_schema TEXT NOT NULL CHECK (json_valid(output_schema)),
    config TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(config)),
    execution_config TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(execution_config)),
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    category TEXT,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    workflow INTEGER REFERENCES workflows ON DELETE SET NULL,
    registered_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX tools_id ON tools (workspace, id) WHERE deleted_at IS NULL;
CREATE INDEX tools_version ON tools (workspace, version);
CREATE INDEX tools_category ON tools (category);
CREATE INDEX tools_type ON tools (tool_type);
CREATE INDEX tools_registered ON tools (registered_at);

CREATE TABLE environments (
    pk INTEGER NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE executions (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used again: events and the index outlive rows
    id TEXT NOT NULL UNIQUE,
    workspace INTEGER NOT NULL REFERENCES workspaces,
    workflow INTEGER REFERENCES workflows ON DELETE SET NULL,
    workflow_name TEXT NOT NULL,
    version INTEGER REFERENCES workflow_versions,
    workflow_version TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('workflow', 'tool', 'command', 'external')),
    number INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('pending', 'running', 'paused', 'interrupted', 'completed', 'failed', 'timeout', 'cancelled')
    ),
    status_reason TEXT,
    requested TEXT CHECK (requested IN ('pause', 'cancel')),
    outcome TEXT CHECK (outcome IN ('completed', 'failed', 'timeout', 'cancelled')),
    attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt > 0),
    priority INTEGER NOT NULL DEFAULT 0,
    trigger TEXT NOT NULL CHECK (
        trigger IN (
            'manual', 'cron', 'interval', 'once', 'event', 'catchup', 'replay', 'sub_workflow', 'cli', 'api', 'external'
        )
    ),
    triggered_by TEXT,
    schedule INTEGER REFERENCES schedules ON DELETE SET NULL,
    scheduled_for INTEGER,
    session_id TEXT,
    user_name TEXT,
    correlation_id TEXT,
    parent INTEGER REFERENCES executions ON DELETE SET NULL,
    replay_of INTEGER REFERENCES executions ON DELETE SET NULL,
    input TEXT CHECK (input IS NULL OR json_valid(input)),
    output TEXT CHECK (output IS NULL OR json_valid(output)),
    variables TEXT CHECK (variables IS NULL OR json_valid(variables)),
    config_snapshot TEXT CHECK (config_snapshot IS NULL OR json_valid(config_snapshot)),
    resolved TEXT CHECK (resolved IS NULL OR json_valid(resolved)),
    running_ms INTEGER NOT NULL DEFAULT 0,
    environment INTEGER REFERENCES environments,
    free_disk_bytes INTEGER,
    error TEXT,
    paused_at INTEGER,
    pause_reason TEXT,
    note TEXT,
    pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    runner INTEGER, -- no foreign key: a runner goes, and nothing should be searched for it
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    deleted_at INTEGER,
    duration_ms INTEGER CHECK (duration_ms >= 0),
    tasks_total INTEGER NOT NULL DEFAULT 0,
    tasks_completed INTEGER NOT NULL DEFAULT 0,
    tasks_failed INTEGER NOT NULL DEFAULT 0,
    tasks_tolerated INTEGER NOT NULL DEFAULT 0,
    tasks_skipped INTEGER NOT NULL DEFAULT 0,
    tasks_cancelled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX executions_workflow_status ON executions (workflow, status, created_at) WHERE deleted_at IS NULL;
CREATE INDEX executions_workflow ON executions (workflow, created_at) WHERE deleted_at IS NULL;
CREATE INDEX executions_status ON executions (status, created_at) WHERE deleted_at IS NULL;
CREATE INDEX executions_created ON executions (created_at) WHERE deleted_at IS NULL;
CREATE INDEX executions_session ON executions (session_id, created_at) WHERE session_id IS NOT NULL;
CREATE INDEX executions_correlation ON executions (correlation_id, created_at) WHERE correlation_id IS NOT NULL;
CREATE INDEX executions_parent ON executions (parent) WHERE parent IS NOT NULL;
CREATE INDEX executions_user ON executions (user_name, created_at) WHERE user_name IS NOT NULL;
CREATE INDEX executions_active ON executions (status, priority, created_at)
WHERE status IN ('pending', 'running', 'paused', 'interrupted');

CREATE TABLE task_executions (
    pk INTEGER NOT NULL PRIMARY KEY,
    execution INTEGER NOT NULL REFERENCES executions ON DELETE CASCADE,
    task TEXT NOT NULL,
    task_type TEXT NOT NULL CHECK (
        task_type IN ('executor', 'condition', 'parallel', 'sequential', 'sub_workflow', 'wait', 'manual')
    ),
    tool INTEGER REFERENCES tools ON DELETE SET NULL,
    item_index INTEGER NOT NULL DEFAULT 0,
    batch INTEGER,
    item TEXT CHECK (item IS NULL OR json_valid(item)),
    round INTEGER NOT NULL DEFAULT 1,
    attempt INTEGER NOT NULL DEFAULT 1,
    position INTEGER NOT NULL,
    dependencies TEXT CHECK (dependencies IS NULL OR json_valid(dependencies)),
    status TEXT NOT NULL CHECK (
        status IN ('pending', 'running', 'completed', 'failed', 'timeout', 'cancelled', 'skipped', 'interrupted')
    ),
    status_reason TEXT,
    tolerated INTEGER NOT NULL DEFAULT 0 CHECK (tolerated IN (0, 1)),
    input TEXT CHECK (input IS NULL OR json_valid(input)),
    output TEXT CHECK (output IS NULL OR json_valid(output)),
    result TEXT CHECK (result IS NULL OR json_valid(result)),
    error TEXT,
    exit_code INTEGER,
    max_retries INTEGER NOT NULL DEFAULT 0,
    next_retry_at INTEGER,
    timeout_ms INTEGER,
    child_execution INTEGER REFERENCES executions ON DELETE SET NULL,
    pid INTEGER,
    process_start INTEGER,
    scheduled_at INTEGER,
    started_at INTEGER,
    completed_at INTEGER,
    duration_ms INTEGER CHECK (duration_ms >= 0),
    cpu_ms INTEGER,
    peak_memory_bytes INTEGER,
    log_path TEXT,
    log_bytes INTEGER NOT NULL DEFAULT 0,
    log_truncated INTEGER NOT NULL DEFAULT 0 CHECK (log_truncated IN (0, 1)),
    log_sha256 TEXT,
    excerpt TEXT
) STRICT;
CREATE INDEX task_executions_execution ON task_executions (execution);
CREATE INDEX task_executions_retry ON task_executions (next_retry_at)
WHERE status = 'pending' AND next_retry_at IS NOT NULL;
CREATE INDEX task_executions_timeout ON task_executions (completed_at) WHERE status = 'timeout';
CREATE INDEX task_executions_tool ON task_executions (tool) WHERE tool IS NOT NULL;
CREATE INDEX task_executions_child ON task_executions (child_execution) WHERE child_execution IS NOT NULL;

CREATE TABLE events (
    pk INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warn', 'error')),
    type TEXT NOT NULL,
    workflow INTEGER,
    execution INTEGER,
    task_execution INTEGER,
    tool INTEGER,
    schedule INTEGER,
    message TEXT,
    data TEXT CHECK (data IS NULL OR json_valid(data)),
    actor TEXT,
    process INTEGER NOT NULL
) STRICT;
CREATE INDEX events_execution ON events (execution) WHERE execution IS NOT NULL;
CREATE INDEX events_workflow ON events (workflow) WHERE workflow IS NOT NULL AND execution IS NULL;

CREATE TABLE schedules (
    pk INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workflow INTEGER NOT NULL REFERENCES workflows ON DELETE CASCADE,
    version INTEGER REFERENCES workflow_versions,
    name TEXT NOT NULL,
    trigger_type TEXT NOT NULL CHECK (trigger_type IN ('cron', 'interval', 'once', 'event', 'manual')),
    expression TEXT,
    timezone TEXT,
    input TEXT CHECK (input IS NULL OR json_valid(input)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'expired', 'error')),
    error TEXT,
    misfire TEXT NOT NULL DEFAULT 'once' CHECK (misfire IN ('skip', 'once', 'all')),
    overlap TEXT NOT NULL DEFAULT 'skip' CHECK (overlap IN ('skip', 'queue', 'allow', 'replace')),
    jitter INTEGER NOT NULL DEFAULT 0,
    start_at INTEGER,
    end_at INTEGER,
    next_run_at INTEGER,
    last_run_at INTEGER,
    run_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0,
    failure_count INTEGER NOT NULL DEFAULT 0,
    missed_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_next ON schedules (is_active, next_run_at);

CREATE TABLE schedule_firings (
    pk INTEGER NOT NULL PRIMARY KEY,
    schedule INTEGER NOT NULL,
    scheduled_for INTEGER NOT NULL,
    until INTEGER,
    count INTEGER NOT NULL DEFAULT 1,
    decision TEXT NOT NULL CHECK (
        decision IN ('ran', 'caught_up', 'skipped_overlap', 'skipped_missed', 'skipped_paused', 'could_not_start')
    ),
    reason TEXT,
    fired_at INTEGER NOT NULL,
    execution INTEGER,
    UNIQUE (schedule, scheduled_for)
) STRICT;

CREATE TABLE metrics (
    entity_type TEXT NOT NULL CHECK (entity_type IN ('workflow', 'task', 'tool')),
    entity INTEGER NOT NULL,
    task TEXT NOT NULL DEFAULT '',
    granularity TEXT NOT NULL CHECK (granularity IN ('hour', 'day', 'total')),
    bucket INTEGER NOT NULL,
    completed INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    timeout INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    interrupted INTEGER NOT NULL DEFAULT 0,
    duration_sum_ms INTEGER NOT NULL DEFAULT 0,
    duration_min_ms INTEGER,
    duration_max_ms INTEGER,
    cpu_ms INTEGER NOT NULL DEFAULT 0,
    peak_memory_bytes INTEGER NOT NULL DEFAULT 0,
    last_executed_at INTEGER NOT NULL,
    PRIMARY KEY (entity_type, entity, task, granularity, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

-- an index for each length of a beginning: without, a common one is gathered whole before the first row (measured)
CREATE VIRTUAL TABLE execution_search USING fts5 (
    text, content = '', detail = none, prefix = '2 3 4 5 6 7 8 9 10 11 12'
);
