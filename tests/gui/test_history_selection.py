"""What is selected in History is what can be seen, and its number is what an action takes."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QGuiApplication

from smartspec.commands import executions, importing
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.gui.pages.history.page import HistoryPage
from tests.gui.conftest import Desktop

FAILED, COMPLETED = 150, 20  # of the failed ones a page holds 100


def executed(desktop: Desktop, status: str, count: int) -> None:
    file = desktop.file.parent / f"{status}.jsonl"
    rows = [
        {"workflow": "many", "status": status, "started_at": f"2026-01-01T00:{at // 60:02}:{at % 60:02}Z", "duration_ms": 5}
        for at in range(count)
    ]  # fmt: skip
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    importing.import_executions(file)
    desktop.settle()


@pytest.fixture
def page(desktop: Desktop) -> HistoryPage:
    executed(desktop, "completed", COMPLETED)
    executed(desktop, "failed", FAILED)
    desktop.go("history", query="status:failed")
    shown: HistoryPage = desktop.history
    return shown


def in_trash() -> int:
    return executions.count_executions(ExecutionFilter(deleted=True))


def test_another_filter_selects_nothing(desktop: Desktop, page: HistoryPage) -> None:
    page.view.selectAll()
    assert page.selection.words.text().startswith("100 selected")
    page.search("status:paused")
    desktop.settle()
    assert page.selection.words.text() == "" and not page.selection.buttons["delete"].isVisible()
    assert not desktop.window.context.actions["delete"].isEnabled()
    page.search("")
    desktop.settle()
    assert not page.view.selected and page.view.current is None


def test_what_is_no_search_selects_nothing(desktop: Desktop, page: HistoryPage) -> None:
    page.view.selectAll()
    page.search("status:nonsense")
    desktop.settle()
    assert page.states.currentWidget() is not page.view
    assert page.selection.words.text() == "" and not desktop.window.context.actions["delete"].isEnabled()


def test_all_that_fit_are_selected_by_their_number(desktop: Desktop, page: HistoryPage) -> None:
    page.view.selectAll()
    page.selection.select_all.click()
    desktop.settle()
    assert page.selection.words.text() == "150 selected"
    shown = {name for name, each in page.selection.buttons.items() if each.isVisible()}
    assert shown == {"delete"}  # the rest is done with rows that are loaded
    assert not desktop.window.context.actions["rerun"].isEnabled()
    executed(desktop, "failed", 10)  # what comes later was not selected
    assert page.selection.words.text() == "150 selected"
    page.selection.delete()
    desktop.settle()
    assert in_trash() == FAILED and executions.count_executions() == COMPLETED + 10
    assert desktop.toast == "Moved 150 executions to the trash"


def test_all_that_fit_is_not_kept_for_another_filter(desktop: Desktop, page: HistoryPage) -> None:
    page.view.selectAll()
    page.selection.select_all.click()
    page.search("")
    desktop.settle()
    assert page.selection.words.text() == "" and page.selection.every_match.ids is None
    page.view.selectRow(0)
    page.selection.delete()
    desktop.settle()
    assert in_trash() == 1


def test_a_copy_says_how_many_rows_it_has(desktop: Desktop, page: HistoryPage) -> None:
    page.view.selectAll()
    page.view.copy("text")
    assert len(QGuiApplication.clipboard().text().splitlines()) == 101  # with the heading
    assert desktop.toast == "Copied 100 rows"


def test_the_rows_that_are_told_are_there(desktop: Desktop, page: HistoryPage) -> None:
    assert page.selection.counts.text().startswith("1–")
    page.search("status:completed")
    desktop.settle()
    assert page.selection.counts.text().startswith(f"1–{COMPLETED} of {COMPLETED} matching · 170 executions")
