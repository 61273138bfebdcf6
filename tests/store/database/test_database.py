"""Opening the one file: made, kept, refused untouched, private, and never half-migrated."""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec import __version__, changes, errors, logs
from smartspec.changes import Change, Topic
from smartspec.commands import database as verbs
from smartspec.commands import workflows
from smartspec.store import database, migrations, settings
from smartspec.store.database import header, sqlite
from smartspec.store.models import all_models
from tests.conftest import ROOT, Said


def test_database_creation(tmp_path: Path) -> None:
    file = tmp_path / "new" / "deeper" / "x.db"
    verbs.open_database(file)
    assert database.scalar("SELECT count(*) FROM workspaces WHERE is_default = 1") == 1
    assert database.scalar("PRAGMA application_id") == header.APPLICATION_ID
    assert database.scalar("PRAGMA foreign_keys") == 1
    assert database.scalar("PRAGMA synchronous") == 2
    assert database.scalar("PRAGMA journal_mode") == "wal"
    verbs.close_database()
    assert sorted(each.name for each in file.parent.iterdir()) == ["x.db"]


def test_database_persistence(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    verbs.open_database(file)
    made = workflows.create_workflow("kept")
    verbs.close_database()
    verbs.open_database(file)
    assert workflows.get_workflow("kept") == made
    verbs.close_database()


def test_under_umask_zero_everything_is_private(tmp_path: Path) -> None:
    """R43."""
    file = tmp_path / "folder" / "x.db"
    before = os.umask(0)
    try:
        verbs.open_database(file)
        workflows.create_workflow("x")
        verbs.back_up_database()
    finally:
        os.umask(before)
    for each in [file.parent, *file.parent.rglob("*")]:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each
    verbs.close_database()


def test_all_that_a_run_makes_is_private_whatever_the_umask(tmp_path: Path, smartspec: Callable[..., Said]) -> None:
    """E7: also beside a database that lies in a folder which others may read."""
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "a.yaml").write_text(
        "smartspec: 1\nname: a\ntasks: {t: {run: 'seq 100000; touch $SMARTSPEC_SCRATCH/x'}}\n"
    )
    before = os.umask(0)
    try:
        for database_file in ("open/x.db", "home/deep/er/x.db"):
            for arguments in (("run", "a.yaml"), ("record", "--", "echo", "hi"), ("db", "backup"), ("db", "restore")):
                assert smartspec("--db", database_file, *arguments).code == 0
        logs.write_report(tmp_path / "report" / "deep", "x")
    finally:
        os.umask(before)
    made = [*(tmp_path / "open").rglob("*"), *(tmp_path / "home").rglob("*"), *(tmp_path / "report").rglob("*")]
    assert any(each.parent.name == "backups" for each in made) and any("logs" in each.parts for each in made)
    for each in (*made, tmp_path / "home", tmp_path / "report"):
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each


