"""The window as it is given more room, or less."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from smartspec.commands import (
    database,
    files,
    workflow_sources,
)
from tests.gui.conftest import CHAIN, Desktop


def test_a_narrow_window_folds_rail_menus_and_list(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    desktop.window.resize(960, 600)
    desktop.settle()
    assert desktop.window.rail.width() == 52
    assert desktop.window.top.hamburger.isVisible()
    assert not desktop.workflows.workflow_list.isVisible()
    desktop.workflows.drawer.toggle()
    assert desktop.workflows.workflow_list.isVisible()
    view = desktop.workflows.workflow_list.view
    row = view.visualRect(view.model().index(0, 0, view.model().index(0, 0)))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    desktop.settle()
    assert desktop.workflows.workflow.name == "chain"
    assert not desktop.workflows.workflow_list.isVisible()
    desktop.window.resize(1280, 800)
    desktop.settle()
    assert desktop.workflows.workflow_list.isVisible()
    assert desktop.window.rail.width() == 72


def test_a_narrow_window_selects_and_shows_from_the_start(qapp: QApplication, tmp_path: Path) -> None:
    narrow = Desktop(tmp_path / "smartspec.db", size=(800, 600))
    files.import_workflows([workflow_sources.Source("x", CHAIN, "yaml")])
    narrow.settle()
    assert narrow.workflows.workflow.name == "chain"
    narrow.close()
    database.close_database()


def test_executions_stand_at_the_right_of_a_wide_window(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    desktop.window.resize(1_900, 900)
    desktop.do("executions_aside")
    page = desktop.workflows
    left, right = page.split.widget(0), page.split.widget(1)
    assert right.geometry().left() >= left.geometry().right() and right.height() == left.height()
    desktop.window.resize(1_000, 700)
    desktop.settle()
    assert right.geometry().top() >= left.geometry().bottom()
    desktop.window.resize(1_900, 900)
    desktop.settle()
    desktop.do("executions_aside")
    assert right.geometry().top() >= left.geometry().bottom()
