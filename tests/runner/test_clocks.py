"""Waits, delays and limits while somebody sets the clock: they last as long as if nobody had."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import control, starting
from smartspec.commands.database import close_connection
from smartspec.domain import times
from smartspec.domain.definition.task import Retry
from smartspec.runner import clocks
from smartspec.runner.worker import Worker
from tests.clock import HANGS_AFTER_S, until
from tests.conftest import Ran, ran, run_on

SHIFTS = [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=20_000)]

DAY = timedelta(days=1)


class WallClock:
    """Everything in the program that reads the date asks `times.now`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shift = timedelta()
        real = times.now
        monkeypatch.setattr(times, "now", lambda: real() + self.shift)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    return WallClock(monkeypatch)


@contextmanager
def running(execution: Any) -> Iterator[threading.Thread]:
    """The execution runs on a thread, and is stopped in any case."""
    runner = Worker("foreground")
    runner.submit(execution.pk)

    def serve() -> None:
        runner.run_until(lambda: runner.is_idle)
        close_connection()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield thread
    finally:
        runner.stop()
        thread.join()


def has_begun(execution: Any, task: str) -> Callable[[], bool]:
    return lambda: any(row.task == task for row in ran(execution).rows)


RUNS = (
    "runner/*.py",
    "runner/kinds/*.py",
    "commands/runs.py",
    "commands/runners.py",
    "commands/sub_executions.py",
    "store/transitions.py",
    "store/tasks.py",
    "store/claims.py",
)


