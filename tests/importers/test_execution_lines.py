"""Lines of other systems: what each says, and everything that is wrong with them, in any language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smartspec.domain import times
from smartspec.domain.imported_execution import ImportedExecution
from smartspec.errors import Invalid, NotFound, Problem
from smartspec.importers.execution_lines import read_file, read_lines
from smartspec.messages import Message

LINE = {"workflow": "etl", "status": "success", "started_at": "2026-11-19T02:00:00Z", "duration_ms": 5300}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read(*lines: Any) -> tuple[list[ImportedExecution], list[Problem]]:
    return read_lines((each if isinstance(each, str) else json.dumps(each) for each in lines), NOW)


@pytest.mark.parametrize(
    "word",
    [
        "requested",
        "scheduling",
        "scheduled",
        "running",
        "in_progress",
        "queued",
        "waiting",
        "canceling",
        "pending",
        "paused",
        "interrupted",
    ],
)
def test_what_has_not_ended_is_refused(word: str) -> None:
    found, (problem,) = read({**LINE, "status": word})
    assert found == [] and "has not ended" in problem.sentence


@pytest.mark.parametrize(("moments", "created", "lasted"), [
    ({"started_at": "2026-11-19T02:00:00Z"}, "2026-11-19T02:00:00+00:00", 0),
    ({"completed_at": "2026-11-19T02:00:00+01:00", "duration_ms": 1000}, "2026-11-19T00:59:59+00:00", 1000),
    ({"started_at": 1_763_517_600, "completed_at": 1_763_517_601.5}, "2025-11-19T02:00:00+00:00", 1500),
    ({"started_at": 1_763_517_600_000, "completed_at": 1_763_517_601_500}, "2025-11-19T02:00:00+00:00", 1500),
    ({"created_at": "2026-11-19T01:00:00Z", "completed_at": "2026-11-19T02:00:00Z"}, "2026-11-19T01:00:00+00:00", 3_600_000),
])  # fmt: skip
def test_times_are_read_as_they_come(moments: dict[str, Any], created: str, lasted: int) -> None:
    (one,), problems = read({"workflow": "etl", "status": "success", **moments})
    assert problems == [] and times.from_ms(one.created_at).isoformat() == created
    assert one.completed_at - one.started_at == lasted


def test_every_problem_is_told_with_its_line() -> None:
    found, problems = read(
            LINE, "{oops", "[1]", {**LINE, "stauts": 1}, {"workflow": "x", "status": "success"}, "", {**LINE, "status": "dunno", "started_at": "noon"},
            {**LINE, "duration_ms": -1}, {**LINE, "completed_at": "2020-01-01T00:00:00Z"}, {**LINE, "started_at": "2090-01-01T00:00:00Z"}, {**LINE, "error": "a\0b"},
            {**LINE, "id": "x"}, {**LINE, "workflow": 3}, {**LINE, "trigger": "hand"}, '{"workflow": "x", "status": "success", "started_at": NaN}',
        )  # fmt: skip
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    told = "\n".join(map(str, problems))
    for words in ("is not JSON", "must be a JSON object", "did you mean “status”", "started_at or completed_at", "There is no status “dunno”", "is not a time", "not negative",
                  "ends before it starts", "in the future", "NUL", "must be a UUID", "“workflow” must be a text", "There is no trigger", "NaN is no JSON"):  # fmt: skip
        assert words in told, words
    assert [each.line for each in found] == [1]
    assert all(isinstance(problem.sentence, Message) for problem in problems)


@pytest.mark.parametrize(
    ("number", "path", "words"),
    [
        ("1e999", "completed_at", "between 1970 and 9999"),
        ("-1e999", "completed_at", "between 1970 and 9999"),
        ("1" * 400, "completed_at", "between 1970 and 9999"),
        ("1" * 5000, "", "a number that is too long to be read"),
    ],
    ids=["infinite", "negative", "long", "longer"],
)
def test_a_number_beyond_every_limit_is_told_and_the_next_line_read(number: str, path: str, words: str) -> None:
    line = json.dumps({**LINE, "completed_at": None}).replace("null", number)
    found, (problem,) = read(line, LINE)
    assert (problem.path, problem.line) == (path, 1) and words in problem.sentence
    assert [each.line for each in found] == [2]


def test_a_trigger_that_is_no_text_is_told() -> None:
    found, (problem,) = read({**LINE, "trigger": ["cron"]})
    assert found == [] and problem.path == "trigger" and "There is no trigger" in problem.sentence


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (3, "tasks[0] must be an object"), ({"name": "a"}, "tasks[0]: “status” is missing"),
        ({"name": "a", "status": "done?"}, "tasks[0].status: There is no status “done?”"),
        ({"name": "a", "status": "failed", "exit": 1}, "did you mean “exit_code”?"),
        ({"name": "a", "status": "failed", "exit_code": -999}, "It must be a whole number from -255 to 4,294,967,296."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_task_is_told_with_its_place(task: object, words: str) -> None:
    found, (problem,) = read({**LINE, "tasks": [task]})
    assert found == [] and problem.path == "tasks"
    assert isinstance(problem.sentence, Message) and words in problem.sentence


def test_an_id_that_an_earlier_line_has_is_told_with_that_line() -> None:
    line = {**LINE, "id": "01930000-0000-7000-8000-000000000001"}
    found, (problem,) = read(line, "", line)
    assert [each.line for each in found] == [1]
    assert (problem.line, problem.sentence) == (3, "The id 01930000-0000-7000-8000-000000000001 is that of line 1 too.")


def test_what_follows_an_object_or_is_too_deep_is_told() -> None:
    found, problems = read('{"workflow": "x"} {}', "[" * 100_000)
    assert found == [] and [each.line for each in problems] == [1, 2]
    assert "in column 18" in problems[0].sentence and "nested too deeply" in problems[1].sentence


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        read_file(tmp_path / "none", NOW)
    with pytest.raises(NotFound, match="cannot be read: "):
        read_file(tmp_path, NOW)
    (tmp_path / "latin").write_bytes(b"\xe4")
    with pytest.raises(Invalid, match=r"is not UTF-8 text \(byte 0\)"):
        read_file(tmp_path / "latin", NOW)
