"""A ledger of five million executions (R18): it shows, finds and checks as if it were small."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartspec.commands import database, executions, workflows
from smartspec.errors import Stopped
from tests.clock import judge, measured
from tests.conftest import Shares
from tests.faults.conftest import LARGE

FILTERS = (
    "status:failed", "status:failed,timeout wf:{ref}", "wf:{ref}", "trigger:cron", "after:7d", "status:completed",
    "dur:>1s", "dur:>10m", "tag:t3", "status:cancelled trigger:manual after:30d", "disk quota", "备份失败 status:failed",
    "session:s1", "dur:<10ms status:failed",
)  # fmt: skip


@pytest.fixture(autouse=True)
def opened(large: Path) -> Iterator[Path]:
    database.open_database(large)
    yield large
    database.close_database()


def test_what_any_filter_finds_is_shown_at_once() -> None:
    """A whole page where an index serves, else what is among the next 100,000; the window looks on by itself."""
    ref = workflows.list_workflows(limit=1).rows[0].ref
    with measured("the first page", 0.15):
        executions.list_executions()
    took: dict[str, float] = {}
    for text in FILTERS:
        began = time.monotonic()
        executions.list_executions(executions.read_query(text.format(ref=ref)), in_steps=True)
        took[text] = time.monotonic() - began
    print(f"{LARGE:,} executions: " + ", ".join(f"{text} {seconds * 1000:.0f} ms" for text, seconds in took.items()))
    judge(f"the slowest filter, {max(took, key=lambda text: took[text])}", max(took.values()), 0.3)


def test_a_check_in_the_background_tells_how_far_it_is_and_stops_within_a_second() -> None:
    shares = Shares()
    stopped: list[float] = []
    wanted = threading.Event()
    wanted.set()

    def check() -> None:
        try:
            database.check_database(on_progress=lambda share: shares.go_on(share) and wanted.is_set())
        except Stopped:
            stopped.append(time.monotonic())
        database.close_connection()

    thread = threading.Thread(target=check)
    thread.start()
    while not shares:
        time.sleep(0.001)
    asked = time.monotonic()
    wanted.clear()
    thread.join()
    judge(f"{LARGE:,} executions: stopped after it was asked to", stopped[0] - asked, 1)


def test_a_whole_check_finds_nothing_and_comes_to_its_end() -> None:
    shares = Shares()
    began = time.monotonic()
    assert database.check_database(on_progress=shares.go_on) == ()
    print(f"{LARGE:,} executions: checked in {time.monotonic() - began:.1f} s, {len(shares):,} looks")
    assert shares == sorted(shares) and shares[-1] > 0.5
