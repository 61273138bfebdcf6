"""One execution does not use up the files that its runner may open."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import executions, settings, starting
from smartspec.domain.engine.states import FINAL
from smartspec.domain.ids import ExecutionPk
from smartspec.runner.engine.attempt_slots import AttemptSlots
from tests.clock import until
from tests.conftest import ROOT, ran
from tests.faults.test_owner import end, start_runner
from tests.runner.engine.conftest import task_status

FILES = 256
MANY = {"with_items": list(range(300)), "concurrency": 300, "run": "sleep 0.1; echo $SMARTSPEC_ITEM"}


def test_each_leaves_as_much_as_it_takes() -> None:
    slots = AttemptSlots(FILES)
    counts = []
    for execution in map(ExecutionPk, range(3)):
        count = 0
        while slots.has_free(execution):
            slots.take(execution)
            count += 1
        counts.append(count)
    assert sum(counts) <= slots.limit and counts == sorted(counts, reverse=True) and counts[-1] > 1
    woken: list[int] = []
    slots.call_when_free(lambda: woken.append(1))
    slots.release(ExecutionPk(0))
    slots.release(ExecutionPk(0))
    assert woken == [1]
    for execution in map(ExecutionPk, range(3)):
        slots.release_all(execution)
    assert slots.has_free(ExecutionPk(9)) and not vars(slots)["_used"]


def test_there_is_always_room_for_one() -> None:
    slots = AttemptSlots(3)
    one, other = ExecutionPk(1), ExecutionPk(2)
    assert slots.has_free(one)
    slots.take(one)
    assert not slots.has_free(one) and not slots.has_free(other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no such limit")
def test_a_run_that_wants_more_than_there_is_runs_and_says_so(tmp_path: Path, home: Path) -> None:
    """B17."""
    (tmp_path / "w.yaml").write_text(
        "smartspec: 1\nname: w\nconcurrency: 300\ntasks:\n  a:\n    with_items: [" + ", ".join(map(str, range(300)))
        + "]\n    concurrency: 300\n    run: sleep 0.1\n"
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "smartspec", "run", str(tmp_path / "w.yaml")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=240,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(f"may have {FILES} files open (ulimit -n)") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_others_get_their_share(store: Callable[..., object], db: Path) -> None:
    """B17: in one runner; the first would take all there is."""
    settings.set_setting("runner.at_once", 4)
    store({"name": "greedy", "concurrency": 300, "tasks": {"a": {**MANY, "run": "sleep 300"}}})
    store({"name": "modest", "tasks": {"a": {"run": "true"}, "b": {"needs": ["a"], "python": "print(1)"}}})
    process = start_runner(db, "prlimit", f"--nofile={FILES}:{FILES}")
    try:
        greedy = starting.start_execution("greedy")
        until(lambda: task_status(greedy, "a") == "running")
        begun = [starting.start_execution("modest") for _ in range(3)]
        until(lambda: all(executions.get_execution(each.id).status in FINAL for each in begun))
        assert [ran(each).status for each in begun] == ["completed"] * 3
        running = [row for row in ran(greedy).rows if row.status == "running"]
        assert 1 < len(running) < FILES // 4
        assert {row.status.value for row in ran(greedy).rows} == {"running"}
    finally:
        process.terminate()
        end(process)
