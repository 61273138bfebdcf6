"""P3 and P4: pages and totals over a large ledger, held against a small one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from smartspec.commands import database, executions, workflows
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.store import database as rows
from tests.benchmarks import ledger
from tests.benchmarks.figure import Figure, ms, p95, timed

SMALL = 10_000
_TURNS = 200


def filters() -> dict[str, ExecutionFilter]:
    """The indexed ones, and their pairs with status."""
    workflow = workflows.get_workflow("job-07").pk
    failed, several = frozenset({E.FAILED}), frozenset({E.FAILED, E.TIMEOUT})
    return {
        "everything": ExecutionFilter(), "one status": ExecutionFilter(status=failed), "two statuses": ExecutionFilter(status=several),
        "a workflow": ExecutionFilter(workflow=workflow), "a workflow, one status": ExecutionFilter(workflow=workflow, status=failed),
        "a workflow, two statuses": ExecutionFilter(workflow=workflow, status=several), "a session": ExecutionFilter(session_id="s7"),
    }  # fmt: skip


def pages(folder: Path, size: int) -> Iterator[Figure]:
    """P3: one page of 50 at any depth, p95 at most 2 ms and at most twice that of 10,000 executions."""
    measured: dict[int, dict[str, float]] = {}
    for count in (SMALL, size):
        ledger.fill(folder / f"{count}.db", count)
        measured[count] = {name: _page_p95(wanted) for name, wanted in filters().items()}
        if count == size:
            unindexed = timed(lambda: executions.list_executions(ExecutionFilter(longer_ms=10**9), limit=50))
        database.close_database()
    for name, ours in measured[size].items():
        small = measured[SMALL][name]
        ratio = ours / small
        what = f"a page of 50 of {size:,}: {name} (p95)"
        yield Figure(what, ms(ours), f"{ms(small)} at {SMALL:,}", ratio, "≤ 2 ms, ≤ 2 ×", ours <= 0.002 and ratio <= 2)
    yield Figure(
        f"a first page of {size:,}: a duration, no index",
        ms(unindexed),
        "300 ms",
        unindexed / 0.3,
        "≤ 1",
        unindexed <= 0.3,
    )


def _page_p95(wanted: ExecutionFilter) -> float:
    """Over pages at depths drawn at random."""
    starts = _depths(wanted)
    executions.list_executions(wanted, limit=50)
    chance = random.Random(3)
    return p95(
        [
            timed(lambda: executions.list_executions(wanted, after=chance.choice(starts), limit=50))
            for _ in range(_TURNS)
        ]
    )


def _depths(wanted: ExecutionFilter) -> list[str | None]:
    created = rows.rows("SELECT min(created_at), max(created_at), max(pk) FROM executions")[0]
    first, last, pk = created
    return [None, *(f"{first + (last - first) * part // 20}.{pk}" for part in range(1, 20))]


def totals(folder: Path, size: int) -> Iterator[Figure]:
    """P4: totals are exact to 10,000, then “more”; badges come from kept counts."""
    ledger.fill(folder / "x.db", size)
    for name, wanted in filters().items():
        counted = _p95(partial(executions.count_executions, wanted))
        exact = timed(partial(executions.count_executions, wanted, exact=True))
        yield Figure(
            f"the total of {size:,}: {name} (p95)",
            ms(counted),
            f"{ms(exact)} COUNT(*)",
            counted / 0.001,
            "≤ 1 ms",
            counted <= 0.001,
        )
    badge = _p95(lambda: rows.rows("SELECT total, failed FROM workflow_stats WHERE ref = 'default.job-07'"))
    yield Figure(
        "a badge of a workflow, from kept counts (p95)", ms(badge), "1 ms", badge / 0.001, "≤ 1 ms", badge <= 0.001
    )
    database.close_database()


def _p95(act: Callable[[], object]) -> float:
    act()
    return p95([timed(act) for _ in range(_TURNS)])
