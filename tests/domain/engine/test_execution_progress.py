"""How far an execution is: what every end opens, what the whole comes to, and what a re-run keeps. Without a runner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from smartspec.domain import times
from smartspec.domain.definition import model
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task
from smartspec.domain.engine.carried_rows import carried_rows, row_status
from smartspec.domain.engine.execution_progress import ExecutionProgress, TaskEnd
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.domain.engine.states import TaskStatus as T
from smartspec.domain.execution import TaskExecution
from smartspec.value import field_names

RUN: dict[str, Any] = {"run": "true"}


def definition(tasks: dict[str, Any], **more: Any) -> Definition:
    return model.read({"smartspec": 1, "name": "test", "tasks": tasks, **more})


def progress(tasks: dict[str, Any], **more: Any) -> ExecutionProgress:
    return ExecutionProgress(definition(tasks, **more))


def says_yes(task: Task, success: bool, failure: bool) -> bool:
    return True


def says_failure(task: Task, success: bool, failure: bool) -> bool:
    return failure


def says_success(task: Task, success: bool, failure: bool) -> bool:
    return success


def end(progress: ExecutionProgress, name: str, status: T, reason: str | None = None, outputs: Any = None) -> list[str]:
    return progress.end(name, TaskEnd(status, reason, outputs))


def row(task: str, status: T, reason: str | None = None, *, round: int = 1, item: int | None = None) -> TaskExecution:
    values: dict[str, Any] = dict.fromkeys(field_names(TaskExecution))
    begun = status is not T.SKIPPED and not (reason or "").startswith("template")
    values |= {
        "task": task, "status": status, "status_reason": reason, "round": round, "attempt": round,
        "item_index": item or 0, "item": item, "started_at": times.now() if begun else None,
    }  # fmt: skip
    return TaskExecution(**values)


def kept(definition: Definition, rows: Iterable[TaskExecution], round: int = 2) -> dict[str, list[int]]:
    """The items that are kept, by task."""
    return {name: sorted(items) for name, items in carried_rows(definition, tuple(rows), round).rows.items()}


# Ends


def test_an_end_opens_what_waits_for_it_and_nothing_else() -> None:
    done = progress({"a": RUN, "b": {**RUN, "needs": ["a"]}, "c": {**RUN, "needs": ["b"]}, "d": RUN})
    assert done.decide("b", says_yes) is None
    assert end(done, "a", T.COMPLETED) == ["b"]
    assert done.decide("b", says_yes) == "run"
    assert done.decide("c", says_yes) is None


def test_what_has_started_or_ended_is_not_open() -> None:
    done = progress({"a": RUN})
    assert done.is_open("a")
    done.start("a")
    assert not done.is_open("a")
    assert done.views["a"]["status"] == "running"
    end(done, "a", T.COMPLETED)
    assert not done.is_open("a")


def test_the_end_of_a_condition_opens_what_it_names() -> None:
    tasks = {"c": {"condition": "true", "then": ["a"], "else": ["b"]}, "a": RUN, "b": RUN}
    done = progress(tasks)
    assert done.decide("a", says_yes) is None
    assert end(done, "c", T.COMPLETED, outputs={"taken": "then"}) == ["a", "b"]
    assert (done.decide("a", says_yes), done.decide("b", says_yes)) == ("run", "not_taken")


@pytest.mark.parametrize(
    ("tolerant", "status", "reason", "decision"),
    [(False, T.FAILED, "template: condition", "needs_failed"), (True, T.FAILED, "template: condition", "needs_skipped"),
     (False, T.SKIPPED, "if", "needs_skipped"), (False, T.SKIPPED, "needs_failed", "needs_failed"),
     (True, T.CANCELLED, "user", "needs_failed")],
)  # fmt: skip
def test_a_door_that_did_not_open(tolerant: bool, status: T, reason: str, decision: str) -> None:
    done = progress({"c": {"condition": "true", "then": ["a"], "continue_on_error": tolerant}, "a": RUN})
    end(done, "c", status, reason)
    assert done.decide("a", says_yes) == decision


def test_an_opened_door_counts_the_own_needs_alone() -> None:
    tasks = {"idle": RUN, "c": {"condition": "true", "then": ["a"]}, "a": {**RUN, "needs": ["idle"]}}
    done = progress(tasks)
    end(done, "idle", T.SKIPPED, "if")
    end(done, "c", T.COMPLETED, outputs={"taken": "then"})
    assert done.decide("a", says_yes) == "needs_skipped"


@pytest.mark.parametrize(
    ("first", "second", "success", "failure"),
    [(T.COMPLETED, T.FAILED, "run", "run"), (T.COMPLETED, T.COMPLETED, "run", "if"), (T.FAILED, T.FAILED, "if", "run")],
)
def test_what_success_and_failure_say_under_join_any(first: T, second: T, success: str, failure: str) -> None:
    done = progress({"a": RUN, "b": RUN, "c": {**RUN, "needs": ["a", "b"], "join": "any", "if": "failure()"}})
    end(done, "a", first)
    end(done, "b", second)
    assert (done.decide("c", says_success), done.decide("c", says_failure)) == (success, failure)


def test_templates_see_what_a_task_came_to() -> None:
    done = progress({"a": RUN})
    assert done.views["a"] == {"status": "pending", "outputs": {}, "result": None, "error": None, "exit_code": None}
    done.end("a", TaskEnd(T.FAILED, "exit 3", {"n": 1}, {"stdout": "x"}, "no", 3))
    assert done.views["a"] == {
        "status": "failed", "outputs": {"n": 1}, "result": {"stdout": "x"}, "error": "no", "exit_code": 3,
    }  # fmt: skip


def test_the_counters_know_the_tolerated_and_the_timed_out() -> None:
    tolerated = {**RUN, "continue_on_error": True}
    done = progress({"a": RUN, "b": tolerated, "c": RUN, "d": RUN, "e": RUN, "f": tolerated})
    ends = (T.COMPLETED, T.FAILED, T.TIMEOUT, T.SKIPPED, T.CANCELLED, T.COMPLETED)
    for name, status in zip("abcdef", ends, strict=True):
        end(done, name, status)
    assert done.counts == {"completed": 2, "failed": 1, "tolerated": 1, "skipped": 1, "cancelled": 1}


# Groups

GROUP = {"g": {"sequential": [{"x": RUN}, {"y": RUN}]}, "after": {"run": "true", "needs": ["g"]}}


def test_a_member_waits_for_its_group_and_for_the_steps_before_it() -> None:
    done = progress(GROUP)
    assert done.decide("x", says_yes) is None
    assert done.start("g") == ["x", "y"]
    assert (done.decide("x", says_yes), done.decide("y", says_yes)) == ("run", None)
    assert end(done, "x", T.SKIPPED, "if") == ["y", "g"]
    assert done.decide("y", says_yes) == "run"  # a skipped step does not stop the next


def test_a_group_ends_with_its_last_member() -> None:
    done = progress(GROUP)
    assert done.group_result("g") is None
    done.start("g")
    end(done, "x", T.COMPLETED, outputs={"n": 1})
    assert done.group_result("g") is None
    end(done, "y", T.COMPLETED)
    result = done.group_result("g")
    assert result is not None
    assert (result.status, result.reason, result.outputs) == (T.COMPLETED, None, {"x": {"n": 1}, "y": {}})


@pytest.mark.parametrize(("status", "expected"), [(T.FAILED, T.FAILED), (T.SKIPPED, T.COMPLETED)])
def test_a_group_fails_through_a_member(status: T, expected: T) -> None:
    done = progress(GROUP)
    done.start("g")
    end(done, "x", status, "exit 1" if status is T.FAILED else "if")
    end(done, "y", T.COMPLETED)
    result = done.group_result("g")
    assert result is not None and result.status is expected
    assert result.reason == ("members" if expected is T.FAILED else None)


# fail_fast


@pytest.mark.parametrize(
    ("status", "reason", "tolerant", "decision"),
    [(T.COMPLETED, None, False, "run"), (T.FAILED, "exit 1", False, "fail_fast"), (T.TIMEOUT, None, False, "fail_fast"),
     (T.FAILED, "exit 1", True, "run"), (T.SKIPPED, "if", False, "run"), (T.CANCELLED, "child", False, "fail_fast")],
)  # fmt: skip
def test_fail_fast_is_tripped_by_a_broken_task_alone(status: T, reason: str, tolerant: bool, decision: str) -> None:
    done = progress({"a": {**RUN, "continue_on_error": tolerant}, "b": RUN}, fail_fast=True)
    assert not done.tripped
    end(done, "a", status, reason)
    assert done.tripped is (decision == "fail_fast")
    assert done.decide("b", says_yes) == decision


def test_without_fail_fast_nothing_is_held_back() -> None:
    done = progress({"a": RUN, "b": RUN})
    end(done, "a", T.FAILED)
    assert done.decide("b", says_yes) == "run"
    assert not done.stopped_by_failure(done.definition.tasks["b"])


def test_a_member_trips_fail_fast_only_through_its_group() -> None:
    done = progress(GROUP, fail_fast=True)
    done.start("g")
    end(done, "x", T.FAILED)
    assert not done.tripped
    end(done, "y", T.SKIPPED, "needs_failed")
    assert not done.tripped
    end(done, "g", T.FAILED, "members")
    assert done.tripped


@pytest.mark.parametrize(
    ("condition", "decision"),
    [("failure()", "run"), ("always()", "run"), ("success()", "fail_fast"), ("true", "fail_fast")],
)
def test_fail_fast_leaves_alone_what_asks_of_failures(condition: str, decision: str) -> None:
    done = progress({"a": RUN, "b": RUN, "c": {**RUN, "needs": ["b"], "if": condition}}, fail_fast=True)
    end(done, "a", T.FAILED)
    end(done, "b", T.COMPLETED)
    assert done.decide("c", says_yes) == decision


def test_what_its_needs_skip_keeps_their_reason() -> None:
    done = progress({"a": RUN, "b": {**RUN, "needs": ["a"]}, "c": {**RUN, "needs": ["b"]}, "d": RUN}, fail_fast=True)
    end(done, "a", T.FAILED)
    assert [done.decide(name, says_yes) for name in "bcd"] == ["needs_failed", None, "fail_fast"]
    end(done, "b", T.SKIPPED, "needs_failed")
    assert done.decide("c", says_yes) == "needs_failed"


# The whole


@pytest.mark.parametrize(
    ("ends", "status", "reason"),
    [({"a": (T.COMPLETED, None), "b": (T.SKIPPED, "if")}, E.COMPLETED, None),
     ({"a": (T.SKIPPED, "if"), "b": (T.SKIPPED, "needs_skipped")}, E.COMPLETED, None),
     ({"a": (T.FAILED, None), "b": (T.FAILED, None)}, E.FAILED, "task: a"),
     ({"a": (T.SKIPPED, "needs_failed"), "b": (T.TIMEOUT, None)}, E.FAILED, "task: b"),
     ({"a": (T.COMPLETED, None), "b": (T.CANCELLED, "child")}, E.FAILED, "task: b")],
)  # fmt: skip
def test_the_result_names_the_first_that_failed_itself(ends: dict[str, Any], status: E, reason: str | None) -> None:
    done = progress({"a": RUN, "b": RUN})
    for name, (ended, why) in ends.items():
        end(done, name, ended, why)
    assert done.result() == (status, reason)


def test_members_count_through_their_group() -> None:
    done = progress(
        {"g": {"parallel": {"x": RUN}, "continue_on_error": True}, "after": {**RUN, "needs": ["x"]}, "z": RUN}
    )
    done.start("g")
    done.end("x", TaskEnd(T.FAILED, "exit 1", error="It ended with 1."))
    end(done, "g", T.FAILED, "members")
    end(done, "z", T.COMPLETED)
    end(done, "after", T.COMPLETED)
    assert done.result() == (E.COMPLETED, None)
    done = progress({"g": {"parallel": {"x": RUN}}})
    done.start("g")
    done.end("x", TaskEnd(T.FAILED, "exit 1", error="It ended with 1."))
    end(done, "g", T.FAILED, "members")
    assert done.result() == (E.FAILED, "task: g")
    assert done.error_of("g") == ("x", "It ended with 1.")


def test_where_only_a_skip_is_broken_the_member_is_named() -> None:
    done = progress({"g": {"parallel": {"x": RUN}, "continue_on_error": True}, "after": {**RUN, "needs": ["x"]}})
    done.start("g")
    end(done, "x", T.FAILED, "exit 1")
    end(done, "g", T.FAILED, "members")
    end(done, "after", T.SKIPPED, "needs_failed")
    assert done.result() == (E.FAILED, "task: x")


# What a re-run keeps


def test_a_rerun_keeps_all_but_the_broken_and_what_follows_them() -> None:
    tasks = {
        "a": RUN, "b": RUN, "c": {**RUN, "needs": ["b"]}, "d": {**RUN, "needs": ["c"], "if": "always()"},
        "lint": {**RUN, "continue_on_error": True}, "e": {**RUN, "if": "false"},
    }  # fmt: skip
    ends = {"a": T.COMPLETED, "b": T.FAILED, "c": T.SKIPPED, "d": T.COMPLETED, "lint": T.FAILED, "e": T.SKIPPED}
    reasons = {"c": "needs_failed", "e": "if"}
    rows = [row(name, status, reasons.get(name)) for name, status in ends.items()]
    assert kept(definition(tasks), rows) == {"a": [0], "lint": [0], "e": [0]}


def test_a_rerun_decides_the_side_of_a_broken_condition_anew() -> None:
    tasks = {"c": {"condition": "true", "then": ["a"], "else": ["b"]}, "a": RUN, "b": RUN, "z": RUN}
    rows = [row("c", T.FAILED, "template: condition"), row("z", T.COMPLETED),
            *(row(name, T.SKIPPED, "needs_failed") for name in "ab")]  # fmt: skip
    assert kept(definition(tasks), rows) == {"z": [0]}


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(("status", "reason"), [(T.FAILED, "members"), (T.CANCELLED, "user")])
def test_of_a_group_that_did_not_work_the_completed_members_stay(tolerant: bool, status: T, reason: str) -> None:
    tasks = {
        "g": {"continue_on_error": tolerant, "sequential": [{"x": RUN}, {"y": RUN}, {"z": RUN}]},
        "member": {**RUN, "needs": ["z"]}, "group": {**RUN, "needs": ["g"]}, "first": {**RUN, "needs": ["x"]},
    }  # fmt: skip
    rows = [row("g", status, reason), row("x", T.COMPLETED), row("y", T.FAILED), row("z", T.SKIPPED, "needs_failed"),
            row("member", T.SKIPPED, "needs_failed"), row("group", T.COMPLETED), row("first", T.COMPLETED)]  # fmt: skip
    assert kept(definition(tasks), rows) == {"x": [0], "first": [0]}


def test_groups_within_groups_go_on_too() -> None:
    inner = {"sequential": [{"x": RUN}, {"y": RUN}], "continue_on_error": True}
    tasks = {"outer": {"parallel": {"inner": inner, "z": RUN}}, "other": {"parallel": {"w": RUN}}}
    rows = [row("outer", T.COMPLETED), row("inner", T.FAILED, "members"), row("x", T.COMPLETED), row("y", T.FAILED),
            row("z", T.COMPLETED), row("other", T.COMPLETED), row("w", T.COMPLETED)]  # fmt: skip
    assert kept(definition(tasks), rows) == {"x": [0], "z": [0], "other": [0], "w": [0]}


def test_members_below_a_broken_task_run_anew() -> None:
    tasks = {"a": RUN, "g": {"parallel": {"x": RUN}, "needs": ["a"], "if": "always()"}}
    rows = [row("a", T.FAILED), row("g", T.COMPLETED), row("x", T.COMPLETED)]
    assert kept(definition(tasks), rows) == {}


def test_of_items_the_broken_ones_run_again_unless_something_above_does() -> None:
    items = {**RUN, "with_items": [1, 2, 3]}
    rows = [row("e", T.COMPLETED, item=1), row("e", T.FAILED, item=2), row("e", T.SKIPPED, "fail_fast", item=3)]
    found = carried_rows(definition({"e": items}), rows, 2)
    assert ({name: [*each] for name, each in found.rows.items()}, found.continuing) == ({"e": [1]}, frozenset({"e"}))
    below = definition({"a": RUN, "e": {**items, "needs": ["a"], "if": "always()"}})
    found = carried_rows(below, [row("a", T.FAILED), *rows], 2)
    assert (found.rows, found.continuing) == ({}, frozenset({"a"}))


def test_what_a_later_round_kept_counts_in_the_next() -> None:
    tasks = {"a": RUN, "b": RUN, "c": RUN}
    rows = [row("a", T.COMPLETED), row("b", T.FAILED), row("c", T.FAILED), row("b", T.COMPLETED, round=2),
            row("c", T.FAILED, round=2)]  # fmt: skip
    assert kept(definition(tasks), rows, 1) == {"a": [0], "b": [0], "c": [0]}
    assert kept(definition(tasks), rows, 2) == {"a": [0], "b": [0], "c": [0]}
    assert kept(definition(tasks), rows, 3) == {"a": [0], "b": [0]}


def test_a_task_without_rows_is_decided_anew() -> None:
    tasks = {"a": RUN, "b": {**RUN, "needs": ["a"]}}
    assert kept(definition(tasks), [row("b", T.COMPLETED)]) == {}


# Rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([row("e", T.COMPLETED, item=1), row("e", T.FAILED, "exit 1", item=2)], (T.FAILED, "items")),
     ([row("e", T.COMPLETED, item=1)], (T.COMPLETED, None)),
     ([row("e", T.SKIPPED, "needs_failed")], (T.SKIPPED, "needs_failed")),
     ([row("e", T.FAILED, "template: with_items")], (T.FAILED, "template: with_items")),
     ([replace(row("e", T.COMPLETED, "no_items"), started_at=None)], (T.COMPLETED, "no_items")),
     ([row("e", T.FAILED, "exit 1")], (T.FAILED, "items"))],  # of one item that is null
)  # fmt: skip
def test_the_rows_of_a_task_say_what_it_came_to(rows: list[TaskExecution], expected: tuple[T, str | None]) -> None:
    task = definition({"e": {**RUN, "with_items": [1]}}).tasks["e"]
    assert row_status(task, {each.item_index: [each] for each in rows}) == expected
