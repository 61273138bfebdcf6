"""What is restored: named in any way, refused where it is newer, never run again by itself, in its place or beside it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database as verbs
from smartspec.commands import executions, firing, runners, schedule_lookup, schedules, starting
from smartspec.commands.firing_situation import Service
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Origin, Trigger
from smartspec.store import database
from smartspec.store.backup import backups
from tests.clock import HANGS_AFTER_S, until
from tests.conftest import Said
from tests.faults import test_restoring
from tests.faults.test_restoring import executions_of
from tests.faults.test_watched import said_in, serving, status

ledger = test_restoring.ledger  # the fixture
SLOW = """smartspec: 1
name: slow
max_running: 1
tasks: {t: {run: 'while [ ! -e go ]; do sleep 0.05; done'}}
"""


def test_one_of_the_words_and_paths_that_name_a_backup_is_enough(
    ledger: Path,
    smartspec: Callable[..., Said],
) -> None:
    (kept,) = verbs.list_backups(ledger)
    name = Path(kept.path).name
    for named in (name, Path(name).stem, kept.path, f"data/backups/{name}"):
        said = smartspec("--db", str(ledger), "db", "restore", named)
        assert said.code == 0 and kept.path in said.out, (named, said)
    said = smartspec("--db", str(ledger), "db", "restore", "yesterday")
    assert said.code == 4 and "db backups" in said.err, said
    elsewhere = ledger.parent / "usb" / name
    elsewhere.parent.mkdir()
    shutil.copy(kept.path, elsewhere)
    said = smartspec("--db", str(ledger), "db", "restore", str(elsewhere))
    assert said.code == 4 and "put it into" in said.err, said


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_moved(ledger: Path) -> None:
    (kept,) = verbs.list_backups(ledger)
    file = Path(kept.path)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    description = json.loads(file.with_suffix(".json").read_text())
    description |= {"sha256": backups.sha256(file), "size": file.stat().st_size}
    file.with_suffix(".json").write_text(json.dumps(description))
    before = ledger.read_bytes()
    with pytest.raises(errors.DatabaseTooNew):
        verbs.restore_database(ledger, file.name)
    with pytest.raises(errors.NotFound, match="no sound backup"):
        verbs.restore_database(ledger)
    with pytest.raises(errors.DatabaseTooNew):
        verbs.restore_elsewhere(ledger, file.name, ledger.parent / "new")
    assert ledger.read_bytes() == before and executions_of(ledger) == 2
    assert not any("aside" in each.name or each.name == "new" for each in ledger.parent.iterdir())


def test_what_had_not_ended_in_the_backup_does_not_run_again_by_itself(
    ledger: Path, smartspec: Callable[..., Said], file: Callable[[str, str], Path]
) -> None:
    file("later.yaml", "smartspec: 1\nname: later\ntasks: {t: {run: echo later}}\n")
    smartspec("--db", str(ledger), "import", "later.yaml")
    verbs.open_database(ledger)
    id_ = starting.start_execution("later", origin=Origin(Trigger.CLI)).id
    verbs.back_up_database()
    verbs.close_database()
    done = verbs.restore_database(ledger)
    assert done.paused == 1
    found = executions.get_execution(id_)
    assert found.status is ExecutionStatus.PAUSED and "may have run since" in str(found.pause_reason)
    assert [each.type.value for each in executions.list_events(id_).rows][-1] == "execution_paused"
    assert not runners.has_pending() and verbs.check_database() == ()
    verbs.close_database()
    there = verbs.restore_elsewhere(ledger, Path(done.backup.path).name, ledger.parent / "new")
    assert there.paused == 1
    said = smartspec("--db", there.file, "resume", id_)
    assert said.code == 0 and "later" in said.out, said
    assert executions_of(ledger) == 3


@pytest.mark.parametrize("how", [(), ("--until-idle",)])
def test_a_runner_lets_go_once_what_runs_has_ended_and_comes_back(
    ledger: Path, tmp_path: Path, smartspec: Callable[..., Said], file: Callable[[str, str], Path], how: tuple[str, ...]
) -> None:
    """While it waits nothing more is begun, so that it has an end; what waited is in the ledger that is set aside."""
    file("slow.yaml", SLOW)
    told: list[str] = []

    def on_step(step: str, _share: float, words: str) -> bool:
        if step == "wait":
            told.append(words)
            (tmp_path / "go").touch()
        return True

    with serving(ledger, *how):
        for _ in range(2):
            assert smartspec("--db", str(ledger), "run", "slow.yaml", "--detach").code == 0
        until(lambda: "running" in status(ledger))
        done = verbs.restore_database(ledger, None, on_step, patience_s=HANGS_AFTER_S)
        verbs.close_database()
        assert "Waiting for" in told[0] and status(ledger) == ["completed"]
        assert done.aside is not None and status(Path(done.aside)) == ["completed"] * 3 + ["pending"]
        assert smartspec("--db", str(ledger), "run", "slow.yaml", "--detach").code == 0
        until(lambda: status(ledger) == ["completed"] * 2)
        assert said_in(ledger).count("lets go of the database") == 1


def test_the_long_logs_come_along_to_a_new_place(
    smartspec: Callable[..., Said], file: Callable[[str, str], Path], home: Path
) -> None:
    file("a.yaml", "smartspec: 1\nname: a\ntasks: {t: {run: 'seq 3000'}}\n")
    smartspec("run", "a.yaml")
    smartspec("run", "a.yaml")
    before = smartspec("logs", "a#2").out
    smartspec("db", "backup")
    (first, _second) = sorted((home / "data" / "logs").rglob("*.log"))
    first.unlink()
    there = home / "there"
    said = smartspec("--json", "db", "restore", "--to", str(there)).json()
    assert (said["logs"]["count"], said["logs"]["missing"]) == (1, 1)
    assert smartspec("--db", said["file"], "logs", "a#2").out == before
    text = smartspec("db", "restore", "--to", str(home / "more"))
    assert "1 long log was copied along" in text.out and "1 long log of it is not there any more" in text.out
    again = smartspec("db", "restore", "--to", str(there))
    assert again.code == 5 and "already" in again.err


def test_a_new_place_that_could_not_be_filled_is_not_there(ledger: Path) -> None:
    (kept,) = verbs.list_backups(ledger)
    there = ledger.parent / "new" / "place"
    with pytest.raises(errors.Stopped):
        verbs.restore_elsewhere(ledger, Path(kept.path).name, there, lambda step, _share, _told: step != "compare")
    assert not there.exists()


def test_a_folder_that_nobody_can_make_is_refused_in_a_sentence(ledger: Path) -> None:
    (kept,) = verbs.list_backups(ledger)
    for folder in (ledger.parent / ("x" * 300), ledger / "below a file"):
        with pytest.raises(errors.ConnectionFailed, match="choose another folder"):
            verbs.restore_elsewhere(ledger, kept.path, folder)
    assert executions_of(ledger) == 2


def test_two_who_restore_at_once_do_not_get_in_each_others_way(ledger: Path) -> None:
    def on_step(step: str, _share: float, _told: str) -> bool:
        if step == "compare":
            with pytest.raises(errors.Conflict, match="being restored"):
                verbs.restore_database(ledger)
        return True

    verbs.restore_database(ledger, None, on_step)
    verbs.close_database()
    assert executions_of(ledger) == 1


def test_a_schedule_goes_on_from_now_and_in_a_second_ledger_not_at_all(
    ledger: Path, smartspec: Callable[..., Said], file: Callable[[str, str], Path]
) -> None:
    """What came since the backup was started by the ledger that is set aside."""
    file("tick.yaml", "smartspec: 1\nname: tick\ntasks: {t: {run: echo tick}}\n")
    smartspec("--db", str(ledger), "import", "tick.yaml")
    verbs.open_database(ledger)
    made = schedules.create_schedule("tick", "0 3 * * *")
    with database.transaction():  # as if the backup were a day old
        database.execute("UPDATE schedules SET next_run_at = ?, created_at = ?", (1_700_000_000_000, 1_600_000_000_000))
    kept = verbs.back_up_database()
    verbs.close_database()
    there = verbs.restore_elsewhere(ledger, Path(kept.path).name, ledger.parent / "new")
    assert there.schedules == 1
    done = verbs.restore_database(ledger)
    now = times.now()
    found = schedule_lookup.get_schedule(made.id)
    assert done.schedules == 0 and found.status == "active" and found.next_run_at is not None
    assert now < found.next_run_at and firing.look(now, Service(now)) == found.next_run_at
    assert executions.count_executions() == 2 and verbs.check_database() == ()
    verbs.close_database()
    verbs.open_database(Path(there.file))
    assert schedule_lookup.get_schedule(made.id).status == "paused" and not firing.any_active()
