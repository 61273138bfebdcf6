"""E4: a row that another program wrote and that cannot be read is shown as damaged, the others as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from smartspec import compat
from smartspec.commands import database as verbs
from smartspec.commands import executions
from tests.conftest import Ran, Said

DAMAGES = {
    "an unknown status": "status = 'exploded'",
    "bad input": "input = '{'",
    "bad output": "output = 'nul'",
    "a moment that cannot be": "started_at = 999999999999999999",
    "a creation that cannot be": "created_at = -99999999999999999",
}


@pytest.fixture
def ledger(run: Callable[..., Ran], db: Path) -> Path:
    for name in ("one", "two"):
        run({"name": name, "tags": ["nightly"], "tasks": {"a": {"run": "echo found me"}, "b": {"run": "true"}}})
    return db


def by_another_tool(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA ignore_check_constraints=1")
        other.execute("DROP TRIGGER IF EXISTS workflow_versions_no_update")
        other.execute("DROP TRIGGER IF EXISTS events_no_update")
        for statement in statements:
            other.execute(statement)
        other.commit()


def shown(said: Said) -> str:
    assert said.code == 0, said
    return said.out


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_execution(ledger: Path, damage: str, terminal: Callable[..., Said]) -> None:
    broken, sound = executions.get_execution("two").id, executions.get_execution("one").id
    verbs.close_database()
    by_another_tool(ledger, f"UPDATE executions SET {DAMAGES[damage]} WHERE id = '{broken}'")
    lines = shown(terminal("--db", str(ledger), "history")).splitlines()
    assert any("damaged" in line and "two #1" in line for line in lines)
    assert any("completed" in line and "one #1" in line for line in lines)
    assert "This row is damaged" in shown(terminal("--db", str(ledger), "execution", broken))
    assert "completed" in shown(terminal("--db", str(ledger), "execution", sound))
    for arguments in (
        ("history", "found"),
        ("tasks", broken),
        ("list",),
        ("show", "two"),
        ("events", broken),
        ("logs", broken),
        ("stats",),
    ):
        shown(terminal("--db", str(ledger), *arguments))
    verbs.open_database(ledger)
    found: Any = compat.call("list_executions", {})
    assert {each["id"]: each["status"] for each in found["rows"]} == {broken: "damaged", sound: "completed"}
    pro: Any = compat.call("list_executions_db", {})
    assert len(pro) == 2
    verbs.close_database()
    assert terminal("--db", str(ledger), "db", "check").code == 1


@pytest.mark.parametrize(
    "damage", ["status = 'maybe'", "output = '['", "started_at = 999999999999999999", "dependencies = 'x'"]
)
def test_a_task(ledger: Path, damage: str, terminal: Callable[..., Said]) -> None:
    broken = executions.get_execution("two").id
    verbs.close_database()
    by_another_tool(ledger, f"UPDATE task_executions SET {damage} WHERE task = 'a' AND execution = 2")
    lines = shown(terminal("--db", str(ledger), "tasks", broken)).splitlines()
    assert any("damaged" in line and line.startswith("a") for line in lines)
    assert any("completed" in line and line.startswith("b") for line in lines)
    for arguments in (("execution", broken), ("history",), ("logs", broken), ("show", "two")):
        shown(terminal("--db", str(ledger), *arguments))


@pytest.mark.parametrize(
    "damage", ["status = 'exploded'", "tags = '['", "tags = '{}'", "config = '{'", "updated_at = 999999999999999999"]
)
def test_a_workflow(ledger: Path, damage: str, terminal: Callable[..., Said]) -> None:
    verbs.close_database()
    by_another_tool(ledger, f"UPDATE workflows SET {damage} WHERE name = 'two'")
    lines = shown(terminal("--db", str(ledger), "list")).splitlines()
    assert any("damaged" in line and "two" in line for line in lines)
    assert any("active" in line and "one" in line for line in lines)
    for arguments in (
        ("show", "one"),
        ("show", "two"),
        ("history", "found"),
        ("history", "tag:nightly"),
        ("list", "--tag", "nightly"),
    ):
        shown(terminal("--db", str(ledger), *arguments))


def test_an_event_of_a_later_day(ledger: Path, terminal: Callable[..., Said]) -> None:
    verbs.close_database()
    by_another_tool(ledger, "UPDATE events SET type = 'moon_risen', data = '{' WHERE type = 'task_completed'")
    assert "moon_risen" in shown(terminal("--db", str(ledger), "events", "two"))


def test_a_definition_that_cannot_be_read_is_a_sentence(ledger: Path, terminal: Callable[..., Said]) -> None:
    """Only there nothing can be shown."""
    verbs.close_database()
    by_another_tool(ledger, "UPDATE workflow_versions SET definition = '{' WHERE pk = 2")
    for arguments in (("list",), ("history",), ("show", "one"), ("versions", "two")):
        shown(terminal("--db", str(ledger), *arguments))
    for arguments in (("run", "two"), ("show", "two")):
        said = terminal("--db", str(ledger), *arguments)
        assert said.code in (0, 65) and "error in SmartSpec itself" not in said.err, said


def test_a_repair_puts_in_their_place_what_can_be(ledger: Path, terminal: Callable[..., Said]) -> None:
    verbs.close_database()
    by_another_tool(
        ledger, "UPDATE executions SET status = 'exploded', input = '{' WHERE pk = 2", "UPDATE workflows SET tags = '[' WHERE pk = 1",
        "UPDATE task_executions SET status = 'maybe' WHERE pk = 1", "UPDATE workflows SET status = 'x' WHERE pk = 2",
    )  # fmt: skip
    assert terminal("--db", str(ledger), "db", "check").code == 1
    done = terminal("--db", str(ledger), "db", "repair")
    assert done.code == 0 and "status that there is not are failed now: 1" in done.out, done
    assert terminal("--db", str(ledger), "db", "check").out == "Everything is in order.\n"
    assert "damaged" not in shown(terminal("--db", str(ledger), "history")) + shown(
        terminal("--db", str(ledger), "list")
    )


IMPOSSIBLE = {
    "executions.created_at": 99999999999999999,
    "executions.started_at": -99999999999999999,
    "task_executions.completed_at": 999999999999999,
    "workflows.updated_at": 9223372036854775807,
    "events.at": -9223372036854775808,
}


@pytest.mark.parametrize("column", IMPOSSIBLE)
def test_an_impossible_time_is_found_and_mended(ledger: Path, column: str, terminal: Callable[..., Said]) -> None:
    table, name = column.split(".")
    verbs.close_database()
    before = _moments(ledger, table, name)
    by_another_tool(ledger, f"UPDATE {table} SET {name} = {IMPOSSIBLE[column]} WHERE pk = 2")
    found = terminal("--db", str(ledger), "db", "check")
    assert found.code == 1 and f"1 row of {table} with a time that no calendar has ({name})" in found.out
    done = terminal("--db", str(ledger), "db", "repair")
    assert done.code == 0 and f"Values of {column} that no calendar has are" in done.out, done
    assert terminal("--db", str(ledger), "db", "check").out == "Everything is in order.\n"
    after = _moments(ledger, table, name)
    is_required = name in ("created_at", "updated_at", "at")
    assert after.pop(2) is not None if is_required else after.pop(2) is None
    assert after.items() >= {pk: at for pk, at in before.items() if pk != 2}.items()
    assert "damaged" not in shown(terminal("--db", str(ledger), "history"))
    assert "two #1" in shown(terminal("--db", str(ledger), "history", "found"))


def _moments(file: Path, table: str, column: str) -> dict[int, int | None]:
    with closing(sqlite3.connect(file)) as other:
        return dict(other.execute(f"SELECT pk, {column} FROM {table}"))


def test_a_creation_that_cannot_be_is_the_earliest_other_time(ledger: Path, terminal: Callable[..., Said]) -> None:
    verbs.close_database()
    started = _moments(ledger, "executions", "started_at")[2]
    by_another_tool(ledger, "UPDATE executions SET created_at = 99999999999999999 WHERE pk = 2")
    assert terminal("--db", str(ledger), "db", "repair").code == 0
    assert _moments(ledger, "executions", "created_at")[2] == started


def test_sentences_on_the_index_and_on_rows_say_each_thing_once(ledger: Path, terminal: Callable[..., Said]) -> None:
    verbs.close_database()
    by_another_tool(
        ledger, "UPDATE events SET data = '{'", "UPDATE executions SET status = 'running', runner = 1 WHERE pk = 2"
    )
    lines = shown_with_findings(terminal("--db", str(ledger), "db", "check"))
    assert len(lines) == len(set(lines))
    assert any(line.startswith("The full-text index has 1 too many; ") for line in lines), lines


def shown_with_findings(said: Said) -> list[str]:
    assert said.code == 1, said
    return said.out.splitlines()
