"""The test vectors of the semantics: real definitions, run for real, with the outcomes that they must have."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from smartspec.commands import control, definitions, starting
from smartspec.commands.database import close_connection
from smartspec.domain.times import parse_duration_ms
from tests.conftest import Ran, as_source, ran, run_on

VECTORS = [
    vector
    for name in ("semantics.yaml", "semantics-2.yaml")
    for vector in yaml.safe_load((Path(__file__).parents[1] / "data" / name).read_text(encoding="utf-8"))
]


def completed(vector: dict[str, Any], definition: dict[str, Any]) -> dict[str, Any]:
    return {"pack": "acceptance", "concurrency": 4, "name": vector["name"], **definition}


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 40


@pytest.mark.parametrize(
    "vector", [each for each in VECTORS if "invalid" not in each["expect"]], ids=lambda each: each["name"]
)
def test_a_definition_does_what_it_means(vector: dict[str, Any], store: Callable[..., Any]) -> None:
    for other in vector.get("also", []):
        store(completed(vector, other))
    ref = store(completed(vector, vector["workflow"])).workflow.ref
    execution = starting.start_execution(ref, vector.get("input"))
    if "cancel_at" in vector:
        cancel_later(execution.id, parse_duration_ms(vector["cancel_at"]) / 1000)
    done = run_on(execution)
    if vector.get("then") == "rerun":
        done = run_on(control.rerun_failed(execution.id))
    compare(done, vector["expect"])


def cancel_later(id_: str, seconds: float) -> None:
    def cancel() -> None:
        control.cancel_execution(id_)
        close_connection()

    threading.Timer(seconds, cancel).start()


def compare(done: Ran, expect: dict[str, Any]) -> None:
    assert done.status == expect["execution"], (done.execution.status_reason, done.execution.error, done.words())
    if "output" in expect:
        assert done.execution.output == expect["output"]
    by_task: dict[str, dict[int, str]] = {}
    for row in done.rows:
        word = row.status.value
        if word == "skipped":
            word += " " + (row.status_reason or "").partition(":")[0]
        by_task.setdefault(row.task, {})[row.item_index] = word
    assert {name: shape(items, expect["tasks"].get(name)) for name, items in by_task.items()} == expect["tasks"]
    for key, statuses in expect.get("attempts", {}).items():
        match = re.fullmatch(r"([\w.]+?)(?:\[(\d+)\])?", key)
        assert match is not None
        assert done.attempts(match[1], int(match[2] or 0)) == statuses, key


def shape(items: dict[int, str], wanted: object) -> object:
    """One word for a task; for one with items a list, unless it came to one word as a whole."""
    words = [items[index] for index in sorted(items)]
    if isinstance(wanted, list):
        return words
    if len(words) == 1:
        return words[0]
    return "completed" if {*words} == {"completed"} else "failed"


@pytest.mark.parametrize(
    "vector", [each for each in VECTORS if "invalid" in each["expect"]], ids=lambda each: each["name"]
)
def test_a_definition_that_means_nothing_is_refused(vector: dict[str, Any], db: Path, tmp_path: Path) -> None:
    source = as_source(completed(vector, vector["workflow"]), tmp_path)
    errors = [each.path for each in definitions.check_definition([source])[source.name] if each.severity == "error"]
    for path in vector["expect"]["invalid"]:
        assert any(error.startswith(path) for error in errors)
    assert all(any(error.startswith(path) for path in vector["expect"]["invalid"]) for error in errors)


def test_nothing_else_changed_when_looked_at_again(run: Callable[..., Ran]) -> None:
    done = run({"tasks": {"a": {"run": "true"}}})
    assert ran(done.execution) == done


def test_what_was_kept_is_seen_by_what_runs_again(run: Callable[..., Ran]) -> None:
    """Members, items and conditions that a re-run keeps give their outputs to templates as they did."""
    write = 'echo v={} >> "$SMARTSPEC_OUTPUT"; true'
    tasks = {
        "g": {"parallel": {"x": {"run": write.format(1)}}},
        "lint": {
            "continue_on_error": True,
            "parallel": {
                "y": {"run": write.format(2)},
                "z": {"run": write.format(3) + '; test "$SMARTSPEC_ATTEMPT" -ge 2'},
            },
        },
        "each": {"with_items": [4, 5], "run": 'echo v="$SMARTSPEC_ITEM" >> "$SMARTSPEC_OUTPUT"'},
        "gate": {"condition": "true", "then": ["bad"]},
        "bad": {"needs": ["g", "lint", "each"], "run": 'test "$SMARTSPEC_ATTEMPT" -ge 2'},
    }
    seen = (
        "{{ tasks.x.outputs.v }} {{ tasks.g.outputs.x.v }} {{ tasks.y.status }} {{ tasks.lint.outputs.y.v }}"
        " {{ tasks.z.outputs.v }} {{ tasks.lint.status }} {{ tasks.each.outputs | map(attribute='v') | join('') }}"
        " {{ tasks.gate.outputs.taken }}"
    )
    done = run({"tasks": tasks, "output": {"seen": seen}})
    assert done.execution.status_reason == "task: bad"
    again = run_on(control.rerun_failed(done.execution.id))
    assert again.execution.output == {"seen": "1 1 completed 2 3 completed 45 then"}
    assert again.attempts("x") == again.attempts("y") == again.attempts("each", 1) == ["completed"]
    assert again.attempts("z") == ["failed", "completed"]
