"""Whatever a file says, it is answered with problems and never with a traceback."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartspec.domain.definition.check import check
from smartspec.domain.definition.parse import parse
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid

SAMPLES = sorted((Path(__file__).parents[3] / "resources/samples").glob("*.yaml"))
VECTORS = yaml.safe_load((Path(__file__).parents[2] / "data/semantics.yaml").read_text(encoding="utf-8"))
DEFINITIONS = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in SAMPLES] + [
    {"smartspec": 1, "name": each["name"], **each["workflow"]} for each in VECTORS
]
ODD: list[Json] = [
    None, True, 0, -1, 1.5, 10**30, "", "x", "{{", "{{ x }}", "{{ 1 if }}", "{% x %}", "a.b", "all", "any", "10m", "exit 7", [], [[]],
    [None], ["a", "a"], {}, {"a": None}, {"run": "x"}, {"max": -1}, {"type": "object"}, {"": ""}, "{{ tasks }}", "{{ tasks[0] }}",
    "{{ failure() }}", "cancelled()", "always()", "{{ params.a.b.c }}", "{{ item }}", "9**9**9", {"x-y": 1}, "☃",
]  # fmt: skip
KEYS = [
    "run", "command", "python", "http", "tool", "workflow", "condition", "parallel", "sequential", "wait", "manual", "needs", "join",
    "if", "then", "else", "with_items", "retry", "timeout", "env", "outputs", "input", "params", "config", "vars", "defaults", "tasks",
    "handlers", "output", "concurrency", "uses", "x", "",
]  # fmt: skip


def mutated(tree: Any, chance: random.Random) -> Any:
    """The tree with one thing in it replaced, removed or added."""
    tree = copy.deepcopy(tree)
    places = [node for node in walk(tree) if isinstance(node, dict | list)]
    node = chance.choice(places)
    if isinstance(node, dict):
        key = chance.choice([*node, *KEYS]) if node else chance.choice(KEYS)
        if key in node and chance.random() < 0.3:
            del node[key]
        else:
            node[key] = copy.deepcopy(chance.choice(ODD))
    elif node and chance.random() < 0.5:
        node[chance.randrange(len(node))] = copy.deepcopy(chance.choice(ODD))
    else:
        node.append(copy.deepcopy(chance.choice(ODD)))
    return tree


def walk(tree: Any) -> list[Any]:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [tree, *(each for child in inner for each in walk(child))]


def checked(text: str, source_format: str) -> None:
    try:
        found = check(parse(text, source_format), lambda ref: None)
    except Invalid as error:
        assert error.problems
        return
    assert all(each.sentence.strip() and each.line for each in found.problems)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_definition_that_was_tampered_with(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    tree = chance.choice(DEFINITIONS)
    for _ in range(changes):
        tree = mutated(tree, chance)
    checked(json.dumps(tree), "json")


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["yaml", "json"]))
def test_any_text_at_all(text: str, source_format: str) -> None:
    checked(text, source_format)
