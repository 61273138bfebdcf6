"""What the schema itself guards: append-only tables, checks, indexes, views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import configs, executions, workflows
from smartspec.commands import database as verbs
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import database, history, versions
from tests.conftest import Ran

TASK = {"tasks": {"a": {"run": "true"}}}


@pytest.fixture
def filled(run: Callable[..., Ran]) -> Ran:
    """One row at least in each append-only table but schedule_firings, which gets one by hand."""
    done = run({**TASK, "config": {"k": {"type": "string", "default": "d"}}})
    configs.set_config("test", "k", "v")
    with database.transaction():
        database.execute(
            "INSERT INTO schedule_firings (schedule, scheduled_for, decision, fired_at) VALUES (1, 2, 'ran', 3)"
        )
    return done


@pytest.mark.parametrize("table", ["workflow_versions", "config_history", "events", "schedule_firings"])
def test_append_only_tables_refuse_every_change(filled: Ran, table: str) -> None:
    pk = database.scalar(f"SELECT max(pk) FROM {table}")
    column = {
        "workflow_versions": "source",
        "config_history": "new",
        "events": "message",
        "schedule_firings": "reason",
    }[table]
    names = ", ".join(f'"{row[1]}"' for row in database.rows(f"PRAGMA table_info({table})"))
    for statement in (
        f"UPDATE {table} SET {column} = 'x' WHERE pk = {pk}", f"DELETE FROM {table} WHERE pk = {pk}",
        f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} WHERE pk = {pk}",
    ):  # fmt: skip
        with pytest.raises(errors.QueryFailed, match=f"append-only: {table}"), database.transaction():
            database.execute(statement)


def test_a_version_cannot_be_replaced_by_its_number_either(filled: Ran) -> None:
    with pytest.raises(errors.QueryFailed, match="append-only"), database.transaction():
        database.execute(
            "INSERT OR REPLACE INTO workflow_versions (workflow, number, version, source, source_format, definition,"
            " definition_hash, created_at) SELECT workflow, number, 'other', 'x', 'yaml', '{}', 'h', 1 FROM workflow_versions"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE executions SET status = 'exploded'", "UPDATE executions SET input = 'no json'", "UPDATE executions SET attempt = 0",
        "UPDATE executions SET created_at = 'yesterday'", "UPDATE executions SET workflow = 999",
        "UPDATE task_executions SET status = 'maybe'", "UPDATE workflows SET name = ''", "UPDATE workflows SET status = 'x'",
        "UPDATE workflows SET tags = '['", "UPDATE configs SET value_type = 'blob'", "DELETE FROM workspaces",
        "INSERT INTO workspaces (id, name, slug, is_default, created_at) VALUES ('x', 'x', 'x', 1, 1)",
        "INSERT INTO tools (id, workspace, name, tool_type, version, input_schema, output_schema, registered_at, created_at,"
        " updated_at) VALUES ('tool:a@1', 1, 'a', 't', '1', '{}', '{}', 1, 1, 1)",
    ],
)  # fmt: skip
def test_bad_rows_are_impossible_whoever_writes_them(filled: Ran, statement: str) -> None:
    with pytest.raises(errors.StorageError), database.transaction():
        database.execute(statement)


def test_a_removal_is_allowed_only_inside_a_purge(filled: Ran) -> None:
    workflows.delete_workflow("test")
    workflows.purge_workflow("test")
    assert database.scalar("SELECT count(*) FROM metadata WHERE key = 'removing'") == 0
    kept = executions.get_execution(filled.execution.id)
    assert kept.workflow is None and kept.workflow_name == "test" and kept.version is not None
    assert versions.get(kept.version).source
    assert database.rows("PRAGMA foreign_key_check") == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "SELECT * FROM executions WHERE deleted_at IS NULL AND workflow = 1 AND status = 'failed' ORDER BY created_at DESC, pk DESC",
            "executions_workflow_status",
        ),
        (
            "SELECT * FROM executions WHERE deleted_at IS NULL AND workflow = 1 ORDER BY created_at DESC, pk DESC",
            "executions_workflow",
        ),
        (
            "SELECT * FROM executions WHERE deleted_at IS NULL AND status = 'failed' ORDER BY created_at DESC, pk DESC",
            "executions_status",
        ),
        ("SELECT * FROM executions WHERE deleted_at IS NULL ORDER BY created_at DESC, pk DESC", "executions_created"),
        ("SELECT * FROM executions WHERE session_id = 's' ORDER BY created_at DESC, pk DESC", "executions_session"),
        (
            "SELECT * FROM executions WHERE correlation_id = 's' ORDER BY created_at DESC, pk DESC",
            "executions_correlation",
        ),
        ("SELECT * FROM executions WHERE parent = 1", "executions_parent"),
        ("SELECT * FROM task_executions WHERE execution = 1 ORDER BY pk", "task_executions_execution"),
        (
            "SELECT * FROM task_executions WHERE status = 'pending' AND next_retry_at IS NOT NULL ORDER BY next_retry_at",
            "task_executions_retry",
        ),
        (
            "SELECT * FROM task_executions WHERE status = 'timeout' ORDER BY completed_at DESC",
            "task_executions_timeout",
        ),
        ("SELECT * FROM events WHERE execution = 1 ORDER BY pk", "events_execution"),
        (
            "SELECT * FROM events WHERE type IN ('notification_sent', 'notification_failed') ORDER BY pk DESC LIMIT 50",
            "events_told",
        ),
        (
            "SELECT * FROM schedules WHERE deleted_at IS NULL AND status = 'active' ORDER BY next_run_at",
            "schedules_next",
        ),
        ("SELECT * FROM tools WHERE workspace = 1 AND version = '1'", "tools_version"),
        ("SELECT * FROM tools WHERE category = 'c'", "tools_category"),
        ("SELECT * FROM tools WHERE tool_type = 't'", "tools_type"),
        ("SELECT * FROM tools ORDER BY registered_at", "tools_registered"),
    ],
)
def test_each_query_has_its_index_and_needs_no_sorting(db: Path, query: str, index: str) -> None:
    plan = " ".join(row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {query}"))
    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


def plans_of(ask: Callable[[], object], word: str) -> list[str]:
    """How SQLite goes about the statements that are run meanwhile and hold a word."""
    seen: list[str] = []
    connection = database.database.connection()
    connection.set_trace_callback(seen.append)
    ask()
    connection.set_trace_callback(None)
    asked = [statement for statement in seen if word in statement]
    return [" ".join(row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {each}")) for each in asked]


FAILED = frozenset({ExecutionStatus.FAILED})


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ExecutionFilter(), "executions_created"), (ExecutionFilter(status=FAILED), "executions_status"),
        (ExecutionFilter(workflow=WorkflowPk(1)), "executions_workflow"),
        (ExecutionFilter(workflow=WorkflowPk(1), status=FAILED), "executions_workflow_status"),
    ],
)  # fmt: skip
def test_lists_and_counts_read_no_row_that_they_do_not_show(db: Path, wanted: ExecutionFilter, index: str) -> None:
    for ask in (lambda: history.count(wanted), lambda: history.slice_(wanted, 50, 100_000)):
        (plan,) = plans_of(ask, "FROM executions")
        assert f"USING COVERING INDEX {index} " in plan


@pytest.mark.parametrize("after", [None, "1700000000000.5"])
@pytest.mark.parametrize("deleted", [False, True])
def test_a_page_is_found_by_its_index_without_sorting(db: Path, after: str | None, deleted: bool) -> None:
    (plan,) = plans_of(lambda: history.page(ExecutionFilter(deleted=deleted), after), "FROM executions")
    assert f"INDEX executions_{'trash' if deleted else 'created'}" in plan and "TEMP B-TREE" not in plan
    assert (after is None) is not ("created_at<?" in plan)


def test_the_views_agree_with_the_rows(run: Callable[..., Ran], db: Path) -> None:
    run(
        {
            "tasks": {
                "a": {"run": "true"},
                "b": {"run": "false", "continue_on_error": True},
                "c": {"if": False, "run": "true"},
            }
        }
    )
    failed = run({"name": "bad", "tasks": {"a": {"run": "exit 3"}, "b": {"needs": ["a"], "run": "true"}}})
    assert database.rows("SELECT ref, total, completed, failed FROM workflow_stats ORDER BY ref") == [
        ("default.bad", 1, 0, 1), ("default.test", 1, 1, 0),
    ]  # fmt: skip
    summary = database.rows(
        "SELECT completed_tasks, failed_tasks, skipped_tasks FROM execution_summary ORDER BY execution"
    )
    assert summary == [('["a"]', '["b"]', '["c"]'), ("[]", '["a"]', '["b"]')]
    assert database.scalar("SELECT count(*) FROM active_executions") == 0
    assert (
        database.scalar("SELECT sum(completed) + sum(failed) FROM workspace_metrics WHERE granularity = 'total'") == 2
    )
    assert {name for (name,) in database.rows("SELECT task FROM task_stats WHERE ref = 'default.bad'")} == {"a", "b"}
    instance = database.rows(
        "SELECT status, error_message FROM workflow_instances WHERE id = ?", (failed.execution.id,)
    )
    assert instance[0][0] == "failed" and "exit code 3" in instance[0][1]
    tasks = database.rows(
        "SELECT task_name, status, execution_order FROM task_instances WHERE instance_id = ?", (failed.execution.id,)
    )
    assert tasks == [("a", "failed", 0), ("b", "skipped", 1)]
    history = [
        kind
        for (kind,) in database.rows(
            "SELECT event_type FROM execution_history WHERE instance_id = ?", (failed.execution.id,)
        )
    ]
    assert {
        "workflow_created",
        "workflow_started",
        "workflow_failed",
        "task_created",
        "task_started",
        "task_failed",
        "task_skipped",
    } == {*history}
    assert database.rows("SELECT name, version, is_active FROM workflow_definitions ORDER BY name") == [
        ("default.bad", "1.0.0", 1), ("default.test", "1.0.0", 1),
    ]  # fmt: skip
    assert database.scalar("SELECT count(*) FROM flow_executions WHERE flow_version = 1") == 2
    assert database.scalar("SELECT count(*) FROM flows") == 2
    assert (
        database.scalar(
            "SELECT count(*) FROM performance_metrics WHERE metric_type = 'total' AND entity_type = 'workflow'"
        )
        == 2
    )


def test_alerts_follow_their_thresholds(run: Callable[..., Ran]) -> None:
    from smartspec.commands import metrics, settings

    for _ in range(3):
        run({"tasks": {"a": {"run": "sleep 0.02; false"}}})
    assert metrics.alerts()["high_failure_rate_workflows"] == []
    settings.set_setting("alerts.failure_rate_least", 3)
    (alert,) = metrics.alerts()["high_failure_rate_workflows"]
    assert (alert["workflow_name"], alert["total"], alert["failure_percent"]) == ("test", 3, 100.0)
    settings.set_setting("alerts.task_duration_ms", 1)
    assert len(metrics.alerts()["resource_intensive_tasks"]) == 3
    assert verbs.database_health().status == "green"


def test_the_views_join_as_the_queries_of_their_sources_do(
    run: Callable[..., Ran], store: Callable[..., object]
) -> None:
    done = run({"tasks": {"a": {"run": "true"}}}).execution
    store({"tasks": {"a": {"run": "true"}}, "description": "second"})
    with database.transaction():
        database.execute("UPDATE executions SET correlation_id = 'batch-001'")
    joined = database.rows(
        "SELECT wi.id, wd.name, wd.version, wd.definition_json FROM workflow_instances wi"
        " JOIN workflow_definitions wd ON wi.definition_id = wd.id WHERE wi.correlation_id = 'batch-001'"
    )
    assert [row[:2] for row in joined] == [(done.id, "default.test")] and "second" not in joined[0][3]
    for sql, count in (
        ("SELECT count(*) FROM task_instances t JOIN workflow_instances i ON t.instance_id = i.id", 1),
        ("SELECT count(DISTINCT h.task_instance_id) FROM execution_history h JOIN task_instances t ON h.task_instance_id = t.id", 1),
        ("SELECT count(*) > 0 FROM execution_history h JOIN workflow_instances i ON h.instance_id = i.id", 1),
        ("SELECT count(DISTINCT d.id) FROM workflow_definition_history h JOIN workflow_definitions d ON h.definition_id = d.id", 2),
        ("SELECT count(DISTINCT d.id) FROM performance_metrics m JOIN workflow_definitions d ON m.entity_id = d.id", 1),
        ("SELECT count(*) FROM flow_versions v JOIN flows f ON v.flow_id = f.id", 2),
        ("SELECT count(*) FROM flow_executions e JOIN flows f ON e.flow_id = f.id"
         " JOIN flow_versions v ON v.flow_id = f.id AND v.version = e.flow_version", 1),
    ):  # fmt: skip
        assert database.scalar(sql) == count, sql


def test_what_goes_on_is_found_by_indexes(run: Callable[..., Ran]) -> None:
    from smartspec.commands.activity import list_activities

    run({"tasks": {"a": {"run": "true"}}})
    for plan in (*plans_of(list_activities, "FROM executions"), *plans_of(list_activities, "FROM task_executions")):
        assert "SCAN executions" not in plan and "SCAN task_executions" not in plan
