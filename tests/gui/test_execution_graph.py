"""The graph of an execution: its version as it was, what became of each task, why, and the way to run again from one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from smartspec.commands import control, executions, files, importing, workflow_sources, workflows
from smartspec.domain.execution import Execution
from smartspec.gui.pages.execution.rerun_dialog import RerunDialog
from smartspec.gui.widgets.graph.node_painter import heat
from tests.commands.test_task_runs import many_items
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]
TOLD = """smartspec: 1
name: told
tasks:
  look: {run: echo there}
  send: {needs: [look], run: "echo 'No route to host'; exit 3", retry: {max: 2, delay: 10ms}}
  beside: {run: echo well}
  verify: {needs: [send, beside], run: echo never}
handlers:
  failure: {run: echo told}
"""
PARENT = "smartspec: 1\nname: outer\ntasks:\n  call: {workflow: default.chain}\n"


def graph_of(desktop: Desktop) -> Any:
    return desktop.execution.tabs.content("graph")


def open_graph(desktop: Desktop, execution: Execution, task: str = "") -> Any:
    desktop.go("execution", execution.id, "graph", task)
    return graph_of(desktop)


def statuses_of(tab: Any) -> list[str | None]:
    return [node.status for node in tab.graph.canvas.drawing.nodes.values()]


def words_of(widget: Any) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def test_the_way_to_the_failure_stands_out_and_what_it_prevented_says_why(desktop: Desktop, ran: Ran) -> None:
    tab = open_graph(desktop, ran(TOLD))
    drawing = tab.graph.canvas.drawing
    assert tab.chips.path._word == "Failed path" and tab.chips.path.isChecked()
    assert drawing.path == {"look", "send", "verify", "handlers.failure"}
    assert {("look", "send"), ("send", "verify"), ("send", "handlers.failure")} == drawing.path_edges
    assert (drawing.nodes["verify"].second, drawing.nodes["verify"].caption) == ("not reached", "needs send")
    assert [status for status, _ in drawing.nodes["send"].pieces] == ["failed"] * 3
    under, failed = drawing.nodes["handlers.failure"], drawing.nodes["send"]
    assert under.x == failed.x and under.y > failed.y


def test_it_opens_on_what_failed_with_its_attempts_and_its_log(desktop: Desktop, ran: Ran) -> None:
    tab = open_graph(desktop, ran(TOLD))
    assert tab.chosen_task == "send" == tab.log.row.task
    assert id(desktop.window.focusWidget()) == id(tab.graph.canvas)
    assert [each.name for each in tab.inspector.attempts.attempts.lines] == ["Attempt 1", "Attempt 2", "Attempt 3"]
    assert any("No route to host" in words for words in words_of(tab.inspector))
    tab.inspector.attempts.setCurrentIndex(tab.inspector.attempts.attempts.index(0))
    desktop.settle()
    assert tab.log.row.attempt == 1, "the log follows the selection"


def test_the_arrows_walk_along_the_lines_and_the_inspector_goes_along(desktop: Desktop, ran: Ran) -> None:
    tab = open_graph(desktop, ran(TOLD))
    desktop.press("Left", tab.graph.canvas)
    assert (tab.chosen_task, tab.inspector.name.full_text, tab.log.row.task) == ("look", "look", "look")
    desktop.press("Right", tab.graph.canvas)
    assert tab.chosen_task == "send"
    desktop.press("Down", tab.graph.canvas)
    assert tab.chosen_task == "handlers.failure" and tab.log.row.task == "handlers.failure"


def test_the_graph_is_that_of_its_version_whatever_became_of_the_definition(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN)
    text = "smartspec: 1\nname: chain\ntasks:\n  other: {run: echo other}\n"
    files.import_workflows([workflow_sources.Source("test.yaml", text, "yaml", str(desktop.file.parent))])
    tab = open_graph(desktop, execution)
    assert [*tab.graph.canvas.drawing.nodes] == ["first", "second", "third"]
    workflows.delete_workflow("chain")
    desktop.execution.reload()
    desktop.settle()
    assert [*tab.graph.canvas.drawing.nodes] == ["first", "second", "third"]
    assert not tab.inspector.definition.isVisible()


def test_of_what_went_well_the_longest_path_is_told(desktop: Desktop, ran: Ran) -> None:
    text = (
        "smartspec: 1\nname: w\ntasks:\n  a: {run: sleep 0.2}\n  b: {run: echo b}\n  c: {needs: [a, b], run: echo c}\n"
    )
    tab = open_graph(desktop, ran(text))
    assert tab.chips.path._word == "Longest path"
    assert tab.graph.canvas.drawing.path == {"a", "c"}
    desktop.click(tab.chips.path)
    assert not tab.graph.canvas.shows_path


def test_the_cards_can_be_coloured_by_how_long_they_took(desktop: Desktop, ran: Ran) -> None:
    text = "smartspec: 1\nname: w\ntasks:\n  long: {run: sleep 0.3}\n  short: {needs: [long], run: echo s}\n"
    tab = open_graph(desktop, ran(text))
    nodes = tab.graph.canvas.drawing.nodes
    assert nodes["long"].share == 1 and nodes["short"].share < 0.5
    before = tab.graph.canvas.grab().toImage()
    tab.chips.colour(by_duration=True)
    assert tab.chips.colours._word == "Colours: duration"
    assert tab.graph.canvas.grab().toImage() != before
    assert heat(1) != heat(nodes["short"].share)


def test_while_it_runs_the_cards_change(desktop: Desktop, imported: Callable[..., str]) -> None:
    id_ = imported("smartspec: 1\nname: live\ntasks:\n  a: {run: 'while [ ! -e go ]; do sleep 0.02; done'}\n"
                   "  b: {needs: [a], run: echo b}\n")  # fmt: skip
    desktop.go("workflows", id_)
    desktop.do("run")
    desktop.wait(lambda: executions.get_execution("live#1").status == "running")
    tab = open_graph(desktop, executions.get_execution("live#1"))
    desktop.wait(lambda: statuses_of(tab) == ["running", None])
    assert not tab.chips.path.isVisible()
    (desktop.file.parent / "go").touch()
    desktop.wait(lambda: statuses_of(tab) == ["completed", "completed"])


def test_a_rerun_from_a_task_says_first_what_is_decided_anew(desktop: Desktop, ran: Ran) -> None:
    execution = ran(CHAIN)
    tab = open_graph(desktop, execution, "second")
    assert tab.chosen_task == "second"
    desktop.click(tab.inspector.rerun)
    dialog = desktop.dialog(RerunDialog)
    assert [name for name, _ in dialog.anew.tasks] == ["second", "third"]
    assert dialog.kept.tasks == [("first", "completed")]
    assert executions.get_execution(execution.id).attempt == 1, "it only asks"
    desktop.press("Return", dialog)
    desktop.wait(lambda: executions.get_execution(execution.id).status == "completed")
    assert executions.get_execution(execution.id).attempt == 2
    desktop.wait(lambda: tab.graph.canvas.drawing.nodes["first"].caption == "kept from attempt 1")
    desktop.wait(lambda: tab.log.row.round == 2)
    assert tab.graph.canvas.drawing.nodes["second"].caption == ""


def test_what_cannot_be_run_again_from_here_is_not_offered(desktop: Desktop, ran: Ran) -> None:
    execution = ran(TOLD)
    action = desktop.window.context.actions["rerun_from"]
    tab = open_graph(desktop, execution)
    assert action.isEnabled()
    tab.graph.canvas.pick("handlers.failure")
    assert not action.isEnabled() and not tab.inspector.rerun.isVisible()
    control.rerun_from(execution.id, "send")
    run_on(executions.get_execution(execution.id))
    desktop.settle()
    desktop.execution.header.round_chosen.emit(1)
    desktop.settle()
    tab.graph.canvas.pick("send")
    assert not action.isEnabled(), "the first attempt is looked at: it is over"


def test_the_timeline_has_it_too(desktop: Desktop, ran: Ran) -> None:
    desktop.go("execution", ran(BROKEN).id)
    assert desktop.execution.tabs.content("timeline").chosen_task == "bad"
    desktop.do("rerun_from")
    assert [name for name, _ in desktop.dialog(RerunDialog).anew.tasks] == ["bad", "after"]


def test_a_sub_workflow_leads_to_its_execution_and_that_back(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    outer = ran(PARENT)
    tab = open_graph(desktop, outer, "call")
    assert tab.inspector.child.text() == "chain #2 · completed"
    desktop.click(tab.inspector.child)
    assert desktop.execution.execution.parent == outer.pk


def test_of_what_was_recorded_there_is_no_graph(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(many_items(3, lambda item: False))
    importing.import_executions(file)
    tab = open_graph(desktop, executions.get_execution("many#1"))
    assert "There is no graph of it" in words_of(tab)


def test_in_a_narrow_window_the_inspector_is_a_strip(desktop: Desktop, ran: Ran) -> None:
    tab = open_graph(desktop, ran(TOLD))
    desktop.window.resize(720, 480)
    desktop.settle()
    assert tab.strip.isVisible() and not tab.inspector.isVisible()
    assert tab.strip.name.text() == "send" and "No route to host" in tab.strip._told.full_text


@pytest.mark.parametrize("as_list", [False, True])
def test_a_menu_opens_at_a_card_and_the_list_says_the_same(desktop: Desktop, ran: Ran, as_list: bool) -> None:
    tab = open_graph(desktop, ran(TOLD))
    if as_list:
        tab.graph.as_list.setChecked(True)
        lines = [tab.graph.list.item(row).text() for row in range(tab.graph.list.count())]
        assert "verify: not reached, Skipped, needs send, after send, beside" in lines
        tab.graph.list.setCurrentRow(0)
        assert tab.chosen_task == "look"
        return
    canvas = tab.graph.canvas
    at = canvas.view.box(canvas.drawing, canvas.drawing.nodes["beside"]).center().toPoint()
    asked: list[tuple[str, QPoint]] = []
    tab.graph.asked.disconnect()
    tab.graph.asked.connect(lambda task, where: asked.append((task, where)))
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at)
    assert tab.chosen_task == "beside"
