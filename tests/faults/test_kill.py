"""R1, R20, R21: the runner is killed at any moment; what was acknowledged is there, the rest is told truly."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from smartspec.commands import database, executions, files, process_identity, runners, settings, starting
from smartspec.runner import recovery
from smartspec.runner.process import termination, tokens
from smartspec.runner.worker import Worker
from tests.clock import measured, until
from tests.conftest import ROOT, Ran, as_source, ran
from tests.faults.conftest import times_

WORK = {
    "name": "work", "concurrency": 3,
    "tasks": {
        "first": {"run": 'echo first >> "$SMARTSPEC_SCRATCH/ran"'},
        "long": {"needs": ["first"], "with_items": [1, 2, 3], "run": "sleep 0.15"},
        "last": {"needs": ["long"], "run": "true"},
    },
}  # fmt: skip
# Starts executions for ever, telling of each once it is committed; a background runner in the same process runs them.
WRITER = """
import sys, threading
from pathlib import Path
from smartspec.commands import database, runs, starting
from smartspec.runner.worker import Worker
database.open_database(Path(sys.argv[1]))
def serve():
    Worker("background").run_until(lambda: False)
threading.Thread(target=serve, daemon=True).start()
while True:
    print(starting.start_execution("work").id, flush=True)
"""


def killed_after(file: Path, seconds: float) -> list[str]:
    """Run the writer, kill it after a while; the answer is what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    lines = (first + rest).splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n") and line.strip()]


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path, chance: random.Random) -> None:
    """R1. State accumulates over the cycles; each is followed by a look at the whole file."""
    file = tmp_path / "x.db"
    database.open_database(file)
    settings.set_setting("runner.at_once", 3)
    files.import_workflows([as_source(WORK, tmp_path)])
    acknowledged: list[str] = []
    for _ in range(times_(12, 200)):
        database.close_database()
        acknowledged += killed_after(file, chance.uniform(0, 0.6))
        with measured("what was left is found", 8):  # 2 s, and 2 for each of three trees to end
            database.open_database(file)
            gone = [each for each in runners.list_runners() if process_identity.is_gone(each)]
            interrupted = recovery.recover()
        assert recovery.recover() == ()  # exactly once
        assert len(gone) <= 1 and len(interrupted) <= 3
        assert database.check_database() == ()
        assert database.database_health().status == "green"
        known = {id_ for (id_,) in rows("SELECT id FROM executions")}
        assert {*acknowledged} <= known
        assert rows("SELECT count(*) FROM executions WHERE status = 'running'") == [(0,)]
        assert rows("SELECT count(*) FROM task_executions WHERE status = 'running' AND task_type = 'executor'") == [
            (0,)
        ]
        for execution in interrupted:
            assert tokens.with_token(f"{execution.id}/") == []
    print(f"{len(acknowledged)} acknowledged, 0 lost")
    assert rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0] == 0
    database.close_database()


def rows(sql: str) -> list[tuple[object, ...]]:
    from smartspec.store.database import rows as read

    return read(sql)


