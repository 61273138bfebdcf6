"""The page of workflows: list, overview, definition, config, versions, its executions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from shiboken6 import isValid

from smartspec.commands import (
    configs,
    executions,
    files,
    workflow_sources,
    workflows,
)
from smartspec.domain import times
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.gui.pages.workflows.config_dialogs import AddSettingDialog, AsOfDialog, HistoryDialog
from smartspec.gui.pages.workflows.record_dialog import RecordDialog
from smartspec.gui.pages.workflows.setting import JsonDialog
from smartspec.gui.widgets.chip import Chip
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def chain(desktop: Desktop, imported: Import) -> str:
    """The workflow `chain`, selected."""
    id_ = imported(CHAIN)
    desktop.go("workflows", id_)
    return id_


# The list


def test_the_list_finds_by_tag_too(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    imported("smartspec: 1\nname: other\ntags: [weekly-report]\ntasks: {a: {run: 'true'}}\n")
    pane = desktop.workflows.workflow_list
    pane.search.setText("weekly")
    desktop.wait(lambda: [each.workflow.name for each in pane.summaries] == ["other"])
    pane.search.setText("chai")
    desktop.wait(lambda: [each.workflow.name for each in pane.summaries] == ["chain"])


def test_the_list_groups_by_pack_and_tells_how_it_went(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    ran(BROKEN)
    ran(CHAIN)
    files.import_workflows(
        [workflow_sources.Source("x", CHAIN.replace("name: chain", "name: far\npack: office"), "yaml")]
    )
    desktop.settle()
    model = desktop.workflows.workflow_list.model
    assert model.pack_names() == ["default", "office"]
    spoken = [model.index(n, 0, model.index(0, 0)).data(int(Qt.ItemDataRole.AccessibleTextRole)) for n in range(2)]
    assert spoken == ["broken, Failed", "chain, Completed"]


def test_one_that_is_not_active_keeps_its_bars(
    desktop: Desktop, ran: Callable[..., Execution], imported: Import
) -> None:
    ran(CHAIN)
    imported(CHAIN.replace("name: chain", "name: never"))
    desktop.settle()
    with_bars = _bars(desktop, "chain")
    assert with_bars != _bars(desktop, "never")
    workflows.deactivate_workflow("chain")
    desktop.wait(
        lambda: any(
            each.workflow.status is WorkflowStatus.INACTIVE for each in desktop.workflows.workflow_list.summaries
        )
    )
    desktop.settle()
    assert _bars(desktop, "chain") == with_bars


def _bars(desktop: Desktop, name: str) -> QImage:
    """The place of the bars of a workflow, as it is painted."""
    view = desktop.workflows.workflow_list.view
    index = desktop.workflows.workflow_list.model.index_of(workflows.get_workflow(name).id)
    view.clearSelection()
    view.setCurrentIndex(QModelIndex())
    row = view.visualRect(index)
    grabbed: QPixmap = view.viewport().grab(row.adjusted(row.width() - 56, 4, -14, -4))
    return grabbed.toImage()


def test_search_as_you_type(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    imported(BROKEN)
    pane = desktop.workflows.workflow_list
    desktop.type_text(pane.search, "BRO")
    assert [each.workflow.name for each in pane.summaries] == ["broken"]
    desktop.type_text(pane.search, "zzz")
    assert pane.states.currentWidget() is not pane.states.content
    pane.search.clear()
    desktop.settle()
    assert len(pane.summaries) == 2


def test_rename_duplicate_activate_archive(desktop: Desktop, chain: str) -> None:
    desktop.do("rename")
    desktop.reply("Another name")
    assert workflows.get_workflow(chain).name == "Another name"
    assert desktop.workflows.header.title.full_text == "Another name"
    desktop.do("duplicate")
    desktop.reply("Another name copy")
    assert {each.name for each in workflows.list_workflows().rows} == {"Another name", "Another name copy"}
    desktop.go("workflows", chain)
    desktop.click(desktop.workflows.header.switch)
    assert workflows.get_workflow(chain).status is WorkflowStatus.INACTIVE
    assert desktop.workflows.header.state.text() == "Inactive"
    desktop.click(desktop.workflows.header.switch)
    assert workflows.get_workflow(chain).status is WorkflowStatus.ACTIVE
    desktop.do("archive")
    assert workflows.get_workflow(chain).status is WorkflowStatus.ARCHIVED
    desktop.do("undo")
    assert workflows.get_workflow(chain).status is not WorkflowStatus.ARCHIVED


def _place_of_current(view: Any) -> QPoint:
    at: QPoint = view.visualRect(view.currentIndex()).center()
    return at


def test_a_menu_that_was_closed_is_gone(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    """Each is made anew when it is asked for."""
    execution = ran(CHAIN)
    desktop.go("workflows", workflows.get_workflow("chain").id, "config")
    config = desktop.workflows.tabs.content("config")
    page = desktop.workflows
    desktop.settle()

    def opened(show: Callable[[], object]) -> list[str]:
        """What the menu offers that this shows."""
        show()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        words = [each.text() for each in menu.actions()]
        menu.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not isValid(menu), words
        return words

    assert len(opened(page.header.more.click)) == 9
    assert len(opened(page.header.more_run.click)) == 3
    assert opened(config.more.click) == ["Forget all saved values…"]
    assert opened(config.rows["host"]._popup) == ["History of the value"]
    assert "&Run" in opened(lambda: page.workflow_list._on_menu(_place_of_current(page.workflow_list.view)))
    assert "Copy as CSV" in opened(lambda: page.executions.view._on_menu(QPoint()))
    assert "Trigger" in opened(page.executions.columns.click)
    desktop.go("execution", execution.id, "data")
    assert "&Pin or unpin" in opened(desktop.execution.header.more.click)
    assert "Copy path" in opened(lambda: desktop.execution.tabs.content("data").inputs.view._on_menu(QPoint()))
    desktop.go("history")
    saved = desktop.history.saved
    assert opened(lambda: saved._offer_removal(saved.findChildren(Chip)[0], "x")) == ["Remove this filter"]


def test_delete_happens_at_once_and_undo_brings_it_back(desktop: Desktop, imported: Import) -> None:
    first, second = imported(CHAIN), imported(BROKEN)
    desktop.go("workflows", first)
    pane = desktop.workflows.workflow_list
    pane.view.setFocus()
    pane.view.selectAll()
    desktop.press("Del", pane.view)
    assert workflows.count_workflows() == 0
    assert desktop.toast == "Moved 2 workflows to the trash"
    desktop.press("Ctrl+Z")
    assert {each.id for each in workflows.list_workflows().rows} == {first, second}


# Overview


def test_the_overview_tells_how_it_is_and_draws_its_tasks(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    execution = ran(BROKEN)
    desktop.go("workflows", workflows.get_workflow("broken").id, "overview")
    overview = desktop.workflows.tabs.content("overview")
    nodes = overview.graph.canvas.drawing.nodes
    assert {name: node.status for name, node in nodes.items()} == {
        "good": "completed", "bad": "failed", "after": "skipped"
    }  # fmt: skip
    assert nodes["bad"].second.startswith("2 attempts")
    assert nodes["good"].x < nodes["bad"].x < nodes["after"].x
    canvas = overview.graph.canvas
    canvas.setFocus()
    desktop.press("Right", canvas)
    desktop.press("Right", canvas)
    assert canvas.current == "bad"
    desktop.press("Return", canvas)
    assert desktop.execution.execution.id == execution.id
    assert desktop.execution.tabs.content("timeline").log.row.task == "bad"


def test_the_graph_has_a_list_as_its_twin(desktop: Desktop, chain: str) -> None:
    graph = desktop.workflows.tabs.content("overview").graph
    desktop.click(graph.as_list)
    assert [graph.list.item(n).text().split(":")[0] for n in range(3)] == ["first", "second", "third"]
    assert "after second" in graph.list.item(2).text()


def test_zoom_by_keys(desktop: Desktop, chain: str) -> None:
    before = desktop.workflows.tabs.content("overview").graph.canvas.scale
    desktop.do("zoom_out")
    assert desktop.workflows.tabs.content("overview").graph.canvas.scale < before
    desktop.do("zoom_reset")
    assert desktop.workflows.tabs.content("overview").graph.canvas.scale == 1


# Config


def test_a_field_per_type_checked_while_typed_saved_together(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    rows = config.rows
    assert [*rows] == ["host", "days", "deep", "skip"]
    rows["days"].field.setText("12O")
    assert rows["days"].problem == "“12O” is not a number. Did you mean 120?"
    assert not config.save_button.isEnabled()
    rows["days"].field.setText("1e400")
    assert rows["days"].problem
    rows["days"].field.setText("120")
    rows["host"].field.setText("nas-2.local")
    rows["deep"].switch.click()
    rows["skip"].field.setText("{")
    assert "not JSON" in rows["skip"].problem
    rows["skip"].field.setText('["x"]')
    desktop.settle()
    assert "4 unsaved changes" in config._state.text()
    desktop.press("Ctrl+S", rows["host"].field)
    values = {each.key: each.value for each in configs.list_configs(chain)}
    assert values == {"host": "nas-2.local", "days": 120, "deep": True, "skip": ["x"]}
    assert not config.is_dirty


def test_cancel_restores_and_a_change_elsewhere_is_seen(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    config.rows["host"].field.setText("typed")
    configs.set_config(chain, "days", 7)
    desktop.settle()
    assert config.rows["days"].field.text() == "7"
    assert config.rows["host"].field.text() == "typed"
    desktop.click(config.cancel_button)
    assert config.rows["host"].field.text() == "nas.local"
    assert configs.get_config(chain, "host").source == "default"


def test_add_forget_and_undo(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    desktop.click(config.add_button)
    dialog = desktop.dialog(AddSettingDialog)
    desktop.type_text(dialog.key, "host")
    assert "already" in dialog.wrong.text()
    dialog.key.setText("extra")
    dialog.kind.setCurrentText("number")
    desktop.type_text(dialog.text, "five")
    assert not dialog.ok.isEnabled()
    dialog.text.setText("5")
    desktop.click(dialog.ok)
    assert configs.get_config(chain, "extra").value == 5
    config.forget("extra")
    desktop.settle()
    assert "extra" not in config.rows
    desktop.do("undo")
    assert configs.get_config(chain, "extra").value == 5


def test_all_saved_values_are_forgotten_after_a_question(desktop: Desktop, chain: str) -> None:
    configs.set_config(chain, "host", "one")
    configs.set_config(chain, "days", 7)
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    desktop.press_in_question("Cancel")
    config.forget_all()
    desktop.settle()
    assert configs.get_config(chain, "host").value == "one"
    desktop.press_in_question("Forget")
    config.forget_all()
    desktop.settle()
    assert {each.source for each in configs.list_configs(chain)} == {"default"}
    assert desktop.toast == "Forgot 2 values" and config.rows["host"].field.text() == "nas.local"


def test_the_history_of_a_value_and_all_as_of_a_moment(desktop: Desktop, chain: str) -> None:
    configs.set_config(chain, "host", "one")
    desktop.wait(lambda: times.now() > configs.config_history(chain)[0].at + timedelta(milliseconds=5))
    between = times.now()
    desktop.wait(lambda: times.now() > between + timedelta(milliseconds=5))
    configs.set_config(chain, "host", "two")
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    assert config.rows["host"].field.text() == "two"
    config.show_history("host")
    desktop.settle()
    assert desktop.dialog(HistoryDialog) is not None
    config._ask_as_of()
    dialog = desktop.dialog(AsOfDialog)
    dialog.given.emit(between)
    desktop.settle()
    assert config.rows["host"].field.text() == "one"
    assert not config.rows["host"].isEnabled()


def test_json_on_several_lines(desktop: Desktop, chain: str) -> None:
    dialog = JsonDialog("skip", '["a", "b"]', desktop.window)
    assert dialog.editor.toPlainText() == '[\n  "a",\n  "b"\n]'
    dialog.editor.setPlainText("[1,")
    assert dialog.wrong.text()
    dialog.editor.setPlainText("[1,\n 2]")
    assert dialog.compact == "[1, 2]"


def test_a_secret_is_never_shown(desktop: Desktop, imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", "s3cret-value")
    text = CHAIN.replace("config:\n", "config:\n  token: {type: secret}\n")
    desktop.go("workflows", imported(text), "config")
    row = desktop.workflows.tabs.content("config").rows["token"]
    assert row.field.text() == ""
    assert row.field.echoMode() == row.field.EchoMode.Password
    assert "environment" in row.field.placeholderText()
    row.field.setText("abc")
    assert "at least 4" in row.problem


# Running


def test_recording_by_hand(desktop: Desktop, chain: str) -> None:
    desktop.do("record")
    dialog = desktop.dialog(RecordDialog)
    desktop.wait(lambda: dialog.finish.isEnabled())
    dialog.note.setPlainText("Swapped the disk")
    desktop.click(dialog.finish)
    execution = executions.list_executions().rows[0]
    assert (execution.status.value, execution.note, execution.kind.value) == (
        "completed",
        "Swapped the disk",
        "external",
    )


def test_its_executions_are_filtered_and_folded(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    ran(BROKEN, times=2)
    desktop.go("workflows", workflows.get_workflow("broken").id, "overview")
    pane = desktop.workflows.executions
    assert [each.number for each in pane.view.executions.rows] == [2, 1]
    pane.filters.chips["completed"].click()
    desktop.settle()
    assert pane.view.executions.rows == []
    assert pane.states.currentWidget() is not pane.states.content
    pane.clear()
    desktop.settle()
    assert len(pane.view.executions.rows) == 2
    desktop.workflows.tabs.show_tab("definition")
    desktop.settle()
    assert pane.is_folded
    assert [each.execution.number for each in pane._strip if each.isVisible()] == [2, 1]
    desktop.click(pane._strip[0])
    assert desktop.execution.execution.number == 2


def test_stopping_what_runs(desktop: Desktop, imported: Import) -> None:
    desktop.go("workflows", imported("smartspec: 1\nname: long\ntasks:\n  a: {run: sleep 30}\n"))
    desktop.do("run")
    desktop.wait(lambda: executions.list_executions().rows and executions.list_executions().rows[0].status == "running")
    desktop.settle()
    desktop.wait(lambda: desktop.window.context.actions["stop"].isEnabled())
    desktop.press("Ctrl+.")
    desktop.wait(lambda: executions.list_executions().rows[0].status == "cancelled")
    assert QApplication.instance() is not None


def test_an_export_that_cannot_be_written_is_told(
    desktop: Desktop, chain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = desktop.file.parent / "missing" / "chain.yaml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(missing), ""))
    desktop.do("export")
    desktop.settle()
    assert desktop.message == f"{missing} cannot be written: no such file or directory."
