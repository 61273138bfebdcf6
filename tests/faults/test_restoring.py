"""R57, B18, E1: a database that is damaged, missing, empty or fine is restored by one command, killed at every step."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.store import database
from smartspec.store.database import sidecars
from tests.conftest import ROOT, Said
from tests.faults.conftest import times_
from tests.holding import holding


def report(workflow: str) -> str:
    begun = recording.begin_execution(workflow)
    recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED))
    return begun.id


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A database with a backup of its first execution, closed; the second one is in no backup."""
    file = tmp_path / "data" / "smartspec.db"
    verbs.open_database(file)
    workflows.create_workflow("kept")
    report("kept")
    verbs.back_up_database()
    report("kept")
    verbs.close_database()
    return file


def executions_of(file: Path) -> int:
    verbs.open_database(file)
    try:
        return int(database.scalar("SELECT count(*) FROM executions"))
    finally:
        verbs.close_database()


def damaged(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(20)
        opened.write(os.urandom(20_000))


def crashed(file: Path) -> None:
    """As after a crash: what was written last stands in the journal alone."""
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom smartspec.commands import database, workflows\n"
        "database.open_database(Path(sys.argv[1]))\nworkflows.create_workflow('last')\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(file)], cwd=ROOT, check=False)
    assert sidecars.journal(file, "-wal").stat().st_size


STATES: dict[str, Callable[[Path], object]] = {
    "damaged": damaged,
    "truncated": lambda file: os.truncate(file, 5000),
    "missing": lambda file: file.unlink(),
    "empty": lambda file: os.truncate(file, 0),
    "text": lambda file: file.write_text("x" * 5000),
    "fine": lambda file: None,
    "crashed": crashed,
}


@pytest.mark.parametrize("state", STATES)
def test_one_command_restores_whatever_is_there(ledger: Path, state: str, smartspec: Callable[..., Said]) -> None:
    STATES[state](ledger)
    before = {ending: _bytes(sidecars.journal(ledger, ending)) for ending in ("", "-wal")}
    listed = smartspec("--db", str(ledger), "--json", "db", "backups").json()
    assert smartspec("--db", str(ledger), "db", "backups", "--verify", Path(listed[0]["path"]).name).code == 0
    said = smartspec("--db", str(ledger), "--json", "db", "restore")
    assert said.code == 0, said.err
    aside = said.json()["aside"]
    assert (aside is None) == (state == "missing")
    if aside:
        assert {ending: _bytes(sidecars.journal(Path(aside), ending)) for ending in ("", "-wal")} == before
    assert executions_of(ledger) == 1
    assert len(said.json()["lost"]) == (1 if state in ("fine", "crashed") else 0)


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def test_what_is_newer_is_told_by_its_logs(
    smartspec: Callable[..., Said], file: Callable[[str, str], Path], home: Path
) -> None:
    file("a.yaml", "smartspec: 1\nname: a\ntasks: {t: {run: 'seq 3000'}}\n")
    smartspec("run", "a.yaml")
    smartspec("db", "backup")
    newer = smartspec("--json", "run", "a.yaml")
    (home / "data" / "smartspec.db").unlink()
    said = smartspec("--json", "db", "restore")
    (lost,) = said.json()["lost"]
    assert lost["id"] in newer.out and lost["id"] in lost["log"]
    assert "1 execution is newer" in smartspec("db", "restore").out


def test_a_backup_that_is_not_as_it_was_made_is_passed_over_and_said(ledger: Path) -> None:
    verbs.open_database(ledger)
    newest = verbs.back_up_database()
    verbs.close_database()
    data = bytearray(Path(newest.path).read_bytes())
    data[len(data) // 2] ^= 1
    Path(newest.path).write_bytes(data)
    done = verbs.restore_database(ledger)
    verbs.close_database()
    assert done.backup.path != newest.path and "not as it was made" in done.passed_over[0]
    with pytest.raises(errors.DatabaseDamaged):
        verbs.restore_database(ledger, Path(newest.path).name)
    assert executions_of(ledger) == 1


def test_without_a_sound_backup_nothing_is_changed(ledger: Path) -> None:
    shutil.rmtree(sidecars.backups(ledger))
    before = ledger.read_bytes()
    with pytest.raises(errors.NotFound, match="no sound backup"):
        verbs.restore_database(ledger)
    assert (
        ledger.read_bytes() == before
        and [each.name for each in ledger.parent.iterdir()] == ["smartspec.db", "backups"][:1]
    )


def test_a_missing_ledger_is_never_made_anew_without_a_word(ledger: Path, smartspec: Callable[..., Said]) -> None:
    ledger.unlink()
    for arguments in (("list",), ("history",), ("run", "x.yaml"), ("db", "check"), ("db", "backup")):
        said = smartspec("--db", str(ledger), *arguments)
        assert said.code == 66, said
        assert "db restore" in said.err and "db new" in said.err
        assert not ledger.exists()
    assert smartspec("--db", str(ledger), "db", "new").code == 0
    assert executions_of(ledger) == 0
    assert "already" in smartspec("--db", str(ledger), "db", "new").err


@pytest.mark.parametrize(
    "trace", ["logs/2026/11/x.log", "smartspec.db-wal", "backups/smartspec-20261126T013504025Z.db"]
)
def test_each_trace_of_a_ledger_is_enough(tmp_path: Path, trace: str) -> None:
    folder = tmp_path / "data"
    (folder / trace).parent.mkdir(parents=True)
    (folder / trace).write_text("x")
    with pytest.raises(errors.DatabaseMissing):
        verbs.open_database(folder / "smartspec.db")
    assert not (folder / "smartspec.db").exists()


def test_a_second_ledger_beside_another_is_made_without_a_question(ledger: Path) -> None:
    (ledger.parent / "logs").mkdir()
    (ledger.parent / "logs" / "x.log").write_text("x")
    assert executions_of(ledger.with_name("other.db")) == 0
    assert verbs.list_backups(ledger.with_name("other.db")) == ()


def test_who_has_it_open_is_named_and_nothing_is_changed(ledger: Path, smartspec: Callable[..., Said]) -> None:
    with holding(ledger) as other:
        before = sorted(each.name for each in ledger.parent.iterdir())
        said = smartspec("--db", str(ledger), "db", "restore", "--wait", "0s")
        assert said.code == 5 and f"process {other}" in said.err, said
        after = sorted(each.name for each in ledger.parent.iterdir())
    assert [each for each in after if not each.endswith("-restoring")] == before
    assert smartspec("--db", str(ledger), "db", "restore").code == 0


KILLING = """
import os, sys
from pathlib import Path
left = int(sys.argv[2])
def counted(name):
    real = getattr(os, name)
    def call(*a, **k):
        global left
        left -= 1
        if not left: os.kill(os.getpid(), 9)
        return real(*a, **k)
    return call
from smartspec.store.backup import restore
for name in ("open", "rename", "replace", "unlink", "fsync"):
    setattr(os, name, counted(name))
restore.restore(Path(sys.argv[1]))
print(int(sys.argv[2]) - left)
"""


@pytest.mark.parametrize("state", ["damaged", "crashed", "missing", "fine"])
def test_killed_at_every_step_it_is_the_old_or_the_restored(ledger: Path, tmp_path: Path, state: str) -> None:
    """State accumulates in no copy: each begins from the same folder."""
    STATES[state](ledger)
    whole = _killed(ledger, tmp_path / "whole", 10_000)
    steps = int(whole.stdout)
    assert steps > 8
    found = set()
    for number in range(1, steps + 1, times_(2, 1)):
        folder = tmp_path / f"at{number}"
        _killed(ledger, folder, number)
        found.add(_found(folder / "smartspec.db", state))
        verbs.restore_database(folder / "smartspec.db")
        verbs.close_database()
        assert executions_of(folder / "smartspec.db") == 1
        assert not list(folder.glob("*-restoring*"))
    assert found == {"old", "restored"}


def _killed(ledger: Path, folder: Path, at: int) -> subprocess.CompletedProcess[str]:
    shutil.copytree(ledger.parent, folder)
    return subprocess.run(
        [sys.executable, "-c", KILLING, str(folder / "smartspec.db"), str(at)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _found(file: Path, state: str) -> str:
    """What the next command finds; the old state of what is damaged or missing is its refusal."""
    try:
        count = executions_of(file)
    except errors.StorageError:
        return "old" if state in ("damaged", "missing") else "nothing"
    with closing(sqlite3.connect(file)) as connection:
        has_last = connection.execute("SELECT count(*) FROM workflows WHERE name = 'last'").fetchone()[0]
    if count == 2 and (has_last or state == "fine"):
        return "old"
    return "restored" if count == 1 and not has_last else f"{count} executions"


def test_negative_control_a_copy_beside_a_leftover_journal_is_not_the_backup(ledger: Path) -> None:
    """What `cp BACKUP smartspec.db` gives: the old journal is played into the copy."""
    crashed(ledger)
    (backup,) = verbs.list_backups(ledger)
    shutil.copy(backup.path, ledger)
    try:
        count = executions_of(ledger)
        with closing(sqlite3.connect(ledger)) as connection:
            sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            has_last = connection.execute("SELECT count(*) FROM workflows WHERE name = 'last'").fetchone()[0]
    except (errors.StorageError, sqlite3.DatabaseError):
        return
    assert count != 1 or has_last or not sound