def test_a_link_is_followed_and_all_stands_beside_the_file(tmp_path: Path, smartspec: Callable[..., Said]) -> None:
    """E6."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "x.db")
    (tmp_path / "a.yaml").write_text("smartspec: 1\nname: a\ntasks: {t: {run: 'seq 100000'}}\n")
    assert smartspec("--db", "link.db", "run", "a.yaml").code == 0
    assert smartspec("--db", "link.db", "db", "backup").code == 0
    assert smartspec("--db", "real/x.db", "logs", "a").out == smartspec("--db", "link.db", "logs", "a").out != ""
    assert smartspec("--db", "link.db", "--json", "db", "path").json()["path"] == str(tmp_path / "real" / "x.db")
    assert {"logs", "backups"} <= {each.name for each in (tmp_path / "real").iterdir()}
    assert not (tmp_path / "logs").exists() and not (tmp_path / "backups").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
@pytest.mark.parametrize("what", ["a pipe", "a socket"])
def test_what_is_no_file_is_refused_and_left_in_its_place(
    what: str, tmp_path: Path, smartspec: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe would be waited for; a device would be moved aside."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "place").mkdir()
    if what == "a pipe":
        os.mkfifo("place/x.db")
    else:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("place/x.db")
    before = os.lstat("place/x.db")
    for words in ("list", "db check", "db health", "db repair", "db backup", "db restore", "db new"):
        said = smartspec("--db", "place/x.db", *words.split())
        assert said.code == 3 and "can hold no database" in said.err, words
    assert smartspec("--db", "place/x.db", "record", "--", "echo", "hi").out == "hi\n"
    now = os.lstat("place/x.db")
    assert (now.st_ino, now.st_mode) == (before.st_ino, before.st_mode)
    assert not list((tmp_path / "place").glob("x*aside*")) and not list((tmp_path / "place").glob("x.db-*"))


def made_file(tmp_path: Path) -> Path:
    file = tmp_path / "made" / "x.db"
    verbs.open_database(file)
    workflows.create_workflow("kept")
    verbs.close_database()
    return file


def patched(file: Path, offset: int, value: bytes) -> Path:
    data = bytearray(file.read_bytes())
    data[offset : offset + len(value)] = value
    file.write_bytes(data)
    return file


def refused(file: Path) -> errors.StorageError:
    """Opening fails, and nothing has changed: R7."""
    digest, listing = hashlib.sha256(file.read_bytes()).hexdigest(), sorted(each.name for each in file.parent.iterdir())
    with pytest.raises(errors.StorageError) as caught:
        verbs.open_database(file)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    assert sorted(each.name for each in file.parent.iterdir()) == listing
    return caught.value


@pytest.mark.parametrize(
    ("maker", "said"), [("9.9", "made by SmartSpec 9.9: its"), (__version__, "made by a newer SmartSpec: its")]
)
def test_a_newer_file_is_refused_untouched(tmp_path: Path, maker: str, said: str) -> None:
    file = made_file(tmp_path)
    connection = sqlite3.connect(file)
    connection.execute("UPDATE metadata SET value = ? WHERE key = 'application_version'", (maker,))
    connection.execute("PRAGMA user_version = 99")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.commit()
    connection.close()
    error = refused(file)
    assert isinstance(error, errors.DatabaseTooNew) and error.exit_code == 78
    assert said in str(error)


def test_a_foreign_file_is_refused_untouched(tmp_path: Path) -> None:
    error = refused(patched(made_file(tmp_path), 68, b"\0\0\0\7"))
    assert isinstance(error, errors.DatabaseForeign) and error.exit_code == 78


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()
    assert isinstance(refused(file), errors.DatabaseForeign)


@pytest.mark.parametrize(
    "content", [b"x" * 4096, b"just some text", os.urandom(8192)], ids=["wiped", "text", "encrypted"]
)
def test_what_is_no_readable_database_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)
    error = refused(file)
    assert isinstance(error, errors.DatabaseEncrypted) and error.exit_code == 65


def test_a_file_that_ends_in_its_header_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(b"SQLite format 3\0" + b"\0" * 20)
    assert isinstance(refused(file), errors.DatabaseDamaged)


def test_a_damaged_page_is_found_without_a_traceback(tmp_path: Path) -> None:
    file = patched(made_file(tmp_path), 4096, os.urandom(4096))
    try:
        verbs.open_database(file)
        found = verbs.check_database()
    except errors.StorageError as error:
        found = (str(error),)
    assert found
    verbs.close_database()


def test_a_folder_or_a_place_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(errors.ConnectionFailed, match="is a folder"):
        verbs.open_database(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.ConnectionFailed, match="Choose another place"):
        verbs.open_database(tmp_path / "file" / "x.db")


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch(0o600)
    verbs.open_database(tmp_path / "x.db")
    assert verbs.database_stats()["workflow_count"] == 0
    verbs.close_database()


OLD = "import sys; sys.modules['pysqlite3'] = None\n"


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51, 3), reason="the standard library's SQLite is new enough")
def test_an_old_sqlite_uses_the_rollback_journal_and_says_why(tmp_path: Path) -> None:
    """R11, with its negative control: the bundled library uses WAL on the same code."""
    script = OLD + (
        "from pathlib import Path\nfrom smartspec.commands import database, workflows\n"
        "database.open_database(Path(sys.argv[1]))\nworkflows.create_workflow('x')\n"
        "v = database.database_version()\nprint(v.journal_mode, '|', v.why_not_wal)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.db")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("delete | SQLite 3.")
    assert "older than 3.51.3" in done.stdout
    verbs.open_database(tmp_path / "x.db")
    assert verbs.database_version().journal_mode == "wal"
    assert workflows.get_workflow("x").name == "x"
    in_use = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.db")], cwd=ROOT, capture_output=True, text=True
    )
    assert in_use.returncode and "ConnectionFailed" in in_use.stderr
    verbs.close_database()


def columns(table: str) -> list[tuple[str, str, bool]]:
    return [(row[1], row[2], bool(row[3])) for row in database.rows(f'PRAGMA table_info("{table}")')]


_SQL_TYPES = {"INT": "INTEGER", "AUTO": "INTEGER", "FLOAT": "REAL", "BLOB": "BLOB"}


@pytest.mark.parametrize("model", all_models.MODELS, ids=lambda model: model._meta.table_name)
def test_the_migrations_give_the_schema_that_the_models_declare(db: Path, model: Any) -> None:
    declared = [
        (field.column_name, _SQL_TYPES.get(field.field_type, "TEXT"), not field.null)
        for field in model._meta.sorted_fields
    ]
    name = model._meta.table_name
    assert sorted(columns(name)) == sorted([*declared, *all_models.APART.get(name, ())])


def test_every_table_has_a_model(db: Path) -> None:
    tables = {name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = {model._meta.table_name for model in all_models.MODELS}
    assert {each for each in tables if not each.startswith(("execution_search", "sqlite_"))} == known


def test_a_change_is_announced_after_its_commit_and_a_failed_one_never(db: Path) -> None:
    heard: list[tuple[Change, bool]] = []
    stop = changes.subscribe(lambda change: heard.append((change, database.in_transaction())))
    made = workflows.create_workflow("one")
    with pytest.raises(errors.Conflict):
        workflows.create_workflow("one")
    stop()
    assert heard == [(Change(Topic.WORKFLOWS, frozenset({made.pk})), False)]


def test_a_write_that_is_not_announced_in_a_transaction_fails() -> None:
    with pytest.raises((TypeError, AttributeError)):
        database.record_change(Topic.SETTINGS, 0)


def test_an_inner_transaction_joins_the_outer_one(db: Path) -> None:
    with pytest.raises(RuntimeError), database.transaction():
        settings.set_("runner.at_once", 3)
        raise RuntimeError
    assert settings.get("runner.at_once") is None


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT * FROM nowhere", errors.QueryFailed),
        ("INSERT INTO settings VALUES ('a', 'no json')", errors.QueryFailed),
    ],
)
def test_the_codes_of_sqlite_become_typed_errors(db: Path, statement: str, kind: type[errors.StorageError]) -> None:
    with pytest.raises(kind):
        database.execute(statement)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("SQLITE_BUSY", errors.TransactionFailed), ("SQLITE_FULL", errors.DiskFull), ("SQLITE_IOERR_WRITE", errors.TransactionFailed),
     ("SQLITE_READONLY_DBMOVED", errors.ReadOnly), ("SQLITE_CANTOPEN", errors.ConnectionFailed), ("SQLITE_CORRUPT", errors.DatabaseDamaged),
     ("SQLITE_NOTADB", errors.DatabaseEncrypted), ("SQLITE_TOOBIG", errors.QueryFailed)],
)  # fmt: skip
def test_each_code_has_its_error(code: str, kind: type[errors.StorageError]) -> None:
    error = sqlite.library.OperationalError("x")
    error.sqlite_errorname = code
    assert type(sqlite.translated(error)) is kind


def test_a_locked_database_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.connection, "BUSY_TIMEOUT_MS", 50)
    verbs.open_database(tmp_path / "x.db")
    blocker = subprocess.Popen(
        [sys.executable, "-c", f"import sqlite3, sys\nc = sqlite3.connect({str(tmp_path / 'x.db')!r}, isolation_level=None)\n"
         "c.execute('BEGIN IMMEDIATE')\nprint('locked', flush=True)\nsys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert blocker.stdout is not None and blocker.stdout.readline()
    with pytest.raises(errors.TransactionFailed, match="Another program is writing"):
        workflows.create_workflow("x")
    blocker.communicate()
    assert workflows.create_workflow("x").name == "x"
    verbs.close_database()


def test_no_statement_in_the_code_begins_a_deferred_transaction() -> None:
    """R12's static half: every BEGIN is IMMEDIATE, but for the one of `snapshot`, which only reads."""
    for file in (ROOT / "smartspec").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        allowed = int(file.name == "connection.py" and file.parent.name == "database")
        assert '"BEGIN"' not in text and text.count("DEFERRED") == allowed and ".atomic(" not in text, file


def test_statements_are_split_where_they_end() -> None:
    script = "CREATE TABLE a (b);\nCREATE TRIGGER t BEFORE DELETE ON a\nBEGIN SELECT 1; SELECT 2; END;\n-- done\nSELECT ';';\n"
    assert len(list(migrations.statements(script))) == 3
