-- Keys of runners are never used again; a machine is known by its id, its host's name is for people.
CREATE TABLE new_runners (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    host TEXT NOT NULL,
    machine_id TEXT, -- NULL: made by step 1
    pid INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('foreground', 'background', 'recording')),
    started_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_runners (pk, host, pid, start_ticks, boot_id, kind, started_at)
SELECT pk, host, pid, start_ticks, boot_id, kind, started_at FROM runners;
DROP TABLE runners;
ALTER TABLE new_runners RENAME TO runners;
DELETE FROM sqlite_sequence WHERE name = 'runners';
INSERT INTO sqlite_sequence (name, seq) VALUES (
    'runners',
    max(
        coalesce((SELECT max(pk) FROM runners), 0), coalesce((SELECT max(runner) FROM executions), 0)
    )
);

ALTER TABLE workflows ADD COLUMN file TEXT; -- its name in the folder
ALTER TABLE workflows ADD COLUMN preferences TEXT CHECK (preferences IS NULL OR json_valid(preferences));
ALTER TABLE workflow_versions ADD COLUMN chain_hash TEXT; -- sha256 that includes that of the parent

ALTER TABLE executions ADD COLUMN tool INTEGER REFERENCES tools ON DELETE SET NULL;
ALTER TABLE executions ADD COLUMN folder TEXT;
ALTER TABLE executions ADD COLUMN interpreter TEXT;
ALTER TABLE executions ADD COLUMN warned INTEGER NOT NULL DEFAULT 0 CHECK (warned >= 0); -- attempts with warnings
-- With deleted_at in them, lists and counts need nothing but the index (SQLite reads what a condition names).
DROP INDEX executions_workflow_status;
DROP INDEX executions_workflow;
DROP INDEX executions_status;
DROP INDEX executions_created;
CREATE INDEX executions_workflow_status ON executions (workflow, status, deleted_at, created_at)
WHERE deleted_at IS NULL;
CREATE INDEX executions_workflow ON executions (workflow, deleted_at, created_at); -- all: a purge asks who points at it
CREATE INDEX executions_status ON executions (status, deleted_at, created_at) WHERE deleted_at IS NULL;
CREATE INDEX executions_created ON executions (deleted_at, created_at) WHERE deleted_at IS NULL;
-- What a foreign key points from is looked for with each row that is purged: without these, in the whole table.
CREATE INDEX executions_version ON executions (version) WHERE version IS NOT NULL;
CREATE INDEX executions_replay ON executions (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX executions_schedule ON executions (schedule, created_at) WHERE schedule IS NOT NULL;
CREATE INDEX executions_trash ON executions (created_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX executions_tool ON executions (tool, created_at) WHERE tool IS NOT NULL;
-- What waits to be claimed: version by version, the most urgent first.
CREATE INDEX executions_queue ON executions (version, priority DESC, created_at)
WHERE status = 'pending' AND deleted_at IS NULL AND (parent IS NULL OR outcome IS NOT NULL);

ALTER TABLE task_executions ADD COLUMN log_offset INTEGER; -- in the file that the tasks of an execution share
ALTER TABLE task_executions ADD COLUMN warnings TEXT CHECK (warnings IS NULL OR json_valid(warnings));
ALTER TABLE task_executions ADD COLUMN progress REAL CHECK (progress BETWEEN 0 AND 1);
ALTER TABLE task_executions ADD COLUMN progress_words TEXT;
ALTER TABLE task_executions ADD COLUMN machine TEXT CHECK (machine IS NULL OR json_valid(machine)); -- at a failed end
ALTER TABLE task_executions ADD COLUMN log_times BLOB; -- which byte was written when, packed
ALTER TABLE task_executions ADD COLUMN log BLOB; -- all of a small one; last, so that no other column lies behind it

CREATE INDEX events_tool ON events (tool) WHERE tool IS NOT NULL;

-- An id is tool:NAMESPACE/NAME@VERSION: no slash in the namespace, no @ in name and version, none of them empty.
CREATE TABLE new_tools (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL CHECK (
        substr(id, 1, 5) = 'tool:' AND instr(id, '/') > 6
        AND instr(substr(id, instr(id, '/') + 1), '@') > 1
        AND length(replace(substr(id, instr(id, '/') + 1), '@', '')) = length(id) - instr(id, '/') - 1
        AND substr(id, -1) <> '@'
    ),
    workspace INTEGER NOT NULL REFERENCES workspaces,
    name TEXT NOT NULL,
    description TEXT,
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
    source TEXT,
    hash TEXT,
    last_number INTEGER NOT NULL DEFAULT 0,
    row_version INTEGER NOT NULL DEFAULT 1,
    registered_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
INSERT INTO new_tools (
    pk, id, workspace, name, tool_type, version, input_schema, output_schema, config, execution_config, tags,
    category, enabled, workflow, registered_at, created_at, updated_at, deleted_at
)
SELECT
    pk, id, workspace, name, tool_type, version, input_schema, output_schema, config, execution_config, tags,
    category, enabled, workflow, registered_at, created_at, updated_at, deleted_at
FROM tools;
DROP TABLE tools;
ALTER TABLE new_tools RENAME TO tools;
CREATE UNIQUE INDEX tools_id ON tools (workspace, id) WHERE deleted_at IS NULL;
CREATE INDEX tools_version ON tools (workspace, version);
CREATE INDEX tools_category ON tools (category);
CREATE INDEX tools_type ON tools (tool_type);
CREATE INDEX tools_registered ON tools (registered_at);

-- The status alone says whether a schedule fires.
CREATE TABLE new_schedules (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used again: firings outlive their schedule
    id TEXT NOT NULL UNIQUE,
    workflow INTEGER NOT NULL REFERENCES workflows ON DELETE CASCADE,
    version INTEGER REFERENCES workflow_versions,
    name TEXT NOT NULL,
    trigger_type TEXT NOT NULL CHECK (trigger_type IN ('cron', 'interval', 'once', 'event', 'manual')),
    expression TEXT,
    timezone TEXT,
    input TEXT CHECK (input IS NULL OR json_valid(input)),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'expired', 'error')),
    error TEXT,
    misfire TEXT NOT NULL DEFAULT 'once' CHECK (misfire IN ('skip', 'once', 'all')),
    catch_up_cap INTEGER NOT NULL DEFAULT 24 CHECK (catch_up_cap >= 0),
    overlap TEXT NOT NULL DEFAULT 'skip' CHECK (overlap IN ('skip', 'queue', 'allow', 'replace')),
    jitter INTEGER NOT NULL DEFAULT 0 CHECK (jitter >= 0),
    conditions TEXT CHECK (conditions IS NULL OR json_valid(conditions)),
    blackouts TEXT CHECK (blackouts IS NULL OR json_valid(blackouts)),
    environment TEXT CHECK (environment IS NULL OR json_valid(environment)),
    expected_interval_ms INTEGER CHECK (expected_interval_ms > 0),
    events_per_hour INTEGER CHECK (events_per_hour > 0),
    ping TEXT CHECK (ping IS NULL OR json_valid(ping)),
    start_at INTEGER,
    end_at INTEGER,
    next_run_at INTEGER,
    last_run_at INTEGER,
    run_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0,
    failure_count INTEGER NOT NULL DEFAULT 0,
    missed_count INTEGER NOT NULL DEFAULT 0,
    row_version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
INSERT INTO new_schedules (
    pk, id, workflow, version, name, trigger_type, expression, timezone, input, status, error, misfire, overlap,
    jitter, start_at, end_at, next_run_at, last_run_at, run_count, success_count, failure_count, missed_count,
    created_at, updated_at
)
SELECT
    pk, id, workflow, version, name, trigger_type, expression, timezone, input,
    CASE WHEN status = 'active' AND NOT is_active THEN 'paused' ELSE status END,
    error, misfire, overlap, max(jitter, 0), start_at, end_at, next_run_at, last_run_at, run_count, success_count,
    failure_count, missed_count, created_at, updated_at
FROM schedules;
DROP TABLE schedules;
ALTER TABLE new_schedules RENAME TO schedules;
CREATE INDEX schedules_next ON schedules (status, next_run_at) WHERE deleted_at IS NULL;
CREATE INDEX schedules_workflow ON schedules (workflow);

-- One row a due time and cause (empty, else the key of the event); consecutive missed times are one row.
CREATE TABLE new_schedule_firings (
    pk INTEGER NOT NULL PRIMARY KEY,
    schedule INTEGER NOT NULL,
    scheduled_for INTEGER NOT NULL,
    cause TEXT NOT NULL DEFAULT '',
    until INTEGER,
    count INTEGER NOT NULL DEFAULT 1 CHECK (count > 0),
    decision TEXT NOT NULL CHECK (
        decision IN (
            'ran', 'caught_up', 'queued', 'replaced', 'skipped_overlap', 'skipped_missed', 'skipped_asleep',
            'skipped_paused', 'skipped_condition', 'skipped_blackout', 'could_not_start'
        )
    ),
    reason TEXT,
    fired_at INTEGER NOT NULL,
    execution INTEGER,
    UNIQUE (schedule, scheduled_for, cause)
) STRICT;
INSERT INTO new_schedule_firings (pk, schedule, scheduled_for, until, count, decision, reason, fired_at, execution)
SELECT pk, schedule, scheduled_for, until, count, decision, reason, fired_at, execution FROM schedule_firings;
DROP TABLE schedule_firings;
ALTER TABLE new_schedule_firings RENAME TO schedule_firings;
CREATE INDEX schedule_firings_execution ON schedule_firings (execution) WHERE execution IS NOT NULL;

CREATE TABLE new_metrics (
    entity_type TEXT NOT NULL CHECK (entity_type IN ('workflow', 'task', 'tool', 'kind', 'workspace')),
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
    output_bytes INTEGER NOT NULL DEFAULT 0,
    last_executed_at INTEGER NOT NULL,
    PRIMARY KEY (entity_type, entity, task, granularity, bucket)
) STRICT, WITHOUT ROWID;
INSERT INTO new_metrics (
    entity_type, entity, task, granularity, bucket, completed, failed, timeout, cancelled, skipped, interrupted,
    duration_sum_ms, duration_min_ms, duration_max_ms, cpu_ms, peak_memory_bytes, last_executed_at
)
SELECT
    entity_type, entity, task, granularity, bucket, completed, failed, timeout, cancelled, skipped, interrupted,
    duration_sum_ms, duration_min_ms, duration_max_ms, cpu_ms, peak_memory_bytes, last_executed_at
FROM metrics;
DROP TABLE metrics;
ALTER TABLE new_metrics RENAME TO metrics;

-- What a person should know of, until it is over: late, failing again and again, a disk that fills up.
CREATE TABLE alerts (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject TEXT NOT NULL, -- what it is about, as kind:key
    raised_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    snoozed_until INTEGER,
    told_at INTEGER,
    closed_at INTEGER,
    evidence TEXT CHECK (evidence IS NULL OR json_valid(evidence))
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE closed_at IS NULL;

-- Long deletes, retention, archiving and rebuilding go in steps: what was asked for, and how far it is.
CREATE TABLE jobs (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    what TEXT NOT NULL CHECK (json_valid(what)),
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    position TEXT CHECK (position IS NULL OR json_valid(position)), -- where the next step begins
    done INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
    total INTEGER CHECK (total >= 0),
    runner INTEGER,
    actor TEXT,
    error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER
) STRICT;
CREATE INDEX jobs_open ON jobs (status) WHERE status IN ('pending', 'running');
