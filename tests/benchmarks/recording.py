"""P1 and P16: what it costs to record an execution, in time and in bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smartspec.commands import database, files, recording, starting
from smartspec.commands.recording import Report
from smartspec.commands.workflow_sources import Source
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import new_id
from smartspec.runner.worker import Worker
from smartspec.store import database as rows
from smartspec.store.database import sqlite
from tests.benchmarks.figure import Figure, interleaved, median, ms, timed

_IN_A_ROW = 50
TEXT = '{"smartspec": 1, "name": "job", "tasks": {"work": {"command": ["true"]}}}'


def record_an_execution(folder: Path, _: int) -> Iterator[Figure]:
    """P1: start and finish, two durable commits with events and metrics, against bare sqlite3 writing the same rows."""
    database.open_database(folder / "x.db")
    workflow = files.import_workflows([Source("job", TEXT, "json", str(folder))])[0].workflow
    bare = sqlite.library.connect(folder / "bare.db", isolation_level=None)
    rows.database.connection().backup(bare)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        bare.execute(f"PRAGMA {pragma}")

    cpu: dict[str, list[float]] = {"ours": [], "bare": []}

    def ours() -> float:
        began, used = time.perf_counter(), time.process_time()
        for _ in range(_IN_A_ROW):
            execution = recording.begin_execution(workflow.id)
            recording.end_execution(execution.id, Report(ExecutionStatus.COMPLETED))
        cpu["ours"].append((time.process_time() - used) / _IN_A_ROW)
        return (time.perf_counter() - began) / _IN_A_ROW

    def limit() -> float:
        began, used = time.perf_counter(), time.process_time()
        for _ in range(_IN_A_ROW):
            _write_bare(bare, workflow.pk, workflow.current_version)
        cpu["bare"].append((time.process_time() - used) / _IN_A_ROW)
        return (time.perf_counter() - began) / _IN_A_ROW

    one, other = interleaved(ours, limit, 25)
    ratio = median(other) / median(one)
    yield Figure(
        "record an execution, 2 durable commits (median)",
        ms(median(one)),
        f"{ms(median(other))} bare",
        ratio,
        "≥ 0.6 ×",
        ratio >= 0.6,
    )
    mine, other_cpu = median(cpu["ours"]), median(cpu["bare"])
    yield Figure("the same in CPU (median)", ms(mine), f"{ms(other_cpu)} bare", other_cpu / mine, "told", True)
    bare.close()
    database.close_database()


def _write_bare(bare: Any, workflow: int, version: int | None) -> None:
    now = round(time.time() * 1000)
    bare.execute("BEGIN IMMEDIATE")
    number = bare.execute(
        "UPDATE workflows SET last_number = last_number + 1 WHERE pk = ? RETURNING last_number", (workflow,)
    ).fetchone()[0]
    pk = bare.execute(
        "INSERT INTO executions (id, number, workspace, workflow, workflow_name, version, workflow_version, kind, status, trigger,"
        " triggered_by, created_at, started_at) VALUES (?, ?, 1, ?, 'job', ?, '1.0.0', 'external', 'running', 'external', 'me', ?, ?)",
        (new_id(), number, workflow, version, now, now),
    ).lastrowid
    _event(bare, now, "execution_started", workflow, pk)
    bare.execute("COMMIT")
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(
        "UPDATE executions SET status = 'completed', completed_at = ?, duration_ms = 1, running_ms = 1 WHERE pk = ?",
        (now, pk),
    )
    _event(bare, now, "execution_completed", workflow, pk)
    for granularity, bucket in (
        ("hour", now // 3_600_000 * 3_600_000),
        ("day", now // 86_400_000 * 86_400_000),
        ("total", 0),
    ):
        bare.execute(
            "INSERT INTO metrics (entity_type, entity, granularity, bucket, completed, duration_sum_ms, duration_min_ms, duration_max_ms,"
            " last_executed_at) VALUES ('workflow', ?, ?, ?, 1, 1, 1, 1, ?) ON CONFLICT DO UPDATE SET completed = completed + 1,"
            " duration_sum_ms = duration_sum_ms + 1, last_executed_at = excluded.last_executed_at",
            (workflow, granularity, bucket, now),
        )
    bare.execute(
        "INSERT INTO execution_search (rowid, text) VALUES (?, ?)", (now << 20 | pk, f"zzworkflow{workflow} job")
    )
    bare.execute("COMMIT")


def _event(bare: Any, now: int, kind: str, workflow: int, execution: int) -> None:
    bare.execute(
        "INSERT INTO events (at, level, type, workflow, execution, actor, process) VALUES (?, 'info', ?, ?, ?, 'me', 1)",
        (now, kind, workflow, execution),
    )


def record_a_command(folder: Path, _: int) -> Iterator[Figure]:
    """P12: what `record` adds to a command, the program started anew each time."""
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "SMARTSPEC_DB": str(folder / "x.db"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    recorded = [sys.executable, "-m", "smartspec", "record", "--name", "t", "--", "true"]

    def run(argv: list[str]) -> float:
        return timed(lambda: subprocess.run(argv, env=environment, check=True))

    run(recorded)
    one, other = interleaved(lambda: run(recorded), lambda: run(["true"]), 15)
    added = median(one) - median(other)
    yield Figure("`record -- true` over `true` (median)", ms(added), "150 ms", added / 0.15, "≤ 0.15 s", added <= 0.15)


def bytes_per_execution(folder: Path, _: int) -> Iterator[Figure]:
    """P16: the file's growth per execution with one task, really run."""
    database.open_database(folder / "x.db")
    workflow = files.import_workflows([Source("job", TEXT, "json", str(folder))])[0].workflow
    _run(workflow.id, 50)
    before = _size(folder / "x.db")
    count = 1_000
    _run(workflow.id, count)
    each = (_size(folder / "x.db") - before) / count
    yield Figure(
        "bytes per plain execution with one task", f"{each:,.0f} B", "1,536 B", each / 1536, "≤ 1", each <= 1536
    )
    database.close_database()


def disk_per_execution(folder: Path, _: int) -> Iterator[Figure]:
    """P25: what the data folder grows by per execution with one task and 40 bytes of output, as `du` counts it."""
    home = folder / "data"
    database.open_database(home / "x.db")
    text = json.dumps({"smartspec": 1, "name": "job", "tasks": {"a": {"command": ["printf", "%039d\n", "7"]}}})
    workflow = files.import_workflows([Source("job", text, "json", str(folder))])[0].workflow
    _run(workflow.id, 100)
    before, count = _disk(home), 1_000
    _run(workflow.id, count)
    each = (_disk(home) - before) / count
    yield Figure(
        "disk per execution with one task of 40 bytes", f"{each:,.0f} B", "3,072 B", each / 3072, "≤ 1", each <= 3072
    )
    database.close_database()


def _disk(folder: Path) -> int:
    """Blocks of files and folders, the log of SQLite written back."""
    _size(folder / "x.db")
    return sum(each.lstat().st_blocks * 512 for each in [folder, *folder.rglob("*")])


def _run(workflow: str, count: int) -> None:
    runner = Worker("foreground")
    for _ in range(count):
        runner.submit(starting.start_execution(workflow).pk)
    runner.run_until(lambda: runner.is_idle)


def _size(file: Path) -> int:
    rows.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return file.stat().st_size
