"""P19: what another writer waits while very many executions are deleted, purged, or counted again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from smartspec.commands import database, execution_trash, metrics
from tests.benchmarks.figure import Figure
from tests.benchmarks.ledger import fill

_WRITER = """
import json, sys, time
from pathlib import Path
from smartspec.commands import database, recording
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
database.open_database(Path(sys.argv[1]))
waits = []
print("ready", flush=True)
while not sys.stdin in __import__("select").select([sys.stdin], [], [], 0.02)[0]:
    began = time.perf_counter()
    execution = recording.begin_execution("beside")
    recording.end_execution(execution.id, Report(ExecutionStatus.COMPLETED))
    waits.append(time.perf_counter() - began)
print(json.dumps(sorted(waits)))
"""


def what_others_wait(folder: Path, size: int) -> Iterator[Figure]:
    """A writer that records some thirty executions a second, two commits each, from a process of its own."""
    file = folder / "large.db"
    fill(file, size)
    database.open_database(file)
    from smartspec.commands import workflows

    workflows.create_workflow("beside")
    ids = execution_trash.matching_ids(limit=size // 2)
    gone = ids[: size * 3 // 10]
    for what, act in (
        (f"{len(ids):,} deleted", lambda: execution_trash.delete_executions(ids)),
        (f"{len(gone):,} purged", lambda: execution_trash.purge_executions(gone)),
        ("metrics counted again", metrics.rebuild_metrics),
    ):
        yield _figure(file, what, act)
    database.close_database()


def _figure(file: Path, what: str, act: Callable[[], object]) -> Figure:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stdin is not None
    writer.stdout.readline()
    time.sleep(1)
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    said = writer.communicate("over\n")[0]
    waits = json.loads(said)
    p99, longest = waits[int(len(waits) * 0.99)], waits[-1]
    return Figure(
        f"{what} in {took:.0f} s: another's two commits, p99; longest",
        f"{p99 * 1000:.0f}; {longest * 1000:.0f} ms",
        "100; 250 ms",
        max(p99 / 0.1, longest / 0.25),
        "≤ 1",
        p99 <= 0.1 and longest <= 0.25,
    )
