"""What is newer than a backup is written where it can be brought back from, whatever the ledger looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import database, executions, importing, newer_export, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.errors import Invalid, Stopped
from tests.conftest import Ran

BROKEN = """smartspec: 1
name: broken
tasks:
  good: {run: echo fine}
  bad: {needs: [good], run: "echo before; exit 3", retry: {max: 1, delay: 10ms}}
"""


def exported(db: Path, within: Path) -> newer_export.Exported:
    (kept,) = database.list_backups(db)
    return newer_export.export_newer(db, kept, within)


def test_everything_comes_back_with_its_tasks_and_times(db: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    workflows.create_workflow("before")
    before = recording.begin_execution("before")
    database.back_up_database()
    recording.end_execution(before.id, Report(ExecutionStatus.FAILED, error="it broke"))
    ended = run(BROKEN)
    failed, rows = ended.execution, ended.rows
    done = exported(db, tmp_path)
    assert (done.executions, done.gone_on, done.texts, done.is_whole) == (1, 1, 1, True)
    assert (done.folder / "workflows" / "default.broken-v1.yaml").read_text() == BROKEN
    (gone_on,) = (done.folder / "ended-since.jsonl").read_text().splitlines()
    assert json.loads(gone_on)["error"] == "it broke"
    database.forget_database()
    database.restore_database(db)
    assert executions.get_execution(before.id).status is ExecutionStatus.INTERRUPTED
    importing.import_executions(done.folder / "executions.jsonl")
    found = executions.get_execution(failed.id)
    assert (found.status, found.error, found.started_at) == (failed.status, failed.error, failed.started_at)
    again = executions.list_task_executions(failed.id)
    assert [(each.task, each.status, each.attempt, each.exit_code) for each in again] == [
        (each.task, each.status, each.attempt, each.exit_code) for each in rows
    ]


def test_what_cannot_be_written_leaves_nothing(db: Path, tmp_path: Path) -> None:
    database.back_up_database()
    workflows.create_workflow("later")
    recording.end_execution(recording.begin_execution("later").id, Report(ExecutionStatus.COMPLETED))
    (kept,) = database.list_backups(db)
    with pytest.raises(Stopped):
        newer_export.export_newer(db, kept, tmp_path / "out", lambda _: False)
    assert not any((tmp_path / "out").iterdir())
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(Invalid, match="cannot be written"):
        newer_export.export_newer(db, kept, file)
    first, second = exported(db, tmp_path / "out"), exported(db, tmp_path / "out")
    assert first.folder != second.folder and first.executions == second.executions == 1
