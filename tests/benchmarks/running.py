"""P9 to P11 and P13: what running costs over starting the same processes and writing the same rows."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smartspec.commands import control, database, executions, files, starting
from smartspec.commands.workflow_sources import Source
from smartspec.domain import times
from smartspec.runner.process import tokens
from smartspec.runner.worker import Worker
from smartspec.store import database as rows
from smartspec.store.database import sqlite
from tests.benchmarks.figure import Figure, interleaved, median, ms

COUNT = 100


def store(folder: Path, name: str, tasks: dict[str, Any], concurrency: int = 2) -> str:
    text = json.dumps({"smartspec": 1, "name": name, "concurrency": concurrency, "tasks": tasks})
    return files.import_workflows([Source(name, text, "json", str(folder))])[0].workflow.id


def run(workflow: str) -> float:
    """Seconds from the claim to the end, as the record has them."""
    execution = starting.start_execution(workflow)
    runner = Worker("foreground")
    runner.submit(execution.pk)
    runner.run_until(lambda: runner.is_idle)
    done = executions.get_execution(execution.id)
    assert done.status == "completed", done.error
    return (done.duration_ms or 0) / 1000


def chained(count: int) -> dict[str, Any]:
    return {f"t{n}": {"command": ["true"], **({"needs": [f"t{n - 1}"]} if n else {})} for n in range(count)}


def chain(folder: Path, _: int) -> Iterator[Figure]:
    """P9: every transition durable, against posix_spawn of the same and the same rows by bare sqlite3.

    From the claim to the end. The bare side makes as many commits as ours, and changes the rows that it has made.
    """
    database.open_database(folder / "x.db")
    workflow = store(folder, "chain", chained(COUNT))
    commits = _commits_of(lambda: run(workflow))
    bare = sqlite.library.connect(folder / "bare.db", isolation_level=None)
    rows.database.connection().backup(bare)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        bare.execute(f"PRAGMA {pragma}")
    ours: list[Spent] = []
    theirs: list[Spent] = []

    def one() -> float:
        ours.append(spent(lambda: _claimed_to_end(workflow)))
        return ours[-1].told or 0.0

    def other() -> float:
        theirs.append(spent(lambda: _bare_chain(bare, commits)))
        return theirs[-1].wall

    walls = interleaved(one, other, 11)
    for what, pair in (("", walls), (" in CPU", ([each.cpu for each in ours], [each.cpu for each in theirs]))):
        per_task, limit = median(pair[0]) / COUNT, median(pair[1]) / COUNT
        yield Figure(
            f"a chain of 100 `true`, {commits} commits, per task{what} (median)",
            ms(per_task),
            f"{ms(limit)} bare",
            per_task / limit,
            "≤ 1.5 ×" if not what else "told",
            bool(what) or per_task / limit <= 1.5,
        )
    bare.close()
    database.close_database()


@dataclass(frozen=True)
class Spent:
    """Seconds: of the clock, of CPU with that of ended children; `told` is what the act answered."""

    wall: float
    cpu: float
    told: float | None


def spent(act: Callable[[], float | None]) -> Spent:
    before, began = os.times(), time.perf_counter()
    told = act()
    wall, after = time.perf_counter() - began, os.times()
    return Spent(wall, sum(after[:4]) - sum(before[:4]), told)


def _claimed_to_end(workflow: str) -> float:
    """Seconds from the claim to the end, as the record has them."""
    execution = starting.start_execution(workflow)
    runner = Worker("foreground")
    runner.submit(execution.pk)
    runner.run_until(lambda: runner.is_idle)
    done = executions.get_execution(execution.id)
    assert done.status == "completed" and done.started_at is not None and done.completed_at is not None, done.error
    return (done.completed_at - done.started_at).total_seconds()


def _commits_of(act: Callable[[], object]) -> int:
    """How many transactions are committed meanwhile, on any thread; one inside another is none of its own."""
    counted: list[str] = []
    real = rows.transaction

    @contextmanager
    def counting() -> Iterator[None]:
        outermost = not rows.in_transaction()
        with real():
            yield
        if outermost:
            counted.append("commit")

    rows.transaction = counting  # every module asks the store by this name
    try:
        act()
    finally:
        rows.transaction = real
    return len(counted)


def _bare_chain(bare: Any, commits: int) -> None:
    """The claim, then as many commits: each ends a task and begins the next."""
    bare.execute("UPDATE executions SET status = 'running', completed_at = NULL WHERE pk = 1")
    running: int | None = None
    for n in range(COUNT + 1):
        running = _bare_step(bare, n, running, begins=n < COUNT)
        if n < COUNT:
            os.waitpid(os.posix_spawnp("true", ["true"], os.environ), 0)
    for n in range(max(0, commits - COUNT - 2)):
        bare.execute("UPDATE executions SET running_ms = ? WHERE pk = 1", (n,))


def _bare_step(bare: Any, n: int, running: int | None, *, begins: bool) -> int | None:
    """One transaction; the answer is the key of the row that runs now."""
    now = round(time.time() * 1000)
    bare.execute("BEGIN IMMEDIATE")
    bare.execute("UPDATE executions SET running_ms = ?, tasks_completed = ? WHERE pk = 1", (n, n))
    if running is not None:
        done = bare.execute(
            "UPDATE task_executions SET status = 'completed', exit_code = 0, completed_at = ?, duration_ms = 1 WHERE pk = ?",
            (now, running),
        )
        assert done.rowcount == 1
        for granularity, bucket in (
            ("hour", now // 3_600_000 * 3_600_000),
            ("day", now // 86_400_000 * 86_400_000),
            ("total", 0),
        ):
            bare.execute(
                "INSERT INTO metrics (entity_type, entity, task, granularity, bucket, completed, last_executed_at)"
                " VALUES ('task', 1, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET completed = completed + 1",
                (f"t{n}", granularity, bucket, now),
            )
        _bare_event(bare, now, "task_completed", running)
        running = None
    if begins:
        running = bare.execute(
            "INSERT INTO task_executions (execution, task, task_type, position, status, dependencies, scheduled_at, started_at)"
            " VALUES (1, ?, 'executor', ?, 'running', '[\"t\"]', ?, ?)",
            (f"t{n}", n, now, now),
        ).lastrowid
        _bare_event(bare, now, "task_running", running)
    bare.execute("COMMIT")
    return running


def _bare_event(bare: Any, now: int, type_: str, row: int | None) -> None:
    bare.execute(
        "INSERT INTO events (at, level, type, workflow, execution, task_execution, process) VALUES (?, 'info', ?, 1, 1, ?, 1)",
        (now, type_, row),
    )


def stop(folder: Path, _: int) -> Iterator[Figure]:
    """P26: from the request to the last process of a tree that heeds TERM."""
    database.open_database(folder / "x.db")
    workflow = store(folder, "tree", {"a": {"run": "sleep 300 & (sleep 300 & sleep 300) & wait"}})
    waits = []
    for _ in range(9):
        execution = starting.start_execution(workflow)
        runner = Worker("foreground")
        runner.submit(execution.pk)
        serving = threading.Thread(target=lambda runner=runner: _serve(runner))
        serving.start()
        token = f"{execution.id}/"
        while len(tokens.with_token(token)) < 4:
            time.sleep(0.01)
        began = time.perf_counter()
        control.cancel_execution(execution.id)
        while tokens.with_token(token):
            time.sleep(0.005)
        waits.append(time.perf_counter() - began)
        serving.join()
    ours = median(waits)
    yield Figure(
        "a cancelled tree that heeds TERM is gone (median)", ms(ours), "300 ms", ours / 0.3, "≤ 1", ours <= 0.3
    )
    database.close_database()


def _serve(runner: Worker) -> None:
    runner.run_until(lambda: runner.is_idle)
    database.close_connection()


def first_task_done(folder: Path, _: int) -> Iterator[Figure]:
    """P10: from the command to the end of the first task, the program started anew each time."""
    file = folder / "x.db"
    database.open_database(file)
    store(folder, "first", {"a": {"command": ["true"]}})
    database.close_database()
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "SMARTSPEC_DB": str(file),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    taken, bare = [], []
    for _ in range(9):
        began = time.time()
        subprocess.run(
            [sys.executable, "-m", "smartspec", "run", "first"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        database.open_database(file)
        row = executions.list_task_executions("first")[0]
        assert row.completed_at is not None
        taken.append(times.to_ms(row.completed_at) / 1000 - began)
        database.close_database()
        began = time.time()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare.append(time.time() - began)
    ours = median(taken)
    yield Figure(
        "command to first task done, cold (median)",
        ms(ours),
        f"{ms(median(bare))} bare Python",
        ours / 0.35,
        "≤ 0.35 s",
        ours <= 0.35,
    )


def independent_tasks(folder: Path, _: int) -> Iterator[Figure]:
    """P11: 100 independent tasks on two cores, against the chain."""
    database.open_database(folder / "x.db")
    side_by_side = store(folder, "independent", {f"t{n}": {"command": ["true"]} for n in range(COUNT)})
    in_order = store(folder, "chain", chained(COUNT))
    run(side_by_side), run(in_order)
    one, other = interleaved(lambda: run(side_by_side), lambda: run(in_order), 11)
    ratio = median(one) / median(other)
    yield Figure(
        "100 independent tasks, two at once (median)",
        ms(median(one)),
        f"{ms(median(other))} the chain",
        ratio,
        "≤ 0.85 ×",
        ratio <= 0.85,
    )
    database.close_database()


def many_items(folder: Path, _: int) -> Iterator[Figure]:
    """P13: no growth with the number of items or tasks."""
    database.open_database(folder / "x.db")
    few = store(folder, "few", {"a": {"with_items": list(range(COUNT)), "command": ["true"]}})
    many = store(folder, "many", {"a": {"with_items": list(range(10_000)), "command": ["true"]}})
    graph = store(folder, "graph", chained(2_000))
    small = store(folder, "small", chained(COUNT))
    run(few)
    each_of_few = median([run(few) for _ in range(5)]) / COUNT
    each_of_many = run(many) / 10_000
    each_of_small = median([run(small) for _ in range(5)]) / COUNT
    each_of_graph = run(graph) / 2_000
    for what, ours, limit in (
        ("with_items of 10,000, per item", each_of_many, each_of_few),
        ("a graph of 2,000 tasks, per task", each_of_graph, each_of_small),
    ):
        yield Figure(what, ms(ours), f"{ms(limit)} of {COUNT}", ours / limit, "≤ 1.2 ×", ours / limit <= 1.2)
    database.close_database()


def gigabyte(folder: Path, _: int) -> Iterator[Figure]:
    """P14: 1 GB of output of a task, against the same through one pipe into a file; and the memory that it takes.

    Whoever measures and limits what a task writes stands at a pipe: that is the floor, and `cat` straight into a file
    is told beside it. Nobody syncs: of ours all but 64 MiB is gone by the end.
    """
    database.open_database(folder / "x.db")
    gigabyte = folder / "gigabyte"
    with gigabyte.open("wb") as opened:
        for _ in range(1_000):
            opened.write(os.urandom(1_000_000))
    workflow = store(folder, "big", {"a": {"command": ["cat", str(gigabyte)]}})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def bare(*, piped: bool) -> float:
        began = time.perf_counter()
        with (folder / "copy").open("wb") as copy:
            source = subprocess.Popen(["cat", str(gigabyte)], stdout=subprocess.PIPE if piped else copy)
            if piped:
                subprocess.run(["cat"], stdin=source.stdout, stdout=copy, check=True)
                assert source.stdout is not None
                source.stdout.close()
            assert source.wait() == 0
        taken = time.perf_counter() - began
        (folder / "copy").unlink()
        return taken

    one, other = interleaved(lambda: run(workflow), lambda: bare(piped=True), 5)
    ours, limit, straight = median(one), median(other), median([bare(piped=False) for _ in range(5)])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield Figure(
        "1 GB of task output (median)",
        f"{ours:.2f} s",
        f"{limit:.2f} s cat | cat > file",
        limit / ours,
        "≥ 0.6 ×",
        limit / ours >= 0.6,
    )
    yield Figure(
        "… beside a file without a pipe", f"{ours:.2f} s", f"{straight:.2f} s cat > file", straight / ours, "", True
    )
    yield Figure("memory for 1 GB of task output", f"{grown:+.0f} MiB", "64 MiB", grown / 64, "≤ 1", grown <= 64)
    database.close_database()
