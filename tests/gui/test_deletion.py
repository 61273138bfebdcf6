"""Deleting workflows: the toast says what went with them and what stays, and Undo brings all back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel

from smartspec.commands import configs, recording, starting, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Origin, Trigger
from smartspec.gui.style import painting
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


def test_the_toast_names_the_settings_that_went_and_the_executions_that_stay(
    desktop: Desktop, imported: Import
) -> None:
    id_ = imported(CHAIN)
    configs.set_config(id_, "host", "nas")
    for _ in range(2):
        recording.end_execution(recording.begin_execution(id_).id, Report(ExecutionStatus.COMPLETED))
    starting.start_execution(id_, {}, origin=Origin(Trigger.CLI))
    desktop.go("workflows", id_)
    desktop.workflows.delete()
    desktop.settle()
    assert desktop.toast == "Moved “chain” to the trash"
    assert desktop.window.toast.toast is not None
    assert desktop.window.toast.toast.meaning == (
        "with 1 setting · 3 executions stay in History · 1 that waited was cancelled"
    )
    desktop.do("undo")
    assert configs.get_config(id_, "host").value == "nas"


def test_one_that_runs_stays_and_the_others_go(desktop: Desktop, imported: Import) -> None:
    runs, rests = imported(CHAIN), imported(BROKEN)
    recording.begin_execution(runs)
    desktop.go("workflows", rests)
    pane = desktop.workflows.workflow_list
    desktop.wait(lambda: pane.current_id == rests and pane.model.index_of(runs).isValid())
    pane.view.selectionModel().select(pane.model.index_of(runs), QItemSelectionModel.SelectionFlag.Select)
    assert {each.id for each in pane.selected()} == {runs, rests}
    desktop.workflows.delete()
    desktop.settle()
    assert desktop.toast == "Moved “broken” to the trash"
    assert "chain" in desktop.message and "runs at this moment" in desktop.message
    assert [each.name for each in workflows.list_workflows().rows] == ["chain"]


def test_a_long_name_leaves_room_for_what_is_said_of_it(desktop: Desktop, imported: Import) -> None:
    name = "n" * 200
    id_ = imported(CHAIN.replace("name: chain", f"name: {name}"))
    configs.set_config(id_, "host", "nas")
    desktop.go("workflows", id_)
    desktop.workflows.delete()
    desktop.settle()
    painted: list[str] = []
    painting.report_texts(lambda painter, rect, text, whole: painted.append(text) if whole else None)
    desktop.window.toast.grab()
    painting.report_texts(None)
    assert "” to the trash" in painted and "with 1 setting" in painted and name not in painted


def test_the_key_of_the_toast_undoes_on_every_tab(desktop: Desktop, imported: Import) -> None:
    imported(BROKEN)
    id_ = imported(CHAIN)
    for tab in ("overview", "definition", "config", "versions", "workflow-schedules"):
        desktop.go("workflows", id_, tab)
        desktop.workflows.workflow_list.view.setFocus()
        desktop.press("Del")
        assert len(workflows.list_workflows().rows) == 1 and desktop.window.toast._keys.isVisible()
        desktop.press("Ctrl+Z")
        assert len(workflows.list_workflows().rows) == 2 and desktop.toast == ""


def test_in_a_text_the_key_is_not_promised(desktop: Desktop, imported: Import) -> None:
    imported(BROKEN)
    desktop.go("workflows", imported(CHAIN), "definition")
    desktop.workflows.delete()
    desktop.settle()
    desktop.press("Tab", desktop.workflows.workflow_list.search)
    desktop.workflows.workflow_list.search.setFocus()
    desktop.window.toast._on_tick()
    assert desktop.window.toast._undo.isVisible() and not desktop.window.toast._keys.isVisible()


def test_the_key_is_for_the_rows_of_a_list(desktop: Desktop, imported: Import) -> None:
    desktop.go("workflows", imported(CHAIN))
    page = desktop.workflows
    for each in (page.header.run, page.tabs.bar, page.tabs.content("overview").graph.canvas, page.header.switch):
        each.setFocus()
        desktop.press("Del", each)
        assert len(workflows.list_workflows().rows) == 1
    page.workflow_list.view.setFocus()
    desktop.press("Del", page.workflow_list.view)
    assert not workflows.list_workflows().rows
