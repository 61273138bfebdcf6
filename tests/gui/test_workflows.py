"""The page of workflows: list, overview, definition, config, versions, its executions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton
from shiboken6 import isValid

from smartspec.commands import (
    executions,
    files,
    workflow_sources,
    workflows,
)
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.gui.widgets.chip import Chip
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


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


# Running


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


def test_what_cannot_run_is_offered_nowhere(desktop: Desktop, imported: Callable[..., str]) -> None:
    id_ = workflows.create_workflow("empty").id
    desktop.go("workflows", id_)
    offered = next(
        each for each in desktop.workflows.executions.findChildren(QPushButton) if each.text() == "Run it now"
    )
    assert not desktop.workflows.header.run.isEnabled() and not offered.isEnabled()
    desktop.go("workflows", id_, "definition")
    assert desktop.workflows.header.run.isEnabled() is offered.isEnabled()


def test_a_double_click_on_run_runs_it_once(desktop: Desktop, imported: Callable[..., str]) -> None:
    desktop.go("workflows", imported(CHAIN))
    run = desktop.workflows.header.run
    QTest.mouseClick(run, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(run, Qt.MouseButton.LeftButton)
    desktop.settle()
    assert executions.count_executions() == 1
