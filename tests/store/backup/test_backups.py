"""Backups: verified before they have a name, refused when they are not as they were made."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, workflows
from smartspec.store.backup import backups
from tests.benchmarks.ledger import fill
from tests.conftest import ROOT, Shares


def test_a_backup_is_a_verified_copy_with_its_description(db: Path) -> None:
    workflows.create_workflow("kept")
    made = database.back_up_database("a test")
    assert made.rows["workflows"] == 1 and made.reason == "a test"
    assert database.list_backups() == (made,)
    assert database.verify_backup(Path(made.path).name) == made
    database.close_database()
    database.open_database(Path(made.path))
    assert workflows.get_workflow("kept").name == "kept"


def test_a_backup_that_was_changed_is_refused(db: Path) -> None:
    made = database.back_up_database()
    data = bytearray(Path(made.path).read_bytes())
    data[len(data) // 2] ^= 1
    Path(made.path).write_bytes(data)
    with pytest.raises(errors.DatabaseDamaged, match="not as it was made"):
        database.verify_backup(made.path)


def test_an_unknown_backup_is_not_found(db: Path) -> None:
    with pytest.raises(errors.NotFound, match="no backup “x”"):
        database.verify_backup("x")


def test_what_is_not_complete_is_never_listed(db: Path) -> None:
    made = database.back_up_database()
    Path(made.path).rename(Path(made.path).with_suffix(".partial"))
    assert list(backups.list_backups(db)) == []


def ledger(executions: int, file: Path) -> None:
    database.close_database()
    fill(file, executions)


def test_a_check_and_a_backup_tell_how_far_they_are(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    for slow in (database.check_database, partial(database.back_up_database, "a test")):
        shares = Shares()
        slow(on_progress=shares.go_on)
        assert shares == sorted(shares) and 0 < shares[-1] <= 1 and len(shares) > 3


def test_a_check_and_a_backup_that_are_stopped_leave_nothing(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    for slow in (database.check_database, partial(database.back_up_database, "a test")):
        with pytest.raises(errors.Stopped):
            slow(on_progress=lambda share: share < 0.3)
    assert database.list_backups() == () and not list((tmp_path / "backups").iterdir())
    assert database.check_database() == ()  # the connection is as it was


def test_a_backup_is_stopped_while_it_is_verified_too(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    with pytest.raises(errors.Stopped):
        database.back_up_database(on_progress=lambda share: share < 0.7)
    assert database.list_backups() == ()


WRITER = """
import sys, threading, time
from pathlib import Path
from smartspec.commands import database, settings
database.open_database(Path(sys.argv[1]))
over, number = threading.Event(), 0
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
print("begun", flush=True)
while not over.is_set():
    number += 1
    settings.set_setting("runner.at_once", 1 + number % 2)
    time.sleep(0.002)
print(number)
"""


@contextmanager
def a_writer(file: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        yield process
        process.communicate()


def test_a_backup_beside_a_writer_is_copied_once(tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """E9: SQLite's copying begins again whenever another process commits; in one view of the database it does not."""
    ledger(5_000, tmp_path / "filled.db")
    monkeypatch.setattr(backups, "_PAGES_AT_ONCE", 16)
    shares = Shares()

    def slowly(share: float) -> bool:
        time.sleep(0.002)
        return shares.go_on(share)

    with a_writer(tmp_path / "filled.db"):
        made = database.back_up_database(on_progress=slowly)
    copying = [each for each in shares if each < 0.5]
    assert copying == sorted(copying) and len(copying) > 50
    assert database.verify_backup(made.path) == made


def test_negative_control_in_steps_without_a_view_it_begins_again(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    left: list[int] = []
    copy = sqlite3.connect(tmp_path / "copy.db")

    def look(_: int, remaining: int, __: int) -> None:
        left.append(remaining)
        time.sleep(0.002)
        if len(left) > 400:
            raise StopIteration

    file = tmp_path / "filled.db"
    with a_writer(file), closing(sqlite3.connect(file)) as source, suppress(StopIteration):
        source.backup(copy, pages=16, progress=look)
    copy.close()
    assert left != sorted(left, reverse=True)


def test_what_killed_backups_left_is_swept_by_the_next(db: Path) -> None:
    database.back_up_database()
    folder = db.parent / "backups"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = folder / f"smartspec-20260101T000000000Z.{gone.pid}.partial"
    living = folder / f"smartspec-20260101T000000000Z.{os.getpid()}.partial"
    old = folder / "smartspec-20260101T000000000Z.partial"
    another = folder / f"other-20260101T000000000Z.{gone.pid}.partial"
    for each in (dead, living, old, another):
        each.write_bytes(b"x")
    os.utime(old, (0, 0))
    database.back_up_database()
    assert {each.name for each in folder.glob("*.partial")} == {living.name, another.name}


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    file = tmp_path / "ledger [1].db"
    database.open_database(file)
    database.back_up_database()
    left = file.parent / "backups" / "ledger [1]-20260101T000000000Z.partial"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    database.back_up_database()
    database.close_database()
    assert not left.exists()
    aside = tmp_path / "aside" / file.name
    aside.parent.mkdir()
    aside.with_name("ledger [1]-aside-20260101T000000000Z.db").write_bytes(b"x")
    with pytest.raises(errors.DatabaseMissing, match="a file that was put aside"):
        database.open_database(aside)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts")
def test_a_full_disk_is_a_sentence_with_what_is_needed(tmp_path: Path, db: Path) -> None:
    ledger(3_000, tmp_path / "filled.db")
    folder = tmp_path / "backups"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True
    ).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        with pytest.raises(errors.DiskFull, match=r"no room for a backup in .*: it needs"):
            database.back_up_database()
        assert list(folder.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
