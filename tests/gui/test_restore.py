"""A backup is restored in the window: to a new place, over the ledger, stopped; what would be missing is exact."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from smartspec.commands import (
    database,
    executions,
    files,
    importing,
    recording,
    starting,
    workflow_sources,
    workflows,
)
from smartspec.commands.recording import Report
from smartspec.commands.safe_start import Newer, NewerVersion
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Origin, Trigger
from smartspec.gui.shell.restore.dialog import RestoreDialog
from smartspec.gui.shell.restore.newer_dialog import NewerDialog
from smartspec.gui.shell.restore.newer_list import NewerList, summed
from smartspec.gui.widgets.labels import Elided
from tests.gui.conftest import Desktop
from tests.gui.test_threads import elsewhere
from tests.holding import holding


def newer_of(dialog: RestoreDialog) -> Newer:
    newer = dialog.form.facts.newer
    assert newer is not None
    return newer


def record(status: ExecutionStatus = ExecutionStatus.COMPLETED) -> None:
    begun = recording.begin_execution("kept")
    recording.end_execution(begun.id, Report(status))


@pytest.fixture
def asked(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], RestoreDialog]:
    """The dialog over a ledger with one execution in its backup and seven newer ones."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def fill() -> None:
        workflows.create_workflow("kept")
        record()
        database.back_up_database()
        for _ in range(6):
            record()
        record(ExecutionStatus.FAILED)

    elsewhere(fill)
    desktop.settle()

    def open_() -> RestoreDialog:
        desktop.do("restore")
        dialog = desktop.dialog(RestoreDialog)
        desktop.wait(lambda: dialog.form.state.text() == "Verified")
        desktop.settle()
        return dialog

    return open_


def test_what_opens_is_a_new_place_and_says_what_is_only_in_yours(asked: Callable[[], RestoreDialog]) -> None:
    dialog = asked()
    assert dialog.form.beside.isChecked() and dialog.restore.text() == "Restore to the new place"
    assert dialog.form.newer_head.text() == "Newer, so only in yours: 7 executions"
    assert summed(newer_of(dialog)).startswith("In all 6 completed, 1 failed")
    dialog.form.in_place.click()
    assert dialog.form.newer_head.text() == "Newer, so not in the restored ledger: 7 executions"
    assert dialog.restore.text() == "Set mine aside and restore" and dialog.cancel.isDefault()
    dialog.reject()


def test_that_nothing_is_lost_is_said_only_where_that_is_known(qapp: object) -> None:
    told = NewerList()

    def said(versions: int, *, is_readable: bool) -> str:
        told.show_newer(Newer(versions=(NewerVersion("default.a", 1, "1.0.0"),) * versions, is_readable=is_readable))
        return [each.full_text for each in told.findChildren(Elided) if each.isVisibleTo(told)][-1]

    assert said(0, is_readable=True) == "Nothing is newer. You lose nothing."
    assert said(0, is_readable=False) == "Nothing that is newer was seen."
    assert said(2, is_readable=True) == "2 versions of workflows"
    assert said(1, is_readable=False) == "version 1.0.0 of default.a · not all of it can be read"


def test_a_folder_that_was_written_stays_whatever_is_chosen_and_found(
    desktop: Desktop, asked: Callable[[], RestoreDialog], tmp_path: Path
) -> None:
    dialog = asked()
    dialog.form.place.selectAll()
    desktop.type_text(dialog.form.place, str(tmp_path / "mine"))
    dialog.form.in_place.click()
    assert dialog.form.place.text() == str(desktop.file.parent)
    dialog.form.beside.click()
    assert dialog.form.place.text() == str(tmp_path / "mine")
    dialog.form._reader.learned.emit()  # as it comes where a backup is large
    assert dialog.form.place.text() == str(tmp_path / "mine")
    dialog.reject()


