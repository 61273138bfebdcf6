"""Expressions where an execution evaluates them: what was cut is told, and what has no end fails its task alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
ENDLESS = "[1] | slice(1000000000) | list | length"
PRINT = "import sys; sys.stdout.write('[' + ','.join(['1'] * {}) + ']')"


def cut(count: int, template: str) -> dict[str, Any]:
    return {"tasks": {"a": {"python": PRINT.format(count), "outputs": {"rows": template}}}}


@pytest.mark.parametrize(
    "template", ["{{ result.stdout | fromjson | length }}", "{{ (result.stdout | fromjson) | map('string') | list }}"]
)
def test_a_template_that_fails_on_what_was_cut_says_so(run: Run, template: str) -> None:
    ran = run(cut(50_000, template))
    assert ran.row("a").status_reason == "outputs: rows"
    assert "only the last 64 KiB of stdout are kept for templates; write to $SMARTSPEC_OUTPUT." in (
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
    assert "only the last 64 KiB of stdout" in (ran.row("b").error or "")
