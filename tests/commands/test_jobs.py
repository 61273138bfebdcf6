"""Very many executions at once: in steps that hold nobody up, stopped when asked to, gone on with after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec import errors
from smartspec.commands import database, execution_trash, executions, importing, jobs, metrics, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.job import from_ranges, to_ranges
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.runner import background
from smartspec.store import database as rows
from tests.clock import judge, measured, until
from tests.conftest import ROOT, Ran, Shares

MANY = 1_500


@pytest.fixture
def many(db: Path, tmp_path: Path) -> list[str]:
    """Executions of two workflows that ran elsewhere; the answer is their ids."""
    file = tmp_path / "many.jsonl"
    line = {"status": "success", "started_at": "2026-11-01T02:00:00Z", "duration_ms": 5, "input": {"word": "needle"}}
    file.write_text("\n".join(json.dumps({**line, "workflow": f"w{n % 2}"}) for n in range(MANY)), encoding="utf-8")
    importing.import_executions(file)
    return execution_trash.matching_ids(limit=MANY)


def found(query: str) -> int:
    return executions.count_executions(executions.read_query(query), exact=True)


def statuses() -> list[str]:
    return [status for (status,) in rows.rows("SELECT status FROM jobs ORDER BY pk")]


def test_keys_are_kept_as_runs() -> None:
    keys = [*map(ExecutionPk, (7, 1, 2, 3, 9, 8, 20))]
    assert to_ranges(keys) == [[1, 3], [7, 9], [20, 20]] and from_ranges(to_ranges(keys)) == sorted(keys)


def test_many_go_into_the_trash_and_out_of_it_in_steps(many: list[str]) -> None:
    shares = Shares()
    gone = execution_trash.delete_executions(many, shares.go_on)
    assert sorted(gone) == sorted(many) and executions.count_executions(exact=True) == 0 and found("trash:yes") == MANY
    assert len(shares) > 3 and shares == sorted(shares) and shares[-1] <= 1
    assert len(execution_trash.restore_executions(gone)) == MANY == executions.count_executions(exact=True)
    assert statuses() == ["completed"] * 2
    told = rows.scalar("SELECT count(*) FROM events WHERE type = 'execution_deleted'")
    assert told == rows.scalar("SELECT count(*) FROM events WHERE type = 'execution_restored'") == MANY


def test_few_go_at_once_without_a_job(many: list[str]) -> None:
    assert len(execution_trash.delete_executions(many[:100])) == 100 and statuses() == []


def test_a_purge_takes_rows_index_logs_and_space(many: list[str], run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run({"name": "logged", "tasks": {"a": {"run": "seq 1 40000"}}})
    assert [*(rows.folder() / "logs").rglob("*.log*")]
    everything = [*many, ran.execution.id]
    execution_trash.delete_executions(everything)
    before = rows.scalar("PRAGMA page_count")
    assert execution_trash.purge_executions() == MANY + 1
    assert found("trash:yes") == found("needle") == found("needle trash:yes") == 0
    assert [*(rows.folder() / "logs").rglob("*")] == []
    assert rows.scalar("PRAGMA freelist_count") == 0 and rows.scalar("PRAGMA page_count") < before
    assert database.check_database() == ()
    assert rows.scalar("SELECT count(*) FROM events WHERE type = 'execution_purged'") == MANY + 1


def test_what_is_not_in_the_trash_is_not_purged(many: list[str]) -> None:
    assert execution_trash.purge_executions(many) == 0 and executions.count_executions(exact=True) == MANY


def test_old_ones_go_and_pinned_ones_stay(many: list[str]) -> None:
    executions.pin_execution(many[0])
    assert execution_trash.delete_old_executions(1) == MANY - 1
    assert [each.id for each in executions.list_executions().rows] == [many[0]]


def test_a_purged_workflow_leaves_its_executions_findable(many: list[str]) -> None:
    workflows.delete_workflow("w0")
    workflows.purge_workflow("w0")
    assert found("needle") == MANY and executions.count_executions(exact=True) == MANY
    one = next(each for each in executions.list_executions(limit=10).rows if each.workflow is None)
    executions.note_execution(one.id, "noted afterwards")
    assert [each.id for each in executions.search_executions("afterwards").rows] == [one.id]
    assert one.workflow_name == "w0" and database.check_database() == ()


def test_it_is_stopped_between_two_steps_and_what_is_done_stays(many: list[str]) -> None:
    shares = Shares()
    with pytest.raises(errors.Stopped, match="are done, and stay so"):
        execution_trash.delete_executions(many, lambda share: shares.go_on(share) and len(shares) < 3)
    assert 0 < found("trash:yes") < MANY and statuses() == ["cancelled"]
    assert jobs.left() == []


def test_a_purge_that_is_stopped_leaves_no_log_of_what_went(
    many: list[str], run: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = run({"name": "logged", "tasks": {"a": {"run": "seq 1 40000"}}})
    execution_trash.delete_executions([*many, ran.execution.id])
    with pytest.raises(errors.Stopped):
        execution_trash.purge_executions([ran.execution.id], lambda _: False)
    assert [*(rows.folder() / "logs").rglob("*")] == [] and found("trash:yes") == MANY


KILLED = """
import os, sys
from pathlib import Path
from smartspec.commands import execution_trash
from smartspec.commands import database, executions
database.open_database(Path(sys.argv[1]))
steps = []
def on_progress(share):
    steps.append(share)
    if len(steps) == 3: os.kill(os.getpid(), 9)
    return True
