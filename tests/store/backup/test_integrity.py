"""What is looked at is the file, whatever the connections that have used it remember."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smartspec.commands import database, recording, samples, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.errors import DatabaseDamaged
from smartspec.store.backup import integrity
from smartspec.store.database import database as opened

_CHANCE = random.Random(2)


@pytest.fixture
def looker() -> Iterator[ThreadPoolExecutor]:
    """A thread that keeps its connection, as those of the window do."""
    with ThreadPoolExecutor(1) as made:
        yield made
        made.submit(database.close_connection)


def end_some() -> None:
    """Executions that end one by one: the pieces of the full-text index are merged meanwhile."""
    for _ in range(7):
        words = " ".join(str(_CHANCE.random()) for _ in range(_CHANCE.randrange(1, 300)))
        begun = recording.begin_execution("a")
        recording.end_execution(begun.id, Report(ExecutionStatus.FAILED, error=words))


@pytest.fixture
def filled(db: Path) -> Path:
    workflows.create_workflow("a")
    samples.make_samples()
    return db


def test_health_and_check_agree_though_the_index_was_put_together_anew(
    filled: Path, looker: ThreadPoolExecutor
) -> None:
    for _ in range(8):
        health = looker.submit(database.database_health).result()
        assert (health.findings, looker.submit(database.check_database).result()) == ((), ())
        end_some()
    samples.remove_samples()
    assert looker.submit(database.database_health).result().status == "green"
    assert looker.submit(database.repair_database).result().left == ()


def test_a_connection_that_has_looked_before_would_find_damage(filled: Path, looker: ThreadPoolExecutor) -> None:
    """Negative control: the look that the window had, on the connection that the thread keeps."""
    found: list[str] = []
    for _ in range(24):
        found += looker.submit(lambda: integrity.quick(opened.connection())).result()
        end_some()
    assert any("fts5" in each for each in found)


def test_what_is_really_damaged_is_red_and_found_by_the_check(filled: Path) -> None:
    opened.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close_connection()
    with filled.open("r+b") as file:
        file.seek(4096 * 40)
        file.write(b"\xff" * 4096 * 3)
    health = database.database_health()
    assert health.status == "red" and health.findings
    with pytest.raises(DatabaseDamaged):
        assert database.check_database() == (), "it was found, and could be read to its end"
