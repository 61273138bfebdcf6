"""E5: a journal of another database is never played in; one of our own always is."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from smartspec.commands import database as verbs
from smartspec.commands import workflows
from smartspec.store import database
from smartspec.store.database import journals, sidecars
from tests.conftest import ROOT, Said
from tests.faults.conftest import times_

WORKING = """
import os, sys
from pathlib import Path
from smartspec.commands import database, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
database.open_database(Path(sys.argv[1]))
name, count = sys.argv[2], int(sys.argv[3])
workflows.create_workflow(name)
for n in range(count):
    begun = recording.begin_execution(name)
    recording.end_execution(begun.id, Report(ExecutionStatus.COMPLETED, {"text": "x" * (n % 700)}))
    os.write(1, f"{begun.id}\\n".encode())
os._exit(9)
"""


def work(file: Path, name: str, count: int = 30) -> set[str]:
    """Executions recorded by a process that is killed then; its journal stays."""
    done = subprocess.run(
        [sys.executable, "-c", WORKING, str(file), name, str(count)], cwd=ROOT, capture_output=True, text=True
    )
    assert sidecars.journal(file, "-wal").stat().st_size, done
    return set(done.stdout.split())


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "ours" / "smartspec.db"
    verbs.open_database(file)
    workflows.create_workflow("kept")
    verbs.close_database()
    return file


def foreign(tmp_path: Path, kind: str) -> Path:
    """A database whose process was killed, with its journal."""
    file = tmp_path / "theirs" / "x.db"
    file.parent.mkdir(exist_ok=True)
    if kind == "another ledger":
        work(file, "theirs")
        return file
    size = {"another program's": 4096, "pages of another size": 1024, "no first page": 4096}[kind]
    script = (
        f"import os, sqlite3\\nc = sqlite3.connect({str(file)!r}, isolation_level=None)\\nc.execute('PRAGMA page_size={size}')\\n"
        "c.execute('PRAGMA journal_mode=WAL')\\nc.execute('CREATE TABLE t (a)')\\n"
        "c.execute('INSERT INTO t VALUES (zeroblob(30000))')\\nc.execute('PRAGMA wal_checkpoint(TRUNCATE)')\\n"
    ).replace("\\\\n", "\\n")
    script += (
        "c.execute('UPDATE t SET a = randomblob(30000)')\n"
        if kind == "no first page"
        else "c.execute('CREATE TABLE u (a)')\n"
    )
    script += "os._exit(9)\n"
    subprocess.run([sys.executable, "-c", script.replace("\\n", "\n")], check=False)
    assert sidecars.journal(file, "-wal").stat().st_size
    return file


@pytest.mark.parametrize("kind", ["another program's", "pages of another size", "no first page", "another ledger"])
def test_a_foreign_journal_is_put_aside_and_said(
    ledger: Path, tmp_path: Path, kind: str, smartspec: Callable[..., Said]
) -> None:
    theirs = sidecars.journal(foreign(tmp_path, kind), "-wal")
    shutil.copy(theirs, sidecars.journal(ledger, "-wal"))
    before = ledger.read_bytes()
    said = smartspec("--db", str(ledger), "--json", "list")
    assert said.code == 0 and "of another database" in said.err, said
    assert [each["name"] for each in said.json()] == ["kept"]
    (aside,) = ledger.parent.glob("smartspec-aside-*-wal")
    assert aside.read_bytes() == theirs.read_bytes()
    assert ledger.read_bytes()[:100] == before[:100]
    assert smartspec("--db", str(ledger), "db", "check").code == 0


def test_negative_control_sqlite_itself_plays_it_in(ledger: Path, tmp_path: Path) -> None:
    shutil.copy(sidecars.journal(foreign(tmp_path, "another program's"), "-wal"), sidecars.journal(ledger, "-wal"))
    with closing(sqlite3.connect(ledger)) as connection, suppress(sqlite3.DatabaseError):
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'workflows'").fetchone() is None


def test_our_own_journal_is_recovered_every_time(ledger: Path) -> None:
    """State accumulates over kills at any moment: nothing acknowledged is lost, nothing is put aside."""
    known: set[str] = set()
    chance = random.Random(5)
    for number in range(times_(12, 100)):
        with subprocess.Popen(
            [sys.executable, "-c", WORKING, str(ledger), f"w{number}", "100000"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for _ in range(chance.randrange(1, 120)):
                known.add(process.stdout.readline().strip())
            process.send_signal(signal.SIGKILL)
            known |= set(process.stdout.read().split("\n")[:-1]) - {""}
        assert verbs.open_database(ledger) == ()
        there = {id_ for (id_,) in database.rows("SELECT id FROM executions")}
        verbs.close_database()
        assert known <= there, number
    assert not list(ledger.parent.glob("*-aside-*"))


def test_our_own_journal_of_a_large_file_needs_no_trial(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial copies the whole file: it is for what nothing else tells."""
    tried: list[Path] = []

    def by_trial(file: Path, journal: Path) -> bool:
        tried.append(file)
        return False

    monkeypatch.setattr(journals, "_by_trial", by_trial)
    monkeypatch.setattr(journals, "_SMALL_BYTES", 0)
    work(ledger, "one", 300)
    verbs.open_database(ledger)
    verbs.close_database()
    work(ledger, "two", 30)
    assert verbs.open_database(ledger) == ()
    verbs.close_database()
    assert tried == []


def test_a_torn_end_is_as_sqlite_sees_it(ledger: Path) -> None:
    known = work(ledger, "one")
    journal = sidecars.journal(ledger, "-wal")
    data = bytearray(journal.read_bytes())
    data[-3000:] = b"\0" * 3000
    journal.write_bytes(data)
    assert verbs.open_database(ledger) == ()
    there = {id_ for (id_,) in database.rows("SELECT id FROM executions")}
    assert len(known - there) <= 1
    verbs.close_database()


def test_while_it_is_open_elsewhere_nothing_is_put_aside(ledger: Path) -> None:
    verbs.open_database(ledger)
    workflows.create_workflow("new")
    script = (
        "import sys\nfrom pathlib import Path\nfrom smartspec.commands import database, workflows\n"
        "assert database.open_database(Path(sys.argv[1])) == ()\nprint(workflows.get_workflow('new').name)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(ledger)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "new\n", done
    verbs.close_database()


def test_reading_a_journal_takes_no_time_to_speak_of(ledger: Path) -> None:
    work(ledger, "one", 300)
    began = time.process_time()
    found = journals.read(sidecars.journal(ledger, "-wal"))
    print(f"{len(found.last) if found else 0} pages in {time.process_time() - began:.3f} s of CPU")
    assert found is not None and found.pages
