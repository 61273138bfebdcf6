"""A ledger of N executions with tasks, events and metrics, the same for the same seed. Also useful as sample data."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smartspec.commands import database, files
from smartspec.commands.workflow_sources import Source
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.progress_callback import ignore_progress
from smartspec.store import database as rows
from smartspec.store import metrics_recount, search

WORKFLOWS = 50
BUSY = 7  # the workflow that has a third of the executions
_STATUSES = ["completed"] * 90 + ["failed"] * 6 + ["timeout"] * 2 + ["cancelled"] * 2
_TRIGGERS = ["cron"] * 6 + ["cli"] * 3 + ["manual"]
_BATCH = 50_000
_ERRORS = [
    "The command ended with exit code 1.", "rsync: connection refused by node-{node}", "disk quota exceeded on node-{node}",
    "备份失败：磁盘已满", "备份失败：无法连接 node-{node}",
]  # fmt: skip
_LINES = ["{rows} rows written", "{rows} rows written\nchecksum {sum}", "done", "备份完成，共 {rows} 行"]


def fill(file: Path, size: int, seed: int = 7) -> None:
    """Make the file, with `size` executions over two years, and bring the statistics up to date."""
    database.open_database(file)
    definition = {"smartspec": 1, "tasks": {"work": {"run": "true"}}}
    for number in range(WORKFLOWS):
        text = json.dumps({**definition, "name": f"job-{number:02}", "tags": [f"t{number % 5}"]})
        files.import_workflows([Source("generated", text, "json", str(file.parent))])
    known = rows.rows(
        "SELECT w.pk, w.name, v.pk, v.version FROM workflows w JOIN workflow_versions v ON v.pk = w.current_version"
    )
    generated = _executions(size, known, random.Random(seed))
    while batch := [each for _, each in zip(range(_BATCH), generated, strict=False)]:
        _write(batch)
    with rows.transaction():
        rows.execute(
            "UPDATE workflows SET last_number = (SELECT max(number) FROM executions WHERE workflow = workflows.pk)"
        )
    metrics_recount.rebuild(ignore_progress)
    database.optimize_database()


def _executions(size: int, known: list[tuple[Any, ...]], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    now = times.to_ms(times.now())
    step = 2 * 365 * 86_400_000 // size
    numbers = dict.fromkeys((each[0] for each in known), 0)
    for index in range(size):
        workflow, name, version, label = known[BUSY] if chance.random() < 0.3 else chance.choice(known)
        numbers[workflow] += 1
        created = now - (size - index) * step
        duration = round(chance.lognormvariate(7, 1))
        status = chance.choice(_STATUSES)
        node = chance.randrange(40)
        error = chance.choice(_ERRORS).format(node=node) if status == "failed" else None
        lines = chance.choice(_LINES).format(rows=chance.randrange(100_000), sum=f"{chance.getrandbits(64):016x}")
        session = f"s{chance.randrange(size // 100 + 1)}" if chance.random() < 0.1 else None
        yield (
            index + 1, f"{created:012x}"[:8] + "-" + f"{created:012x}"[8:12] + f"-7{chance.getrandbits(12):03x}-8{chance.getrandbits(12):03x}-{index:012x}",
            workflow, name, version, label, numbers[workflow], status, chance.choice(_TRIGGERS), session, created, created + 5,
            created + 5 + duration, duration, error, lines,
        )  # fmt: skip


def _write(batch: list[tuple[Any, ...]]) -> None:
    with rows.transaction():
        connection = rows.database.connection()
        connection.executemany(
            "INSERT INTO executions (pk, id, workspace, workflow, workflow_name, version, workflow_version, kind, number, status,"
            " trigger, session_id, created_at, started_at, completed_at, duration_ms, running_ms, error, triggered_by,"
            " tasks_total, tasks_completed, tasks_failed, tasks_cancelled) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, 'workflow', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
            " ?14, ?15, 'me', 1, ?8 = 'completed', ?8 IN ('failed', 'timeout'), ?8 = 'cancelled')",
            [each[:15] for each in batch],
        )
        connection.executemany(
            "INSERT INTO task_executions (execution, task, task_type, position, status, exit_code, started_at, completed_at,"
            " duration_ms, cpu_ms, excerpt) VALUES (?, 'work', 'executor', 0, ?, 0, ?, ?, ?, 1, ?)",
            [(each[0], each[7], each[11], each[12], each[13], each[15]) for each in batch],
        )
        events = (
            (each, kind)
            for each in batch
            for kind in ("execution_created", "execution_started", f"execution_{each[7]}")
        )
        connection.executemany(search.ADD, [
            (search.row_id(each[10], each[0]), search.document_text(each[2], search.searched_text(each[3], each[14], None, None, None, None, each[15])))
            for each in batch
        ])  # fmt: skip
        connection.executemany(
            "INSERT INTO events (at, level, type, workflow, execution, process) VALUES (?, 'info', ?, ?, ?, 1)",
            [(each[12], kind, each[2], each[0]) for each, kind in events],
        )


def multiply_items(execution: Execution, times_: int) -> None:
    """The items of an execution once more and once more, behind one another, until there are so many times as many."""
    columns = [name for (name,) in rows.rows("SELECT name FROM pragma_table_info('task_executions')")]
    kept = ", ".join(name for name in columns if name not in ("pk", "item_index"))
    with rows.transaction():
        count = rows.scalar("SELECT count(*) FROM task_executions WHERE execution = ?", (execution.pk,))
        for each in range(1, times_):
            rows.execute(
                f"INSERT INTO task_executions (item_index, {kept}) SELECT item_index + ?, {kept} "
                "FROM task_executions WHERE execution = ? AND item_index < ? ORDER BY pk",
                (each * count, execution.pk, count),
            )
