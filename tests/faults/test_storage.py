"""R8, R12: migrations broken off anywhere, four processes that write at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import workflows
from smartspec.store import database, migrations
from smartspec.store.database import schema, sqlite
from tests.clock import judge
from tests.conftest import ROOT
from tests.data.forms import FORMS, columns_of, rows_of, unpacked
from tests.faults.conftest import times_

# A step as a later release might have it; the steps of the release are those of the package.
LATEST = migrations.latest()
NEXT = (
    "ALTER TABLE workflows ADD COLUMN colour TEXT;\nUPDATE workflows SET colour = 'red';\n"
    "CREATE TABLE more (a INTEGER NOT NULL REFERENCES workflows) STRICT;\nINSERT INTO more SELECT pk FROM workflows;\n"
)


class Breaking:
    """A connection that fails, or ends the process' luck, at the n-th statement."""

    def __init__(self, connection: Any, fail_at: int) -> None:
        self._connection = connection
        self._left = fail_at

    def execute(self, statement: str, *values: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            raise sqlite.library.OperationalError("injected")
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def contents(file: Path) -> tuple[int, list[str], list[Any]]:
    connection = sqlite3.connect(file)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
    data = connection.execute("SELECT id, name FROM workflows ORDER BY pk").fetchall() if "workflows" in names else []
    connection.close()
    return version, names, data


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A file as the release made it, with something in it."""
    file = tmp_path / "released.db"
    verbs.open_database(file)
    for number in range(5):
        workflows.create_workflow(f"w{number}")
    verbs.close_database()
    return file


def statements_of(file: Path, scripts: tuple[str, ...]) -> int:
    copy = file.with_name("count.db")
    shutil.copy(file, copy)
    connection = sqlite.library.connect(copy, isolation_level=None)
    counter: Any = Breaking(connection, -1)
    migrations.migrate(counter, copy, scripts)
    connection.close()
    return -int(counter._left) - 1


def broken_off(file: Path, scripts: tuple[str, ...], every: int = 1) -> Iterator[Path]:
    """A copy of the file for each statement of its migration, or every n-th, broken off there."""
    for number in range(1, statements_of(file, scripts) + 1, every):
        copy = file.with_name(f"{file.stem}-{number}.db")
        shutil.copy(file, copy)
        connection = sqlite.library.connect(copy, isolation_level=None)
        try:
            breaking: Any = Breaking(connection, number)
            migrations.migrate(breaking, copy, scripts)
        except (errors.MigrationFailed, errors.QueryFailed, sqlite.library.OperationalError):
            pass  # the statement may be one of the copy that is made before
        finally:
            connection.close()
        yield copy


def test_a_migration_that_fails_anywhere_leaves_the_old_or_the_new(released: Path) -> None:
    """R8, from the released schema. The second start succeeds, and there is a verified backup."""
    scripts = (*migrations.steps(), NEXT)
    old = contents(released)
    for copy in broken_off(released, scripts):
        version, names, data = contents(copy)
        assert data == old[2]
        assert (version == LATEST and names == old[1]) or (version == LATEST + 1 and "more" in names), copy
        connection = sqlite.library.connect(copy, isolation_level=None)
        migrations.migrate(connection, copy, scripts)
        connection.close()
        assert contents(copy)[0] == LATEST + 1
        assert any(each.reason == f"before migration {LATEST} to {LATEST + 1}" for each in backups(copy))


@pytest.mark.parametrize("form", FORMS)
def test_a_migration_of_each_former_form_that_fails_anywhere_leaves_the_old_or_the_new(
    form: str, tmp_path: Path
) -> None:
    """R8, R58, from a file that each earlier program made. No row differs, before and after the second try."""
    file = unpacked(form, tmp_path / form)
    before, shared = rows_of(file), columns_of(file)
    for copy in broken_off(file, migrations.steps(), every=times_(5, 1)):
        assert rows_of(copy, shared) == before, copy
        verbs.open_database(copy)
        assert schema.differences(schema.of(database.database.connection()), migrations.wanted(LATEST)) == []
        assert verbs.database_health().status == "green"
        assert [each for each in verbs.check_database() if "logs of" not in each] == []  # those were not kept
        verbs.close_database()
        assert rows_of(copy, shared) == before, copy
        assert any(each.reason == f"before migration {FORMS[form]} to {LATEST}" for each in backups(copy)), copy


def backups(file: Path) -> list[Any]:
    from smartspec.store.backup import backups

    return list(backups.list_backups(file))


def test_a_first_start_that_fails_anywhere_can_be_done_again(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch(0o600)
    for copy in broken_off(empty, migrations.steps()):
        verbs.open_database(copy)
        assert verbs.database_stats()["workflow_count"] == 0
        verbs.close_database()


KILLED = """
import os, sys
from pathlib import Path
from smartspec.store import migrations
from smartspec.store.database import sqlite
class Killing:
    def __init__(self, connection, at): self.__dict__.update(c=connection, left=at)
    def execute(self, *a):
        self.__dict__["left"] -= 1
        if not self.left: os.kill(os.getpid(), 9)
        return self.c.execute(*a)
    def __getattr__(self, name): return getattr(self.c, name)
file = Path(sys.argv[1])
connection = sqlite.library.connect(file, isolation_level=None)
migrations.migrate(Killing(connection, int(sys.argv[2])), file, (*migrations.steps(), sys.argv[3]))
"""


def test_a_process_killed_while_it_migrates_leaves_the_old_or_the_new(released: Path) -> None:
    total = statements_of(released, (*migrations.steps(), NEXT))
    old = contents(released)
    for number in range(1, total + 1, max(1, total // times_(8, total))):
        copy = released.with_name(f"killed-{number}.db")
        shutil.copy(released, copy)
        subprocess.run([sys.executable, "-c", KILLED, str(copy), str(number), NEXT], cwd=ROOT, check=False)
        version, _, data = contents(copy)
        assert version in (LATEST, LATEST + 1) and data == old[2]


def test_negative_control_without_a_transaction_the_harness_finds_the_half(released: Path) -> None:
    found = set()
    script = list(migrations.statements(NEXT))
    for number in range(1, len(script) + 1):
        copy = released.with_name(f"control-{number}.db")
        shutil.copy(released, copy)
        connection = Breaking(sqlite3.connect(copy, isolation_level=None), number)
        try:
            for statement in script:
                connection.execute(statement)
        except sqlite.library.OperationalError:
            pass
        connection.close()
        version, names, _ = contents(copy)
        columns = sqlite3.connect(copy)
        half = version == LATEST and (
            "more" in names or "colour" in str(columns.execute("SELECT sql FROM sqlite_master").fetchall())
        )
        columns.close()
        found.add(half)
    assert True in found


MIXED = """
import json, random, sys, time
from pathlib import Path
from smartspec.commands import configs, database, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
database.open_database(Path(sys.argv[1]))
waits, chance = [], random.Random(sys.argv[2])
for n in range(int(sys.argv[3])):
    began = time.perf_counter()
    kind = chance.randrange(4)
    if kind == 0: workflows.create_workflow(f"w{sys.argv[2]}-{n}")
    elif kind == 1: configs.set_config("shared", f"k{chance.randrange(20)}", n)
    elif kind == 2: recording.end_execution(recording.begin_execution("shared").id, Report(ExecutionStatus.COMPLETED))
    else: workflows.update_workflow(f"own{sys.argv[2]}", description=str(n))
    waits.append(time.perf_counter() - began)
print(json.dumps(sorted(waits)))
"""


def four_at_once(arguments: list[list[str]]) -> list[tuple[int, str, str]]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", *each], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for each in arguments
    ]
    return [(process.wait(), *process.communicate()) for process in processes]


def test_four_processes_write_and_nobody_is_told_locked(db: Path) -> None:
    """R12."""
    workflows.create_workflow("shared")
    for number in range(4):
        workflows.create_workflow(f"own{number}")
    count = times_(150, 500)
    began = time.monotonic()
    answers = four_at_once([[MIXED, str(db), str(number), str(count)] for number in range(4)])
    waits = sorted(each for _, out, _ in answers for each in json.loads(out or "[]"))
    assert [code for code, _, _ in answers] == [0] * 4, answers
    print(f"4 × {count} writes in {time.monotonic() - began:.1f} s")
    judge("p99 of a write", waits[int(len(waits) * 0.99)], 0.5)
    assert verbs.check_database() == ()


FIRST = """
import sys
from pathlib import Path
from smartspec.store.database import opening
from smartspec.store import database
opening.open_database(Path(sys.argv[1]))
"""


def test_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    """SQLite's change to WAL does not wait for others by itself."""
    for number in range(times_(4, 40)):
        answers = four_at_once([[FIRST, str(tmp_path / f"{number}.db")]] * 4)
        assert [(code, err) for code, _, err in answers] == [(0, "")] * 4


DEFERRED = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=5)
failed = 0
for n in range(150):
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM t").fetchone()
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("COMMIT")
    except sqlite3.OperationalError:
        failed += 1
        connection.execute("ROLLBACK") if connection.in_transaction else None
print(failed)
"""


def test_negative_control_deferred_transactions_are_told_locked(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    answers = four_at_once([[DEFERRED, str(tmp_path / "x.db")]] * 4)
    assert sum(int(out) for _, out, _ in answers) > 0


def test_threads_of_one_process_write_side_by_side(db: Path) -> None:
    import threading

    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for n in range(times_(40, 1000)):
                workflows.create_workflow(f"t{number}-{n}")
        except BaseException as error:
            failures.append(error)
        finally:
            database.close_connection()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert workflows.count_workflows() == 8 * times_(40, 1000)
