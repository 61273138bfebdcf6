"""R56, B18: a database that is removed, replaced, made read-only or unmounted while it is used is missed at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import workflows
from smartspec.store import database
from tests.clock import until
from tests.conftest import ROOT, Said, without_a_screen

DEFINITION = "smartspec: 1\nname: a\ntasks:\n  one: {run: 'while [ ! -e go ]; do sleep 0.05; done'}\n  two: {needs: [one], run: 'true'}\n"


@pytest.fixture
def ledger(tmp_path: Path, smartspec: Callable[..., Said], file: Callable[[str, str], Path]) -> Path:
    file("a.yaml", DEFINITION)
    ledger = tmp_path / "data" / "smartspec.db"
    assert smartspec("--db", str(ledger), "import", "a.yaml").code == 0
    return ledger


@contextmanager
def serving(ledger: Path, *how: str) -> Iterator[subprocess.Popen[bytes]]:
    """A background runner, which stays unless it is told how."""
    with subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(ledger), "runner", *how],
        env={**without_a_screen(), "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            until(lambda: "serves" in said_in(ledger))
            yield process
        finally:
            process.terminate()
            process.wait(60)


def said_in(ledger: Path) -> str:
    log = ledger.parent / "smartspec.log"
    return log.read_text() if log.exists() else ""


def status(ledger: Path) -> list[str]:
    with closing(sqlite3.connect(ledger)) as connection:
        return [row[0] for row in connection.execute("SELECT status FROM executions ORDER BY pk")]


def away(ledger: Path) -> Path:
    elsewhere = ledger.with_name("elsewhere")
    return ledger.rename(elsewhere)


def test_a_runner_waits_for_a_file_that_is_gone_and_goes_on(
    ledger: Path, smartspec: Callable[..., Said], tmp_path: Path
) -> None:
    with serving(ledger) as runner:
        smartspec("--db", str(ledger), "run", "--detach", "a")
        until(lambda: status(ledger) == ["running"])
        elsewhere = away(ledger)
        until(lambda: "is gone" in said_in(ledger))
        assert "nothing is written" in said_in(ledger)
        (tmp_path / "go").touch()
        until(lambda: said_in(ledger).count("is gone") == 1)
        assert not ledger.exists() and runner.poll() is None
        elsewhere.rename(ledger)
        until(lambda: status(ledger) == ["completed"])
        until(lambda: "can be written again" in said_in(ledger))
        smartspec("--db", str(ledger), "run", "--detach", "a")
        until(lambda: status(ledger) == ["completed"] * 2)


def test_a_runner_takes_up_a_restored_file(ledger: Path, smartspec: Callable[..., Said], tmp_path: Path) -> None:
    """What runs is ended: it cannot be recorded there. What was not begun in it is run from it."""
    smartspec("--db", str(ledger), "db", "backup")
    with serving(ledger) as runner:
        smartspec("--db", str(ledger), "run", "--detach", "a")
        until(lambda: status(ledger) == ["running"])
        for ending in ("", "-wal", "-shm"):
            ledger.with_name(ledger.name + ending).rename(ledger.with_name("old" + ending))
        assert smartspec("--db", str(ledger), "db", "restore").code == 0
        until(lambda: "Another file stands" in said_in(ledger))
        until(lambda: said_in(ledger).count("serves") == 2)
        (tmp_path / "go").touch()
        smartspec("--db", str(ledger), "run", "--detach", "a")
        until(lambda: status(ledger) == ["completed"])
        assert runner.poll() is None
    assert smartspec("--db", str(ledger), "db", "check").code == 0


def test_a_runner_that_sees_a_foreign_file_leaves_it_alone(ledger: Path) -> None:
    with serving(ledger) as runner:
        away(ledger)
        with closing(sqlite3.connect(ledger)) as other:
            other.execute("CREATE TABLE theirs (a)")
            other.commit()
        before = ledger.read_bytes()
        until(lambda: runner.poll() is not None)
        assert "made by another program" in said_in(ledger)
        assert ledger.read_bytes() == before


def test_read_only_is_said_and_over_when_it_is_over(
    ledger: Path, smartspec: Callable[..., Said], tmp_path: Path
) -> None:
    with serving(ledger):
        ledger.chmod(0o400)
        until(lambda: "was made read-only" in said_in(ledger))
        ledger.chmod(0o600)
        (tmp_path / "go").touch()
        smartspec("--db", str(ledger), "run", "--detach", "a")
        until(lambda: status(ledger) == ["completed"])


def test_a_foreground_run_says_it_and_is_recorded_when_the_file_is_back(ledger: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(ledger), "run", "a"], cwd=tmp_path,
        env={**without_a_screen(), "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until(lambda: status(ledger) == ["running"])
        elsewhere = away(ledger)
        (tmp_path / "go").touch()
        assert process.stderr is not None
        assert "is gone" in process.stderr.readline()
        elsewhere.rename(ledger)
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert status(ledger) == ["completed"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts")
def test_an_unmounted_disk_is_missed_and_taken_up_when_it_is_back(
    ledger: Path, tmp_path: Path, smartspec: Callable[..., Said]
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = ["mount", "--bind", str(ledger.parent), str(place)]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    there = place / ledger.name
    try:
        with serving(there):
            subprocess.run(["umount", "-l", str(place)], check=True)
            until(lambda: "is gone" in said_in(ledger))
            assert list(place.iterdir()) == []
            subprocess.run(mounted, check=True)
            (tmp_path / "go").touch()
            smartspec("--db", str(there), "run", "--detach", "a")
            until(lambda: status(ledger) == ["completed"])
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True)


def test_no_thread_makes_a_file_where_it_was(db: Path) -> None:
    """Negative control: the library itself would make one."""
    db.rename(db.with_name("elsewhere"))
    found: list[BaseException] = []

    def read() -> None:
        try:
            database.rows("SELECT 1 FROM metadata")
        except errors.StorageError as error:
            found.append(error)
        finally:
            database.close_connection()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert isinstance(found[0], errors.DatabaseGone) and not db.exists()
    sqlite3.connect(db).close()
    assert db.exists()
    db.unlink()
    db.with_name("elsewhere").rename(db)


def test_another_file_is_never_written_to_nor_read_from(db: Path) -> None:
    workflows.create_workflow("ours")
    other = db.with_name("other.db")
    verbs.close_connection()
    shutil.copy(db, other)
    other.replace(db)
    before = db.read_bytes()
    with pytest.raises(errors.DatabaseReplaced):
        workflows.create_workflow("lost")
    with pytest.raises(errors.DatabaseReplaced):
        workflows.get_workflow("ours")
    assert db.read_bytes() == before
    verbs.reopen_database()
    assert workflows.create_workflow("again").name == "again"


def test_a_journal_that_is_removed_while_it_is_written_is_missed(db: Path) -> None:
    workflows.create_workflow("one")
    journal = db.with_name(db.name + "-wal")
    journal.rename(journal.with_name("gone"))
    with pytest.raises(errors.DatabaseReplaced, match="journal"):
        workflows.create_workflow("two")


def test_another_journal_in_the_place_of_ours_is_missed_each_time(db: Path) -> None:
    workflows.create_workflow("one")
    journal = db.with_name(db.name + "-wal")
    journal.rename(journal.with_name("gone"))
    journal.touch()
    time.sleep(0.1)  # its identity is asked some times a second
    for name in ("two", "three"):
        with pytest.raises(errors.DatabaseReplaced, match="journal"):
            workflows.create_workflow(name)
    journal.with_name("gone").replace(journal)
    assert workflows.create_workflow("four").name == "four"
