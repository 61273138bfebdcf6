"""Backups: verified before they have a name, refused when they are not as they were made."""

from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, workflows
from smartspec.store import backup


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
    assert list(backup.list_backups(db.parent)) == []
