"""What the terminal shows of an execution that goes on: what runs now, and nothing that ran before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Said

AGAIN = """
smartspec: 1
name: again
tasks:
  kept: {run: echo kept}
  lint: {run: "echo lint; false", continue_on_error: true}
  broken: {run: 'echo "round $SMARTSPEC_ATTEMPT"; test "$SMARTSPEC_ATTEMPT" -ge 2'}
  after: {needs: [broken], run: echo after}
"""


def test_a_rerun_prints_only_what_runs_now(terminal: Callable[..., Said], file: Callable[[str, str], Path]) -> None:
    first = terminal("run", str(file("again.yaml", AGAIN)))
    assert first.code == 10
    assert {"kept | kept", "lint | lint", "broken | round 1"} <= {*first.out.splitlines()}
    again = terminal("rerun", "again")
    assert again.code == 0
    assert {"broken | round 2", "after | after"} <= {*again.out.splitlines()}
    for gone in ("kept", "lint", "round 1"):
        assert gone not in again.out


def test_resume_prints_only_what_runs_now(
    terminal: Callable[..., Said], file: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pauses = f'"{sys.executable}" -m smartspec pause "$SMARTSPEC_EXECUTION_ID" && echo first'
    text = (
        f"smartspec: 1\nname: paused\ntasks:\n  one: {{run: '{pauses}'}}\n  two: {{needs: [one], run: echo second}}\n"
    )
    paused = terminal("run", str(file("paused.yaml", text)))
    assert paused.code == 12, paused  # it pauses itself as its last act: the runner cannot have been told much before
    assert "one | first" in paused.out.splitlines() and "second" not in paused.out
    resumed = terminal("resume", "paused")
    assert resumed.code == 0
    assert "two | second" in resumed.out.splitlines() and "first" not in resumed.out


@pytest.mark.parametrize("option", [(), ("--raw",)])
def test_the_heading_of_a_log_begins_a_line_of_its_own(
    terminal: Callable[..., Said], file: Callable[[str, str], Path], option: tuple[str, ...]
) -> None:
    tasks = "  a: {run: printf no-end}\n  b: {needs: [a], run: echo whole}\n  c: {needs: [b], run: echo last}\n"
    text = f"smartspec: 1\nname: open\ntasks:\n{tasks}"
    assert terminal("run", str(file("open.yaml", text))).code == 0
    shown = ["── a, attempt 1", "no-end", "── b, attempt 1", "whole", "── c, attempt 1", "last"]
    assert terminal("logs", "open", *option).out.splitlines() == shown
