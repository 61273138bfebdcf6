-- Views and triggers: dropped before a migration and made anew after it, from this file.

CREATE TRIGGER workspaces_keep_default BEFORE DELETE ON workspaces WHEN old.is_default = 1
BEGIN SELECT raise(ABORT, 'the default workspace stays'); END;

CREATE TRIGGER workflow_versions_no_update BEFORE UPDATE ON workflow_versions
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: workflow_versions'); END;
CREATE TRIGGER workflow_versions_no_delete BEFORE DELETE ON workflow_versions
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: workflow_versions'); END;
CREATE TRIGGER workflow_versions_no_replace BEFORE INSERT ON workflow_versions
WHEN EXISTS (
    SELECT 1 FROM workflow_versions AS v
    WHERE v.pk = new.pk OR (v.workflow = new.workflow AND (v.number = new.number OR v.version = new.version))
)
BEGIN SELECT raise(ABORT, 'append-only: workflow_versions'); END;

CREATE TRIGGER config_history_no_update BEFORE UPDATE ON config_history
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: config_history'); END;
CREATE TRIGGER config_history_no_delete BEFORE DELETE ON config_history
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: config_history'); END;
CREATE TRIGGER config_history_no_replace BEFORE INSERT ON config_history
WHEN EXISTS (SELECT 1 FROM config_history AS c WHERE c.pk = new.pk)
BEGIN SELECT raise(ABORT, 'append-only: config_history'); END;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: events'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: events'); END;
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events AS e WHERE e.pk = new.pk)
BEGIN SELECT raise(ABORT, 'append-only: events'); END;

-- a run of missed times grows, an execution that was queued becomes known, and a pause ends what waits for its turn;
-- nothing else changes
CREATE TRIGGER schedule_firings_no_update BEFORE UPDATE ON schedule_firings
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing') AND NOT (
    new.pk = old.pk AND new.schedule = old.schedule AND new.scheduled_for = old.scheduled_for
    AND new.cause = old.cause AND new.fired_at = old.fired_at
    AND (
        new.decision = old.decision AND new.reason IS old.reason
        OR new.decision = 'skipped_paused' AND old.decision IN ('caught_up', 'queued', 'replaced')
        AND new.execution IS NULL
    )
    AND (new.until IS old.until OR new.until > coalesce(old.until, old.scheduled_for))
    AND new.count >= old.count AND (new.execution IS old.execution OR old.execution IS NULL)
)
BEGIN SELECT raise(ABORT, 'append-only: schedule_firings'); END;
CREATE TRIGGER schedule_firings_no_delete BEFORE DELETE ON schedule_firings
WHEN NOT EXISTS (SELECT 1 FROM metadata WHERE key = 'removing')
BEGIN SELECT raise(ABORT, 'append-only: schedule_firings'); END;
CREATE TRIGGER schedule_firings_no_replace BEFORE INSERT ON schedule_firings
WHEN EXISTS (
    SELECT 1 FROM schedule_firings AS f
    WHERE f.pk = new.pk OR (
        f.schedule = new.schedule AND f.scheduled_for = new.scheduled_for AND f.cause = new.cause
    )
)
BEGIN SELECT raise(ABORT, 'append-only: schedule_firings'); END;

CREATE VIEW active_executions AS
SELECT * FROM executions
WHERE status IN ('pending', 'running', 'paused', 'interrupted') AND deleted_at IS NULL
ORDER BY priority DESC, created_at;

CREATE VIEW workflow_stats AS
SELECT
    w.pk AS workflow, w.id, w.ref, w.name,
    coalesce(m.completed + m.failed + m.timeout + m.cancelled, 0) AS total,
    coalesce(m.completed, 0) AS completed, coalesce(m.failed, 0) AS failed,
    coalesce(m.timeout, 0) AS timeout, coalesce(m.cancelled, 0) AS cancelled,
    CASE WHEN m.completed > 0 THEN m.duration_sum_ms / m.completed END AS average_duration_ms,
    m.duration_min_ms, m.duration_max_ms, m.last_executed_at
FROM workflows AS w
LEFT JOIN metrics AS m ON m.entity_type = 'workflow' AND m.entity = w.pk AND m.task = '' AND m.granularity = 'total'
WHERE w.deleted_at IS NULL;

CREATE VIEW task_stats AS
SELECT
    w.pk AS workflow, w.ref, m.task,
    m.completed + m.failed + m.timeout + m.cancelled + m.interrupted AS attempts,
    m.completed, m.failed, m.timeout, m.cancelled, m.skipped, m.interrupted,
    CASE WHEN m.completed > 0 THEN m.duration_sum_ms / m.completed END AS average_duration_ms,
    m.cpu_ms, m.peak_memory_bytes, m.last_executed_at
