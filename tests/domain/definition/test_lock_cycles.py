"""Locks that cross are seen where they can be: when a workflow is checked or imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Store = Callable[..., Any]
WORK = {"run": "true"}


def calls(*refs: str) -> dict[str, Any]:
    return {f"t{n}": {"workflow": ref} for n, ref in enumerate(refs)}


def warnings(store: Store, name: str, tasks: Mapping[str, Any] | None = None, **more: Any) -> list[str]:
    imported = store({"name": name, "tasks": tasks or {"a": WORK}, **more})
    return [problem.sentence for problem in imported.problems if problem.severity == "warning"]


def test_two_that_cross_are_named_with_their_ways(store: Store) -> None:
    assert warnings(store, "wants-x", uses=["x"]) == warnings(store, "wants-y", uses=["y"]) == []
    assert warnings(store, "has-x", calls("wants-y"), uses=["x"]) == []
    (told,) = warnings(store, "has-y", calls("wants-x"), uses=["y"])
    assert "default.has-x → default.wants-y waits for “y” while it holds “x”" in told
    assert "default.has-y → default.wants-x waits for “x” while it holds “y”" in told
    assert "start: deadlock" in told


def test_the_place_is_the_task_that_starts_the_other(
    store: Store, problems: Callable[..., list[tuple[str, str]]]
) -> None:
    for lock in "xy":
        store({"name": f"wants-{lock}", "uses": [lock], "tasks": {"a": WORK}})
    store({"name": "has-x", "uses": ["x"], "tasks": calls("wants-y")})
    ((path, _),) = problems({"name": "has-y", "uses": ["y"], "tasks": calls("wants-x")}, "warning")
    assert path == "tasks.t0.workflow"


def test_a_leaf_that_begins_to_want_a_lock_is_warned_of(store: Store) -> None:
    warnings(store, "leaf-1"), warnings(store, "leaf-2", uses=["x"])
    assert warnings(store, "has-x", calls("leaf-1"), uses=["x"]) == []
    assert warnings(store, "has-y", calls("leaf-2"), uses=["y"]) == []
    assert len(warnings(store, "leaf-1", uses=["y"])) == 1


def test_within_one_workflow_and_further_down(store: Store) -> None:
    for name, lock in (("deep-x", "x"), ("deep-y", "y")):
        warnings(store, name, uses=[lock])
    warnings(store, "between", calls("deep-y"))
    warnings(store, "left", calls("between"), uses=["x"])
    assert len(warnings(store, "right", calls("deep-x"), uses=["y"])) == 1
    assert len(warnings(store, "both", calls("left", "right"))) == 1


def test_a_turn_is_a_lock(store: Store) -> None:
    warnings(store, "inner", uses=["x"])
    warnings(store, "one", calls("inner"), max_running=1)
    (told,) = warnings(store, "outer", calls("one"), uses=["x"])
    assert "its turn (default.one)" in told


def test_no_warning_where_nothing_can_cross(store: Store) -> None:
    for lock in "xyg":
        warnings(store, f"wants-{lock}", uses=[lock])
    assert warnings(store, "a", calls("wants-y"), uses=["x"]) == []
    assert warnings(store, "b", calls("wants-y"), uses=["x"]) == []  # the same order
    assert warnings(store, "guarded-1", calls("wants-y"), uses=["g", "x"]) == []
    assert warnings(store, "guarded-2", calls("wants-x"), uses=["g", "y", "x"]) == []  # never beside each other
    assert warnings(store, "several", calls("wants-y"), uses=["x"], max_running=2) == []
    assert warnings(store, "own", calls("wants-x"), uses=["x"]) == []
