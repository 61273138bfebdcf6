"""One error of each class is provoked, and told by the window in the language that is spoken."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from smartspec import errors
from smartspec.commands import (
    alerts,
    configs,
    control,
    database,
    executions,
    files,
    schedule_lookup,
    starting,
    versions,
    workflow_sources,
    workflows,
    workspaces,
)
from smartspec.domain.execution import Origin, Trigger
from smartspec.errors import SmartSpecError
from smartspec.gui.core.notifications import of_error
from smartspec.runner.process.spawn import spawn
from smartspec.store import database as store
from smartspec.store import migrations, secrets
from smartspec.store.database import sqlite
from tests.conftest import run_on
from tests.gui.written_texts import Ledger
from tests.keyring_in_a_file import FileKeyring

_TEXT = "smartspec: 1\nname: j\nconfig:\n  token: {type: secret}\ntasks:\n  a: {run: echo}\n"
_NEVER = {SmartSpecError, errors.StorageError, errors.NotFound}  # what others are a kind of
Provoke = Callable[[Path], object]


def _import(file: Path, text: str = _TEXT) -> str:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return files.import_workflows([workflow_sources.read_source(file)])[0].workflow.id


def _ran(db: Path) -> str:
    ref = _import(db.parent / "one" / "j.yaml", _TEXT.replace("config:\n  token: {type: secret}\n", ""))
    return run_on(starting.start_execution(ref, origin=Origin(Trigger.CLI))).execution.id


def _of_sqlite(code: str) -> Provoke:
    def provoke(db: Path) -> None:
        error = sqlite.library.OperationalError("x")
        error.sqlite_errorname = code
        raise sqlite.translated(error)

    return provoke


def _opened(change: Callable[[Path], object]) -> Provoke:
    """A file that was made by us, and changed since."""

    def provoke(db: Path) -> None:
        file = db.parent / "other" / "x.db"
        file.parent.mkdir()
        database.close_database()
        shutil.copy(db, file)
        change(file)
        database.open_database(file)

    return provoke


def _run_sql(*statements: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            for each in statements:
                connection.execute(each)
            connection.commit()

    return run


def _leave_its_journal(file: Path) -> None:
    file.with_name("x.db-wal").write_bytes(b"x" * 64)
    file.unlink()


def _make_another(file: Path) -> None:
    file.unlink()
    _run_sql("CREATE TABLE theirs (a)")(file)


def _migrate(db: Path) -> None:
    with contextlib.closing(sqlite.library.connect(str(db.parent / "new.db"), isolation_level=None)) as connection:
        migrations.migrate(connection, db.parent / "new.db", ["CREATE TABLE a (b)"])


def _replace(db: Path) -> None:
    other = db.with_name("other.db")
    store.close_connection()
    shutil.copy(db, other)
    other.replace(db)
    workflows.create_workflow("lost")


def _remove(db: Path) -> None:
    store.close_connection()
    db.rename(db.with_name("elsewhere.db"))
    workflows.create_workflow("lost")


def _two_files(db: Path) -> None:
    for each in ("one", "two"):
        _import(db.parent / each / "j.yaml")


def _keyring(db: Path) -> None:
    configs.set_config(_import(db.parent / "one" / "j.yaml"), "token", "hunter22hunter")


def _locked(db: Path) -> None:
    def get_password(*_: object) -> str:
        raise errors.KeyringLocked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileKeyring, "get_password", get_password)
        patch.setattr(keyring, "get_keyring", FileKeyring)
        secrets.get("keyring:x")


PROVOKED: dict[type[SmartSpecError], Provoke] = {
    errors.Invalid: lambda db: _import(db.parent / "one" / "j.yaml", "smartspec: 1\nname: j\ntasks: {a: {runn: x}}\n"),
    errors.ConnectionFailed: lambda db: database.open_database(db.parent),
    errors.MigrationFailed: _migrate,
    errors.QueryFailed: lambda db: store.execute("SELECT * FROM nowhere"),
    errors.TransactionFailed: _of_sqlite("SQLITE_BUSY"),
    errors.DatabaseGone: _remove,
    errors.DatabaseReplaced: _replace,
    errors.DiskFull: _of_sqlite("SQLITE_FULL"),
    errors.ReadOnly: _of_sqlite("SQLITE_READONLY"),
    errors.DatabaseDamaged: _opened(_run_sql("ALTER TABLE runners ADD COLUMN x TEXT")),
    errors.DatabaseEncrypted: _opened(lambda file: file.write_bytes(b"just some text")),
    errors.DatabaseMissing: _opened(_leave_its_journal),
    errors.DatabaseTooNew: _opened(_run_sql("PRAGMA user_version = 99")),
    errors.DatabaseForeign: _opened(_make_another),
    errors.WorkspaceNotFound: lambda db: workflows.list_workflows(workspace="nowhere"),
    errors.WorkflowNotFound: lambda db: workflows.get_workflow("nowhere"),
    errors.VersionNotFound: lambda db: versions.get_version(workflows.create_workflow("j").id, "9"),
    errors.ConfigNotFound: lambda db: configs.get_config(workflows.create_workflow("j").id, "nowhere"),
    errors.ExecutionNotFound: lambda db: executions.get_execution("0" * 32),
    errors.ScheduleNotFound: lambda db: schedule_lookup.get_schedule("nowhere"),
    errors.AlertNotFound: lambda db: alerts.get_alert("nowhere"),
    errors.TaskNotFound: lambda db: control.confirm_task(_ran(db), "nowhere"),
    errors.Conflict: lambda db: [workspaces.create_workspace("nowhere") for _ in range(2)],
    errors.InvalidTransition: lambda db: control.resume_execution(_ran(db)),
    errors.TwoFiles: _two_files,
    errors.RunError: lambda db: spawn(["nowhere"], cwd=db.parent, env={}),
    errors.NoKeyring: _keyring,
    errors.KeyringLocked: _locked,
    errors.Stopped: lambda db: database.check_database(on_progress=lambda share: False),
}
# What a test wrote, and what other programs said
WRITTEN = ("nowhere", "runners", "x.db", "lost", "runn", "hunter22hunter", "elsewhere.db", "no such table", "no such file or directory", "main.workspaces",
           "table a", "tasks.a", "run", "command", "python", "http", "tool", "workflow", "condition", "parallel", "sequential",
           "wait", "manual", "j", "j.yaml", "token", "new.db", "other.db")  # fmt: skip


def classes(kind: type[SmartSpecError] = SmartSpecError) -> Iterator[type[SmartSpecError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from classes(each)


def test_each_class_has_one() -> None:
    of_ours = {each for each in classes() if each.__module__ == "smartspec.errors"}
    assert of_ours - _NEVER == {*PROVOKED}


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("kind", PROVOKED, ids=lambda kind: kind.__name__)
def test_it_is_told_in_the_language(kind: type[SmartSpecError], db: Path, pseudo: None, no_keyring: None) -> None:
    ledger = Ledger(db, WRITTEN)
    folder = str(db.parent)
    with pytest.raises(kind) as caught:
        PROVOKED[kind](db)
    assert type(caught.value) is kind
    told = of_error(caught.value)
    for text in (told.headline, told.meaning, told.details):
        for place in ("/one", "/two", "/other", ""):
            text = text.replace(f"{folder}{place}", "")
        assert ledger.foreign(text) == [], text