FROM metrics AS m JOIN workflows AS w ON w.pk = m.entity
WHERE m.entity_type = 'task' AND m.granularity = 'total';

CREATE VIEW long_running_executions AS
SELECT *, unixepoch() * 1000 - started_at AS running_for_ms FROM executions
WHERE status = 'running' AND deleted_at IS NULL
AND unixepoch() * 1000 - started_at
> coalesce((SELECT value FROM settings WHERE key = 'alerts.long_running_ms'), 3600000) + 0;

CREATE VIEW high_failure_rate_workflows AS
SELECT
    workflow, workflow_name, count(*) AS total,
    sum(status IN ('failed', 'timeout')) AS failed,
    round(100.0 * sum(status IN ('failed', 'timeout')) / count(*), 1) AS failure_percent
FROM executions
WHERE created_at >= unixepoch() * 1000 - 86400000 AND deleted_at IS NULL
AND status IN ('completed', 'failed', 'timeout', 'cancelled')
GROUP BY workflow
HAVING count(*) >= coalesce((SELECT value FROM settings WHERE key = 'alerts.failure_rate_least'), 10) + 0
AND failure_percent > coalesce((SELECT value FROM settings WHERE key = 'alerts.failure_rate_percent'), 20) + 0;

CREATE VIEW resource_intensive_tasks AS
SELECT t.*, e.workflow_name,
    CASE WHEN t.duration_ms > 0 THEN round(100.0 * t.cpu_ms / t.duration_ms, 1) END AS cpu_percent
FROM task_executions AS t JOIN executions AS e ON e.pk = t.execution
WHERE e.created_at >= unixepoch() * 1000 - 86400000
AND (
    t.duration_ms > coalesce((SELECT value FROM settings WHERE key = 'alerts.task_duration_ms'), 300000) + 0
    OR t.peak_memory_bytes > coalesce((SELECT value FROM settings WHERE key = 'alerts.task_memory_bytes'), 1073741824) + 0
    OR (t.duration_ms >= 1000 AND 100.0 * t.cpu_ms / t.duration_ms
        > coalesce((SELECT value FROM settings WHERE key = 'alerts.task_cpu_percent'), 80) + 0)
);

CREATE VIEW execution_summary AS
WITH latest AS (
    SELECT
        execution, task, item_index, status, status_reason, tolerated,
        row_number() OVER (PARTITION BY execution, task, item_index ORDER BY pk DESC) AS newest
    FROM task_executions
)
SELECT
    e.pk AS execution, e.id, e.workflow_name, e.number, e.status,
    (SELECT json_group_array(DISTINCT task) FROM latest WHERE execution = e.pk AND newest = 1 AND status IN ('pending', 'running')) AS current_tasks,
    (SELECT json_group_array(DISTINCT task) FROM latest WHERE execution = e.pk AND newest = 1 AND status = 'completed') AS completed_tasks,
    (SELECT json_group_array(DISTINCT task) FROM latest WHERE execution = e.pk AND newest = 1 AND status IN ('failed', 'timeout')) AS failed_tasks,
    (SELECT json_group_array(DISTINCT task) FROM latest WHERE execution = e.pk AND newest = 1 AND status = 'skipped') AS skipped_tasks
FROM executions AS e;

CREATE VIEW workspace_metrics AS
SELECT
    w.workspace, m.granularity, m.bucket,
    sum(m.completed) AS completed, sum(m.failed) AS failed, sum(m.timeout) AS timeout, sum(m.cancelled) AS cancelled,
    sum(m.duration_sum_ms) AS duration_sum_ms, min(m.duration_min_ms) AS duration_min_ms,
    max(m.duration_max_ms) AS duration_max_ms, max(m.last_executed_at) AS last_executed_at
FROM metrics AS m JOIN workflows AS w ON w.pk = m.entity
WHERE m.entity_type = 'workflow'
GROUP BY w.workspace, m.granularity, m.bucket;

-- The tables of the systems this one succeeds, under their own names and columns; their keys join as theirs do: a
-- definition is a version here, ID@NUMBER, and an execution points at the one that it runs.

CREATE VIEW tool_executions AS
SELECT
    e.id || '/' || t.pk AS id, o.id AS tool_id, w.id AS tenant_id, coalesce(t.input, '{}') AS input_data,
    t.output AS output_data, t.status, t.error AS error_message, t.duration_ms,
    strftime('%Y-%m-%d %H:%M:%f', t.started_at / 1000.0, 'unixepoch') AS started_at,
    strftime('%Y-%m-%d %H:%M:%f', t.completed_at / 1000.0, 'unixepoch') AS completed_at,
    strftime('%Y-%m-%d %H:%M:%f', coalesce(t.scheduled_at, t.started_at) / 1000.0, 'unixepoch') AS created_at
