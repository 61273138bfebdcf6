"""R58: a file is ours by what its tables are. Former forms are brought up to date, others refused with a way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import executions, recording, versions, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import database, migrations, search_index
from smartspec.store.database import schema
from tests.data.forms import FORMS, columns_of, rows_of, unpacked


@pytest.fixture(params=FORMS)
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpacked(request.param, tmp_path / "former")


def test_a_former_form_becomes_today_s_with_every_row(former: Path) -> None:
    before, shared = rows_of(former), columns_of(former)
    verbs.open_database(former)
    found = schema.of(database.database.connection())
    assert schema.differences(found, migrations.wanted(migrations.latest())) == []
    assert database.scalar("SELECT value FROM metadata WHERE key = 'schema_fingerprint'") == schema.fingerprint(found)
    assert search_index.strays() == (0, 0)
    assert [each.label for each in executions.search_executions("Zürich").rows] == ["alpha #2"]
    verbs.close_database()
    assert rows_of(former, shared) == before
    (backup,) = verbs_backups(former)
    assert rows_of(Path(backup)) == before


def verbs_backups(file: Path) -> list[str]:
    from smartspec.store.backup import backups

    return [each.path for each in backups.list_backups(file)]


@pytest.mark.parametrize("former", [each for each, step in FORMS.items() if step == 1], indirect=True)
def test_what_did_not_work_in_a_former_form_works(former: Path) -> None:
    """The first form refused every `record`; the first three gave the key of a purged workflow again."""
    verbs.open_database(former)
    from smartspec.commands import process_identity, runners

    runners.unregister_runner(runners.register_runner(process_identity.this_process("recording")))
    begun = recording.begin_execution("beta")
    recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED))
    assert versions.latest_version("alpha").number == 2
    last = database.scalar("SELECT max(pk) FROM workflows")
    for which in ("beta", "alpha"):
        workflows.delete_workflow(which)
        workflows.purge_workflow(which)
    assert workflows.create_workflow("new").pk > last
    assert verbs.database_health().status == "green"
    (found,) = verbs.check_database()
    assert "logs of 4 attempts are missing" in found  # they were not kept with the fixtures
    verbs.close_database()


def test_a_key_that_only_events_remember_is_not_given_again(tmp_path: Path) -> None:
    file = unpacked("d72f1f3", tmp_path)
    with closing(sqlite3.connect(file)) as other:
        other.execute(
            "INSERT INTO events (at, level, type, workflow, execution, process) VALUES (1, 'info', 'x', 41, 73, 1)"
        )
        other.commit()
    verbs.open_database(file)
    made = workflows.create_workflow("new")
    assert made.pk == 42
    assert recording.begin_execution("new").pk == 74
    verbs.close_database()


def by_another_tool(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        for statement in statements:
            other.execute(statement)
        other.commit()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE execution_search", "the table execution_search is missing"),
        ("ALTER TABLE executions ADD COLUMN mine TEXT", "the table executions is not as it was made"),
        ("ALTER TABLE events RENAME TO occurrences", "the table events is missing"),
        ("ALTER TABLE settings RENAME COLUMN value TO worth", "the table settings is not as it was made"),
    ],
)
def test_a_table_that_is_not_ours_is_refused_with_the_way_out(tmp_path: Path, statement: str, words: str) -> None:
    file = tmp_path / "x.db"
    verbs.open_database(file)
    verbs.close_database()
    by_another_tool(file, *(f"DROP VIEW {view}" for view in view_names(file)), statement)
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(errors.DatabaseDamaged, match=words) as caught:
            verbs.open_database(file)
        assert "db repair" in str(caught.value) and "db restore" in str(caught.value)
    assert file.read_bytes() == before


def view_names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as other:
        return [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]


@pytest.mark.parametrize("form", FORMS)
def test_a_former_form_that_was_changed_is_refused_as_well(form: str, tmp_path: Path) -> None:
    file = unpacked(form, tmp_path)
    by_another_tool(file, *(f"DROP VIEW {view}" for view in view_names(file)), "ALTER TABLE runners ADD COLUMN x TEXT")
    with pytest.raises(errors.DatabaseDamaged, match="the table runners is not as it was made"):
        verbs.open_database(file)


def test_the_schema_is_looked_at_again_only_when_somebody_changed_it(db: Path) -> None:
    connection = database.database.connection()
    assert migrations.migrate(connection, db) is False
    connection.execute("CREATE TABLE of_a_person (a)")
    assert migrations.migrate(connection, db) is True
    migrations.note_known(connection)
    assert migrations.migrate(connection, db) is False


def test_views_of_another_release_are_made_anew_without_a_backup(db: Path) -> None:
    with database.transaction():
        database.execute("UPDATE metadata SET value = 'of another release' WHERE key = 'schema_declared'")
        database.execute("DELETE FROM metadata WHERE key = 'schema_known'")
        database.execute("DROP VIEW flows")
        database.execute("CREATE VIEW flows AS SELECT 1 AS old")
    verbs.close_database()
    verbs.open_database(db)
    assert database.rows("SELECT count(*) FROM flows WHERE tenant_id = 'x'") == [(0,)]
    assert verbs.list_backups() == ()


def test_statements_are_compared_without_comments_spaces_and_quotes() -> None:
    one = 'CREATE TABLE "x" (\n  a TEXT, -- why\n  b TEXT DEFAULT \'a  "b"\'\n)'
    assert schema.canonical(one) == schema.canonical("CREATE TABLE x (a TEXT,b TEXT   DEFAULT 'a  \"b\"')")
    assert schema.canonical(one) != schema.canonical("CREATE TABLE x (a TEXT,b TEXT DEFAULT 'a \"b\"')")


def test_what_a_pause_had_ended_before_step_4_says_so(tmp_path: Path) -> None:
    file = unpacked("170effc", tmp_path)
    with closing(sqlite3.connect(file)) as other:
        other.executemany(
            "INSERT INTO schedule_firings (schedule, scheduled_for, cause, decision, reason, fired_at)"
            " VALUES (2, ?, ?, ?, ?, 9)",
            [(1, "", "caught_up", "off"), (1, "hand 1", "caught_up", "by hand: ada"), (2, "", "queued", None),
             (3, "", "skipped_paused", "paused: ada"), (4, "", "caught_up", "off")],
        )  # fmt: skip
        other.commit()
    verbs.open_database(file)
    found = database.rows("SELECT scheduled_for, cause, decision, reason FROM schedule_firings WHERE schedule = 2")
    assert found == [
        (1, "", "skipped_paused", "paused: ada"), (1, "hand 1", "caught_up", "by hand: ada"),
        (2, "", "skipped_paused", "paused: ada"), (3, "", "skipped_paused", "paused: ada"), (4, "", "caught_up", "off"),
    ]  # fmt: skip
    verbs.close_database()
