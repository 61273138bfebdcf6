"""Where the output of tasks is kept by its size, that it is read back byte for byte, and that it goes with its execution."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import execution_logs, execution_trash, executions
from smartspec.domain.execution import TaskExecution
from smartspec.store import database as rows
from smartspec.store.logs import interrupted, segments
from smartspec.store.logs.writer import ExecutionLogs
from tests.conftest import Ran, ran

Run = Callable[..., Ran]
SIZES = [1, 4096, 4097, 65_536, 65_537, 300_000]


def files(db: Path) -> list[Path]:
    return sorted(each for each in (db.parent / "logs").rglob("*") if each.is_file())


def writes(size: int) -> dict[str, object]:
    return {"command": [sys.executable, "-c", f"import os; os.write(1, b'x' * ({size} - 1) + b'y')"]}


def read_in_pieces(task: TaskExecution, piece: int) -> bytes:
    data, offset = b"", 0
    while (chunk := execution_logs.read_log(task, offset, piece)).data:
        assert len(chunk.data) <= piece
        data, offset = data + chunk.data, chunk.next
    return data


@pytest.mark.parametrize("size", SIZES)
def test_it_is_kept_byte_for_byte_wherever_it_is(run: Run, db: Path, size: int) -> None:
    done = run({"tasks": {"a": writes(size), "b": {"needs": ["a"], **writes(size)}}})
    wanted = b"x" * (size - 1) + b"y"
    for row in (done.row("a"), done.row("b")):
        assert (row.log_bytes, row.log_truncated) == (size, False)
        assert row.log_sha256 == hashlib.sha256(wanted).hexdigest()
        assert read_in_pieces(row, 65_536) == wanted and read_in_pieces(row, 999) == wanted
        assert execution_logs.read_log(row, size - 1).data == b"y" and execution_logs.read_log(row, size).data == b""
        assert row.excerpt == wanted[-200:].decode()
        ((offset, at), *_) = execution_logs.read_log_times(row)
        assert offset == 0 and row.started_at and row.completed_at
        assert row.started_at.timestamp() - 1 <= at / 1000 <= row.completed_at.timestamp() + 1


def test_what_is_small_needs_no_file(run: Run, db: Path) -> None:
    done = run({"tasks": {"a": {"run": "echo hello"}, "b": {"run": "true"}, "c": writes(4096)}})
    assert files(db) == [] and execution_logs.log_path(done.row("a")) is None
    assert (done.log("a"), done.log("b")) == (b"hello\n", b"")


def test_what_is_larger_shares_a_file_and_what_is_large_has_its_own(run: Run, db: Path) -> None:
    done = run({"tasks": {"a": writes(5_000), "b": writes(60_000), "c": writes(70_000), "d": writes(10)}})
    shared, own = (execution_logs.log_path(done.row(name)) for name in "ac")
    assert execution_logs.log_path(done.row("b")) == shared and sorted(filter(None, (shared, own))) == files(db)
    assert shared and own and (shared.stat().st_size, own.stat().st_size) == (65_000, 70_000)


def test_nothing_is_named_by_a_task(run: Run, db: Path) -> None:
    name = "aaaa" * 15
    run({"tasks": {name: {"run": "head -c 5000 /dev/zero; echo x=1 > $SMARTSPEC_OUTPUT"}, "big": writes(70_000)}})
    assert not [each for each in db.parent.rglob("*") if "aaaa" in each.name or "big" in each.name]


def test_ten_thousand_items_make_no_file_each(run: Run, db: Path) -> None:
    many = run({"tasks": {"a": {"with_items": list(range(300)), "run": "echo {{ item }}"}}})
    assert [many.log("a", n) for n in (0, 150, 299)] == [b"0\n", b"150\n", b"299\n"]
    assert files(db) == []


def test_a_purge_takes_the_logs_and_the_folders_that_are_empty_then(run: Run, db: Path) -> None:
    tasks = {"a": writes(70_000), "b": writes(5_000), "c": {"run": "echo hello"}}
    first, second = run({"tasks": tasks}), run({"tasks": tasks})
    assert len(files(db)) == 4
    for done in (first, second):
        execution_trash.delete_execution(done.execution.id)
        execution_trash.purge_execution(done.execution.id)
        assert all(done.execution.id not in str(each) for each in (db.parent / "logs").rglob("*"))
        if done is first:
            assert second.log("b") == b"x" * 4_999 + b"y"
    assert list((db.parent / "logs").iterdir()) == []


def test_whatever_is_made_is_for_the_owner_alone(run: Run, db: Path) -> None:
    before = os.umask(0)
    try:
        run({"tasks": {"a": writes(70_000), "b": writes(5_000)}})
    finally:
        os.umask(before)
    made = [*(db.parent / "logs").rglob("*"), db.parent / "logs", db.parent / "scratch"]
    assert {each.name: oct(each.stat().st_mode & 0o777) for each in made if each.stat().st_mode & 0o077} == {}


def running(db: Path, run: Run) -> tuple[ExecutionLogs, TaskExecution]:
    """The logs of an execution one of whose tasks runs, as the record says."""
    done = run({"tasks": {"a": {"run": "true"}}})
    with rows.transaction():
        rows.execute("UPDATE task_executions SET status = 'running'")
        rows.execute("UPDATE executions SET status = 'running', runner = NULL, completed_at = NULL")
    return ExecutionLogs(done.execution.id, done.execution.created_at), ran(done.execution).row("a")


@pytest.mark.parametrize("size", SIZES)
def test_what_runs_can_be_read_at_once(run: Run, db: Path, size: int) -> None:
    kept, task = running(db, run)
    writer = kept.of(task.pk)
    data = os.urandom(size)
    for at in range(0, size, 1_000):
        writer.write(data[at : at + 1_000])
        end = execution_logs.read_log(task, at).data
        assert end == data[at : at + 1_000]
    assert read_in_pieces(task, 65_536) == data
    assert execution_logs.read_log_times(task)[0][0] == 0
    writer.close()


@pytest.mark.parametrize("size", SIZES)
def test_of_what_was_killed_nothing_is_lost_that_was_read(run: Run, db: Path, size: int) -> None:
    """The process that wrote it does nothing more: whoever finds it gone takes over what is there."""
    kept, task = running(db, run)
    data = os.urandom(size)
    writer = kept.of(task.pk)
    for at in range(0, size, 7_000):
        writer.write(data[at : at + 7_000])
    times = execution_logs.read_log_times(task)
    with rows.transaction():
        interrupted.keep(task)
        rows.execute("UPDATE task_executions SET status = 'interrupted'")
    ended = executions.list_task_executions(ran_id(task))[0]
    assert (ended.log_bytes, ended.log_sha256) == (size, hashlib.sha256(data).hexdigest())
    assert read_in_pieces(ended, 65_536) == data
    assert execution_logs.read_log_times(ended)[0] == times[0]
    assert not [each for each in files(db) if each.suffix == ".live"]


def ran_id(task: TaskExecution) -> str:
    return executions.get_execution_by_key(task.execution).id


def test_who_reads_while_it_ends_reads_on(run: Run, db: Path) -> None:
    """The row that was looked at says that it runs; it has ended since, and its live file is gone."""
    kept, task = running(db, run)
    writer = kept.of(task.pk)
    writer.write(b"before ")
    assert execution_logs.read_log(task, 0).data == b"before "
    writer.write(b"after")
    log = writer.close()
    with rows.transaction():
        rows.execute(
            "UPDATE task_executions SET status = 'completed', log_bytes = ?, log = ? WHERE pk = ?",
            (log.bytes, log.data, task.pk),
        )
    kept.close(remove=True)
    assert execution_logs.read_log(task, 7).data == b"after"


def test_a_long_log_without_its_middle_after_a_kill(run: Run, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 50_000)
    kept, task = running(db, run)
    kept.cap = 400_000
    writer = kept.of(task.pk)
    data = os.urandom(1_000_000)
    writer.write(data)
    with rows.transaction():
        interrupted.keep(task)
        rows.execute("UPDATE task_executions SET status = 'interrupted'")
    ended = executions.list_task_executions(ran_id(task))[0]
    assert (ended.log_bytes, ended.log_truncated) == (1_000_000, True)
    assert execution_logs.read_log(ended, 0).data == data[:50_000]
    middle = execution_logs.read_log(ended, 50_000)
    assert middle.left_out > 0 and middle.data == data[middle.offset : middle.next]


def test_logs_of_the_first_schema_are_read(run: Run, db: Path) -> None:
    done = run({"tasks": {"a": {"run": "true"}}})
    folder = db.parent / "logs" / f"{done.execution.created_at:%Y/%m}" / done.execution.id
    folder.mkdir(parents=True)
    (folder / "a.0.1.log").write_bytes(b"old\nwords\n")
    (folder / "a.0.1.times").write_text("0 1700000000000\n4 1700000000100\n")
    path = str((folder / "a.0.1.log").relative_to(db.parent / "logs"))
    rows.execute("UPDATE task_executions SET log_path = ?, log_bytes = 10", (path,))
    task = ran(done.execution).row("a")
    assert execution_logs.read_log(task, 4).data == b"words\n"
    assert execution_logs.read_log_times(task) == [(0, 1_700_000_000_000), (4, 1_700_000_000_100)]
    execution_trash.delete_execution(done.execution.id)
    execution_trash.purge_execution(done.execution.id)
    assert not folder.exists()