FROM task_executions AS t
JOIN executions AS e ON e.pk = t.execution JOIN tools AS o ON o.pk = t.tool JOIN workspaces AS w ON w.pk = e.workspace;

CREATE VIEW tool_logs AS
SELECT
    v.pk AS id, o.id AS tool_id, w.id AS tenant_id, e.id AS execution_id, v.level AS log_level,
    coalesce(v.message, v.type) AS message, v.data AS metadata,
    strftime('%Y-%m-%d %H:%M:%f', v.at / 1000.0, 'unixepoch') AS created_at
FROM events AS v JOIN tools AS o ON o.pk = v.tool JOIN workspaces AS w ON w.pk = o.workspace
LEFT JOIN executions AS e ON e.pk = v.execution;

CREATE VIEW tool_metrics AS
SELECT
    o.pk AS id, o.id AS tool_id, w.id AS tenant_id,
    coalesce(m.completed + m.failed + m.timeout + m.cancelled, 0) AS execution_count,
    coalesce(m.completed, 0) AS success_count, coalesce(m.failed + m.timeout, 0) AS error_count,
    CASE WHEN m.completed > 0 THEN m.duration_sum_ms / m.completed END AS avg_duration_ms,
    strftime('%Y-%m-%d %H:%M:%f', m.last_executed_at / 1000.0, 'unixepoch') AS last_executed_at,
    strftime('%Y-%m-%d %H:%M:%f', o.created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%d %H:%M:%f', o.updated_at / 1000.0, 'unixepoch') AS updated_at
FROM tools AS o JOIN workspaces AS w ON w.pk = o.workspace
LEFT JOIN metrics AS m ON m.entity_type = 'tool' AND m.entity = o.pk AND m.granularity = 'total';

CREATE VIEW workflow_definitions AS
SELECT
    w.id || '@' || v.number AS id, w.ref AS name, v.version, v.definition AS definition_json,
    (v.pk = w.current_version AND w.status = 'active') AS is_active, w.category, w.description, w.tags, w.created_by,
    v.created_at, w.updated_at
FROM workflow_versions AS v JOIN workflows AS w ON w.pk = v.workflow WHERE w.deleted_at IS NULL;

CREATE VIEW workflow_definition_history AS
SELECT
    v.pk AS id,
    w.id || '@' || coalesce(iif(json_valid(v.data), json_extract(v.data, '$.number'), NULL), c.number) AS definition_id,
    CASE v.type
        WHEN 'version_created' THEN 'updated' WHEN 'version_rolled_back' THEN 'updated'
        ELSE replace(v.type, 'workflow_', '')
    END AS change_type,
    v.message AS reason, v.actor AS changed_by, v.data AS details, v.at AS changed_at
FROM events AS v JOIN workflows AS w ON w.pk = v.workflow LEFT JOIN workflow_versions AS c ON c.pk = w.current_version
WHERE v.execution IS NULL AND (v.type LIKE 'workflow\_%' ESCAPE '\' OR v.type LIKE 'version\_%' ESCAPE '\');

CREATE VIEW workflow_instances AS
SELECT
    e.id, w.id || '@' || v.number AS definition_id, e.workflow_name, e.status, e.priority, e.input AS input_data, e.output AS output_data,
    e.variables AS context_data, e.variables, e.correlation_id, e.scheduled_for AS scheduled_at, e.started_at,
    e.completed_at, CASE WHEN e.status = 'timeout' THEN e.completed_at END AS timeout_at, e.error AS error_message,
    NULL AS error_stack, e.attempt - 1 AS retry_count, NULL AS max_retries, e.triggered_by, p.id AS parent_instance_id,
    e.created_at, coalesce(e.completed_at, e.started_at, e.created_at) AS updated_at
FROM executions AS e LEFT JOIN workflows AS w ON w.pk = e.workflow LEFT JOIN executions AS p ON p.pk = e.parent
LEFT JOIN workflow_versions AS v ON v.pk = coalesce(e.version, w.current_version)
WHERE e.deleted_at IS NULL;

CREATE VIEW task_instances AS
SELECT
    t.pk AS id, e.id AS instance_id, t.task AS task_name, t.task_type,
    CASE WHEN t.status = 'pending' AND t.next_retry_at IS NOT NULL THEN 'retrying' ELSE t.status END AS status,
    t.status_reason, t.dependencies, t.position AS execution_order, t.input AS input_data, t.output AS output_data,
    t.error AS error_message, t.attempt - 1 AS retry_count, t.max_retries, t.scheduled_at, t.started_at, t.completed_at,
    t.duration_ms
FROM task_executions AS t JOIN executions AS e ON e.pk = t.execution;

CREATE VIEW execution_history AS
SELECT
    e.id AS instance_id, v.task_execution AS task_instance_id,
    CASE WHEN v.type LIKE 'execution\_%' ESCAPE '\' THEN 'workflow_' || substr(v.type, 11) ELSE v.type END AS event_type,
    v.message AS event_message, v.data AS event_data, v.level, v.at AS occurred_at
FROM events AS v JOIN executions AS e ON e.pk = v.execution
UNION ALL
SELECT e.id, t.pk, 'task_created', NULL, NULL, 'info', coalesce(t.scheduled_at, t.started_at, t.completed_at)
FROM task_executions AS t JOIN executions AS e ON e.pk = t.execution;

CREATE VIEW workflow_schedules AS
SELECT
    s.id, w.id || '@' || v.number AS definition_id, s.name, s.trigger_type,
    json_object('expression', s.expression, 'timezone', s.timezone) AS trigger_config, s.input AS input_data,
    s.status = 'active' AS is_active, s.next_run_at, s.last_run_at, s.run_count, s.success_count, s.failure_count, s.created_at, s.updated_at
FROM schedules AS s JOIN workflows AS w ON w.pk = s.workflow
LEFT JOIN workflow_versions AS v ON v.pk = coalesce(s.version, w.current_version) WHERE s.deleted_at IS NULL;

CREATE VIEW performance_metrics AS
SELECT
    m.entity_type,
    CASE
        WHEN m.entity_type IN ('workflow', 'task') THEN w.id || '@' || v.number
        WHEN m.entity_type = 'tool' THEN o.id WHEN m.entity_type = 'workspace' THEN k.id ELSE m.entity
    END AS entity_id,
    m.task AS task_name, m.granularity AS metric_type, m.bucket AS time_bucket,
    m.completed + m.failed + m.timeout + m.cancelled AS execution_count, m.completed AS success_count,
    m.failed + m.timeout AS error_count,
    CASE WHEN m.completed > 0 THEN m.duration_sum_ms / m.completed END AS avg_duration_ms,
    m.duration_min_ms AS min_duration_ms, m.duration_max_ms AS max_duration_ms, m.cpu_ms AS cpu_time_ms,
    m.peak_memory_bytes AS memory_bytes,
    CASE m.granularity WHEN 'hour' THEN m.completed / 1.0 WHEN 'day' THEN m.completed / 24.0 END AS throughput
FROM metrics AS m
LEFT JOIN workflows AS w ON m.entity_type IN ('workflow', 'task') AND w.pk = m.entity
LEFT JOIN workflow_versions AS v ON v.pk = w.current_version
LEFT JOIN tools AS o ON m.entity_type = 'tool' AND o.pk = m.entity
LEFT JOIN workspaces AS k ON m.entity_type = 'workspace' AND k.pk = m.entity;

CREATE VIEW v_long_running_workflows AS
SELECT id AS instance_id, workflow_name, status, started_at, running_for_ms FROM long_running_executions;

CREATE VIEW v_high_failure_rate_workflows AS
SELECT workflow_name AS name, total AS total_executions, failed AS failed_executions, failure_percent AS failure_rate
FROM high_failure_rate_workflows;

CREATE VIEW flows AS
SELECT
    w.id, s.id AS tenant_id, w.name, w.description,
    CASE w.status WHEN 'inactive' THEN 'active' ELSE w.status END AS status, w.created_by, w.created_at, w.updated_at
FROM workflows AS w JOIN workspaces AS s ON s.pk = w.workspace WHERE w.deleted_at IS NULL;

CREATE VIEW flow_versions AS
SELECT
    w.id || '@' || v.number AS id, w.id AS flow_id, v.number AS version, v.definition, v.change_log, v.created_by,
    v.created_at
FROM workflow_versions AS v JOIN workflows AS w ON w.pk = v.workflow;

CREATE VIEW flow_executions AS
SELECT
    e.id, w.id AS flow_id, v.number AS flow_version, s.id AS tenant_id, e.user_name AS user_id, e.session_id, e.status,
    e.input AS input_data, e.output AS output_data, e.error AS error_message, e.started_at, e.completed_at,
    e.duration_ms AS execution_time_ms, e.created_at
FROM executions AS e
JOIN workspaces AS s ON s.pk = e.workspace LEFT JOIN workflows AS w ON w.pk = e.workflow
LEFT JOIN workflow_versions AS v ON v.pk = e.version WHERE e.deleted_at IS NULL;
