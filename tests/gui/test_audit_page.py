"""The audit trail: who did what, narrowed by chips and words, exported, and linked to what it names."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from smartspec.commands import configs, versions, workflows, working_copies
from smartspec.gui.pages.audit.model import DETAILS, WHAT, WHO, WORKFLOW
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def chain(desktop: Desktop, imported: Import) -> str:
    """It was imported, renamed, changed, taken back, switched off, and a setting saved; `broken` was deleted."""
    id_ = imported(CHAIN)
    workflows.rename_workflow(id_, "links")
    working_copies.save_version(id_, CHAIN.replace("echo third", "echo last"), change_log="Say last")
    versions.rollback_version(id_, "1.0.0")
    workflows.deactivate_workflow(id_)
    configs.set_config(id_, "host", "very secret")
    workflows.delete_workflow(imported(BROKEN))
    return id_


def page_of(desktop: Desktop, key: str = "") -> Any:
    desktop.go("audit", key)
    return desktop.window.page("audit")


def lines(page: Any, *columns: int) -> list[Any]:
    rows = [[page.model.index(row, column).data() for column in columns] for row in range(page.model.rowCount())]
    return rows if len(columns) > 1 else [row[0] for row in rows]


def choose(desktop: Desktop, chip: Any, word: str) -> None:
    desktop.click(chip)
    menu = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible())
    next(each for each in menu.actions() if each.text() == word).trigger()
    menu.close()
    desktop.settle()


def test_it_says_what_was_done_and_by_whom(desktop: Desktop, chain: str) -> None:
    page = page_of(desktop, chain)
    assert lines(page, WHAT, DETAILS) == [
        ["Config set", "host"],
        ["Workflow deactivated", "active → inactive"],
        ["Version rolled back", "v1.0.2: Restored version 1.0.0"],
        ["Version created", "v1.0.1: Say last"],
        ["Workflow renamed", "“chain” → “links”"],
        ["Version created", "v1.0.0"],
        ["Workflow created", ""],
    ]
    assert set(lines(page, WHO)) == {workflows.get_workflow(chain).created_by}
    assert "secret" not in str(lines(page, WHAT, WORKFLOW, DETAILS))
    assert page._total.text() == "7 changes fit"


def test_chips_and_words_narrow_it_and_can_be_cleared(desktop: Desktop, chain: str) -> None:
    page = page_of(desktop)
    whole = page.model.rowCount()
    choose(desktop, page.filters.what, "Version saved")
    assert set(lines(page, WHAT)) == {"Version created"}
    choose(desktop, page.filters.what, "Deleted")
    assert set(lines(page, WHAT)) == {"Version created", "Workflow deleted"}
    desktop.type_text(page.filters.words, "Say last")
    assert lines(page, DETAILS) == ["v1.0.1: Say last"]
    desktop.type_text(page.filters.words, " and nothing else")
    assert page.states.currentWidget() is not page.states.content
    page.filters.clear()
    desktop.settle()
    assert page.model.rowCount() == whole and page._total.text() == f"{whole} changes"
    choose(desktop, page.filters.who, str(workflows.get_workflow(chain).created_by))
    choose(desktop, page.filters.when, "Today")
    assert page.model.rowCount() == whole


def test_a_line_opens_what_it_names(desktop: Desktop, chain: str) -> None:
    page = page_of(desktop)
    what = lines(page, WHAT)
    for word, tab in (("Config set", "config"), ("Version rolled back", "versions"), ("Workflow renamed", "overview")):
        page.view.setCurrentIndex(page.model.index(what.index(word), 0))
        QTest.keyClick(page.view, Qt.Key.Key_Return)
        desktop.settle()
        assert desktop.workflows.workflow.id == chain and desktop.workflows.tab == tab, word
        page_of(desktop)
    page.view.setCurrentIndex(page.model.index(what.index("Workflow deleted"), 0))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    desktop.settle()
    assert desktop.toast == "broken is in the trash" and desktop.shows(page)


def test_from_a_workflow_only_its_own_lines_and_back_to_all(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain)
    desktop.do("workflow_audit")
    page: Any = desktop.window.page("audit")
    assert desktop.shows(page) and set(lines(page, WORKFLOW)) == {"links"}
    assert page.filters.workflow.isVisible()
    desktop.click(page.filters.workflow)
    assert set(lines(page, WORKFLOW)) == {"links", "broken"}


def test_what_is_done_meanwhile_comes_on_top_and_the_selection_stays(desktop: Desktop, chain: str) -> None:
    page = page_of(desktop)
    page.view.selectRow(2)
    selected = page.model.rows[2].event.pk
    workflows.activate_workflow(chain)
    desktop.wait(lambda: lines(page, WHAT)[0] == "Workflow activated")
    assert [page.model.rows[each.row()].event.pk for each in page.view.selectionModel().selectedRows()] == [selected]


def test_a_purged_workflow_is_named_by_its_ref(desktop: Desktop, chain: str) -> None:
    workflows.purge_workflow("broken")
    page = page_of(desktop)
    assert lines(page, WHAT, WORKFLOW)[0] == ["Workflow purged", "default.broken"]
    page.view.row_opened.emit(0)
    assert desktop.toast == "default.broken was deleted for good"


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
def test_all_that_fits_is_exported(
    desktop: Desktop, chain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    page = page_of(desktop, chain)
    path = tmp_path / f"audit.{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    desktop.click(page.export_button)
    desktop.wait(lambda: "audit" in desktop.toast)
    text = path.read_text(encoding="utf-8")
    if suffix == "csv":
        rows = [*csv.DictReader(text.splitlines())]
    else:
        rows = json.loads(text) if suffix == "json" else [json.loads(each) for each in text.splitlines()]
    assert [each["what"] for each in rows][:2] == ["config_set", "workflow_deactivated"] and len(rows) == 7
    assert rows[0]["workflow"] == "links" and rows[0]["details"] == "host" and "secret" not in text
