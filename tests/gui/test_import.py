"""Importing files: each is looked at, and taken as a version, as a draft or not at all; it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from smartspec.commands import files, versions, workflow_sources, workflows, working_copies
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.gui.shell.importing.dialog import ImportDialog
from tests.gui.conftest import CHAIN, Desktop

WRONG = "smartspec: 1\nname: wrong\ntasks:\n  a: {run: x, needs: [b]}\n"
WARNED = CHAIN.replace("run: echo third", 'run: "echo {{ config.host }}"')
Import = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "flows"
    made.mkdir()
    return made


def write(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [folder / f"{name}.yaml" for name in texts]


def preview(desktop: Desktop, *chosen: Path) -> ImportDialog:
    desktop.window.window_actions.preview([*chosen])
    desktop.settle()
    return desktop.dialog(ImportDialog)


def states(dialog: ImportDialog) -> dict[str, tuple[str, bool]]:
    return {each.file: (each.word, each.is_taken) for each in dialog.model.items}


def show(dialog: ImportDialog, file: str) -> None:
    row = [each.file for each in dialog.model.items].index(file)
    dialog.list.setCurrentIndex(dialog.model.index(row))


def store(folder: Path, name: str, text: str) -> str:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    source = workflow_sources.read_source(folder / f"{name}.yaml")
    return files.import_workflows([source])[0].workflow.id


def test_a_folder_dropped_on_the_window_is_looked_at_file_by_file(desktop: Desktop, folder: Path) -> None:
    store(folder, "same", CHAIN.replace("name: chain", "name: same"))
    store(folder, "chain", CHAIN)
    write(folder, chain=WARNED, fresh=CHAIN.replace("name: chain", "name: fresh"), wrong=WRONG)
    (folder / "compose.yaml").write_text("services: {web: {image: nginx}}\n", encoding="utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.yaml").write_text(CHAIN, encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    at, copy, left, no = QPointF(100, 100), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(at.toPoint(), copy, mime, left, no)
    desktop.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    desktop.window.dropEvent(QDropEvent(at, copy, mime, left, no))
    desktop.settle()
    dialog = desktop.dialog(ImportDialog)
    assert states(dialog) == {
        "chain.yaml": ("Changed", True), "fresh.yaml": ("New", True), "wrong.yaml": ("Problems", True),
        "same.yaml": ("Unchanged", False), "compose.yaml": ("Left out", False),
    }  # fmt: skip
    assert dialog.import_button.text() == "Import 3, 1 as a draft"
    dialog.reject()


def test_a_warning_does_not_hide_what_would_change(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    dialog = preview(desktop, *write(folder, chain=WARNED))
    assert dialog.detail.diff.isVisible() and dialog.detail.diff.counts == (1, 1)
    assert dialog.detail.band.isVisible() and "template" in dialog.detail.band.texts[0]
    dialog.reject()


def test_errors_stand_above_the_difference_and_block_no_other_file(desktop: Desktop, folder: Path) -> None:
    good = CHAIN.replace("name: chain", "name: good")
    dialog = preview(desktop, *write(folder, good=good, wrong=WRONG))
    show(dialog, "wrong.yaml")
    assert "There is no task “b”" in dialog.detail.band.texts[0] and dialog.detail.diff.isVisible()
    assert dialog.import_button.text() == "Import 2, 1 as a draft"
    desktop.click(dialog.import_button)
    assert workflows.get_workflow("good").status is WorkflowStatus.ACTIVE
    assert workflows.get_workflow("wrong").status is WorkflowStatus.DRAFT
    assert "Imported 2 workflows" in desktop.toast


def test_what_is_offered_for_an_error_is_taken_by_a_link_and_the_file_stays(desktop: Desktop, folder: Path) -> None:
    wrong = CHAIN.replace("needs: [second]", "needs: [secnd]").replace("name: chain", "name: wrong")
    write(folder, chain=CHAIN, wrong=wrong)
    dialog = preview(desktop, folder)
    show(dialog, "wrong.yaml")
    desktop.settle()
    band = dialog.detail.band
    assert [each.text() for each in band.fixes] == ["Did you mean second?"] and band.fixes[0].isVisible()
    desktop.click(band.fixes[0])
    assert states(dialog)["wrong.yaml"] == ("New", True)
    assert band.texts == ["Mended here: what is imported differs from the file, which stays as it is."]
    assert dialog.list.currentIndex().data() == "wrong.yaml" and dialog.import_button.text() == "Import 2"
    desktop.click(next(each for each in band.findChildren(QPushButton) if each.text() == "Undo"))
    assert states(dialog)["wrong.yaml"] == ("Problems", True) and len(band.fixes) == 1
    dialog.activateWindow()
    desktop.wait(dialog.isActiveWindow)
    desktop.press("Alt+Return", dialog)
    desktop.press("Ctrl+Return", dialog)
    assert (folder / "wrong.yaml").read_text(encoding="utf-8") == wrong
    assert versions.latest_version("wrong").source == wrong.replace("secnd", "second")


def test_one_that_is_changed_on_the_disk_meanwhile_is_not_mended_any_more(desktop: Desktop, folder: Path) -> None:
    write(folder, wrong=CHAIN.replace("needs: [second]", "needs: [secnd]"))
    dialog = preview(desktop, folder / "wrong.yaml")
    dialog.activateWindow()
    desktop.wait(dialog.isActiveWindow)
    desktop.press("Alt+Return", dialog)
    assert dialog.model.items[0].is_mended
    write(folder, wrong=CHAIN.replace("needs: [first]", "needs: [frst]"), other=WRONG)
    dialog.add([folder / "other.yaml"])
    desktop.settle()
    show(dialog, "wrong.yaml")
    assert [each.text() for each in dialog.detail.band.fixes] == ["Did you mean first?"]
    dialog.reject()


def test_undo_takes_an_import_back(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    good = CHAIN.replace("name: chain", "name: good")
    dialog = preview(desktop, *write(folder, chain=WARNED, good=good, wrong=WRONG))
    desktop.click(dialog.import_button)
    assert versions.latest_version("chain").source == WARNED
    desktop.do("undo")
    assert versions.latest_version("chain").source == CHAIN
    assert [each.name for each in workflows.list_workflows().rows] == ["chain"]


def test_as_drafts_nothing_that_runs_changes(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    dialog = preview(desktop, *write(folder, chain=WARNED))
    dialog.drafts.setChecked(True)
    assert dialog.import_button.text() == "Import as a draft" and dialog.detail.new.text() == "draft"
    desktop.click(dialog.import_button)
    assert versions.latest_version("chain").source == CHAIN
    copy = working_copies.get_working_copy("chain")
    assert copy is not None and copy.source == WARNED


def test_what_nobody_saved_is_named_before_it_is_replaced(desktop: Desktop, folder: Path) -> None:
    id_ = store(folder, "chain", CHAIN)
    working_copies.save_working_copy(id_, CHAIN + "# mine\n")
    dialog = preview(desktop, *write(folder, chain=WARNED))
    assert any("nobody saved" in text for text in dialog.detail.band.texts)
    desktop.click(dialog.import_button)
    assert versions.latest_version("chain").source == WARNED
    assert desktop.window.toast.isVisible() and not desktop.window.toast.can_undo


def test_space_takes_a_file_or_leaves_it_and_f8_goes_to_the_next_problem(desktop: Desktop, folder: Path) -> None:
    good = CHAIN.replace("name: chain", "name: good")
    dialog = preview(desktop, *write(folder, good=good, wrong=WRONG))
    assert QApplication.focusWidget() is dialog.list
    desktop.press("Space", dialog.list)
    assert states(dialog)["good.yaml"] == ("New", False) and dialog.import_button.text() == "Import as a draft"
    desktop.press("F8", dialog)
    assert dialog.list.currentIndex().data() == "wrong.yaml"
    desktop.press("Space", dialog.list)
    assert dialog.import_button.text() == "Import" and not dialog.import_button.isEnabled()
    desktop.click(dialog.all)
    assert dialog.import_button.text() == "Import 2, 1 as a draft"
    dialog.reject()


def test_two_files_of_one_name_are_told_apart_before_anything_is_stored(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    other = folder / "elsewhere"
    other.mkdir()
    dialog = preview(desktop, *write(other, chain=WARNED))
    assert states(dialog) == {"chain.yaml": ("Changed", False)} and dialog.detail.way.isVisible()
    desktop.press("Space", dialog.list)
    assert not dialog.import_button.isEnabled()
    dialog.detail.way.setCurrentIndex(dialog.detail.way.findData("name"))
    dialog.detail.way.activated.emit(dialog.detail.way.currentIndex())
    desktop.click(dialog.import_button)
    assert {each.name for each in workflows.list_workflows().rows} == {"chain", "chain 2"}
    assert versions.latest_version("chain").source == CHAIN


def test_a_folder_without_workflows_says_so(desktop: Desktop, folder: Path) -> None:
    dialog = preview(desktop, folder)
    assert dialog.states.currentWidget() is not dialog.states.content and not dialog.import_button.isEnabled()
    dialog.add(write(folder, chain=CHAIN))
    desktop.settle()
    assert states(dialog) == {"chain.yaml": ("New", True)}
    dialog.reject()


def test_what_was_imported_is_selected_in_the_list(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    other = store(folder, "other", CHAIN.replace("name: chain", "name: other"))
    desktop.go("workflows", other, "definition")
    far = CHAIN.replace("name: chain", "name: far\npack: a-pack")
    dialog = preview(desktop, *write(folder, chain=WARNED, far=far))
    desktop.click(dialog.import_button)
    pane = desktop.workflows.workflow_list
    desktop.wait(lambda: pane.model.pack_names() == ["a-pack", "default"], 5)
    desktop.settle()
    assert desktop.workflows.workflow.name == "chain" == desktop.workflows.header.title.full_text
    assert [each.name for each in pane.selected()] == ["chain"]


def test_another_folder_to_run_in_is_named(desktop: Desktop, folder: Path) -> None:
    store(folder, "chain", CHAIN)
    (folder / "chain.yaml").unlink()
    other = folder / "elsewhere"
    other.mkdir()
    dialog = preview(desktop, *write(other, chain=CHAIN.replace("echo third", "echo last")))
    assert [str(folder) in text for text in dialog.detail.band.texts] == [True]
    desktop.click(dialog.import_button)
    assert workflows.get_workflow("chain").folder == str(other) and not desktop.window.toast.can_undo
