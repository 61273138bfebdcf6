"""The history of other systems: every field, every word for a status, all lines or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartspec import errors
from smartspec.commands import executions, importing, metrics, workflows
from smartspec.domain.execution import Execution
from tests.conftest import Said, began, ended

LINE = {"workflow": "etl", "status": "success", "started_at": "2026-11-19T02:00:00Z", "duration_ms": 5300}
Imports = Callable[..., list[Execution]]


@pytest.fixture
def imports(db: Path, tmp_path: Path) -> Imports:
    """Import some lines; the answer is everything there is, oldest first."""

    def import_(*lines: Any) -> list[Execution]:
        path = tmp_path / "old.jsonl"
        path.write_text("".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in lines))
        importing.import_executions(path)
        return [*reversed(executions.list_executions().rows)]

    return import_


def test_a_line_becomes_an_execution_with_all_that_it_says(imports: Imports) -> None:
    (one,) = imports({
        **LINE, "status": "failure", "id": "01930000-0000-7000-8000-000000000001", "version": "2.1", "input": {"day": "mon"}, "output": [1], "error": "boom",
        "note": "from cron", "trigger": "cron", "triggered_by": "root", "user_name": "ada", "session_id": "s", "correlation_id": "c", "created_at": "2026-11-19T01:59:00Z",
    })  # fmt: skip
    assert (one.label, one.kind, one.status, one.id) == (
        "etl #1",
        "external",
        "failed",
        "01930000-0000-7000-8000-000000000001",
    )
    assert (one.workflow_version, one.input, one.output, one.error, one.note) == (
        "2.1",
        {"day": "mon"},
        [1],
        "boom",
        "from cron",
    )
    assert (one.trigger, one.triggered_by, one.user_name, one.session_id, one.correlation_id) == (
        "cron",
        "root",
        "ada",
        "s",
        "c",
    )
    assert one.duration_ms == 5300 and (ended(one) - began(one)).total_seconds() == 5.3
    assert one.created_at.isoformat() == "2026-11-19T01:59:00+00:00"
    assert [event.type for event in executions.list_events(one.id).rows] == ["execution_failed"]
    assert [each.label for each in executions.search_executions("boom wf:etl").rows] == ["etl #1"]


@pytest.mark.parametrize(("word", "status", "reason"), [
    ("completed", "completed", None), ("succeeded", "completed", None), ("success", "completed", None), ("partially_succeeded", "completed", None),
    ("Failed", "failed", None), ("failure", "failed", None), ("abandoned", "failed", "interrupted"), ("timeout", "timeout", None), ("timed_out", "timeout", None),
    ("cancelled", "cancelled", None), ("canceled", "cancelled", None), ("aborted", "cancelled", None), ("rejected", "cancelled", None), ("stopped", "cancelled", None),
])  # fmt: skip
def test_each_word_for_an_end(imports: Imports, word: str, status: str, reason: str | None) -> None:
    (one,) = imports({**LINE, "status": word})
    assert (one.status, one.status_reason) == (status, reason)


def test_of_a_file_with_problems_nothing_is_kept(imports: Imports) -> None:
    with pytest.raises(errors.Invalid) as raised:
        imports(LINE, {**LINE, "stauts": 1}, {**LINE, "status": "running"})
    assert [problem.line for problem in raised.value.problems] == [2, 3]
    assert executions.list_executions().rows == () and workflows.list_workflows().rows == ()


def test_the_same_id_twice_or_again_is_refused(imports: Imports) -> None:
    line = {**LINE, "id": "01930000-0000-7000-8000-000000000001"}
    with pytest.raises(errors.Invalid, match="a problem"):
        imports(line, line)
    imports(line)
    with pytest.raises(errors.Invalid) as raised:
        imports(LINE, line)
    assert "is here already" in raised.value.problems[0].sentence and raised.value.problems[0].line == 2
    assert executions.count_executions() == 1


def test_numbers_follow_the_times_and_go_on(imports: Imports) -> None:
    found = imports(
        {**LINE, "note": "late", "started_at": "2026-11-19T03:00:00Z"},
        {**LINE, "note": "early"},
        {**LINE, "workflow": "other"},
    )
    assert {(each.label, each.note) for each in found} == {("etl #1", "early"), ("etl #2", "late"), ("other #1", None)}
    assert imports({**LINE, "started_at": "2026-11-19T04:00:00Z"})[-1].label == "etl #3"


def test_counts_are_kept_as_if_each_had_ended_here(imports: Imports) -> None:
    imports(
        *(
            {**LINE, "status": word, "duration_ms": number * 100}
            for number, word in enumerate(["success", "failure", "success", "aborted", "timed_out"])
        )
    )
    before = metrics.workflow_metrics("etl")
    assert before
    metrics.rebuild_metrics()
    assert metrics.workflow_metrics("etl") == before


def test_from_the_terminal(smartspec: Callable[..., Said], file: Callable[[str, str], Path]) -> None:
    path = file("old.jsonl", json.dumps(LINE) + "\n")
    said = smartspec("import-executions", str(path))
    assert said.out == "One execution was imported. New: default.etl.\n"
    assert "etl #1" in smartspec("history", "etl").out
    bad = smartspec("import-executions", str(file("bad.jsonl", "{}\n")))
    assert (
        bad.code == 2
        and "bad.jsonl: 3 problems; nothing was imported." in bad.err
        and "1:1: error: workflow" in bad.err
    )
    assert smartspec("import-executions", "nowhere.jsonl").code == 4
    assert smartspec("call", "import_executions", json.dumps({"path": str(path)})).json()["count"] == 1
