"""Record by hand: nothing counts before Start, nothing is left running by Esc, times can be given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication

from smartspec.commands import executions, recording
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus as E
from smartspec.errors import Invalid, InvalidTransition
from smartspec.gui.pages.workflows.record_dialog import RecordDialog
from tests.gui.conftest import CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def dialog(desktop: Desktop, imported: Import) -> RecordDialog:
    desktop.go("workflows", imported(CHAIN), "overview")
    desktop.do("record")
    return desktop.dialog(RecordDialog)


def test_nothing_begins_before_start(desktop: Desktop, dialog: RecordDialog) -> None:
    assert dialog.go.text() == "Start"
    desktop.press("Esc", dialog)
    assert QApplication.activeModalWidget() is None
    assert not executions.list_executions().rows


def test_it_is_recorded_while_it_is_done(desktop: Desktop, dialog: RecordDialog) -> None:
    desktop.click(dialog.go)
    assert executions.list_executions().rows[0].status is E.RUNNING
    assert dialog.go.text() == "Finish"
    dialog.note.setPlainText("Swapped the disk")
    desktop.press("Ctrl+Return", dialog)
    execution = executions.list_executions().rows[0]
    assert (execution.status, execution.note, execution.kind) == (E.COMPLETED, "Swapped the disk", "external")
    assert desktop.toast == "Recorded chain #1"


def test_esc_leaves_nothing_running(desktop: Desktop, dialog: RecordDialog) -> None:
    desktop.click(dialog.go)
    desktop.press_in_question("Cancel")
    dialog.reject()
    desktop.settle()
    assert executions.list_executions().rows[0].status is E.RUNNING
    assert dialog.isVisible()
    desktop.press_in_question("End as cancelled")
    dialog.reject()
    desktop.settle()
    assert executions.list_executions().rows[0].status is E.CANCELLED


def test_it_can_go_on_without_the_dialog_where_that_is_wanted(desktop: Desktop, dialog: RecordDialog) -> None:
    desktop.click(dialog.go)
    desktop.click(dialog.keep)
    assert executions.list_executions().rows[0].status is E.RUNNING


def test_what_is_done_has_its_times_its_outcome_and_its_error(desktop: Desktop, dialog: RecordDialog) -> None:
    dialog.when.segments[1].click()
    dialog.start.setText("2026-11-16 10:00")
    dialog.end.setText("2026-11-16 09:00")
    assert dialog.problem == "It cannot have ended before it began."
    dialog.end.setText("2026-11-16 10:30")
    assert dialog._lasted.text() == "took 30 m"
    dialog.outcome.segments[1].click()
    dialog.note.setPlainText("The disk was full")
    desktop.click(dialog.go)
    execution = executions.list_executions().rows[0]
    assert (execution.status, execution.error, execution.duration_ms) == (E.FAILED, "The disk was full", 1_800_000)
    assert execution.started_at == datetime(2026, 11, 16, 10).astimezone()


def test_what_cannot_have_been_is_refused(desktop: Desktop, imported: Import) -> None:
    id_, now = imported(CHAIN), times.now()
    hour = timedelta(hours=1)
    with pytest.raises(Invalid, match="later than now"):
        recording.record_execution(id_, now - hour, now + hour, Report(E.COMPLETED))
    with pytest.raises(InvalidTransition):
        recording.record_execution(id_, now - hour, now, Report(E.PENDING))
