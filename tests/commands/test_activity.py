"""What goes on at this moment: in which state each execution is, for what it waits, and who stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from smartspec.commands import control, executions, settings, starting
from smartspec.commands.activity import list_activities
from smartspec.commands.actor import user
from smartspec.domain import times
from smartspec.domain.activity import Activity, Cause, Control, Now, Progress, State
from smartspec.domain.execution import Execution, Origin
from smartspec.domain.ids import ExecutionPk
from smartspec.store import active, database, tasks
from tests.clock import until
from tests.conftest import Said, run_on
from tests.serving import serving

Store = Callable[..., object]
LONG = {"run": "sleep 30"}


@pytest.fixture(autouse=True)
def room(db: Path) -> None:
    settings.set_setting("runner.at_once", 10)


def only(state: State) -> Activity:
    """The one in that state, as soon as there is one."""
    found: list[Activity] = []

    def is_there() -> bool:
        found[:] = [each for each in list_activities().activities if each.state is state]
        return len(found) == 1

    until(is_there)
    return found[0]


def about(execution: Execution, cause: Cause) -> Activity:
    """What is said of an execution, as soon as it is for this cause."""
    found: list[Activity] = []

    def is_there() -> bool:
        found[:] = [
            each for each in list_activities().activities if (each.execution, each.cause) == (execution.id, cause)
        ]
        return bool(found)

    until(is_there)
    return found[0]


def stop(*begun: Execution) -> None:
    for each in begun:
        if executions.get_execution(each.id).completed_at is None:
            control.cancel_execution(each.id)
    until(lambda: all(executions.get_execution(each.id).completed_at for each in begun))


def test_nothing_goes_on(db: Path) -> None:
    now = list_activities()
    assert now.activities == () and now.runners == () and (now.used_at_once, now.most_at_once) == (0, 10)
    assert now.headline == "Nothing runs"


def test_what_runs_says_its_task_and_how_far_it_is(store: Store) -> None:
    store({"tasks": {"a": {"run": "true"}, "b": {"needs": ["a"], **LONG}, "c": {"needs": ["b"], "run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        until(lambda: only(State.RUNNING).task == "b")
        found = only(State.RUNNING)
        assert (found.label, found.workspace, found.words) == ("test #1", "default", "")
        assert found.progress == Progress(1, 3, is_items=False)
        assert found.controls == (Control.PAUSE, Control.STOP)
        now = list_activities()
        assert now.headline == "Runner: 1 running"
        assert now.used_at_once == 1 and [each.kind for each in now.runners] == ["background"]
        stop(execution)


def test_items_are_counted_where_the_list_stands_in_the_file(store: Store) -> None:
    task = {"with_items": [0, 0, 30], "concurrency": 1, "run": "sleep {{ item }}"}
    store({"name": "listed", "tasks": {"each": task}})
    store({"name": "made", "vars": {"all": [0, 0, 30]}, "tasks": {"each": {**task, "with_items": "{{ vars.all }}"}}})
    for name, total in (("listed", 3), ("made", None)):
        execution = starting.start_execution(name)
        with serving():
            expected = Progress(2, total, is_items=True)
            until(partial(lambda expected: only(State.RUNNING).progress == expected, expected))
            stop(execution)


def test_a_question_waits_for_a_person(store: Store) -> None:
    store({"tasks": {"publish": {"manual": "Publish 14 files?"}}})
    execution = starting.start_execution("test")
    with serving():
        found = only(State.ASKED)
        assert (found.task, found.words) == ("publish", "asks: “Publish 14 files?”")
        assert found.controls == (Control.CONFIRM, Control.DECLINE)
        assert list_activities().headline == "1 waits for you"
        control.confirm_task(execution.id, "publish")
        until(lambda: not list_activities().activities)


def test_a_retry_says_what_failed_and_when_it_is_due(store: Store) -> None:
    store({"tasks": {"get": {"run": "echo 'error: no route'; exit 7", "retry": {"max": 3, "delay": "30s"}}}})
    execution = starting.start_execution("test")
    with serving():
        found = about(execution, Cause.RETRY)
        assert found.state is State.WAITING and found.task == "get"
        assert found.words.startswith("attempt 1 of 4 failed: ") and "no route" in found.words
        assert found.delay_ms is not None and 29_000 < found.delay_ms <= 30_000  # of it, what was left when written
        assert found.since is not None and found.due == found.since + timedelta(milliseconds=found.delay_ms)
        assert found.later_ms == (30_000, 30_000)
        assert found.controls == (Control.RETRY, Control.PAUSE, Control.STOP)
        stop(execution)


def test_a_retry_is_due_at_its_moment_and_not_before(store: Store) -> None:
    store({"tasks": {"get": {"run": "exit 7", "retry": {"max": 3, "delay": "1h"}}}})
    execution = starting.start_execution("test")
    with serving():
        due = about(execution, Cause.RETRY).due
        assert due is not None
        for moment, count in ((due - timedelta(milliseconds=1), 0), (due, 1), (due + timedelta(milliseconds=1), 1)):
            assert len(tasks.pending_retries(moment)) == count, moment
        assert executions.pending_retries(due_only=True) == () and len(executions.pending_retries()) == 1
        stop(execution)
    assert tasks.pending_retries() == ()


def test_a_wait_says_when_it_ends(store: Store) -> None:
    store({"tasks": {"later": {"wait": "10m"}}})
    execution = starting.start_execution("test")
    with serving():
        found = about(execution, Cause.CLOCK)
        assert (found.state, found.words, found.delay_ms) == (State.WAITING, "waits for its time", 600_000)
        assert found.since is not None and found.due == found.since + timedelta(minutes=10)
        stop(execution)


def test_who_holds_a_lock_is_named(store: Store) -> None:
    store({"name": "holder", "uses": ["nas"], "tasks": {"a": LONG}})
    store({"name": "waiter", "uses": ["disk", "nas"], "tasks": {"a": {"run": "true"}}})
    with serving():
        first = starting.start_execution("holder")
        about(first, Cause.TASK)
        second = starting.start_execution("waiter")
        found = about(second, Cause.LOCK)
        assert found.words == "holder #1 holds the lock nas" and found.state is State.WAITING
        assert found.holder is not None and found.holder.id == first.id
        stop(second, first)


def test_who_takes_the_place_of_a_workflow_is_named(store: Store) -> None:
    store({"max_running": 1, "tasks": {"a": LONG}})
    with serving():
        first = starting.start_execution("test")
        about(first, Cause.TASK)
        second = starting.start_execution("test")
        found = about(second, Cause.LIMIT)
        assert found.words == "test #1 runs, and one at once may"
        stop(second, first)


def test_all_places_are_taken(store: Store) -> None:
    settings.set_setting("runner.at_once", 1)
    store({"tasks": {"a": LONG}})
    with serving():
        first = starting.start_execution("test")
        about(first, Cause.TASK)
        others = [starting.start_execution("test", origin=Origin(priority=p)) for p in (0, 5)]
        said = {each.number: each.words for each in list_activities().activities if each.cause is Cause.AT_ONCE}
        assert said == {
            3: "1 execution runs, the most at once; it is next", 2: "1 execution runs, the most at once; 1 is before it",
        }  # fmt: skip
        assert about(others[0], Cause.AT_ONCE).setting == "runner.at_once"
        stop(*others, first)


def test_no_runner_is_told_and_one_that_was_killed_counts_as_none(store: Store) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    execution = starting.start_execution("test")
    assert about(execution, Cause.NO_RUNNER).words == "there is no runner"
    database.execute(
        "INSERT INTO runners (host, machine_id, pid, start_ticks, boot_id, kind, started_at)"
        " VALUES ('here', NULL, 999999999, 1, 'another boot', 'background', 0)"
    )
    now = list_activities()
    assert now.runners == () and now.headline == "No runner: 1 waits"
    assert now.counts == {State.WAITING: 1}


def test_a_parent_waits_for_its_sub_workflow(store: Store) -> None:
    store({"name": "child", "tasks": {"c": LONG}})
    store({"name": "parent", "tasks": {"call": {"workflow": "child"}}})
    parent = starting.start_execution("parent")
    with serving():
        found = about(parent, Cause.CHILD)
        assert found.words == "its sub-workflow child #1 must end first" and found.state is State.WAITING
        until(lambda: only(State.RUNNING).label == "child #1")
        stop(parent)


def test_a_pause_says_by_whom_and_why(store: Store) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    execution = starting.start_execution("test")
    control.pause_execution(execution.id, "until the invoices are in")
    found = only(State.PAUSED)
    assert found.words == f"by {user()}: “until the invoices are in”"
    assert found.controls == (Control.RESUME, Control.STOP)
    control.resume_execution(execution.id)
    about(execution, Cause.NO_RUNNER)


def test_a_request_that_has_not_come_about_is_told(store: Store) -> None:
    store({"tasks": {"a": LONG, "b": {"needs": ["a"], "run": "true"}}})
    execution = starting.start_execution("test")
    with serving():
        about(execution, Cause.TASK)
        control.pause_execution(execution.id)
        found = about(execution, Cause.REQUEST)
        assert found.words == "is paused when what runs has ended" and Control.RESUME in found.controls
        stop(execution)


def test_an_interrupted_one_waits_for_a_person(store: Store) -> None:
    settings.set_setting("runner.resume", False)
    store({"tasks": {"a": LONG}})
    execution = starting.start_execution("test")
    with serving():
        about(execution, Cause.TASK)
    found = only(State.ASKED)
    assert (found.cause, found.controls) == (Cause.INTERRUPTED, (Control.RESUME, Control.STOP))


def test_what_timed_out_is_told_for_a_day(store: Store) -> None:
    store({"tasks": {"slow": {"run": "sleep 30", "timeout": "50ms"}}})
    done = run_on(starting.start_execution("test")).execution
    found = only(State.TIMED_OUT)
    assert (found.execution, found.task, found.words) == (done.id, "slow", "took longer than its 50 ms")
    assert found.controls == (Control.RERUN,)
    ended = found.since
    assert isinstance(ended, datetime)
    assert active.timed_out_since(ended, 5) and not active.timed_out_since(ended + timedelta(milliseconds=1), 5)
    with database.transaction():
        database.execute("UPDATE executions SET deleted_at = ?", (times.to_ms(times.now()),))
    assert list_activities().activities == ()


def test_a_long_queue_is_counted_and_not_read(store: Store) -> None:
    store({"tasks": {"a": {"run": "true"}}})
    for _ in range(103):
        starting.start_execution("test")
    now = list_activities()
    assert (len(now.activities), now.left_out, now.counts[State.WAITING]) == (100, 3, 103)


def test_the_usual_time_of_what_runs_is_known(store: Store) -> None:
    store(
        {
            "params": {"type": "object", "properties": {"s": {"type": "number"}}},
            "tasks": {"a": {"run": "sleep {{ params.s }}"}},
        }
    )
    for _ in range(3):
        run_on(starting.start_execution("test", {"s": 0}))
    execution = starting.start_execution("test", {"s": 30})
    with serving():
        found = about(execution, Cause.TASK)
        assert found.usual_ms is not None and found.late_after_ms is not None and found.usual_ms <= found.late_after_ms
        stop(execution)


def test_the_terminal_tells_the_same(store: Store, smartspec: Callable[..., Said], db: Path) -> None:
    store({"name": "holder", "tasks": {"a": {"manual": "Go on?"}}})
    execution = starting.start_execution("holder")
    with serving():
        only(State.ASKED)
        said = smartspec("--db", str(db), "now")
        assert "Waits for you  holder #1" in said.out and "a asks: “Go on?”" in said.out
        assert "1 waits for you; 1 of 10 at once." in said.out
        stop(execution)


def test_rows_of_an_execution_that_is_gone_meanwhile_are_none(db: Path) -> None:
    assert active.open_tasks([ExecutionPk(7)]) == {7: []}
    assert isinstance(list_activities(), Now)
