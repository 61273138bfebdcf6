"""Random definitions, run for real, against the rules said once more (`model.py`): every row of every attempt agrees."""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from smartspec.commands import control, files, starting
from smartspec.domain.engine import trigger_rule
from tests.conftest import Ran, as_source, run_on
from tests.runner.model import BROKEN_TEMPLATE, NEVER, SUCCEEDS_FROM_ITEM, Model, flattened, succeeds

FULL = os.environ.get("SMARTSPEC_FAULTS") == "full"
EXAMPLES = 2_000 if FULL else 120
numbers = count(1)

commands = st.sampled_from([1, 1, 1, NEVER, NEVER, 2, 3]).map(succeeds)
conditions = st.sampled_from(
    ["true", "false", "success()", "failure()", "failure()", "always()", "always()", "success() or failure()",
     "not failure()", "always() and not failure()", "{{ 1 }}"]
)  # fmt: skip
sometimes = st.sampled_from([False, False, False, True])


@st.composite
def work(draw: st.DrawFn, fail_fast: bool) -> dict[str, Any]:
    """A command that succeeds from some attempt on, with items, with retries, or with a template that fails."""
    spec: dict[str, Any] = {"run": draw(commands)}
    if draw(sometimes):
        spec |= {"run": SUCCEEDS_FROM_ITEM, "with_items": draw(st.lists(st.sampled_from([1, 1, 2, NEVER]), max_size=3))}
        if draw(sometimes):
            spec |= {"fail_fast": True, "concurrency": 1}
    elif draw(sometimes):
        spec["env"] = {"X": BROKEN_TEMPLATE}
    if draw(sometimes) and not fail_fast:  # there, it would count who comes first: a retry or the next task
        spec["retry"] = {"max": draw(st.integers(1, 2)), "delay": "0s"}
    return spec | draw(tolerated)


tolerated = st.sampled_from([{}, {}, {}, {"continue_on_error": True}])


@st.composite
def group(draw: st.DrawFn, names: Any, fail_fast: bool, deep: bool = False) -> dict[str, Any]:
    kind = draw(st.sampled_from(["parallel", "sequential"]))
    members: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 3))):
        name = next(names)
        inner = not deep and draw(sometimes)
        member = draw(group(names, fail_fast, True)) if inner else draw(work(fail_fast))
        if draw(sometimes):
            member["if"] = draw(conditions)
        members.append({name: member})
    inside = {name: member for one in members for name, member in one.items()} if kind == "parallel" else members
    return {kind: inside} | draw(tolerated)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    fail_fast = draw(sometimes)
    names = (f"t{number}" for number in count(1))
    tasks: dict[str, Any] = {}
    for _ in range(draw(st.integers(2, 6))):
        name, kind = next(names), draw(st.sampled_from(["work", "work", "work", "group", "condition"]))
        if kind == "condition":
            tasks[name] = {"condition": draw(st.sampled_from(["true", "false", BROKEN_TEMPLATE]))} | draw(tolerated)
        else:
            tasks[name] = draw(group(names, fail_fast) if kind == "group" else work(fail_fast))
    _connect(draw, tasks)
    more: dict[str, Any] = {"fail_fast": True, "concurrency": 1} if fail_fast else {}
    if draw(sometimes):
        handlers = draw(st.sets(st.sampled_from(["success", "failure", "exit"]), min_size=1))
        more["handlers"] = {name: {"run": draw(commands)} for name in sorted(handlers)}
    return {"tasks": tasks, **more}


def _connect(draw: st.DrawFn, tasks: dict[str, Any]) -> None:
    """Needs, also of members; `join`, `if`, and what a condition names."""
    before: list[str] = []
    named: set[str] = set()
    for name, spec in tasks.items():
        needs = draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else []
        if needs:
            spec["needs"] = sorted(needs)
            spec["join"] = draw(st.sampled_from(["all", "all", "any", len(needs)]))
        if draw(sometimes) and (needs or spec.get("condition") is None):
            condition = draw(conditions)
            if needs or "failure" not in condition:
                spec["if"] = condition
        before += [*flattened({name: spec})]
    for name, spec in tasks.items():
        later = [each for each in [*tasks][[*tasks].index(name) + 1 :] if each not in named]
        if "condition" in spec and later:
            sides = draw(st.lists(st.sampled_from(later), unique=True, min_size=1, max_size=3))
            spec["then"], spec["else"] = sides[:1], sides[1:]
            named |= {*sides}
        elif "condition" in spec:
            del spec["condition"]
            spec["run"] = succeeds(1)


def played(definition: dict[str, Any], rerun: bool) -> tuple[str, dict[str, list[str]]]:
    model = Model(definition)
    status = model.play()
    if rerun and status == "failed":
        status = model.rerun()
    return status, {f"{name}[{item}]": words for (name, item), words in sorted(model.rows.items())}


def ran_for_real(definition: dict[str, Any], rerun: bool, folder: Path) -> tuple[str, dict[str, list[str]]]:
    full = {**definition, "name": f"case {next(numbers)}"}
    done = run_on(starting.start_execution(files.import_workflows([as_source(full, folder)])[0].workflow.id))
    if rerun and done.status == "failed":
        done = run_on(control.rerun_failed(done.execution.id))
    return done.status, rows_of(done)


def rows_of(done: Ran) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for row in sorted(done.rows, key=lambda row: (row.task, row.item_index, row.attempt)):
        reason = f" {row.status_reason}" if row.status == "skipped" else ""
        rows.setdefault(f"{row.task}[{row.item_index}]", []).append(row.status.value + reason)
    return rows


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(definition=definitions(), rerun=st.booleans())
def test_what_runs_is_what_the_rules_say(definition: dict[str, Any], rerun: bool, db: Path, tmp_path: Path) -> None:
    note(json.dumps(definition, indent=1))
    assert ran_for_real(definition, rerun, tmp_path) == played(definition, rerun)


def test_the_negative_control_a_rule_that_is_turned_is_found(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Skips of a ✗ that count as if nothing had failed: the comparison sees it."""
    definition = {"tasks": {"a": {"run": succeeds(NEVER)}, "b": {"run": succeeds(1), "needs": ["a"]}}}
    definition["tasks"]["c"] = {"run": succeeds(1), "needs": ["b"]}
    assert ran_for_real(definition, False, tmp_path) == played(definition, False)
    monkeypatch.setattr(trigger_rule, "BROKEN_SKIPS", frozenset())
    assert ran_for_real(definition, False, tmp_path) != played(definition, False)
