"""The page History: chips and language, selection, bulk deletes, saved filters, export, live."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication

from smartspec.commands import comparing, executions, recording, samples, starting, workflows
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui.widgets.table.columns import COLUMNS
from smartspec.gui.widgets.table.dates_dialog import DatesDialog
from tests.clock import judge
from tests.conftest import Said, run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def shown(desktop: Desktop) -> list[str]:
    return [each.label for each in desktop.history.view.executions.rows]


def test_chips_and_language_are_two_views_of_one_filter(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=2)
    ran(BROKEN)
    desktop.go("history")
    page = desktop.history
    assert shown(desktop) == ["broken #1", "chain #2", "chain #1"]
    page.filters.chips["failed"].click()
    desktop.settle()
    assert desktop.window.top.search.text() == "status:failed"
    assert shown(desktop) == ["broken #1"]
    page.filters.chips["completed"].click()
    desktop.settle()
    assert desktop.window.top.search.text() == "status:failed,completed"
    assert len(shown(desktop)) == 3
    page.search("wf:chain after:today dur:<1h hello")
    desktop.settle()
    assert shown(desktop) == ["chain #2", "chain #1"]
    assert page.filters.kinds["workflow"].isChecked()
    assert page.filters.kinds["dur"].accessibleName().strip()
    assert not page.filters.chips["failed"].isChecked()
    desktop.press("Alt+Left")
    assert page.text == "status:failed,completed"


def test_what_no_index_serves_appears_as_it_is_found(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.store.history._STEP", 10)
    workflow = workflows.create_workflow("many")

    def run() -> str:
        execution = recording.begin_execution(workflow.id)
        return recording.end_execution(execution.id, Report(ExecutionStatus.COMPLETED)).id

    for made in [run() for _ in range(35)][3::30]:
        executions.pin_execution(made)
    desktop.go("history", query="pinned:yes")
    assert shown(desktop) == ["many #34", "many #4"]
    assert not desktop.history.view.executions.is_looking
    executions.pin_execution(run())
    desktop.wait(lambda: shown(desktop) == ["many #36", "many #34", "many #4"])
    desktop.history.search("pinned:yes status:failed")
    desktop.settle()
    assert desktop.history.states.currentWidget() is not desktop.history.view
    assert not desktop.history.view.executions.is_looking


def test_dates_are_chosen_and_the_chip_says_them(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history")
    page = desktop.history
    page.filters._ask_dates()
    dialog = desktop.dialog(DatesDialog)
    today = QDate.currentDate()
    dialog.first.setDate(today.addDays(1))
    assert dialog.problem
    dialog.press_primary()
    assert dialog.isVisible()
    dialog.first.setDate(today.addDays(-2))
    dialog.last.setDate(today)
    dialog.press_primary()
    desktop.settle()
    first, last, end = (today.addDays(days).toString("yyyy-MM-dd") for days in (-2, 0, 1))
    assert page.text == f"before:{end} after:{first}" and shown(desktop) == ["chain #1"]
    assert f"{first} – {last}" in page.filters.kinds["after"].accessibleName()
    page.filters._choose_filter("after", "today")
    desktop.settle()
    assert page.text == "after:today"


def test_a_click_on_started_shows_the_oldest_first(desktop: Desktop, ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartspec.gui.widgets.table.model.PAGE", 2)
    ran(CHAIN, times=3)
    desktop.go("history")
    view = desktop.history.view
    started = [each.name for each in COLUMNS].index("started")
    assert view.executions.headerData(started, Qt.Orientation.Horizontal) == "Started  ↓"
    view.horizontalHeader().sectionClicked.emit(started)
    desktop.wait(lambda: shown(desktop) == ["chain #1", "chain #2", "chain #3"])
    assert view.executions.headerData(started, Qt.Orientation.Horizontal) == "Started  ↑"
    starting.start_execution("chain", origin=Origin(Trigger.CLI))
    desktop.wait(lambda: shown(desktop)[-1:] == ["chain #4"])
    view.horizontalHeader().sectionClicked.emit(started)
    desktop.settle()
    assert shown(desktop)[0] == "chain #4"


def test_counts_on_chips_and_totals_in_the_footer(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=2)
    ran(BROKEN)
    desktop.go("history")
    page = desktop.history
    assert page.filters.chips["completed"].accessibleName() == "Completed 2"
    assert page.filters.chips["failed"].accessibleName() == "Failed 1"
    assert page.selection.counts.text().startswith("1–3 of 3 executions")
    page.search("status:failed")
    desktop.settle()
    assert "1 matching · 3 executions" in page.selection.counts.text()


def test_a_text_that_is_no_search_is_told_in_place(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history", query="status:nonsense")
    page = desktop.history
    assert page.states.currentWidget() is not page.states.content
    page.clear()
    desktop.settle()
    assert page.states.currentWidget() is page.states.content


def test_nothing_fits_offers_to_clear(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history", query="zzzz")
    assert desktop.history.states.currentWidget() is not desktop.history.states.content


def test_several_are_deleted_at_once_and_undone(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=4)
    desktop.go("history")
    page = desktop.history
    page.view.selectRow(0)
    page.view.setFocus()
    desktop.press("Shift+Down", page.view)
    assert len(page.view.selected) == 2
    assert page.selection.words.text().startswith("2 selected")
    desktop.press("Del", page.view)
    assert shown(desktop) == ["chain #2", "chain #1"]
    assert desktop.toast == "Moved 2 executions to the trash"
    desktop.press("Ctrl+Z")
    assert len(shown(desktop)) == 4


def test_compare_two_that_are_selected(desktop: Desktop, ran: Ran) -> None:
    """The older is not the last success before the newer, which is compared with where nothing is asked for."""
    ran(CHAIN, times=4)
    desktop.go("history")
    view = desktop.history.view

    def compare_selected(old: int, new: int) -> None:
        desktop.go("history")
        view.clearSelection()
        for at, each in enumerate(view.executions.rows):
            if each.number in (old, new):
                rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
                view.selectionModel().select(view.executions.index(at, 0), rows)
        desktop.do("compare")
        compare = desktop.execution.tabs.content("compare")
        assert desktop.execution.tab == "compare"
        assert (compare._comparison.old.number, compare._comparison.new.number) == (old, new)
        assert compare.other.currentText().startswith(f"#{old} ")

    compare_selected(1, 3)
    compare_selected(2, 4)  # the tab is there by now, and shows another execution
    compare_selected(1, 4)


def test_the_other_side_of_a_comparison_is_named_where_it_is_of_another_workflow(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.go("history")
    desktop.history.view.selectAll()
    desktop.do("compare")
    other = desktop.execution.tabs.content("compare").other
    assert other.currentText().startswith("chain #1 ")
    desktop.go("history")
    desktop.go("execution", desktop.execution.execution.id, "compare", other.currentData())
    assert [other.itemText(at).split(" ")[0] for at in range(other.count())] == ["The", "chain"]


def test_filters_are_saved_and_removed(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history", query="status:completed dur:<1m")
    desktop.answer("Quick ones")
    desktop.history.saved.save_filter()
    desktop.settle()
    assert desktop.program.ui_state.get("filters", []) == [["Quick ones", "status:completed dur:<1m"]]
    desktop.history.saved.remove("Quick ones")
    assert desktop.program.ui_state.get("filters", []) == []


def test_export_writes_what_is_filtered(desktop: Desktop, ran: Ran) -> None:
    ran(BROKEN)
    ran(CHAIN)
    desktop.go("history", query="status:failed")
    file = desktop.file.parent / "out.csv"
    desktop.history.export_to(file)
    desktop.settle()
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert [(each["workflow_name"], each["status"]) for each in rows] == [("broken", "failed")]
    desktop.history.clear()
    desktop.settle()
    lines = desktop.file.parent / "out.jsonl"
    desktop.history.export_to(lines)
    desktop.settle()
    assert [json.loads(line)["workflow_name"] for line in lines.read_text().splitlines()] == ["chain", "broken"]


def test_copies_hold_no_formulas(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    execution = recording.begin_execution("chain")
    recording.end_execution(execution.id, Report(ExecutionStatus.FAILED, error='=HYPERLINK("http://x")'))
    desktop.go("history")
    desktop.history.view.selectAll()
    desktop.history.view.copy("csv")
    cells = next(csv.reader(io.StringIO(QApplication.clipboard().text().split("\n", 1)[1])))
    assert cells[-1] == """'=HYPERLINK("http://x")"""
    desktop.history.view.copy("json")
    assert json.loads(QApplication.clipboard().text())[0]["error"].startswith("=")