def test_only_one_place_reads_the_date() -> None:
    """What a shift of `times.now` shows holds for what runs only while this is so."""
    root = Path(__file__).resolve().parents[2] / "smartspec"
    reads = re.compile(r"datetime\.(now|today|utcnow)\(|date\.today\(|\btime\.time(_ns)?\(")
    assert reads.search((root / "domain" / "times.py").read_text(encoding="utf-8"))
    files = [file for pattern in RUNS for file in root.glob(pattern)]
    assert len(files) > 20
    assert [file for file in files if reads.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("shift", [sign * shift for shift in SHIFTS for sign in (1, -1)], ids=str)
def test_a_clock_that_is_set_changes_no_wait_no_retry_and_no_limit(
    shift: timedelta, wall: WallClock, store: Callable[..., Any]
) -> None:
    """With -20,000 days a wait by the date would last 54 years; with + the long ones would be over at once."""
    tasks = {
        "short": {"wait": "1500ms"},
        "long": {"wait": "30d"},
        "again": {"run": 'test "$SMARTSPEC_ATTEMPT" -ge 2', "retry": {"max": 1, "delay": "1500ms"}},
        "later": {"run": "exit 1", "retry": {"max": 1, "delay": "30d"}},
        "limited": {"run": "sleep 600", "timeout": "1500ms"},
        "unlimited": {"run": "sleep 600", "timeout": "30d"},
        "end": {"needs": ["short", "again", "limited"], "if": "always()", "run": "true"},
    }
    execution = starting.start_execution(store({"concurrency": 9, "timeout": "60d", "tasks": tasks}).workflow.id)
    with running(execution) as thread:
        until(lambda: all(has_begun(execution, name)() for name in ("short", "long", "limited", "unlimited")))
        until(lambda: all(len(ran(execution).attempts(name)) == 2 for name in ("again", "later")))
        wall.shift = shift
        until(has_begun(execution, "end"))
        until(lambda: ran(execution).row("end").status == "completed")
        control.cancel_execution(execution.id)
        thread.join(HANGS_AFTER_S)
        assert not thread.is_alive()
    done = ran(execution)
    assert done.words() == {
        "short": "completed", "long": "cancelled user", "again": "completed", "later": "cancelled user",
        "limited": "timeout", "unlimited": "cancelled user", "end": "completed",
    }  # fmt: skip
    check_durations(done)


def check_durations(done: Ran) -> None:
    durations = [row.duration_ms for row in done.rows] + [done.execution.duration_ms, done.execution.running_ms]
    assert all(0 <= each < HANGS_AFTER_S * 1000 for each in durations if each is not None), durations


@pytest.mark.parametrize("shift", [-DAY, DAY], ids=str)
def test_the_negative_control_a_wait_by_the_date_is_moved_with_it(
    shift: timedelta, wall: WallClock, store: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "boottime", lambda: times.to_ms(times.now()) / 1000)
    execution = starting.start_execution(
        store({"tasks": {"a": {"wait": "1h" if shift > timedelta() else "1s"}}}).workflow.id
    )
    with running(execution) as thread:
        until(has_begun(execution, "a"))
        wall.shift = shift
        thread.join(3 if shift < timedelta() else HANGS_AFTER_S)
        assert thread.is_alive() is (shift < timedelta())
    assert ran(execution).status == ("interrupted" if shift < timedelta() else "completed")


# After a restart


def stopped_at(execution: Any, task: str, rows: int) -> None:
    """Run until a task has so many rows, then stop the runner."""
    with running(execution):
        until(lambda: len(ran(execution).attempts(task)) == rows)


@pytest.mark.parametrize("away", [timedelta(), DAY, timedelta(days=40)], ids=str)
@pytest.mark.parametrize(
    ("task", "rows"),
    [({"wait": "30d"}, 1), ({"run": 'test "$SMARTSPEC_ATTEMPT" -ge 2', "retry": {"max": 1, "delay": "30d"}}, 2)],
    ids=["wait", "retry"],
)
def test_after_a_restart_a_delay_goes_by_the_wall_clock(
    task: dict[str, Any], rows: int, away: timedelta, wall: WallClock, store: Callable[..., Any]
) -> None:
    execution = starting.start_execution(
        store({"tasks": {"a": task, "b": {"needs": ["a"], "run": "true"}}}).workflow.id
    )
    stopped_at(execution, "a", rows)
    wall.shift = away
    resumed = control.resume_execution(execution.id)
    if away > timedelta(days=30):
        assert run_on(resumed).status == "completed"
        return
    with running(resumed) as thread:
        thread.join(1)
        assert thread.is_alive()
    assert not has_begun(execution, "b")()


@pytest.mark.parametrize("back", [DAY, timedelta(days=20_000)], ids=str)
def test_a_clock_set_back_meanwhile_makes_no_delay_longer_than_the_whole(
    back: timedelta, wall: WallClock, store: Callable[..., Any]
) -> None:
    tasks = {"a": {"wait": "2s"}, "b": {"run": 'test "$SMARTSPEC_ATTEMPT" -ge 2', "retry": {"max": 1, "delay": "2s"}}}
    execution = starting.start_execution(store({"tasks": tasks}).workflow.id)
    stopped_at(execution, "b", 2)
    wall.shift = -back
    done = run_on(control.resume_execution(execution.id))
    assert done.status == "completed"
    check_durations(done)


@pytest.mark.parametrize("shift", [sign * shift for shift in SHIFTS for sign in (1, -1)], ids=str)
def test_what_a_command_ends_lasted_no_negative_time(
    shift: timedelta, wall: WallClock, store: Callable[..., Any]
) -> None:
    execution = starting.start_execution(store({"tasks": {"a": {"manual": "Go on?"}}}).workflow.id)
    stopped_at(execution, "a", 1)
    wall.shift = shift
    done = ran(control.cancel_execution(execution.id))
    assert done.words() == {"a": "cancelled user"}
    assert (done.row("a").duration_ms or 0) >= 0 and (done.execution.duration_ms or 0) >= 0


# The arithmetic of delays


@pytest.mark.parametrize(
    ("retry", "number", "chance", "expected"),
    [(Retry(5, 100), 1, 0.5, 100), (Retry(5, 100, 2.0), 3, 0.5, 400), (Retry(5, 100, 2.0, 250), 3, 0.5, 250),
     (Retry(5, 100, 1.0, None, 0.5), 1, 0.0, 50), (Retry(5, 100, 1.0, None, 0.5), 1, 1.0, 150),
     (Retry(5000, 0, 1e300), 5000, 0.5, 0), (Retry(5000, 1, 1e300), 5000, 0.5, times.LONGEST_MS),
     (Retry(5000, 1, 1e300, 7), 5000, 0.5, 7), (Retry(5000, 1, 10.0), 400, 0.0, times.LONGEST_MS),
     (Retry(5, 100, 0.5), 3, 0.5, 25), (Retry(5, times.LONGEST_MS, 2.0, None, 1.0), 2, 1.0, times.LONGEST_MS)],
)  # fmt: skip
def test_the_delay_before_a_retry(retry: Retry, number: int, chance: float, expected: int) -> None:
    assert retry.delay_before(number, chance) == expected


def test_the_longest_delay_is_a_date_that_can_be_kept() -> None:
    assert isinstance(times.now() + timedelta(milliseconds=times.LONGEST_MS), datetime)


def test_both_clocks_go_forward() -> None:
    before = clocks.boottime(), clocks.uptime()
    time.sleep(0.05)
    assert clocks.boottime() > before[0] and clocks.uptime() > before[1]
