"""E3: `db check` finds what another tool broke, whatever it is; `db repair` makes anew what can be had from the rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import executions, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import database, hash_chain, migrations
from smartspec.store.backup import backups
from smartspec.store.database import schema
from tests.conftest import Ran, Said

TASKS = {"tasks": {"a": {"run": "echo found me"}, "b": {"needs": ["a"], "run": "exit 3"}}}


@pytest.fixture
def ledger(run: Callable[..., Ran], store: Callable[..., object], db: Path) -> Path:
    """A database with something in every table that is counted, closed."""
    run(TASKS)
    store({**TASKS, "description": "changed"})
    begun = recording.begin_execution("test")
    recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED, {"word": "Zürich"}))
    recording.begin_execution("test")
    assert verbs.check_database() == ()
    verbs.close_database()
    return db


def by_another_tool(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        for statement in statements:
            other.execute(statement)
        other.commit()


NO_TRIGGERS = ("DROP TRIGGER workflow_versions_no_update", "DROP TRIGGER workflow_versions_no_delete")
BROKEN = {
    "rows without a workflow": (["DELETE FROM workflows"], "point"),
    "rows without an execution": (["DELETE FROM executions"], "point"),
    "no full-text index": (["DROP TABLE execution_search"], "table execution_search is missing"),
    "an empty full-text index": (
        ["INSERT INTO execution_search (execution_search) VALUES ('delete-all')"], "full-text index lacks 2 executions"
    ),
    "an index": (["DROP INDEX executions_status"], "index executions_status is missing"),
    "an index of another form": (
        ["DROP INDEX executions_status", "CREATE INDEX executions_status ON executions (created_at)"],
        "index executions_status is not as it was made",
    ),
    "a unique index of somebody": (["CREATE UNIQUE INDEX mine ON executions (status, kind, workflow, number)"], "index mine is not SmartSpec's"),
    "a trigger": (["DROP TRIGGER events_no_update"], "trigger events_no_update is missing"),
    "a trigger of somebody": (
        ["CREATE TRIGGER mine BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no'); END"], "trigger mine is not SmartSpec's"
    ),
    "a view": (["DROP VIEW flows", "CREATE VIEW flows AS SELECT 1 AS x"], "view flows is not as it was made"),
    "another column": (["ALTER TABLE settings ADD COLUMN mine TEXT"], "table settings is not as it was made"),
    "task counters": (["UPDATE executions SET tasks_completed = 7, tasks_total = 2 WHERE kind = 'workflow'"], "do not add up in 1 execution"),
    "task counters that add up": (
        ["UPDATE executions SET tasks_completed = 2, tasks_failed = 0 WHERE kind = 'workflow'"], "not those of the rows in 1"
    ),
    "the last number": (["UPDATE workflows SET last_number = 1"], "last number is too small for 1 workflow"),
    "the current version": (["UPDATE workflows SET current_version = NULL"], "not the newest one of 1 workflow"),
    "metrics": (["UPDATE metrics SET completed = completed + 1 WHERE granularity = 'total'"], "not as the rows say"),
    "metrics that are gone": (["DELETE FROM metrics"], "not as the rows say"),
    "an unfinished task": (
        ["UPDATE task_executions SET status = 'pending', completed_at = NULL WHERE task = 'a'"], "1 unfinished task in executions"
    ),
    "an execution without a runner": (
        ["UPDATE executions SET runner = 4711 WHERE status = 'running'"], "1 running execution without a runner"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_another_tool_broke_is_found_and_mended(ledger: Path, what: str, terminal: Callable[..., Said]) -> None:
    statements, words = BROKEN[what]
    by_another_tool(ledger, "PRAGMA foreign_keys=0", *statements)
    before = _texts(ledger)
    found = terminal("--db", str(ledger), "db", "check")
    assert found.code == 1 and words in found.out and "`smartspec db repair`" in found.out
    health = terminal("--db", str(ledger), "--json", "db", "health").json()
    assert health["status"] != "green"
    done = terminal("--db", str(ledger), "db", "repair")
    if what == "another column":
        assert done.code == 0 or "columns mine" in done.out
    else:
        assert done.code == 0, done
    assert terminal("--db", str(ledger), "db", "check").out == "Everything is in order.\n"
    assert terminal("--db", str(ledger), "--json", "db", "health").json()["status"] == "green"
    verbs.open_database(ledger)
    (kept,) = verbs.list_backups()
    assert kept.reason == "before repair" and kept.flawed
    assert _texts(Path(kept.path)) == before
    found_again = executions.search_executions("Zürich").rows
    assert len(found_again) == (0 if what == "rows without an execution" else 1)
    verbs.close_database()


def _texts(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as other:
        return other.execute("SELECT id, status, input FROM executions ORDER BY pk").fetchall()


def test_a_ledger_in_order_is_not_changed_by_a_repair(ledger: Path) -> None:
    verbs.open_database(ledger)
    before = {table: database.rows(f"SELECT * FROM {table}") for table in ("executions", "task_executions", "metrics")}
    done = verbs.repair_database()
    assert (done.done, done.left) == ((), ())
    assert before == {table: database.rows(f"SELECT * FROM {table}") for table in before}
    found = schema.of(database.database.connection())
    assert schema.differences(found, migrations.wanted(migrations.latest())) == []
    with pytest.raises(errors.QueryFailed, match="append-only"), database.transaction():
        database.execute("UPDATE events SET message = 'x'")
    verbs.close_database()


def test_the_copy_from_before_a_repair_is_restored_only_by_its_name(ledger: Path) -> None:
    verbs.open_database(ledger)
    good = verbs.back_up_database()
    bad = verbs.repair_database().backup
    verbs.close_database()
    assert verbs.restore_database(ledger).backup.path == good.path
    verbs.close_database()
    done = verbs.restore_database(ledger, Path(bad.path).name)
    assert done.backup.path == bad.path
    verbs.close_database()


def test_a_damaged_page_is_not_repaired_and_the_way_out_is_named(ledger: Path, terminal: Callable[..., Said]) -> None:
    data = bytearray(ledger.read_bytes())
    with closing(sqlite3.connect(ledger)) as other:
        root, size = other.execute("SELECT rootpage, 4096 FROM sqlite_master WHERE name = 'events'").fetchone()
    data[(root - 1) * size + 3 : (root - 1) * size + 40] = b"\xff" * 37
    ledger.write_bytes(data)
    assert "db restore" in (said := terminal("--db", str(ledger), "db", "check")).out + said.err and said.code in (
        1,
        65,
    )
    said = terminal("--db", str(ledger), "db", "repair")
    assert said.code == 65 and "db restore" in said.err
    assert ledger.read_bytes() == bytes(data)


def test_logs_that_are_gone_are_found_and_noted_as_gone(run: Callable[..., Ran], db: Path) -> None:
    done = run({"tasks": {"a": {"run": "seq 100000"}, "b": {"run": "seq 100000"}}})
    assert verbs.check_database() == ()
    paths = [db.parent / "logs" / str(done.row(task).log_path) for task in ("a", "b")]
    paths[0].unlink()
    paths[1].write_bytes(paths[1].read_bytes()[:100])
    (found,) = verbs.check_database()
    assert "logs of 2 attempts are missing or shorter" in found
    assert verbs.repair_database().done == ("Logs that are not there any more are noted as gone: 2.",)
    assert verbs.check_database() == ()


def test_a_changed_version_breaks_the_chain(ledger: Path) -> None:
    """0.17. Nothing mends that: it is told, also after a repair."""
    verbs.open_database(ledger)
    assert database.scalar("SELECT count(DISTINCT chain_hash) FROM workflow_versions") == 2
    verbs.close_database()
    by_another_tool(
        ledger, *NO_TRIGGERS, "UPDATE workflow_versions SET source = replace(source, 'found', 'lost') WHERE number = 1"
    )
    verbs.open_database(ledger, allow_damaged=True)
    found = [each for each in verbs.check_database() if "chain" in each]
    assert "breaks first at #1" in found[0]
    assert [each for each in verbs.repair_database().left if "chain" in each] == found
    verbs.close_database()


def test_the_chain_includes_every_parent(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as other:
        rows = other.execute(
            f"SELECT chain_hash, {', '.join(hash_chain.HASHED)} FROM workflow_versions ORDER BY number"
        ).fetchall()
    assert rows[0][0] == hash_chain.hash_of(None, rows[0][1:])
    assert rows[1][0] == hash_chain.hash_of(rows[0][0], rows[1][1:])
    assert hash_chain.hash_of(None, ["ab", "c"]) != hash_chain.hash_of(None, ["a", "bc"]) and hash_chain.hash_of(
        None, [None]
    ) != hash_chain.hash_of(None, [""])


def test_a_purge_breaks_no_chain(run: Callable[..., Ran], store: Callable[..., object], db: Path) -> None:
    run(TASKS)
    store({**TASKS, "description": "second, which nothing has run"})
    run({**TASKS, "description": "third"})
    workflows.delete_workflow("test")
    workflows.purge_workflow("test")
    assert database.scalar("SELECT count(*) FROM workflow_versions") == 2
    assert verbs.check_database() == ()


def test_findings_are_json(ledger: Path, terminal: Callable[..., Said]) -> None:
    by_another_tool(ledger, "DROP VIEW flows")
    said = terminal("--db", str(ledger), "--json", "db", "check")
    assert json.loads(said.out)["findings"] == ["The view flows is missing; `smartspec db repair` mends that."]


def test_a_backup_of_another_day_knows_no_flaws() -> None:
    described: dict[str, Any] = {
        "path": "x",
        "made_at": "x",
        "reason": "x",
        "size": 1,
        "sha256": "x",
        "rows": {},
        "application_version": "0",
    }
    assert backups.Backup(**described).flawed is False
