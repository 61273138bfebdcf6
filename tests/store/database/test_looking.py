"""A ledger that is only looked at is read as far as it can be, and nothing is written to it or beside it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, workflows
from smartspec.store.database import looking, sidecars, sqlite
from tests.conftest import ROOT


def seen_in(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def names() -> list[str]:
    return [each.name for each in workflows.list_workflows().rows]


@pytest.fixture
def ledger(db: Path) -> Path:
    workflows.create_workflow("kept")
    database.forget_database()
    return db


def test_it_is_read_and_nothing_is_written(ledger: Path) -> None:
    before = seen_in(ledger.parent)
    assert looking.open_to_look(ledger) == ()
    assert names() == ["kept"]
    with pytest.raises(errors.ReadOnly, match="look at only"):
        workflows.create_workflow("new")
    assert database.check_database() == ()
    database.forget_database()
    assert seen_in(ledger.parent) == before


def test_what_stands_in_the_journal_is_shown_too(ledger: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom smartspec.commands import database, workflows\n"
        "database.open_database(Path(sys.argv[1]))\nworkflows.create_workflow('last')\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(ledger)], cwd=ROOT, check=False)
    assert sidecars.journal(ledger, "-wal").stat().st_size
    before = seen_in(ledger.parent)
    looking.open_to_look(ledger)
    assert sorted(names()) == ["kept", "last"]
    database.forget_database()
    assert seen_in(ledger.parent) == before


def test_a_newer_ledger_is_shown(ledger: Path) -> None:
    with closing(sqlite.library.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("ALTER TABLE workflows ADD COLUMN mood TEXT")
    with pytest.raises(errors.DatabaseTooNew):
        database.open_database(ledger)
    looking.open_to_look(ledger)
    assert names() == ["kept"]


def test_a_damaged_ledger_is_shown_as_far_as_it_can_be_read(ledger: Path) -> None:
    with ledger.open("r+b") as file:
        file.seek(4096 * 40)
        file.write(b"\xff" * 4096 * 3)
    looking.open_to_look(ledger)
    assert names() == ["kept"]
    with pytest.raises(errors.DatabaseDamaged):
        assert database.check_database() == (), "it was found, and could be read to its end"


@pytest.mark.parametrize("content", [b"", b"x" * 5_000])
def test_where_there_is_nothing_to_look_at_it_says_so(ledger: Path, content: bytes) -> None:
    ledger.write_bytes(content)
    with pytest.raises((errors.DatabaseMissing, errors.DatabaseEncrypted)):
        looking.open_to_look(ledger)
    assert ledger.read_bytes() == content


def test_after_looking_it_can_be_opened_to_work_with(ledger: Path) -> None:
    looking.open_to_look(ledger)
    database.open_database(ledger)
    assert workflows.create_workflow("new").name == "new"