execution_trash.purge_executions(on_progress=on_progress)
"""


def test_what_a_killed_process_left_goes_on_with_the_next_runner(many: list[str], db: Path) -> None:
    execution_trash.delete_executions(many)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(db)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    left = found("trash:yes")
    assert 0 < left < MANY and statuses()[-1] == "running"
    with rows.transaction():  # as if it had been some time ago
        rows.execute("UPDATE jobs SET updated_at = updated_at - 60000")
    assert [job.done for job in jobs.left()] == [MANY - left]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "smartspec", "--db", str(db), "runner", "--until-idle"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    until(lambda: statuses()[-1] == "completed")
    process.wait()
    assert found("trash:yes") == 0
    assert background.IDLE_SECONDS > 0


def test_others_write_meanwhile(many: list[str], db: Path) -> None:
    workflows.create_workflow("other")
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        import time

        while not over.is_set():
            began = time.monotonic()
            execution = recording.begin_execution("other")
            recording.end_execution(execution.id, Report(ExecutionStatus.COMPLETED))
            waits.append(time.monotonic() - began)
        database.close_connection()

    thread = threading.Thread(target=write)
    thread.start()
    with measured("deleted and purged", 60):
        execution_trash.delete_executions(many)
        execution_trash.purge_executions()
    over.set()
    thread.join()
    assert len(waits) > 3
    judge("the longest wait of who writes meanwhile", max(waits), 0.25)


def test_counts_are_put_right_while_others_count(many: list[str]) -> None:
    workflows.create_workflow("other")
    before = rows.rows("SELECT * FROM metrics ORDER BY 1, 2, 3, 4, 5")
    with rows.transaction():
        rows.execute("UPDATE metrics SET completed = completed + 7, duration_max_ms = 99 WHERE granularity = 'day'")
        rows.execute("DELETE FROM metrics WHERE granularity = 'hour'")
    counted: list[str] = []

    def on_progress(share: float) -> bool:
        if not counted:  # while the rows are counted, in a view of their own
            counted.append(count_one("w0"))
        return True

    metrics.rebuild_metrics(on_progress)
    execution_trash.delete_executions(counted)
    total = "SELECT sum(completed) FROM metrics WHERE entity_type = 'workflow' AND granularity = ?"
    assert [rows.scalar(total, (each,)) for each in ("hour", "day", "total")] == [MANY + 1] * 3
    assert rows.scalar("SELECT count(*) FROM metrics WHERE duration_max_ms = 99") == 0
    metrics.rebuild_metrics()
    assert [rows.scalar(total, (each,)) for each in ("hour", "day", "total")] == [MANY + 1] * 3
    assert len(before) > 5


def count_one(ref: str) -> str:
    """By another thread, whose connection is another."""
    ids: list[str] = []

    def record() -> None:
        ids.append(recording.begin_execution(ref).id)
        recording.end_execution(ids[0], Report(ExecutionStatus.COMPLETED))
        database.close_connection()

    thread = threading.Thread(target=record)
    thread.start()
    thread.join()
    return ids[0]


def test_a_filter_of_the_trash_counts_it(many: list[str]) -> None:
    execution_trash.delete_executions(many[:3])
    assert executions.count_executions(ExecutionFilter(deleted=True), exact=True) == 3
