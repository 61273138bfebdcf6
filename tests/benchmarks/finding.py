"""P2 and P6: taking in a history in bulk, and finding in it while typing."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from smartspec.commands import database, execution_trash, executions, importing, trash
from smartspec.domain.ids import new_id
from smartspec.store import database as rows
from smartspec.store.database import sqlite
from tests.benchmarks import ledger
from tests.benchmarks.figure import Figure, cpu, interleaved, median, ms, p95, timed

_LINES = 50_000
_TURNS = 60
# As typed: words of names, errors and last lines, common and rare, whole and begun, Chinese; and with filters.
SEARCHES = (
    "job-07", "job", "connection", "refused", "conn", "node-17", "node", "exit", '"connection refused"', "备份", "失败", "磁盘已满",
    "备份 失败", "nothing-like-this", "status:failed refused", "wf:job-07 refused", "after:30d refused", "rows", "checksum 3f2a",
)  # fmt: skip


def import_in_bulk(folder: Path, _: int) -> Iterator[Figure]:
    """P2: JSON Lines to rows, events, counts and index, against bare `json` and `executemany` writing the same."""
    file = folder / "old.jsonl"
    chance = random.Random(5)
    start = 1_700_000_000
    file.write_text("".join(json.dumps({
        "workflow": f"job-{chance.randrange(50)}", "status": chance.choice(["success"] * 9 + ["failure"]), "started_at": start + n * 60,
        "duration_ms": chance.randrange(1, 100_000), "output": {"rows": n}, "correlation_id": f"c{n}",
    }) + "\n" for n in range(_LINES)), encoding="utf-8")  # fmt: skip
    known = folder / "known.jsonl"  # so that both find the workflows made
    known.write_text(
        "".join(json.dumps({"workflow": f"job-{n}", "status": "success", "started_at": 1}) + "\n" for n in range(50)),
        encoding="utf-8",
    )
    turn = iter(range(1000))

    def ours() -> float:
        database.open_database(folder / f"{next(turn)}.db")
        importing.import_executions(known)
        taken = timed(lambda: importing.import_executions(file))
        database.close_database()
        return taken

    def bare() -> float:
        database.open_database(folder / f"{next(turn)}.db")
        importing.import_executions(known)
        copy = database.database_path()
        database.close_database()
        connection = sqlite.library.connect(copy, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        taken = timed(lambda: _import_bare(connection, file))
        connection.close()
        return taken

    one, other = interleaved(ours, bare, 5)
    ratio = median(other) / median(one)
    each = median(one) / _LINES * 1e6
    yield Figure(
        f"import {_LINES:,} recorded executions (median)", f"{each:.0f} µs each", f"{median(other) / _LINES * 1e6:.0f} µs bare", ratio, "≥ 0.8 ×", ratio >= 0.8
    )  # fmt: skip


def _import_bare(connection: Any, file: Path) -> None:
    """The same rows with nothing around them: no checks, no names, no choices."""
    executed, events, texts = [], [], []
    metrics: dict[tuple[int, int, int, str], tuple[int, ...]] = {}
    workflows = {f"job-{n}": n + 1 for n in range(50)}
    with file.open(encoding="utf-8") as opened:
        for pk, line in enumerate(opened, start=100):
            each = json.loads(line)
            status = "completed" if each["status"] == "success" else "failed"
            began = each["started_at"] * 1000
            workflow = workflows[each["workflow"]]
            ended = began + each["duration_ms"]
            output = json.dumps(each["output"])
            executed.append(
                (
                    pk,
                    new_id(),
                    workflow,
                    each["workflow"],
                    pk,
                    status,
                    each["correlation_id"],
                    output,
                    each["duration_ms"],
                    began,
                    began,
                    ended,
                    each["duration_ms"],
                )
            )
            events.append((ended, f"execution_{status}", workflow, pk))
            texts.append(
                (began << 20 | pk, f"zzworkflow{workflow} {each['workflow']} {each['correlation_id']} {output}")
            )
            for size in (3_600_000, 86_400_000, 0):
                key = (workflow, size, ended - ended % size if size else 0, status)
                count, total, least, most, last = metrics.get(key, (0, 0, 1 << 60, 0, 0))
                lasted = each["duration_ms"]
                metrics[key] = (count + 1, total + lasted, min(least, lasted), max(most, lasted), max(last, ended))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO executions (pk, id, workspace, workflow, workflow_name, kind, number, status, attempt, trigger, triggered_by, correlation_id, output,"
        " running_ms, created_at, started_at, completed_at, duration_ms) VALUES (?, ?, 1, ?, ?, 'external', ?, ?, 1, 'external', 'me', ?, ?, ?, ?, ?, ?, ?)",
        executed,
    )
    connection.executemany(
        "INSERT INTO events (at, level, type, workflow, execution, actor, process) VALUES (?, 'info', ?, ?, ?, 'me', 1)",
        events,
    )
    connection.executemany("INSERT INTO execution_search (rowid, text) VALUES (?, ?)", texts)
    sizes = {3_600_000: "hour", 86_400_000: "day", 0: "total"}
    for status in ("completed", "failed"):
        connection.executemany(
            f"INSERT INTO metrics (entity_type, entity, granularity, bucket, {status}, duration_sum_ms, duration_min_ms, duration_max_ms,"
            " last_executed_at) VALUES ('workflow', ?, ?, ?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT DO UPDATE SET {status} = {status} + excluded.{status}, duration_sum_ms = duration_sum_ms + excluded.duration_sum_ms,"
            " duration_min_ms = min(duration_min_ms, excluded.duration_min_ms), duration_max_ms = max(duration_max_ms, excluded.duration_max_ms),"
            " last_executed_at = max(last_executed_at, excluded.last_executed_at)",
            [
                (workflow, sizes[size], bucket, *sums)
                for (workflow, size, bucket, of), sums in metrics.items()
                if of == status
            ],
        )
    connection.execute("COMMIT")


def search_as_you_type(folder: Path, size: int) -> Iterator[Figure]:
    """P6: the first page of 50, the totals aside; and how large the index is."""
    ledger.fill(folder / "x.db", size)
    measured = {text: _p95(text) for text in SEARCHES}
    worst = max(measured, key=lambda text: measured[text])
    every = p95([seconds for seconds in measured.values() for _ in range(_TURNS)])
    like = timed(lambda: rows.rows("SELECT pk FROM executions WHERE error LIKE '%no such words%' LIMIT 50"))
    yield Figure(
        f"search as you type in {size:,}, {len(SEARCHES)} searches (p95)",
        ms(every),
        f"{ms(like)} LIKE",
        every / 0.02,
        "≤ 20 ms",
        every <= 0.02,
    )
    yield Figure(
        f"the slowest of them: {worst} (p95)",
        ms(measured[worst]),
        "20 ms",
        measured[worst] / 0.02,
        "≤ 20 ms",
        measured[worst] <= 0.02,
    )
    index = rows.scalar("SELECT sum(length(block)) FROM execution_search_data")
    whole = (folder / "x.db").stat().st_size
    ratio = index / (whole - index)
    yield Figure(
        f"the index of {size:,}",
        f"{index / 2**20:,.0f} MiB",
        f"{(whole - index) / 2**20:,.0f} MiB of data",
        ratio,
        "≤ 0.6",
        ratio <= 0.6,
    )
    database.close_database()


def _p95(text: str) -> float:
    executions.search_executions(text)
    return p95([timed(lambda: executions.search_executions(text)) for _ in range(_TURNS)])


def totals_of_searches(folder: Path, size: int) -> Iterator[Figure]:
    """P22: how many fit, as far as is counted at once, of the slowest search."""
    ledger.fill(folder / "x.db", size)
    wanted = {text: executions.read_query(text) for text in SEARCHES}
    measured = {
        text: p95([cpu(partial(executions.count_executions, each)) for _ in range(_TURNS)])
        for text, each in wanted.items()
    }
    worst = max(measured, key=lambda text: measured[text])
    exact = cpu(lambda: executions.count_executions(wanted[worst], exact=True))
    ours = measured[worst]
    yield Figure(
        f"the total of a search in {size:,}, the slowest: {worst} (p95, CPU)", ms(ours), f"{ms(exact)} to the last",
        ours / 0.02, "≤ 20 ms", ours <= 0.02,
    )  # fmt: skip
    database.close_database()


def large_trash(folder: Path, size: int) -> Iterator[Figure]:
    """P22: a trash with half of all executions: its first page, one further down, and searches in it."""
    ledger.fill(folder / "x.db", size)
    execution_trash.delete_executions(execution_trash.matching_ids(limit=size)[::2])
    further: str | None = None
    for _ in range(20):
        further = trash.read_trash(after=further).next
    asked = {"the first page": partial(trash.read_trash), "the 21st page": partial(trash.read_trash, after=further)}
    asked |= {f"a search, {text}": partial(trash.read_trash, text) for text in SEARCHES}
    measured = {what: p95([cpu(read) for _ in range(_TURNS)]) for what, read in asked.items()}
    worst = max(measured, key=lambda what: measured[what])
    for what in ("the first page", "the 21st page", worst):
        took = measured[what]
        yield Figure(
            f"a trash of {size // 2:,}: {what} (p95, CPU)", ms(took), "20 ms", took / 0.02, "≤ 20 ms", took <= 0.02
        )
    database.close_database()
