"""Dependencies, ancestors, cycles and layers."""

from typing import Any

from smartspec.domain.definition import cycles, graph
from smartspec.domain.definition.model import Definition, read


def definition(tasks: dict[str, Any]) -> Definition:
    return read({"smartspec": 1, "name": "x", "tasks": tasks})


STEP = {"run": "true"}


def test_needs_branches_and_groups_are_dependencies() -> None:
    edges = graph.dependencies(definition({
        "a": STEP, "gate": {"needs": ["a"], "condition": True, "then": ["b"]}, "b": STEP,
        "group": {"needs": ["b"], "sequential": [{"one": STEP}, {"two": STEP}]},
        "end": {"needs": ["group"], **STEP}, "inner": {"needs": ["one"], **STEP},
    }))  # fmt: skip
    assert edges == {
        "a": (), "gate": ("a",), "b": ("gate",), "group": ("b",), "one": ("group",), "two": ("group", "one"),
        "end": ("group", "one", "two"), "inner": ("one",),
    }  # fmt: skip
    assert graph.ancestors(edges)("inner") == {"one", "group", "b", "gate", "a"}
    assert graph.downstream(edges, ["one"]) == {"one", "two", "end", "inner"}
    assert graph.layers(edges)["end"] == 6


def test_each_knot_is_named_once_as_a_path_from_its_first_task() -> None:
    edges = {"a": ("c",), "b": ("a",), "c": ("b",), "d": ("d",), "e": ("a",), "f": ("g",), "g": ("f", "a")}
    assert cycles.find_cycles(edges) == [["a", "c", "b", "a"], ["d", "d"], ["f", "g", "f"]]


def test_a_long_chain_is_no_problem() -> None:
    tasks = {f"t{i}": {**STEP, **({"needs": [f"t{i - 1}"]} if i else {})} for i in range(10_000)}
    edges = graph.dependencies(definition(tasks))
    assert cycles.find_cycles(edges) == []
    assert graph.layers(edges)["t9999"] == 9_999
    assert len(graph.ancestors(edges)("t9999")) == 9_999
