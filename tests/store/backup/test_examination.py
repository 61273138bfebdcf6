"""What is found of a ledger that does not open, and what is newer in it than in its backup; nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartspec.commands import database, recording, safe_start, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import migrations
from smartspec.store.database import sidecars
from tests.conftest import ROOT
from tests.store.database.test_looking import seen_in


def report(status: ExecutionStatus = ExecutionStatus.COMPLETED) -> str:
    begun = recording.begin_execution("kept")
    recording.end_execution(begun.id, Report(status, error="no route" if status is ExecutionStatus.FAILED else None))
    return begun.id


@pytest.fixture
def ledger(db: Path) -> Path:
    """With a backup of its first execution, and seven newer ones, of which one failed."""
    workflows.create_workflow("kept")
    report()
    database.back_up_database()
    for _ in range(6):
        report()
    report(ExecutionStatus.FAILED)
    database.forget_database()
    return db


def test_what_is_there_is_told_and_nothing_is_written(ledger: Path) -> None:
    before = seen_in(ledger.parent)
    found = safe_start.examine_ledger(ledger)
    assert found.database.size == ledger.stat().st_size and found.schema == migrations.latest() and found.can_look
    assert (found.journal.size, found.commits, len(found.backups)) == (0, 0, 1)
    assert found.place.is_writable and found.place.free
    assert safe_start.examine_pages(ledger).findings == ()
    assert seen_in(ledger.parent) == before


def test_commits_in_the_journal_are_counted(ledger: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom smartspec.commands import database, workflows\n"
        "database.open_database(Path(sys.argv[1]))\n"
        "for n in range(3): workflows.create_workflow(f'w{n}')\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(ledger)], cwd=ROOT, check=False)
    assert safe_start.examine_ledger(ledger).commits >= 3


def test_damaged_pages_are_counted(ledger: Path) -> None:
    with ledger.open("r+b") as file:
        file.seek(4096 * 30)
        file.write(os.urandom(4096 * 4))
    found = safe_start.examine_pages(ledger)
    assert found.findings and found.damaged and found.pages == ledger.stat().st_size // 4096


def test_the_newest_sound_backup_is_found(ledger: Path) -> None:
    (kept,) = database.list_backups(ledger)
    assert safe_start.newest_sound_backup(ledger) == kept and safe_start.check_backup(ledger, kept) == "sound"
    copy = sidecars.backups(ledger) / Path(kept.path).name
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    assert safe_start.newest_sound_backup(ledger) is None and safe_start.check_backup(ledger, kept) == "changed"


def test_what_is_newer_than_a_backup_is_exact(ledger: Path) -> None:
    (kept,) = database.list_backups(ledger)
    newer = safe_start.newer_than(ledger, kept)
    assert (newer.count, newer.by_status, newer.is_readable) == (7, {"completed": 6, "failed": 1}, True)
    assert [each.status for each in newer.executions[:5]] == ["failed", *["completed"] * 4]
    assert (newer.executions[0].name, newer.executions[0].number) == ("kept", 8)


def test_while_it_is_open_too(ledger: Path) -> None:
    database.open_database(ledger)
    report()
    (kept,) = database.list_backups(ledger)
    assert safe_start.newer_than(ledger, kept).count == 8
    report()
    assert safe_start.newer_than(ledger, kept).count == 9


def test_where_the_ledger_is_gone_its_logs_tell(ledger: Path) -> None:
    (kept,) = database.list_backups(ledger)
    database.open_database(ledger)
    id_ = report()
    database.forget_database()
    log = ledger.parent / "logs" / "2026" / "11" / f"{id_}.log"
    log.parent.mkdir(parents=True)
    log.write_text("x")
    ledger.unlink()
    newer = safe_start.newer_than(ledger, kept)
    assert (newer.count, newer.by_status, newer.is_readable) == (1, {None: 1}, False)
    assert newer.executions[0].id == id_ and newer.executions[0].name is None
    assert not ledger.exists()
