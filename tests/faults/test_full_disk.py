"""R4: the disk fills up while tasks run. They live, and what they came to is recorded once there is room."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, files, starting, workflows
from smartspec.runner import recovery
from smartspec.runner.process import tokens
from smartspec.runner.worker import Worker
from smartspec.store.logs.segments import SegmentWriter
from smartspec.store.logs.writer import ExecutionLogs
from tests.clock import measured, until
from tests.conftest import ROOT, as_source, ran


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    database.close_database()
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte."""
    file = folder / "filler"
    with file.open("ab", buffering=0) as opened:
        for size in (65536, 512, 1):
            try:
                while True:
                    opened.write(b"x" * size)
            except OSError:
                continue
    return file


def serve(runner: Worker, over: Callable[[], bool]) -> threading.Thread:
    def work() -> None:
        try:
            runner.run_until(over)
        finally:
            database.close_connection()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_tasks_live_through_a_full_disk_and_are_recorded_afterwards(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database.open_database(small / "x.db")
    lines = "for i in 1 2 3 4 5 6; do printf '%9000s' $i; sleep 0.5; done; echo lived >> {mark}; exit {code}"
    definition = {"concurrency": 3, "tasks": {
        **{f"t{n}": {"run": lines.format(mark=tmp_path / "mark", code=n), "continue_on_error": True} for n in range(3)},
        "after": {"needs": ["t0", "t1", "t2"], "run": "echo after"},
    }}  # fmt: skip
    files.import_workflows([as_source(definition, tmp_path)])
    execution = starting.start_execution("test")
    ended = threading.Event()
    with caplog.at_level(logging.WARNING):
        runner = Worker("background")
        thread = serve(runner, ended.is_set)
        until(lambda: [ran(execution).attempts(f"t{n}") for n in range(3)] == [["running"]] * 3)
        until(lambda: (database.database_path().parent / "logs").exists())
        filler = fill(small)
        until(
            lambda: (tmp_path / "mark").exists() and (tmp_path / "mark").read_text() == "lived\n" * 3,
            what="a task was ended",
        )
        time.sleep(2)
        assert ran(execution).status == "running" and runner.write_error is not None and "full" in runner.write_error
        with pytest.raises(errors.DiskFull):
            workflows.create_workflow("no room")
        filler.unlink()
        with measured("recorded after there was room", 5):
            until(lambda: ran(execution).status == "completed")
    ended.set()
    thread.join()
    done = ran(execution)
    assert [done.row(f"t{n}").exit_code for n in range(3)] == [0, 1, 2] and done.status == "completed"
    assert all(done.attempts(f"t{n}") in (["completed"], ["failed"]) for n in range(3))  # none ran twice
    assert done.log("after") == b"after\n"
    written = b"".join(b"%9000d" % n for n in range(1, 7))
    assert [done.log(f"t{n}") for n in range(3)] == [written] * 3  # what no disk took was kept in memory meanwhile
    assert not done.row("t0").log_truncated
    assert database.check_database() == () and workflows.create_workflow("room").name == "room"
    told = [record.message for record in caplog.records]
    assert len([words for words in told if "full" in words]) <= 2, told  # a banner, not one for each write
    assert any("can be written again" in words for words in told)


def test_the_log_goes_on_after_a_gap_that_it_tells_of(small: Path) -> None:
    log = SegmentWriter(small / "a.log")
    log.write(b"before\n")
    filler = fill(small)
    log.write(b"x" * 100_000)
    log.write(b"y" * 50_000)
    filler.unlink()
    log.write(b"after\n")
    digest = log.close()
    kept = (small / "a.log").read_bytes()
    assert kept.startswith(b"before\n") and kept.endswith(
        b" bytes could not be written: the disk was full or failed]\nafter\n"
    )
    assert log.truncated and log.size == len(kept) and digest == hashlib.sha256(kept).hexdigest()


@pytest.mark.parametrize("size", [3_000, 30_000, 300_000, 1_200_000])
def test_what_no_disk_takes_is_kept_in_memory_for_a_while(small: Path, size: int) -> None:
    """In the row where it ends before there is room again; of more than 1 MiB the log tells what is not there."""
    database.open_database(small / "x.db")
    writer = ExecutionLogs("0" * 36, datetime.now(UTC)).of(1)
    filler = fill(small)
    data = os.urandom(size)
    for at in range(0, size, 10_000):
        writer.write(data[at : at + 10_000])
    filler.unlink()
    writer.write(b"after")
    tail = writer.tail(5)
    log = writer.close()
    assert tail == b"after" and log.truncated == (size > 2**20)
    if size < 2**20:
        assert log.sha256 == hashlib.sha256(data + b"after").hexdigest()


def test_what_goes_from_a_pipe_to_the_disk_by_itself_is_read_where_the_disk_is_full(small: Path) -> None:
    database.open_database(small / "x.db")
    logs = ExecutionLogs("0" * 36, datetime.now(UTC))
    log = logs.of(1)
    log.write(b"x" * 70_000)
    source, end = os.pipe()
    os.write(end, b"y" * 10_000)
    assert log.take(source) == 10_000
    filler = fill(small)
    os.write(end, b"z" * 60_000)
    os.close(end)
    while (taken := log.take(source)) is not None:
        assert 0 < taken < 60_000
    log.write(os.read(source, 60_000))
    filler.unlink()
    log.write(b"after\n")
    assert log.take(source) == 0  # its end
    os.close(source)
    kept = (logs.root / str(log.close().path)).read_bytes()
    assert kept.startswith(b"x" * 70_000 + b"y" * 10_000)
    assert kept.endswith(b" bytes could not be written: the disk was full or failed]\nafter\n")


def test_an_end_without_a_disk_keeps_the_log_for_the_row(small: Path) -> None:
    database.open_database(small / "x.db")
    writer = ExecutionLogs("0" * 36, datetime.now(UTC)).of(1)
    filler = fill(small)
    writer.write(b"x" * 50_000)
    log = writer.close()
    filler.unlink()
    assert (log.data, log.path, log.bytes, log.truncated) == (b"x" * 50_000, None, 50_000, False)


def test_nothing_is_lost_of_what_was_acknowledged_before(small: Path) -> None:
    database.open_database(small / "x.db")
    names = []
    filler = None
    for number in range(400):
        try:
            names.append(workflows.create_workflow(f"w{number}").name)
        except errors.DiskFull:
            break
        if number == 20:
            filler = fill(small)
    else:
        pytest.fail("the disk never was full")
    assert filler is not None
    assert {each.name for each in workflows.list_workflows(limit=1000).rows} == {*names}
    filler.unlink()
    assert workflows.create_workflow("room").name == "room" and database.check_database() == ()


LIMITED = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from smartspec import errors
from smartspec.commands import database, workflows
database.open_database(Path(sys.argv[1]))
n = 0
try:
    while True:
        workflows.create_workflow(f"w{n}", description="x" * 20000)
        n += 1
        print(n, flush=True)
except errors.StorageError as error:
    print("refused:", error)
"""


def test_a_limit_on_the_size_of_files_is_told_the_same_way(tmp_path: Path) -> None:
    """R5: which gives an I/O error, and not a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "x.db"), "2000000"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ},
    )
    *counted, refused = done.stdout.splitlines()
    assert done.returncode == 0 and refused.startswith("refused: The disk"), done.stderr
    database.open_database(tmp_path / "x.db")
    assert workflows.count_workflows() == int(counted[-1]) and database.check_database() == ()
    database.close_database()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_little_room_is_said_before(small: Path) -> None:
    database.open_database(small / "x.db")
    assert re.search(r"Only \d+\.\d [KM]iB are free", str(database.little_room()))


