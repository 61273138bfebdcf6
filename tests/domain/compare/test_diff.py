"""What differs between two versions, in words."""

from typing import Any

from smartspec.domain.compare import diff
from smartspec.messages import Message

TASKS: dict[str, Any] = {
    "a": {"run": "one"}, "b": {"run": "two", "needs": ["a"], "retry": {"max": 1}}, "c": {"run": "three", "needs": ["a", "b"]},
    "d": {"run": "four"}, "g": {"parallel": {"p": {"run": "p"}}},
}  # fmt: skip
OLD: dict[str, Any] = {
    "smartspec": 1, "name": "x", "timeout": "1h", "params": {"type": "object", "properties": {"day": {"type": "string"}}},
    "tasks": TASKS, "handlers": {"exit": {"run": "tidy"}},
}  # fmt: skip


def sentences(new: dict[str, Any]) -> list[str]:
    found = [each.sentence for each in diff.structure(OLD, new)]
    assert all(isinstance(each, Message) for each in found)
    return found


def test_the_same_in_another_order_is_no_difference() -> None:
    tasks = dict(reversed(TASKS.items()))
    tasks["c"] = {"needs": ["b", "a"], "run": "three"}
    assert sentences({**dict(reversed(OLD.items())), "tasks": tasks}) == []


def test_tasks_added_removed_renamed_and_moved_are_told() -> None:
    tasks = {
        "a": {"run": "one"}, "second": {"run": "two", "needs": ["a"], "retry": {"max": 1}},
        "c": {"run": "three", "needs": ["second"]}, "new": {"run": "new"}, "g": {"parallel": {"p": {"run": "p"}}},
    }  # fmt: skip
    assert sentences({**OLD, "tasks": tasks}) == [
        "task b renamed to second", "task d removed", "task new added", "tasks.c.needs: no longer a",
    ]  # fmt: skip


def test_changed_keys_are_told_with_both_values() -> None:
    tasks = {**TASKS, "b": {"run": "two!", "needs": ["a"], "retry": {"max": 3, "delay": "2s"}, "timeout": "5m"}}
    params = {"type": "object", "properties": {"day": {"type": "integer"}, "n": {"type": "integer"}}}
    new = {**OLD, "timeout": "2h", "tasks": tasks, "params": params, "handlers": {"failure": {"run": "call"}}}
    assert sentences(new) == [
        "timeout changed: 1h → 2h", "params.day.type changed: string → integer",
        'params.n added: {"type":"integer"}', "tasks.b.run changed: two → two!",
        "tasks.b.retry.max changed: 1 → 3", "tasks.b.retry.delay added: 2s", "tasks.b.timeout added: 5m", "handler exit removed",
        "handler failure added",
    ]  # fmt: skip


def test_a_task_that_went_into_a_group_has_moved() -> None:
    tasks = {**TASKS, "g": {"parallel": {"p": {"run": "p"}, "d": {"run": "four"}}}}
    del tasks["d"]
    assert "task d moved into the group g" in sentences({**OLD, "tasks": tasks})


def test_lines_are_a_unified_diff_whatever_the_newlines() -> None:
    assert diff.lines("a\r\nb\n", "a\nb\n", "1", "2") == ""
    assert diff.lines("a\nb\n", "a\nc\n", "1", "2").splitlines() == [
        "--- 1",
        "+++ 2",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
    ]
