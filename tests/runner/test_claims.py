"""Who waits, for whom, and for how long: what is claimed when many wait, and what nobody would claim."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smartspec.commands import (
    control,
    database,
    execution_trash,
    executions,
    process_identity,
    runners,
    settings,
    starting,
)
from smartspec.domain.engine.states import FINAL
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution, Origin
from smartspec.errors import Conflict, InvalidTransition
from smartspec.runner import recovery
from smartspec.runner.worker import Worker
from smartspec.store import active
from smartspec.store import database as rows
from tests.clock import until
from tests.conftest import ROOT, Said, ran
from tests.runner.engine.conftest import status_of, task_status
from tests.serving import serving

Store = Callable[..., object]


def now(execution: Execution) -> Execution:
    return executions.get_execution(execution.id)


def queue_copies(execution: Execution, count: int) -> None:
    """As if it had been started so many times more."""
    columns = [
        name for (_, name, *_) in rows.rows("PRAGMA table_info(executions)") if name not in ("pk", "id", "number")
    ]
    names = ", ".join(columns)
    with rows.transaction():
        rows.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            f" INSERT INTO executions (id, number, {names})"
            f" SELECT pk || '-copy-' || i, 1000000 + i, {names} FROM executions, n WHERE pk = {execution.pk}"
        )


def test_ten_thousand_that_are_blocked_hold_up_nobody(store: Store, db: Path) -> None:
    """R53. Everything before it waits for one lock; it starts, and is found without a look at each of them."""
    settings.set_setting("runner.at_once", 50)
    store({"name": "blocked", "uses": ["nas"], "tasks": {"a": {"run": "sleep 60"}}})
    store({"name": "single", "max_running": 1, "tasks": {"a": {"run": "sleep 60"}}})
    store({"name": "free", "tasks": {"a": {"run": "true"}}})
    holders = [starting.start_execution(name) for name in ("blocked", "single")]
    me = runners.register_runner(process_identity.this_process("foreground"))
    for each in holders:
        assert runners.claim_execution(me, each.pk).execution == each.pk
    for name in ("blocked", "single"):
        queue_copies(starting.start_execution(name), 5_000)
    free = starting.start_execution("free")
    claim = runners.claim_execution(me)
    assert claim.execution == free.pk
    none = runners.claim_execution(me)
    assert none.execution is None and none.waiting_for is not None
    plan = " ".join(str(step) for (*_, step) in rows.rows(f"EXPLAIN QUERY PLAN {_queue()}", (me,)))
    assert (
        plan.count("executions_queue") == 3
        and "SCAN executions" not in plan
        and "TEMP B-TREE FOR" not in plan.replace("USE TEMP B-TREE FOR ORDER BY", "", 1)
    )
    runners.unregister_runner(me)


def _queue() -> str:
    from smartspec.store import claims

    return claims._FIRST_OF_EACH_VERSION


def test_the_order_is_kept_across_workflows_and_versions(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 50)
    for name in ("one", "two"):
        store({"name": name, "tasks": {"a": {"run": "true"}}})
    begun = [starting.start_execution(name, origin=Origin(priority=p)) for name, p in
             (("one", 0), ("two", 5), ("one", 5), ("two", 0), ("one", 9))]  # fmt: skip
    store({"name": "one", "tasks": {"a": {"run": "echo changed"}}})
    begun.append(starting.start_execution("one", origin=Origin(priority=7)))
    me = runners.register_runner(process_identity.this_process("foreground"))
    claimed = [runners.claim_execution(me).execution for _ in range(7)]
    assert claimed == [begun[place].pk for place in (4, 5, 1, 2, 0, 3)] + [None]
    runners.unregister_runner(me)


def test_crossing_locks_are_seen_and_the_younger_gives_way(store: Store, db: Path) -> None:
    """A6. Each holds what the sub-workflow of the other wants."""
    settings.set_setting("runner.at_once", 10)
    store({"name": "wants-y", "uses": ["y"], "tasks": {"c": {"run": "true"}}})
    store({"name": "wants-x", "uses": ["x"], "tasks": {"c": {"run": "true"}}})
    wait = {"run": "until [ -e go ]; do sleep 0.05; done"}
    store({"name": "has-x", "uses": ["x"], "tasks": {"a": wait, "b": {"needs": ["a"], "workflow": "wants-y"}}})
    store({"name": "has-y", "uses": ["y"], "tasks": {"a": wait, "b": {"needs": ["a"], "workflow": "wants-x"}}})
    begun = [starting.start_execution(name) for name in ("has-x", "has-y")]
    with serving(), serving():
        until(lambda: [task_status(each, "a") for each in begun] == ["running"] * 2)
        (db.parent.parent / "go").touch()
        until(lambda: all(now(each).status in FINAL for each in begun))
    assert sorted(now(each).status for each in begun) == ["completed", "failed"]
    (broken,) = [each for each in begun if now(each).status is E.FAILED]
    (child,) = executions.child_executions(broken.id)
    assert (child.status, child.status_reason) == (E.FAILED, "start: deadlock")
    assert "has-x uses x" in (child.error or "") and "has-y uses y" in (child.error or "")
    assert ran(broken).words()["b"] == "failed start: deadlock"
    assert ran(broken).row("b").error == child.error


def test_a_child_of_a_cancelled_parent_has_its_handlers_run(store: Store, db: Path) -> None:
    """A11."""
    settings.set_setting("runner.resume", False)
    store({"name": "child", "tasks": {"c": {"run": "sleep 60"}}, "handlers": {"exit": {"run": "echo over"}}})
    store({"tasks": {"a": {"workflow": "child"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: any(task_status(each, "c") == "running" for each in executions.child_executions(execution.id)))
    assert status_of(execution) == "interrupted"
    control.cancel_execution(execution.id)
    assert status_of(execution) == "cancelled"
    (child,) = executions.child_executions(execution.id)
    assert (child.status, child.outcome) == (E.PENDING, E.CANCELLED) and runners.has_pending()
    with serving():
        until(lambda: executions.child_executions(execution.id)[0].status == "cancelled")
    assert ran(child).words() == {"c": "interrupted", "handlers.exit": "completed"}
    assert ran(child).log("handlers.exit") == b"over\n"


def test_a_second_cancel_of_what_waits_for_its_handlers_ends_it(store: Store, db: Path) -> None:
    settings.set_setting("runner.resume", False)
    store({"tasks": {"a": {"run": "sleep 60"}}, "handlers": {"exit": {"run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "running")
    control.give_up_execution(execution.id)
    assert (now(execution).status, now(execution).outcome) == (E.PENDING, E.FAILED)
    ended = control.cancel_execution(execution.id)
    assert (ended.status, ended.status_reason) == (E.FAILED, "given_up")


def test_what_a_killed_foreground_run_had_queued_is_run_by_nobody(store: Store, db: Path) -> None:
    """B2: it waits for its turn, and its process is gone."""
    store({"tasks": {"a": {"run": "touch ran"}}})
    gone = process_identity.this_process("foreground")
    runner = runners.register_runner(replace(gone, pid=2**22 - 1, start_ticks=1))
    execution = starting.start_execution("test", origin=Origin(runner=runner))
    with serving():
        until(lambda: now(execution).status in FINAL)
    assert (now(execution).status, now(execution).status_reason) == (E.FAILED, "start")
    assert ran(execution).rows == () and not (db.parent.parent / "ran").exists()
    assert all(each.pk != runner for each in runners.list_runners())


def test_a_foreground_run_that_is_paused_before_it_begins_returns(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 1)
    store({"name": "other", "tasks": {"a": {"run": "sleep 60"}}})
    store({"tasks": {"a": {"run": "true"}}})
    other = starting.start_execution("other")
    me = runners.register_runner(process_identity.this_process("foreground"))
    runners.claim_execution(me, other.pk)
    runner = Worker("foreground")
    execution = starting.start_execution("test", origin=Origin(runner=runner.runner))
    runner.submit(execution.pk)

    def serve() -> None:
        runner.run_until(lambda: runner.is_idle)
        database.close_connection()

    thread = threading.Thread(target=serve)
    thread.start()
    until(lambda: runner.waiting_for)
    control.pause_execution(execution.id)
    thread.join(60)
    assert not thread.is_alive() and status_of(execution) == "paused"
    runners.unregister_runner(me)


def test_a_cancelled_workflow_in_the_trash_leaves_no_unfinished_row(store: Store, db: Path) -> None:
    from smartspec.commands import workflows

    settings.set_setting("runner.resume", False)
    store({"tasks": {"w": {"wait": "1h"}, "m": {"manual": "?"}}, "handlers": {"exit": {"run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "w") == task_status(execution, "m") == "running")
    workflows.delete_workflow("test")
    assert status_of(execution) == "cancelled"
    assert ran(execution).words() == {"w": "cancelled user", "m": "cancelled user"}


def test_a_runner_of_another_machine_is_never_judged_and_a_person_has_a_way_out(store: Store, db: Path) -> None:
    """B4: only the person knows that the machine is gone."""
    store({"max_running": 1, "tasks": {"a": {"run": "true"}}})
    me = process_identity.this_process("background")
    there = replace(me, host="elsewhere", machine_id="another machine")
    runner = runners.register_runner(there)
    execution = starting.start_execution("test")
    assert runners.claim_execution(runner, execution.pk).execution
    waiting = starting.start_execution("test")
    assert recovery.recover() == () and status_of(execution) == "running"
    name = execution.id[:18]
    for refused in (control.resume_execution, control.give_up_execution, execution_trash.delete_execution):
        with pytest.raises(Conflict) as error:
            refused(execution.id)
        assert f"smartspec give-up {name}" in str(error.value) and "elsewhere" in str(error.value)
    control.cancel_execution(execution.id)
    ended = control.give_up_execution(execution.id, without_its_runner=True)
    assert (ended.status, ended.status_reason) == (E.FAILED, "given_up")
    with serving():  # the workflow is free again
        until(lambda: status_of(waiting) == "completed")
    with pytest.raises(InvalidTransition, match="smartspec rerun"):
        control.cancel_execution(execution.id)


def test_one_that_runs_here_is_given_up_only_when_it_does_not_heed_a_cancel(store: Store, db: Path) -> None:
    store({"tasks": {"a": {"run": "trap '' TERM; sleep 60 & wait; sleep 60"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "running")
        with pytest.raises(Conflict, match="smartspec cancel"):
            control.give_up_execution(execution.id, without_its_runner=True)
        control.cancel_execution(execution.id)
        with pytest.raises(Conflict, match="--yes"):
            control.give_up_execution(execution.id)
        control.give_up_execution(execution.id, without_its_runner=True)
        assert (status_of(execution), now(execution).status_reason) == ("failed", "given_up")
        time.sleep(0.5)
    assert (status_of(execution), now(execution).status_reason) == ("failed", "given_up")


def test_a_sub_workflow_goes_on_with_its_parent_alone(store: Store, db: Path) -> None:
    settings.set_setting("runner.resume", False)
    store({"name": "child", "tasks": {"c": {"run": "sleep 60"}}})
    store({"tasks": {"a": {"workflow": "child"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: any(task_status(each, "c") == "running" for each in executions.child_executions(execution.id)))
    (child,) = executions.child_executions(execution.id)
    assert child.status is E.INTERRUPTED
    with pytest.raises(Conflict, match=f"smartspec resume {execution.id[:18]}"):
        control.resume_execution(child.id)


def test_a_foreground_run_that_is_killed_while_it_waits_never_runs(
    terminal: Callable[..., Said], tmp_path: Path, home: Path
) -> None:
    """B2, with real processes: it waits for its turn, and gets `kill -9`."""
    (tmp_path / "w.yaml").write_text(
        f"smartspec: 1\nname: w\nmax_running: 1\ntasks:\n  a:\n    run: echo once >> {tmp_path}/ran; sleep 300\n"
    )
    argv = [sys.executable, "-m", "smartspec", "run", str(tmp_path / "w.yaml")]
    first, second = (
        subprocess.Popen(
            argv, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    )
    assert terminal("stats").code == 0
    until(lambda: sorted(each.status for each in executions.list_executions().rows) == ["pending", "running"])
    (waiting,) = [each for each in executions.list_executions().rows if each.status == "pending"]
    (running,) = [each for each in executions.list_executions().rows if each.status == "running"]
    owner = {each.pk: each.pid for each in runners.list_runners()}
    assert waiting.runner is not None
    victim, other = (first, second) if owner[waiting.runner] == first.pid else (second, first)
    victim.kill()
    victim.communicate(timeout=60)
    said = terminal("execution", waiting.id)
    assert "failed" in said.out and "nothing of it has run" in said.out
    other.terminate()
    other.communicate(timeout=60)
    assert now(running).status is E.CANCELLED
    with serving():
        time.sleep(0.5)
    assert (tmp_path / "ran").read_text() == "once\n"


def test_giving_up_what_another_machine_runs_is_asked_for(terminal: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("smartspec: 1\nname: w\ntasks:\n  a:\n    run: 'true'\n")
    assert terminal("import", str(path)).code == 0
    me = process_identity.this_process("background")
    there = replace(me, host="elsewhere", machine_id="another machine")
    runner = runners.register_runner(there)
    execution = starting.start_execution("w")
    runners.claim_execution(runner, execution.pk)
    asked = terminal("cancel", "w")
    assert asked.code == 0 and "elsewhere" in asked.out and "smartspec give-up" in asked.out
    refused = terminal("give-up", "w")
    assert refused.code == 5 and "--yes" in refused.err
    assert terminal("give-up", "w", "--yes").code == 0
    assert now(execution).status is E.FAILED


def test_what_is_due_now_has_the_next_place_before_what_is_caught_up(store: Store, db: Path) -> None:
    for name in ("old", "new"):
        store({"name": name, "tasks": {"a": {"run": "true"}}})
    caught_up, due = starting.start_execution("old"), starting.start_execution("new")
    with rows.transaction():
        rows.execute("UPDATE executions SET trigger = 'catchup' WHERE pk = ?", (caught_up.pk,))
        rows.execute("UPDATE executions SET trigger = 'cron' WHERE pk = ?", (due.pk,))
    runner = runners.register_runner(process_identity.this_process("background"))
    assert [each.pk for each in active.queue(9)] == [due.pk, caught_up.pk]
    assert [runners.claim_execution(runner).execution for _ in range(2)] == [due.pk, caught_up.pk]
