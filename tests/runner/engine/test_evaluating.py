"""Expressions where an execution evaluates them: what was cut is told, and what has no end fails its task alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from smartspec.commands import control, starting
from smartspec.runner.worker import Worker
from smartspec.sandbox import processes
from tests.clock import until
from tests.conftest import ROOT, Ran, Said, ran, sandboxes
from tests.runner.engine.conftest import status_of
from tests.serving import serving

Run = Callable[..., Ran]
PRINT = "import sys; sys.stdout.write('[' + ','.join(['1'] * {}) + ']')"


@pytest.fixture(autouse=True)
def _no_sandbox_at_first() -> None:
    processes.close()


def cut(count: int, template: str) -> dict[str, Any]:
    return {"tasks": {"a": {"python": PRINT.format(count), "outputs": {"rows": template}}}}


@pytest.mark.parametrize(
    "template", ["{{ result.stdout | fromjson | length }}", "{{ (result.stdout | fromjson) | map('string') | list }}"]
)
def test_a_template_that_fails_on_what_was_cut_says_so(run: Run, template: str) -> None:
    ran = run(cut(50_000, template))
    assert ran.row("a").status_reason == "outputs: rows"
    assert "Only the last 64 KiB of stdout are kept for templates; write to $SMARTSPEC_OUTPUT." in (
        ran.row("a").error or ""
    )


def test_what_was_not_cut_is_told_as_it_is(run: Run) -> None:
    ran = run({"tasks": {"a": {"run": "echo '[1'", "outputs": {"rows": "{{ result.stdout | fromjson }}"}}}})
    assert "this is not JSON" in (ran.row("a").error or "") and "64 KiB" not in (ran.row("a").error or "")
    ran = run(cut(32_767, "{{ result.stdout | fromjson | length }}"))  # 65,535 bytes
    assert ran.row("a").output == {"rows": 32_767}


def test_a_later_task_is_told_what_was_cut_before_it(run: Run) -> None:
    ran = run({"tasks": {
        "a": {"python": PRINT.format(50_000)},
        "b": {"needs": ["a"], "run": "true", "env": {"X": "{{ tasks.a.result.stdout | fromjson | length }}"}},
    }})  # fmt: skip
    assert ran.row("b").status_reason == "template: env.X"
    assert "Only the last 64 KiB of stdout" in (ran.row("b").error or "")


# What has no end, everywhere a template can stand

ENDLESS = "15 | round(1000000000, 'ceil')"
GREEDY = "('x' * 100000) | list | map('center', 100000) | list | length"
WHOLE = f"{{{{ {GREEDY} }}}}"
A = {"run": "true"}
PLACES: dict[str, tuple[dict[str, Any], str]] = {
    "if": ({"tasks": {"a": {**A, "if": f"({GREEDY}) > 1"}}}, "failed template: if"),
    "condition": ({"tasks": {"a": {"condition": f"({GREEDY}) > 1", "then": ["b"]}, "b": A}}, "failed template: condition"),
    "with_items": ({"tasks": {"a": {**A, "with_items": WHOLE}}}, "failed template: with_items"),
    "env": ({"tasks": {"a": {**A, "env": {"X": f"{{{{ {ENDLESS} }}}}"}}}}, "failed template: env.X"),
    "run": ({"tasks": {"a": {"run": f"echo {WHOLE}"}}}, "failed template: run"),
    "command": ({"tasks": {"a": {"command": ["echo", WHOLE]}}}, "failed template: command"),
    "cwd": ({"tasks": {"a": {**A, "cwd": f"/{WHOLE}"}}}, "failed template: cwd"),
    "http": ({"tasks": {"a": {"http": {"url": f"http://127.0.0.1:1/{WHOLE}"}}}}, "failed template: http"),
    "input": ({"tasks": {"a": {"python": "x", "input": {"x": WHOLE}}}}, "failed template: input"),
    "manual": ({"tasks": {"a": {"manual": f"Is {WHOLE} right?"}}}, "failed template: manual"),
    "outputs": ({"tasks": {"a": {**A, "outputs": {"x": WHOLE}}}}, "failed outputs: x"),
    "until": ({"tasks": {"a": {**A, "retry": {"max": 1, "until": f"({ENDLESS}) > 1"}}}}, "failed template: until"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_has_no_end_fails_its_task_wherever_it_stands(run: Run, place: str) -> None:
    definition, words = PLACES[place]
    tasks = {**definition["tasks"], "other": A}
    ran = run({**definition, "tasks": tasks})
    assert ran.words()["a"] == words and ran.words()["other"] == "completed"
    time = r"took more than 2 s of processor time and was ended|had not ended after 10 s"  # the other on a busy machine
    limit = time if place in ("env", "until") else "needs more than 256 MiB of memory and was ended"
    assert re.search(f"({limit}); make it smaller, or let a task work it out\\.", ran.row("a").error or "")


def test_an_output_without_end_fails_the_execution(run: Run) -> None:
    ran = run({"tasks": {"a": A}, "output": {"x": WHOLE}})
    assert (ran.status, ran.execution.status_reason) == ("failed", "output")
    assert "was ended" in (ran.execution.error or "")


def test_a_handler_without_end_changes_no_result(run: Run) -> None:
    ran = run({"tasks": {"a": A}, "handlers": {"exit": {"run": f"echo {WHOLE}"}}})
    assert (ran.status, ran.words()["handlers.exit"]) == ("completed", "failed template: run")


# Who does not want to wait for it

LONG = "{{ range(99999) | map('string') | join | length }}"  # some time each, and within the limit


def slow(count: int, **more: Any) -> dict[str, Any]:
    env = {f"X{number}": LONG for number in range(count)}
    return {
        "tasks": {"a": {"run": "echo ran", "env": env}, "b": {"needs": ["a"], "if": "always()", "run": "true"}},
        **more,
    }


def is_evaluating() -> bool:
    return bool(sandboxes())


def test_a_cancel_does_not_wait_for_what_is_evaluated(store: Callable[..., Any], served: Worker) -> None:
    """A thousand slow expressions would take minutes; the task was not begun, and is cancelled as what waits is."""
    store(slow(3_000))
    execution = starting.start_execution("test")
    until(is_evaluating, 60)
    control.cancel_execution(execution.id)
    until(lambda: status_of(execution) == "cancelled", 120)
    assert ran(execution).words() == {"a": "cancelled user", "b": "cancelled user"}


def test_an_outputs_that_is_evaluated_at_a_cancel_is_cancelled(store: Callable[..., Any], served: Worker) -> None:
    store({"tasks": {"a": {"run": "true", "outputs": {f"x{number}": LONG for number in range(3_000)}}}})
    execution = starting.start_execution("test")
    until(is_evaluating, 60)
    control.cancel_execution(execution.id)
    until(lambda: status_of(execution) == "cancelled", 120)
    assert ran(execution).words() == {"a": "cancelled user"}


def test_the_limit_of_an_execution_counts_what_is_evaluated(run: Run) -> None:
    found = run(slow(3_000, timeout="1s", handlers={"exit": {"run": "true"}}))
    assert found.status == "timeout"
    assert found.words() == {"a": "cancelled timeout", "b": "cancelled timeout", "handlers.exit": "completed"}


def test_a_runner_that_leaves_does_not_wait_for_what_is_evaluated(store: Callable[..., Any], db: object) -> None:
    store(slow(3_000))
    execution = starting.start_execution("test")
    with serving():
        until(is_evaluating, 60)
    assert status_of(execution) == "interrupted"
    assert ran(execution).rows == ()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_ends_while_it_evaluates(
    home: Path, tmp_path: Path, smartspec: Callable[..., Said], number: int
) -> None:
    (tmp_path / "w.yaml").write_text(
        json.dumps({"smartspec": 1, "name": "w", "vars": slow(3_000)["tasks"]["a"]["env"], "tasks": {"a": A}})
    )
    assert smartspec("import", "w.yaml").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "smartspec", "run", "w"], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as running:  # fmt: skip
        try:
            until(lambda: psutil.Process(running.pid).children(), 60)
            [evaluating] = psutil.Process(running.pid).children()
            running.send_signal(number)
            said = running.communicate(timeout=60)[1]
        finally:
            running.kill()
    assert (running.returncode, said) == (130, "smartspec: The start was broken off; nothing was queued.\n")
    assert psutil.wait_procs([evaluating], timeout=60)[1] == []
    assert smartspec("history", "--json").json() == []
