"""R49, R50: an execution has one owner or an end, whatever becomes of its runner and whatever is refused to it."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import executions, files, process_identity, runners, settings, starting
from smartspec.domain.engine.states import FINAL
from smartspec.domain.execution import Execution
from smartspec.runner import recovery
from smartspec.runner.process import tokens
from smartspec.store import database as rows
from tests.clock import measured, until
from tests.conftest import ROOT, Said, as_source, ran
from tests.faults.conftest import times_
from tests.serving import serving

JUDGED_SECONDS = 2.0  # R49
RUNNER = """
import sys
from pathlib import Path
from smartspec.commands import database
from smartspec.runner import background
database.open_database(Path(sys.argv[1]))
print("serving", flush=True)
background.serve(lambda: True)
"""


def start_runner(file: Path, *before: str) -> subprocess.Popen[str]:
    """A background runner in a process of its own; `before` is what runs it."""
    argv = [*before, sys.executable, "-c", RUNNER, str(file)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None and process.stdout.readline(), "no runner came up"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=60)


def now(execution: Execution) -> Execution:
    return executions.get_execution(execution.id)


@pytest.fixture
def work(db: Path, tmp_path: Path) -> Callable[[], Execution]:
    """Starts an execution of a workflow of which one runs at a time; it sleeps where it is not run again."""
    task = {"run": 'test "$SMARTSPEC_ATTEMPT" != 1 || sleep 300'}
    files.import_workflows([as_source({"max_running": 1, "tasks": {"a": task}}, tmp_path)])
    return lambda: starting.start_execution("test")


def test_a_killed_runner_that_nobody_reaps_is_gone(work: Callable[[], Execution], db: Path) -> None:
    """R49, B3: its parent (this process) does not collect it."""
    execution, process = work(), start_runner(db)
    until(lambda: ran(execution).attempts("a") == ["running"])
    process.kill()
    until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
    with measured("a zombie judged gone", JUDGED_SECONDS):
        assert [each.pk for each in recovery.mark_interrupted()] == [execution.pk]
    with serving():
        until(lambda: now(execution).status == "completed")
    assert ran(execution).attempts("a") == ["interrupted", "completed"]
    end(process)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare(1) is not there")
def test_the_name_of_the_host_is_no_identity(work: Callable[[], Execution], db: Path) -> None:
    """R49, B4."""
    renamed = ("unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh")
    if subprocess.run([*renamed, "true"], capture_output=True).returncode:
        pytest.skip("a host name of its own cannot be had here")
    execution, process = work(), start_runner(db, *renamed)
    until(lambda: ran(execution).attempts("a") == ["running"])
    (runner,) = runners.list_runners()
    assert runner.host == "elsewhere" != process_identity.host() and not process_identity.is_gone(runner)
    end(process)
    with measured("a renamed host judged", JUDGED_SECONDS), serving():
        until(lambda: now(execution).status == "completed")


@pytest.mark.parametrize("change", [{"boot_id": "another"}, {"machine_id": None, "boot_id": "another"}])
def test_a_runner_of_another_boot_is_gone(work: Callable[[], Execution], db: Path, change: dict[str, Any]) -> None:
    """R49. One without an id of its machine was made by an older version, on a machine of this name."""
    execution = work()
    runner = runners.register_runner(replace(process_identity.this_process("background"), **change))
    assert runners.claim_execution(runner, execution.pk).execution == execution.pk
    assert [each.pk for each in recovery.mark_interrupted()] == [execution.pk]


def test_negative_control_a_living_one_is_not_gone(work: Callable[[], Execution], db: Path) -> None:
    execution = work()
    runner = runners.register_runner(process_identity.this_process("background"))
    runners.claim_execution(runner, execution.pk)
    assert recovery.mark_interrupted() == () and now(execution).status == "running"
    runners.unregister_runner(runner)


def test_whoever_looks_notes_at_once_and_does_not_wait_for_processes(
    db: Path, tmp_path: Path, smartspec: Callable[..., Said]
) -> None:
    """B16: six interrupted executions whose processes ignore TERM."""
    settings.set_setting("runner.at_once", 6)
    settings.set_setting("runner.resume", False)
    stubborn = {"run": "trap '' TERM; while :; do sleep 1; done"}
    files.import_workflows([as_source({"tasks": {"a": stubborn}}, tmp_path)])
    begun = [starting.start_execution("test") for _ in range(6)]
    process = start_runner(db)
    until(lambda: all(tokens.with_token(f"{each.id}/") for each in begun))
    end(process)
    with measured("six executions noted as interrupted", 0.5):
        assert len(recovery.mark_interrupted()) == 6
    assert all(tokens.with_token(f"{each.id}/") for each in begun)  # nobody has waited for these
    said = smartspec("--db", str(db), "stats")
    assert said.code == 0, said
    until(lambda: not any(tokens.with_token(f"{each.id}/") for each in begun))
    until(lambda: runners.list_runners() == ())
    assert {now(each).status.value for each in begun} == {"interrupted"}


# R50


@contextmanager
def no_more_files(pid: int, left: int) -> Iterator[None]:
    """So many files more may be opened by a process (none of those it has is closed)."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = {int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()}
    free = (number for number in range(soft) if number not in used)
    bound = [next(free) for _ in range(left + 1)][-1]
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (bound, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


def has_ended(execution: Execution) -> bool:
    return now(execution).status in FINAL


def stuck() -> list[tuple[object, ...]]:
    """What runs for a runner that is not there."""
    return rows.rows(
        "SELECT pk FROM executions WHERE status = 'running' AND runner NOT IN (SELECT pk FROM runners)"
    ) + rows.rows("SELECT pk FROM task_executions WHERE status = 'running' AND execution IN (SELECT pk FROM executions"
                  " WHERE status NOT IN ('running', 'paused', 'interrupted', 'pending'))")  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_no_file_can_be_opened_between_claim_and_first_step(db: Path, tmp_path: Path, chance: random.Random) -> None:
    """R50, B5: at any moment, from no file at all to a dozen, for up to a second and a half."""
    files.import_workflows([as_source({"tasks": {"a": {"run": "true"}}}, tmp_path)])
    keys: list[int] = []
    process = start_runner(db)
    for number in range(times_(12, 200)):
        until(lambda: any(each.kind == "background" for each in runners.list_runners()))
        keys += [each.pk for each in runners.list_runners() if each.pk not in keys]
        with no_more_files(process.pid, number % 12):
            execution = starting.start_execution("test")
            time.sleep(chance.choice((0.0, 0.01, 0.05, 0.3, 1.5)))
        until(partial(has_ended, execution), what="it has no end")
        assert stuck() == [] and process.poll() is None
        if number % 5 == 4:
            end(process)
            recovery.recover()
            process = start_runner(db)
    end(process)
    recovery.recover()
    assert stuck() == [] and runners.list_runners() == ()
    assert keys == sorted(set(keys)) and len(keys) >= times_(12, 200) // 5
    again = runners.register_runner(process_identity.this_process("background"))
    assert again > max(keys)
    runners.unregister_runner(again)


def test_negative_control_a_row_that_goes_alone_leaves_what_is_stuck(work: Callable[[], Execution], db: Path) -> None:
    """As it was: the row of a runner went while something still ran for it. It is found, and has a way out."""
    execution = work()
    runner = runners.register_runner(process_identity.this_process("background"))
    runners.claim_execution(runner, execution.pk)
    with rows.transaction():
        rows.execute("DELETE FROM runners WHERE pk = ?", (runner,))
    assert stuck() == [(execution.pk,)]
    assert [each.pk for each in recovery.mark_interrupted()] == [execution.pk]
    assert stuck() == [] and now(execution).status == "interrupted"
