"""What was killed leaves its output up to the last byte that was read; it is shown, and goes with a purge (SIGKILL)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartspec.commands import database, execution_logs, execution_trash, executions
from smartspec.domain.execution import TaskExecution
from smartspec.runner import recovery
from tests.clock import until
from tests.conftest import ROOT, Said

# What it writes first, the number of bytes after that, and then it waits to be killed.
SCRIPT = "echo first; echo second >&2; head -c {size} /dev/zero | tr '\\0' x; printf end; echo $$ > {ready}; sleep 300"
SIZES = [0, 3_000, 50_000, 200_000, 20_000_000]


@pytest.fixture
def killed(db: Path, tmp_path: Path) -> Iterator[Callable[[list[str], Path], TaskExecution]]:
    """Start the program, wait until the command has written all, let it be read, and kill the program alone."""
    left: list[int] = []

    def kill(words: list[str], ready: Path) -> TaskExecution:
        process = subprocess.Popen(
            [sys.executable, "-m", "smartspec", "--db", str(db), *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(lambda: ready.exists() and ready.read_text().strip())
        left.append(int(ready.read_text()))
        (row,) = executions.list_task_executions("k")
        until(lambda: all_of(row).endswith(b"end"))
        process.kill()
        process.wait()
        return row

    yield kill
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def all_of(row: TaskExecution) -> bytes:
    data, offset = b"", 0
    while (chunk := execution_logs.read_log(row, offset)).data:
        data, offset = data + chunk.data, chunk.next
    return data


def written(size: int) -> bytes:
    return b"first\nsecond\n" + b"x" * size + b"end"


def check(row: TaskExecution, size: int, smartspec: Callable[..., Said], db: Path) -> None:
    """Shown as it is, shown once it is noted as interrupted, and gone with a purge."""
    assert all_of(row) == written(size)
    recovery.recover()
    (noted,) = executions.list_task_executions("k")
    assert (noted.status, noted.log_bytes) == ("interrupted", len(written(size)))
    assert all_of(noted) == written(size)
    if size < 100_000:
        assert smartspec("--db", str(db), "logs", "k", row.task).out == written(size).decode()
    assert not [*(db.parent / "logs").rglob("*.live")]
    execution = executions.get_execution("k")
    smartspec("--db", str(db), "cancel", execution.id)
    execution_trash.delete_execution(execution.id)
    execution_trash.purge_execution(execution.id)
    assert [*(db.parent / "logs").iterdir()] == []


@pytest.mark.parametrize("size", SIZES)
def test_a_runner_that_was_killed(
    killed: Callable[[list[str], Path], TaskExecution],
    smartspec: Callable[..., Said],
    db: Path,
    tmp_path: Path,
    size: int,
) -> None:
    ready = tmp_path / "ready"
    script = SCRIPT.format(size=size, ready=ready)
    (tmp_path / "k.yaml").write_text(f"smartspec: 1\nname: k\ntasks:\n  a:\n    run: {json.dumps(script)}\n")
    row = killed(["run", str(tmp_path / "k.yaml")], ready)
    check(row, size, smartspec, db)


@pytest.mark.parametrize("size", SIZES)
def test_a_recorder_that_was_killed(
    killed: Callable[[list[str], Path], TaskExecution],
    smartspec: Callable[..., Said],
    db: Path,
    tmp_path: Path,
    size: int,
) -> None:
    ready = tmp_path / "ready"
    script = SCRIPT.format(size=size, ready=ready)
    row = killed(["record", "--name", "k", "--", "sh", "-c", script], ready)
    check(row, size, smartspec, db)


def test_negative_control_what_only_the_memory_holds_is_lost(db: Path) -> None:
    """The same kill of a process that keeps what it read to itself."""
    code = "import sys, time; kept = sys.stdin.buffer.read(6); print('read', flush=True); time.sleep(300)"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"first\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"read\n"
    process.kill()
    process.communicate()
    assert not (db.parent / "logs").exists() and database.check_database() == ()
