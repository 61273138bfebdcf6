"""The trash: what was deleted is found, comes back, or goes for good after a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec.commands import execution_trash, executions, recording, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.gui.pages.workflows.trash_dialog import TrashDialog
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


def open_trash(desktop: Desktop) -> TrashDialog:
    desktop.workflows.show_trash()
    desktop.settle()
    return desktop.dialog(TrashDialog)


def names(dialog: TrashDialog) -> list[str]:
    return [dialog.model.index(row, 0).data() for row in range(dialog.model.rowCount())]


def record(id_: str, error: str | None = None) -> Execution:
    status = ExecutionStatus.FAILED if error else ExecutionStatus.COMPLETED
    return recording.end_execution(recording.begin_execution(id_).id, Report(status, error=error))


def test_it_gives_back_what_was_deleted(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    execution = ran(CHAIN)
    workflow = workflows.get_workflow("chain")
    execution_trash.delete_executions([execution.id])
    workflows.delete_workflow("chain")
    desktop.settle()
    dialog = open_trash(desktop)
    assert names(dialog) == ["chain", "chain #1"] and dialog._total.text() == "1 workflow · 1 execution"
    assert not dialog.restore_button.isEnabled()
    dialog.list.selectAll()
    desktop.click(dialog.restore_button)
    assert workflows.get_workflow("chain").id == workflow.id
    assert executions.get_execution(execution.id).deleted_at is None
    assert names(dialog) == []


def test_it_is_searched_while_one_types(desktop: Desktop, imported: Import) -> None:
    id_ = imported(CHAIN)
    ended = [record(id_), record(id_, "rsync: connection refused")]
    execution_trash.delete_executions([each.id for each in ended])
    dialog = open_trash(desktop)
    assert len(names(dialog)) == 2
    desktop.type_text(dialog.search, "refused")
    assert names(dialog) == ["chain #2"] and not dialog.empty_button.isEnabled()
    desktop.type_text(dialog.search, "xyz")
    assert dialog.states.currentWidget() is not dialog.list
    dialog.search.clear()
    desktop.settle()
    assert len(names(dialog)) == 2


def test_filters_work_in_it_as_everywhere(desktop: Desktop, imported: Import) -> None:
    id_, broken = imported(CHAIN), imported(BROKEN)
    ended = [record(id_), record(id_, "rsync: connection refused"), record(broken)]
    execution_trash.delete_executions([each.id for each in ended])
    for each in (id_, broken):
        workflows.delete_workflow(each)
    dialog = open_trash(desktop)
    for text, found in (
        ("status:failed", ["chain #2"]), ("wf:broken", ["broken", "broken #1"]), ("CHAI", ["chain", "chain #1", "chain #2"]),
        ('"default.chain"', ["chain"]), ("status:failed wf:broken", []), ("tag:none", []),
    ):  # fmt: skip
        dialog.search.setText(text)
        desktop.settle()
        desktop.wait(lambda: not dialog._typing.isActive())
        desktop.settle()
        shown = names(dialog) if dialog.states.currentWidget() is dialog.list else []
        assert sorted(shown) == found, text
    dialog.search.setText("stats:failed")
    desktop.wait(lambda: not dialog._typing.isActive())
    desktop.settle()
    assert dialog.states.currentWidget() is not dialog.list
    dialog.reject()


def test_what_is_selected_stays_so_while_others_come(desktop: Desktop, imported: Import) -> None:
    id_ = imported(CHAIN)
    one, other = record(id_), record(id_)
    execution_trash.delete_executions([one.id])
    dialog = open_trash(desktop)
    dialog.list.selectRow(0)
    execution_trash.delete_executions([other.id])
    desktop.wait(lambda: len(names(dialog)) == 2)
    desktop.settle()
    assert [each.id for each in dialog.chosen] == [one.id] and dialog.restore_button.isEnabled()


def test_one_whose_name_is_taken_by_now_says_so_in_the_dialog(desktop: Desktop, imported: Import) -> None:
    imported(CHAIN)
    workflows.delete_workflow("chain")
    imported(CHAIN)
    dialog = open_trash(desktop)
    dialog.list.selectAll()
    desktop.press("Return", dialog.list)
    assert "another workflow" in dialog.problem and dialog.restore_button.isEnabled()  # it may be solved by then
    dialog.list.clearSelection()
    assert dialog.problem == ""


@pytest.mark.parametrize("way", ["selected", "all"])
def test_what_cannot_be_undone_asks_with_its_verb(desktop: Desktop, imported: Import, way: str) -> None:
    id_ = imported(CHAIN)
    execution_trash.delete_executions([record(id_).id])
    workflows.delete_workflow("chain")
    dialog = open_trash(desktop)
    dialog.list.selectAll()
    button = dialog.purge_button if way == "selected" else dialog.empty_button
    desktop.press_in_question("Cancel")
    desktop.click(button)
    assert len(names(dialog)) == 2
    desktop.press_in_question("Delete for good" if way == "selected" else "Empty the trash")
    desktop.click(button)
    desktop.wait(lambda: names(dialog) == [])
    desktop.settle()
    assert dialog.states.currentWidget() is not dialog.list


def test_more_than_a_page_is_read_as_one_scrolls(
    desktop: Desktop, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartspec.commands.trash._PAGE", 20)
    monkeypatch.setattr("smartspec.commands.trash.MOST_COUNTED", 30)
    monkeypatch.setattr("smartspec.gui.pages.workflows.trash_dialog.MOST_COUNTED", 30)
    id_ = imported(CHAIN)
    execution_trash.delete_executions([record(id_).id for _ in range(50)])
    dialog = open_trash(desktop)
    assert dialog._total.text() == "30+ executions"
    while dialog.model.canFetchMore(dialog.list.rootIndex()):
        dialog.list.scrollToBottom()
        desktop.settle()
    assert names(dialog) == [f"chain #{n}" for n in range(50, 0, -1)]