def test_negative_control_without_durable_commits_the_harness_finds_the_loss(tmp_path: Path) -> None:
    """The same bookkeeping over a writer that acknowledges before it commits."""
    file = tmp_path / "x.db"
    sqlite3.connect(file).execute("CREATE TABLE t (id)").connection.close()
    script = (
        "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\nc.execute('BEGIN')\n"
        "for n in range(10**9):\n    c.execute('INSERT INTO t VALUES (?)', (n,))\n    print(n, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    told = process.communicate()[0].splitlines()
    connection = sqlite3.connect(file)
    kept = connection.execute("SELECT count(*) FROM t").fetchone()[0]
    connection.close()
    assert kept < len(told) + 1


RUNNER = """
import sys
from pathlib import Path
from smartspec.commands import database
from smartspec.runner import background
database.open_database(Path(sys.argv[1]))
print("serving", flush=True)
background.serve(lambda: True)
"""


def start_runner(file: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", RUNNER, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline()
    return process


def test_a_killed_runner_is_found_and_its_work_goes_on(tmp_path: Path, db: Path) -> None:
    """R20: five tasks run; no process survives, none of the finished ones runs again."""
    settings.set_setting("runner.at_once", 5)
    definition = {"tasks": {
        "done": {"run": "echo once >> $MARK", "env": {"MARK": str(tmp_path / "mark")}},
        "busy": {"needs": ["done"], "run": 'test "$SMARTSPEC_ATTEMPT" = 2 || { sleep 300 & (setsid sleep 300 &) ; wait; }'},
    }}  # fmt: skip
    files.import_workflows([as_source(definition, tmp_path)])
    begun = [starting.start_execution("test") for _ in range(5)]
    process = start_runner(db)
    until(lambda: all(ran(each).attempts("busy") == ["running"] for each in begun))
    until(lambda: all(len(tokens.with_token(f"{each.id}/")) >= 3 for each in begun))
    process.kill()
    process.communicate()
    assert all(tokens.with_token(f"{each.id}/") for each in begun)
    again = start_runner(db)
    until(lambda: all(ran(each).status == "completed" for each in begun), 60)
    for each in begun:
        assert tokens.with_token(f"{each.id}/") == []
        assert (ran(each).attempts("done"), ran(each).attempts("busy")) == (["completed"], ["interrupted", "completed"])
    assert (tmp_path / "mark").read_text() == "once\n" * 5
    again.terminate()
    again.communicate(timeout=30)


def test_killing_only_the_front_end_changes_nothing(tmp_path: Path, db: Path) -> None:
    """R20 for what is detached: the terminal that asked may die, the runner goes on, output complete byte for byte."""
    text = "smartspec: 1\nname: out\ntasks:\n" + "".join(
        f"  t{n}: {{run: 'for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done; exit {n}', continue_on_error: true}}\n"
        for n in range(5)
    )
    (tmp_path / "out.yaml").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(db), "run", "--detach", str(tmp_path / "out.yaml")],
        env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    asked.wait()
    with pytest.raises(ProcessLookupError):
        os.killpg(asked.pid, signal.SIGKILL)
    follower = subprocess.Popen(
        [sys.executable, "-m", "smartspec", "--db", str(db), "logs", "-f", "out"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.3)
    follower.kill()
    follower.wait()
    until(lambda: executions.get_execution("out").status == "completed")
    done = ran(executions.get_execution("out"))
    for n in range(5):
        assert done.log(f"t{n}") == b"".join(b"line %d\n" % i for i in range(1, 6))
        assert done.row(f"t{n}").exit_code == n


def test_a_pid_that_belongs_to_another_by_now_is_never_signalled(store: Callable[..., object], db: Path) -> None:
    """R21: the noted process is another one (its start differs); so is the runner. Negative control: the right start."""
    from smartspec.store import database as rows_

    store({"tasks": {"a": {"run": "true"}}})
    bystander = subprocess.Popen(["sleep", "300"])
    try:
        for start, survives in (
            ((process_identity.start_ticks(bystander.pid) or 0) + 1, True),
            (process_identity.start_ticks(bystander.pid) or 0, False),
        ):
            execution = starting.start_execution("test")
            me = process_identity.this_process("background")
            gone = runners.register_runner(replace(me, pid=bystander.pid, start_ticks=start + 7))
            runners.claim_execution(gone, execution.pk)
            with rows_.transaction():
                rows_.execute(
                    "INSERT INTO task_executions (execution, task, task_type, position, status, pid, process_start, started_at)"
                    " VALUES (?, 'a', 'executor', 0, 'running', ?, ?, 1)",
                    (execution.pk, bystander.pid, start),
                )
            assert [each.pk for each in recovery.recover()] == [execution.pk]
            assert ran(execution).attempts("a") == ["interrupted"]
            time.sleep(0.2)
            assert (bystander.poll() is None) is survives
    finally:
        bystander.kill()
        bystander.wait()


def test_a_slow_or_stopped_runner_is_never_declared_dead(tmp_path: Path, db: Path) -> None:
    files.import_workflows([as_source({"tasks": {"a": {"run": "sleep 1"}}}, tmp_path)])
    execution = starting.start_execution("test")
    process = start_runner(db)
    until(lambda: ran(execution).attempts("a") == ["running"])
    process.send_signal(signal.SIGSTOP)
    time.sleep(2.5)
    assert recovery.recover() == () and ran(execution).status == "running"
    process.send_signal(signal.SIGCONT)
    until(lambda: ran(execution).status == "completed")
    process.terminate()
    process.communicate(timeout=30)


def test_a_stopped_and_a_starved_task_are_never_declared_dead(tmp_path: Path, db: Path) -> None:
    """R31: ten minutes of nothing (a few seconds in every run), while others look for what is gone."""
    definition = {"concurrency": 2, "tasks": {
        "stopped": {"run": "sleep 5; exit 5"},
        "starved": {"run": "nice -n 19 sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; exit 6"},
    }}  # fmt: skip
    files.import_workflows([as_source({**definition, "name": "test"}, tmp_path)])
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    execution = starting.start_execution("test")
    process = start_runner(db)
    try:
        until(lambda: [ran(execution).attempts(task) for task in ("stopped", "starved")] == [["running"]] * 2)
        until(lambda: len(tokens.with_token(f"{execution.id}/stopped")) >= 1)
        stopped = tokens.with_token(f"{execution.id}/stopped")
        termination.send(stopped, signal.SIGSTOP)
        over = time.monotonic() + times_(4, 600)
        while time.monotonic() < over:
            assert recovery.recover() == () and ran(execution).status == "running"
            time.sleep(0.5)
        termination.send(tokens.with_token(f"{execution.id}/stopped"), signal.SIGCONT)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    until(lambda: ran(execution).status == "failed", 60)
    assert (ran(execution).row("stopped").exit_code, ran(execution).row("starved").exit_code) == (5, 6)
    assert ran(execution).attempts("stopped") == ran(execution).attempts("starved") == ["failed"]
    process.terminate()
    process.communicate(timeout=30)


def test_a_thousand_quick_runs_leave_nothing_behind(db: Path, tmp_path: Path) -> None:
    """R29: descriptors, threads, zombies and memory stay as they were; a child sees only its three descriptors."""
    items = list(range(times_(250, 1000)))
    definition = {"concurrency": 4, "tasks": {"a": {"with_items": items, "run": "ls /proc/self/fd | wc -l"}}}
    files.import_workflows([as_source(definition, tmp_path)])
    me = psutil.Process()

    def run_it() -> Ran:
        runner = Worker("foreground")
        execution = starting.start_execution("test")
        runner.submit(execution.pk)
        runner.run_until(lambda: runner.is_idle)
        return ran(execution)

    first = run_it()
    before = {each.pid for each in me.children()}
    descriptors, threads, memory = me.num_fds(), me.num_threads(), me.memory_info().rss
    second = run_it()
    assert abs(me.num_fds() - descriptors) <= 5
    assert abs(me.num_threads() - threads) <= 2
    assert {each.pid for each in me.children()} <= before
    assert me.memory_info().rss - memory < 64 * 2**20 * len(items) / 1000 + 16 * 2**20
    # ls itself opens the folder that it lists, and the shell its pipe
    assert {first.log("a", n).strip() for n in items[:20]} == {second.log("a", n).strip() for n in items[:20]} == {b"4"}
