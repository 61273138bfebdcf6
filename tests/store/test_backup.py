"""Backups: verified before they have a name, refused when they are not as they were made."""

from functools import partial
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, workflows
from smartspec.store import backup
from tests.benchmarks.ledger import fill


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
    assert list(backup.list_backups(db)) == []


def ledger(executions: int, file: Path) -> None:
    database.close_database()
    fill(file, executions)


def test_a_check_and_a_backup_tell_how_far_they_are(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    for slow in (database.check_database, partial(database.back_up_database, "a test")):
        shares: list[float] = []
        slow(tell=lambda share, shares=shares: shares.append(share) is None)
        assert shares == sorted(shares) and 0 < shares[-1] <= 1 and len(shares) > 3


def test_a_check_and_a_backup_that_are_stopped_leave_nothing(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    for slow in (database.check_database, partial(database.back_up_database, "a test")):
        with pytest.raises(errors.Stopped):
            slow(tell=lambda share: share < 0.3)
    assert database.list_backups() == () and not list((tmp_path / "backups").iterdir())
    assert database.check_database() == ()  # the connection is as it was


def test_a_backup_is_stopped_while_it_is_verified_too(tmp_path: Path, db: Path) -> None:
    ledger(5_000, tmp_path / "filled.db")
    with pytest.raises(errors.Stopped):
        database.back_up_database(tell=lambda share: share < 0.7)
    assert database.list_backups() == ()