def test_a_new_place_is_made_and_opened_read_only(
    desktop: Desktop, asked: Callable[[], RestoreDialog], tmp_path: Path
) -> None:
    mine = desktop.file.read_bytes()
    dialog = asked()
    dialog.form.place.setText(str(tmp_path / "new"))
    desktop.click(dialog.restore)
    desktop.wait(lambda: desktop.window.ledger.bar.headline.text() == "This ledger is open read-only.")
    desktop.wait(lambda: "1 execution" in desktop.window.status.counts.text())
    desktop.settle()
    assert desktop.window.context.database == tmp_path / "new" / desktop.file.name
    assert desktop.file.exists() and len(mine) <= desktop.file.stat().st_size


def test_over_the_ledger_the_window_goes_on_with_the_restored_one(
    desktop: Desktop, asked: Callable[[], RestoreDialog]
) -> None:
    dialog = asked()
    dialog.form.in_place.click()
    window = desktop.window
    desktop.click(dialog.restore)
    desktop.wait(lambda: desktop.window is not window and "1 execution" in desktop.window.status.counts.text())
    desktop.settle()
    assert "Restored" in desktop.toast and any("aside" in each.name for each in desktop.file.parent.iterdir())
    elsewhere(record)
    desktop.wait(lambda: "2 executions" in desktop.window.status.counts.text())


def test_while_somebody_has_it_open_it_waits_and_stopping_keeps_mine(
    desktop: Desktop, asked: Callable[[], RestoreDialog]
) -> None:
    dialog = asked()
    with holding(desktop.file):
        dialog.form.in_place.click()
        window = desktop.window
        desktop.click(dialog.restore)
        desktop.wait(lambda: dialog.steps.at == 3)
        desktop.click(dialog.stop)
        desktop.wait(lambda: desktop.window is not window and "8 executions" in desktop.window.status.counts.text())
    desktop.settle()
    assert "Stopped" in desktop.message
    assert not any("aside" in each.name or "restoring" in each.name for each in desktop.file.parent.iterdir())


def test_a_folder_with_a_ledger_is_refused_while_one_types(
    desktop: Desktop, asked: Callable[[], RestoreDialog]
) -> None:
    dialog = asked()
    dialog.form.place.setText(str(desktop.file.parent))
    desktop.settle()
    assert "already" in dialog.problem and not dialog.restore.isEnabled()
    dialog.reject()


@pytest.mark.parametrize("text", ["", "here", "~nobody-of-this-name/x"])
def test_what_is_no_whole_path_is_refused_with_one_that_is(
    desktop: Desktop, asked: Callable[[], RestoreDialog], text: str
) -> None:
    dialog = asked()
    proposed = dialog.form.place.text()
    dialog.form.place.setText(text)
    desktop.settle()
    assert proposed in dialog.problem and not dialog.restore.isEnabled()
    dialog.form.place.setText(proposed)
    desktop.settle()
    assert not dialog.problem and dialog.restore.isEnabled()
    dialog.reject()


def test_a_folder_that_nobody_can_make_is_said_to_be_so(desktop: Desktop, asked: Callable[[], RestoreDialog]) -> None:
    dialog = asked()
    dialog.form.place.setText("/" + "x" * 300)
    desktop.settle()
    desktop.click(dialog.restore)
    desktop.wait(lambda: not dialog.is_running)
    assert "choose another folder" in dialog.problem
    dialog.reject()


@pytest.mark.parametrize("content", [b"", b"x" * 4096])
def test_a_backup_that_cannot_be_read_is_said_to_be_so_and_cannot_be_taken(
    desktop: Desktop, asked: Callable[[], RestoreDialog], content: bytes
) -> None:
    (kept,) = database.list_backups(desktop.file)
    Path(kept.path).write_bytes(content)
    desktop.do("restore")
    dialog = desktop.dialog(RestoreDialog)
    desktop.wait(lambda: dialog.form.state.text() == "Not as it was made")
    desktop.settle()
    assert not dialog.restore.isEnabled()
    told = [each.full_text for each in dialog.form.newer.findChildren(Elided) if each.isVisible()]
    assert told and "looked at" not in told[0]
    dialog.reject()