def test_negative_control_a_runner_without_patience_loses_the_result(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, with a recorder that gives up at the first refusal."""
    from smartspec.runner.engine import transition_writer

    refused = threading.Event()

    def impatient(self: transition_writer.TransitionWriter, write: Callable[[], object]) -> object:
        try:
            return write()
        except errors.DiskFull:
            refused.set()
            raise

    monkeypatch.setattr(transition_writer.TransitionWriter, "_write_with_retry", impatient)
    database.open_database(small / "x.db")
    files.import_workflows([as_source({"tasks": {"a": {"run": "sleep 1.5"}}}, tmp_path)])
    execution = starting.start_execution("test")
    ended = threading.Event()
    thread = serve(Worker("background"), ended.is_set)
    until(lambda: ran(execution).attempts("a") == ["running"])
    filler = fill(small)
    until(refused.is_set)
    filler.unlink()
    time.sleep(1.5)
    assert ran(execution).attempts("a") != ["completed"]
    ended.set()
    thread.join()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_on_a_full_disk_ends_when_it_is_asked_to(small: Path, tmp_path: Path, number: signal.Signals) -> None:
    """B15: nothing of it can be recorded, and that is said; what it ran is ended, and the next command sees it."""
    file = small / "x.db"
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks:\n  a:\n    run: 'echo up; sleep 300'\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(file), "run", str(tmp_path / "w.yaml")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and "up" in process.stdout.readline()
    filler = fill(small)
    for _ in range(3):  # the third leaves everything as it is; one more would come when nobody listens any more
        process.send_signal(number)
        time.sleep(0.3)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 12, (out, err)
    assert "full" in err and "is not recorded" in err and "Traceback" not in err
    filler.unlink()
    database.open_database(file)
    (interrupted,) = recovery.recover()
    assert ran(interrupted).attempts("a") == ["interrupted"] and tokens.with_token(f"{interrupted.id}/") == []
