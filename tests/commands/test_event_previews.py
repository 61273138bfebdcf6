"""What an event would have started in the last days, said before there is a schedule."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import event_previews, files, schedule_events, schedule_runs, schedules, starting
from smartspec.domain import times
from smartspec.domain.schedule.rule import TriggerType
from smartspec.errors import Conflict, Invalid, WorkflowNotFound
from tests.conftest import run_on

Store = Callable[..., files.Imported]


def whats(expression: str) -> list[str] | None:
    past = event_previews.preview_event(expression).past
    return None if past is None else [each.what for each in past]


def test_files_that_fit_and_those_of_the_last_days_the_newest_first(db: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for name, days in (("old.pdf", 8), ("first.pdf", 6), ("last.pdf", 1), ("other.txt", 1)):
        (tmp_path / name).touch()
        at = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (at, at))
    found = event_previews.preview_event(f"file appeared {tmp_path}/*.pdf")
    assert [each.what for each in found.past or ()] == ["last.pdf", "first.pdf"]
    assert (found.fitting, found.folder, found.problem) == (("last.pdf", "first.pdf", "old.pdf"), str(tmp_path), None)
    missing = event_previews.preview_event(f"file changed {tmp_path}/no named *")
    assert (missing.past, str(missing.problem)) == (None, f"{tmp_path}/no is not there.")


def test_ends_of_a_workflow_that_fit(store: Store) -> None:
    for text in ("true", "false", "false", "true", "true"):
        store({"name": "sound", "tasks": {"a": {"run": text}}})
        run_on(starting.start_execution("sound"))
    assert whats("workflow completed sound") == ["#5", "#4", "#1"]
    assert whats("workflow failed default.sound") == ["#3", "#2"]
    assert whats("workflow recovered sound") == ["#4"]
    with pytest.raises(WorkflowNotFound):
        whats("workflow failed nobody")


def test_names_that_were_said(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule_events.fire_event("paper", {"n": 1})
    schedule_events.fire_event("other")
    schedule_events.fire_event("paper")
    assert whats("event paper") == ["", '{"n":1}']
    later = datetime.now(UTC) + timedelta(days=8)
    monkeypatch.setattr(times, "now", lambda: later)
    assert whats("event paper") == []
    assert whats("application started") is None, "nobody knows"


def test_one_is_run_by_hand_for_a_file(store: Store, tmp_path: Path) -> None:
    params = {"type": "object", "properties": {"file": {"type": "string"}}, "required": ["file"]}
    store({"name": "job", "params": params, "tasks": {"a": {"run": "true"}}})
    given = {"file": "{{ event.path }} {{ event.size }}"}
    schedules.create_schedule(
        "job", f"file appeared {tmp_path}/in", trigger_type=TriggerType.EVENT, name="papers", input=given
    )
    (tmp_path / "a.pdf").write_text("abc")
    made = schedule_runs.run_schedule("papers", file=str(tmp_path / "a.pdf"))
    assert (made.input, made.trigger) == ({"file": f"{tmp_path}/a.pdf 3"}, "manual")
    with pytest.raises(Invalid, match="is not there"):
        schedule_runs.run_schedule("papers", file=str(tmp_path / "b.pdf"))
    with pytest.raises(Conflict, match="--for FILE"):
        schedule_runs.run_schedule("papers")
    schedules.create_schedule("job", "0 3 * * *", name="night", input={"file": "x"})
    with pytest.raises(Invalid, match="waits for no files"):
        schedule_runs.run_schedule("night", file=str(tmp_path / "a.pdf"))
