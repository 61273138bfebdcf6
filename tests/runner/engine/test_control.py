"""Pause, resume, cancel, limits, and what is left for the next runner."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from smartspec.commands import control, database, executions, settings, starting
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.execution import Execution, Origin
from smartspec.errors import Conflict
from smartspec.runner.worker import Worker
from smartspec.store import database as rows
from tests.clock import until
from tests.conftest import began, ended, ran, run_on
from tests.runner.engine.conftest import status_of, task_status
from tests.serving import serving

Store = Callable[..., object]


def all_completed(begun: Sequence[Execution]) -> bool:
    return all(status_of(each) == "completed" for each in begun)


def test_pause_lets_what_runs_end_and_starts_nothing(store: Store, served: Worker) -> None:
    store({"tasks": {"a": {"run": "sleep 0.6"}, "b": {"needs": ["a"], "run": "true"}}})
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "a") == "running")
    asked = control.pause_execution(execution.id, "because")
    assert (asked.status, asked.requested) == (E.RUNNING, "pause")
    until(lambda: status_of(execution) == "paused")
    paused = executions.get_execution(execution.id)
    assert (task_status(execution, "a"), task_status(execution, "b")) == ("completed", None)
    assert (paused.requested, paused.pause_reason, paused.runner) == (None, "because", None) and paused.paused_at
    control.resume_execution(execution.id)
    until(lambda: status_of(execution) == "completed")
    assert ran(execution).attempts("a") == ["completed"]
    assert executions.get_execution(execution.id).running_ms >= 600


def test_a_pause_can_be_taken_back(store: Store, served: Worker) -> None:
    store({"tasks": {"a": {"run": "sleep 0.8"}, "b": {"needs": ["a"], "run": "true"}}})
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "a") == "running")
    control.pause_execution(execution.id)
    time.sleep(0.4)
    assert control.resume_execution(execution.id).requested is None
    until(lambda: status_of(execution) == "completed")


def test_waits_and_people_do_not_hold_up_a_pause_and_go_on_after_it(store: Store, served: Worker) -> None:
    store({"tasks": {"w": {"wait": "500ms"}, "m": {"manual": "?"}, "b": {"needs": ["w", "m"], "run": "true"}}})
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "m") == "running")
    control.pause_execution(execution.id)
    until(lambda: status_of(execution) == "paused")
    assert (task_status(execution, "w"), task_status(execution, "m")) == ("running", "running")
    control.confirm_task(execution.id, "m")
    time.sleep(0.6)
    control.resume_execution(execution.id)
    until(lambda: status_of(execution) == "completed")
    assert ran(execution).attempts("m") == ran(execution).attempts("w") == ["completed"]


def test_of_two_answers_at_once_the_first_holds(store: Store, served: Worker) -> None:
    store({"tasks": {"m": {"manual": "?"}}})
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "m") == "running")
    answering, refused = threading.Event(), list[Conflict]()

    def reject() -> None:
        answering.set()
        try:
            control.confirm_task(execution.id, "m", reject=True)
        except Conflict as error:
            refused.append(error)
        database.close_connection()

    second = threading.Thread(target=reject)
    with rows.transaction():
        second.start()
        answering.wait()
        control.confirm_task(execution.id, "m")
    second.join()
    assert len(refused) == 1
    until(lambda: status_of(execution) == "completed")


def test_pause_and_resume_go_down_to_sub_workflows(store: Store, served: Worker) -> None:
    store({"name": "child", "tasks": {"c": {"run": "sleep 0.6"}, "d": {"needs": ["c"], "run": "true"}}})
    store({"tasks": {"a": {"workflow": "child"}}})
    execution = starting.start_execution("test")
    until(
        lambda: (
            executions.child_executions(execution.id)
            and task_status(executions.child_executions(execution.id)[0], "c") == "running"
        )
    )
    control.pause_execution(execution.id)
    until(lambda: status_of(execution) == "paused")
    (child,) = executions.child_executions(execution.id)
    assert child.status is E.PAUSED
    control.resume_execution(execution.id)
    until(lambda: status_of(execution) == "completed")
    assert [each.status for each in executions.child_executions(execution.id)] == [E.COMPLETED]
    assert ran(execution).attempts("a") == ["completed"]


def test_cancel_ends_what_runs_and_goes_down(store: Store, served: Worker) -> None:
    store({"name": "child", "tasks": {"c": {"run": "sleep 30"}}})
    store({
        "tasks": {"a": {"workflow": "child"}, "b": {"run": "trap 'exit 0' TERM; sleep 30 & wait"}, "m": {"manual": "?"}, "w": {"wait": "1h"},
                  "r": {"run": "false", "retry": {"max": 1, "delay": "1h"}}, "g": {"sequential": [{"x": {"run": "sleep 30"}}, {"y": {"run": "true"}}]},
                  "z": {"needs": ["b"], "if": "always()", "run": "true"}},
        "concurrency": 8, "handlers": {"cancel": {"run": "echo $SMARTSPEC_STATUS"}, "success": {"run": "true"}},
    })  # fmt: skip
    execution = starting.start_execution("test")
    until(lambda: all(task_status(execution, name) for name in "abmwrx") and task_status(execution, "r") == "pending")
    until(lambda: executions.child_executions(execution.id)[0].status == "running")
    control.cancel_execution(execution.id)
    until(lambda: status_of(execution) == "cancelled")
    done = ran(execution)
    assert done.execution.status_reason == "user"
    last = {row.task: f"{row.status} {row.status_reason}" for row in done.rows}
    assert last == {**dict.fromkeys("abmwrgxyz", "cancelled user"), "handlers.cancel": "completed None"}
    (child,) = executions.child_executions(execution.id)
    assert (child.status, child.status_reason) == (E.CANCELLED, "parent")
    assert done.log("handlers.cancel") == b"cancelled\n"


def test_a_second_cancel_ends_the_handlers_and_the_result_stays(store: Store, served: Worker) -> None:
    store({"tasks": {"a": {"run": "true"}}, "handlers": {"success": {"run": "sleep 30"}, "exit": {"run": "sleep 30"}}})
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "handlers.success") == "running")
    control.cancel_execution(execution.id)
    until(lambda: status_of(execution) == "completed")
    assert ran(execution).words() == {"a": "completed", "handlers.success": "cancelled user"}


def test_cancelling_a_paused_execution_runs_its_handlers(store: Store, served: Worker) -> None:
    store(
        {
            "tasks": {"a": {"run": "sleep 0.4"}, "b": {"needs": ["a"], "run": "true"}},
            "handlers": {"cancel": {"run": "true"}, "exit": {"run": "true"}},
        }
    )
    execution = starting.start_execution("test")
    until(lambda: task_status(execution, "a") == "running")
    control.pause_execution(execution.id)
    until(lambda: status_of(execution) == "paused")
    decided = control.cancel_execution(execution.id)
    assert (decided.status, decided.outcome) == (E.PENDING, E.CANCELLED)
    until(lambda: status_of(execution) == "cancelled")
    assert ran(execution).words() == {"a": "completed", "handlers.cancel": "completed", "handlers.exit": "completed"}


def test_a_child_cancelled_by_hand_breaks_its_task(store: Store, served: Worker) -> None:
    store({"name": "child", "tasks": {"c": {"run": "sleep 30"}}})
    store({"tasks": {"a": {"workflow": "child"}, "b": {"needs": ["a"], "run": "true"}}})
    execution = starting.start_execution("test")
    until(
        lambda: (
            executions.child_executions(execution.id)
            and executions.child_executions(execution.id)[0].status == "running"
        )
    )
    control.cancel_execution(executions.child_executions(execution.id)[0].id)
    until(lambda: status_of(execution) == "failed")
    assert ran(execution).words() == {"a": "cancelled child", "b": "skipped needs_failed"}


def test_a_rerun_goes_on_with_its_child(store: Store, db: Path) -> None:
    store(
        {
            "name": "child",
            "tasks": {"c": {"run": "true"}, "d": {"needs": ["c"], "run": 'test "$SMARTSPEC_ATTEMPT" = 2'}},
        }
    )
    store({"tasks": {"a": {"workflow": "child"}, "b": {"needs": ["a"], "run": "true"}}})
    done = run_on(starting.start_execution("test"))
    assert done.words() == {"a": "failed child", "b": "skipped needs_failed"}
    again = run_on(control.rerun_failed(done.execution.id))
    assert again.status == "completed"
    (child,) = executions.child_executions(done.execution.id)
    assert (child.attempt, child.status, ran(child).attempts("c"), ran(child).attempts("d")) == (
        2,
        E.COMPLETED,
        ["completed"],
        ["failed", "completed"],
    )


# Limits


def test_max_running_and_locks_are_kept(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 10)
    store({"name": "single", "max_running": 1, "tasks": {"a": {"run": "sleep 0.2"}}})
    store({"name": "one", "uses": ["nas"], "tasks": {"a": {"run": "sleep 0.2"}}})
    store({"name": "two", "uses": ["disk", "nas"], "tasks": {"a": {"run": "sleep 0.2"}}})
    for names in (("single", "single", "single"), ("one", "two", "one")):
        begun = [starting.start_execution(name) for name in names]
        with serving():
            until(partial(all_completed, begun))
        spans = sorted((began(each), ended(each)) for each in (executions.get_execution(e.id) for e in begun))
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def test_at_most_so_many_at_once_and_the_urgent_first(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 1)
    store({"tasks": {"a": {"run": "sleep 0.05"}}})
    begun = [starting.start_execution("test", origin=Origin(priority=p)) for p in (0, 0, 9, 5)]
    with serving():
        until(partial(all_completed, begun))
    order = sorted(begun, key=lambda each: began(executions.get_execution(each.id)))
    assert [each.number for each in order] == [3, 4, 1, 2]


def test_a_parent_never_waits_for_the_limits_that_it_holds_itself(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 1)
    store({"name": "child", "uses": ["nas"], "tasks": {"c": {"run": "true"}}})
    store({"uses": ["nas"], "max_running": 1, "tasks": {"a": {"workflow": "child"}}})
    assert run_on(starting.start_execution("test")).status == "completed"


def test_two_runners_never_run_one_execution_twice(store: Store, db: Path) -> None:
    settings.set_setting("runner.at_once", 50)
    store({"tasks": {"a": {"run": "true"}}})
    begun = [starting.start_execution("test") for _ in range(30)]
    with serving(), serving(), serving():
        until(lambda: all(status_of(each) == "completed" for each in begun))
    for execution in begun:
        assert ran(execution).attempts("a") == ["completed"]


def test_what_a_foreground_run_reserved_is_left_to_it(store: Store, served: Worker) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    mine = Worker("foreground")
    execution = starting.start_execution("test", origin=Origin(runner=mine.runner))
    time.sleep(0.7)
    assert status_of(execution) == "pending"
    mine.run_until(lambda: True)  # it goes, and never ran it
    ended = executions.get_execution(execution.id)
    assert (ended.status, ended.status_reason) == (E.FAILED, "start")
    assert "nothing of it has run" in (ended.error or "")


def test_a_runner_that_is_told_to_go_leaves_its_work_to_be_resumed(store: Store, db: Path) -> None:
    store({"tasks": {"a": {"run": "true"}, "b": {"needs": ["a"], "run": 'test "$SMARTSPEC_ATTEMPT" = 2 || sleep 30'}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "b") == "running")
    assert status_of(execution) == "interrupted"
    assert ran(execution).attempts("b") == ["interrupted"]
    with serving():
        until(lambda: status_of(execution) == "completed")
    assert (ran(execution).attempts("a"), ran(execution).attempts("b")) == (["completed"], ["interrupted", "completed"])


def test_an_interrupted_execution_can_wait_for_a_person_or_be_given_up(store: Store, db: Path) -> None:
    settings.set_setting("runner.resume", False)
    store({"tasks": {"a": {"run": "sleep 30"}}, "handlers": {"failure": {"run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "running")
    with serving():
        time.sleep(0.6)
        assert status_of(execution) == "interrupted"
        assert control.give_up_execution(execution.id).outcome is E.FAILED
        until(lambda: status_of(execution) == "failed")
    done = executions.get_execution(execution.id)
    assert (done.status_reason, ran(execution).attempts("handlers.failure")) == ("given_up", ["completed"])


def test_after_three_interruptions_of_a_task_a_person_must_resume(store: Store, db: Path) -> None:
    store({"tasks": {"a": {"run": 'test "$SMARTSPEC_ATTEMPT" = 4 || sleep 30', "retry": {"max": 1}}}})
    execution = starting.start_execution("test")

    def is_running_again(number: int) -> bool:
        return len(ran(execution).attempts("a")) == number and task_status(execution, "a") == "running"

    for number in range(1, 4):
        with serving():
            until(partial(is_running_again, number))
    with serving():
        time.sleep(0.6)
        assert status_of(execution) == "interrupted"
        control.resume_execution(execution.id)
        until(lambda: status_of(execution) == "completed")
    assert ran(execution).attempts("a") == ["interrupted"] * 3 + ["completed"]


def test_items_go_on_where_they_were(store: Store, db: Path) -> None:
    store(
        {
            "concurrency": 1,
            "tasks": {
                "a": {
                    "with_items": [1, 2, 3],
                    "run": 'test "$SMARTSPEC_ITEM" != 2 -o "$SMARTSPEC_ATTEMPT" = 2 || sleep 30',
                },
                "b": {"needs": ["a"], "command": ["echo", "{{ tasks.a.exit_code }}"]},
            },
        }
    )
    execution = starting.start_execution("test")
    with serving():
        until(lambda: len(executions.list_task_executions(execution.id, "a")) == 2)
    done = run_on(control.resume_execution(execution.id))
    assert [done.attempts("a", item) for item in range(3)] == [
        ["completed"],
        ["interrupted", "completed"],
        ["completed"],
    ]
    assert done.log("b") == b"[0, 0, 0]\n"


def test_groups_and_conditions_are_taken_up_again(store: Store, db: Path) -> None:
    store({"tasks": {
        "g": {"condition": True, "then": ["s"], "else": ["n"]}, "n": {"run": "true"},
        "s": {"sequential": [{"one": {"run": "echo k=1 >> $SMARTSPEC_OUTPUT"}}, {"two": {"run": 'test "$SMARTSPEC_ATTEMPT" = 2 || sleep 30'}}]},
        "end": {"needs": ["s", "n"], "command": ["echo", "{{ tasks.s.outputs.one.k }}"]},
    }})  # fmt: skip
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "two") == "running")
    done = run_on(control.resume_execution(execution.id))
    assert done.log("end") == b"1\n"
    assert (done.attempts("s"), done.attempts("one"), done.attempts("g"), done.attempts("n")) == (
        ["completed"],
        ["completed"],
        ["completed"],
        ["skipped"],
    )


def test_a_sub_workflow_is_resumed_and_not_started_again(store: Store, db: Path) -> None:
    store(
        {
            "name": "child",
            "tasks": {"c": {"run": "true"}, "d": {"needs": ["c"], "run": 'test "$SMARTSPEC_ATTEMPT" = 2 || sleep 30'}},
        }
    )
    store({"tasks": {"a": {"workflow": "child"}, "b": {"needs": ["a"], "run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(
            lambda: (
                executions.child_executions(execution.id)
                and task_status(executions.child_executions(execution.id)[0], "d") == "running"
            )
        )
    assert [each.status for each in executions.child_executions(execution.id)] == [E.INTERRUPTED]
    with serving():
        until(lambda: status_of(execution) == "completed")
    (child,) = executions.child_executions(execution.id)
    assert ran(execution).attempts("a") == ["completed"]
    assert (ran(child).attempts("c"), ran(child).attempts("d")) == (["completed"], ["interrupted", "completed"])


def test_a_retry_and_a_wait_that_were_due_later_are_kept(store: Store, db: Path) -> None:
    task = {"run": 'test "$SMARTSPEC_ATTEMPT" = 2', "retry": {"max": 1, "delay": "1200ms"}}
    store({"tasks": {"a": task, "w": {"wait": "1500ms"}, "b": {"needs": ["a", "w"], "run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "pending" and task_status(execution, "w") == "running")
    assert executions.pending_retries()[0].execution == execution.pk
    with serving():
        until(lambda: status_of(execution) == "completed")
    assert (ran(execution).attempts("a"), ran(execution).attempts("w")) == (["failed", "completed"], ["completed"])


def test_a_cancel_that_a_gone_runner_did_not_heed_is_heeded(store: Store, db: Path) -> None:
    from smartspec.store import database as rows

    store({"tasks": {"a": {"run": "sleep 30"}}, "handlers": {"cancel": {"run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: task_status(execution, "a") == "running")
    with rows.transaction():
        rows.execute("UPDATE executions SET requested = 'cancel' WHERE pk = ?", (execution.pk,))
    with serving():
        until(lambda: status_of(execution) == "cancelled")
    assert ran(execution).attempts("handlers.cancel") == ["completed"]


def test_items_of_sub_workflows_have_their_concurrency(store: Store, db: Path) -> None:
    store(
        {
            "name": "child",
            "params": {"type": "object", "properties": {"n": {"type": "integer"}}},
            "tasks": {"c": {"run": "sleep 0.2"}},
            "output": {"n": "{{ params.n }}"},
        }
    )
    store(
        {
            "tasks": {
                "a": {"workflow": "child", "with_items": [3, 1, 2], "concurrency": 2, "input": {"n": "{{ item }}"}}
            },
            "output": {"all": "{{ tasks.a.outputs | map(attribute='n') | list }}"},
        }
    )
    done = run_on(starting.start_execution("test"))
    assert done.execution.output == {"all": [3, 1, 2]}
    children = executions.child_executions(done.execution.id)
    spans = sorted((began(each), ended(each)) for each in children)
    assert spans[2][0] >= min(spans[0][1], spans[1][1])