def test_columns_are_chosen_and_remembered(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history")
    menu = desktop.history.view.column_menu()
    next(each for each in menu.actions() if each.text() == "Trigger").trigger()
    assert desktop.history.view.isColumnHidden(3)
    assert desktop.program.ui_state.get("history.hidden", []) == ["trigger"]


def test_pages_come_as_they_are_scrolled_to(desktop: Desktop) -> None:
    samples.make_samples()
    desktop.window.window_actions.workspace_asked.emit("samples")
    desktop.wait(lambda: desktop.window.context.workspace == "samples")
    desktop.go("history")
    view = desktop.history.view
    assert view.executions.rowCount() == 100
    view.scrollToBottom()
    desktop.wait(lambda: view.executions.rowCount() == 200)
    assert len({each.pk for each in view.executions.rows}) == 200


def test_what_other_processes_do_is_seen_without_asking(
    desktop: Desktop, imported: Callable[..., str], smartspec: Callable[..., Said]
) -> None:
    import threading
    import time

    imported(CHAIN)
    desktop.go("history")
    said: list[float] = []

    def run() -> None:
        assert smartspec("--db", str(desktop.file), "run", "chain").code == 0
        said.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    rows = desktop.history.view.executions
    desktop.wait(lambda: [each.status for each in rows.rows] == ["completed"])
    seen = time.monotonic()
    thread.join()
    judge("seen after the other process said it", max(0.0, seen - said[0]), 0.5)


def test_selection_and_place_stay_while_new_ones_come(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=3)
    desktop.go("history")
    view = desktop.history.view
    view.selectRow(1)
    chosen = view.current.pk
    starting.start_execution("chain")
    desktop.settle()
    assert view.executions.rowCount() == 4
    assert [each.pk for each in view.selected] == [chosen]


@pytest.mark.parametrize(
    "text", ["a", "status:", '"', "wf:nothing", "after:never", "x:y", "备份", "=1+1", "<b>bold</b>"]
)
def test_any_search_leaves_the_page_usable(desktop: Desktop, text: str) -> None:
    desktop.go("history", query=text)
    desktop.history.clear()
    desktop.settle()
    assert desktop.history.text == ""


def test_a_time_that_is_asked_for_shows_how_much_ran_when(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN, times=2)
    ran(BROKEN)
    desktop.go("history")
    strip = desktop.history.strip
    assert not strip.isVisible()
    desktop.history.search("after:7d")
    desktop.wait(lambda: strip.isVisible() and strip.accessibleName() == "3 executions, 1 did not complete")
    assert len(strip._outcomes) == 7 * 24 + 1
    desktop.history.search("after:30d wf:broken")
    desktop.wait(lambda: strip.accessibleName() == "1 execution, 1 did not complete")
    strip.grab()
    desktop.history.clear()
    desktop.wait(lambda: not strip.isVisible())


def test_a_replay_says_whether_it_came_to_the_same(desktop: Desktop, ran: Ran) -> None:
    original = ran(CHAIN)
    run_on(comparing.replay_execution(original.id))
    desktop.go("history")
    model = desktop.history.view.executions
    result = [each.name for each in COLUMNS].index("result")
    desktop.wait(lambda: model.index(0, result).data().startswith("Identical: every task of chain #2"))
    assert not model.index(1, result).data()