def test_all_that_is_newer_is_listed(desktop: Desktop, asked: Callable[[], RestoreDialog]) -> None:
    dialog = asked()
    dialog.form.newer.list_asked.emit()
    listed = desktop.dialog(NewerDialog)
    rows = listed.view.model()
    assert rows.rowCount() == 7 and rows.data(rows.index(0, 3)) == "Failed"
    listed.reject()
    dialog.reject()


def test_what_is_newer_is_exported_and_can_be_brought_back(
    desktop: Desktop, asked: Callable[[], RestoreDialog], tmp_path: Path
) -> None:
    dialog = asked()
    dialog.export_to(tmp_path)
    desktop.settle()
    (folder,) = [each for each in tmp_path.iterdir() if "newer-than" in each.name]
    told = [each.full_text for each in dialog.form.newer.findChildren(Elided) if each.isVisible()]
    assert told[-1] == f"7 executions that have ended, in {folder.name}"
    dialog.form.in_place.click()
    window = desktop.window
    desktop.click(dialog.restore)
    desktop.wait(lambda: desktop.window is not window and "1 execution" in desktop.window.status.counts.text())
    elsewhere(lambda: importing.import_executions(folder / "executions.jsonl"))
    desktop.wait(lambda: "8 executions" in desktop.window.status.counts.text())


def test_what_ends_while_one_reads_is_counted(desktop: Desktop, asked: Callable[[], RestoreDialog]) -> None:
    dialog = asked()
    elsewhere(record)
    desktop.wait(lambda: dialog.form.newer_head.text() == "Newer, so only in yours: 8 executions")
    dialog.reject()


def test_what_runs_ends_first_and_the_runner_comes_back(
    desktop: Desktop, asked: Callable[[], RestoreDialog], tmp_path: Path, file: Callable[[str, str], Path]
) -> None:
    from tests.faults.test_watched import serving

    source = file("slow.yaml", "smartspec: 1\nname: slow\ntasks: {t: {run: 'until [ -e go ]; do sleep 0.05; done'}}\n")

    def status() -> str:
        return executions.recent_executions("slow", limit=1)[0].status.value

    def start() -> None:
        files.import_workflows([workflow_sources.read_source(source)])
        starting.start_execution("slow", origin=Origin(Trigger.CLI))

    with serving(desktop.file):
        elsewhere(start)
        desktop.wait(lambda: status() == "running")
        dialog = asked()
        dialog.form.in_place.click()
        desktop.wait(lambda: dialog.told.full_text == "It takes a moment, once the 1 that runs has ended.")
        window = desktop.window
        desktop.click(dialog.restore)
        desktop.wait(lambda: dialog.steps.at == 3 and "Waiting for" in dialog.hint.text())
        (tmp_path / "go").touch()
        desktop.wait(lambda: desktop.window is not window and "1 execution" in desktop.window.status.counts.text())
        desktop.settle()
        assert "Restored" in desktop.toast
        elsewhere(start)
        desktop.wait(lambda: status() == "completed")


def test_the_program_ends_while_it_waits_and_nothing_has_changed(
    desktop: Desktop, asked: Callable[[], RestoreDialog]
) -> None:
    dialog = asked()
    with holding(desktop.file):
        dialog.form.in_place.click()
        desktop.click(dialog.restore)
        desktop.wait(lambda: dialog.steps.at == 3)
        desktop.program.close()
        desktop.wait(lambda: all(each.name != "restoring" for each in threading.enumerate()))
    assert not any("aside" in each.name or "restoring" in each.name for each in desktop.file.parent.iterdir())
    database.open_database(desktop.file)
    assert executions.count_executions() == 8
