"""Workspaces: another one is made and shown, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from smartspec.commands import (
    database,
)
from smartspec.gui.shell.workspace_dialog import WorkspaceDialog
from tests.gui.conftest import CHAIN, Desktop


def test_another_workspace_is_made_and_shown_and_the_way_back(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    desktop.do("workspace")
    dialog = desktop.dialog(WorkspaceDialog)
    assert [dialog.list.item(n).text() for n in range(dialog.list.count())] == ["Default"]
    desktop.answer("Research")
    desktop.click(dialog.new)
    desktop.wait(lambda: desktop.window.context.workspace == "research")
    desktop.settle()
    assert desktop.workflows.centre.currentWidget() is desktop.workflows.welcome
    desktop.do("workspace")
    dialog = desktop.dialog(WorkspaceDialog)
    dialog.list.setCurrentRow(0)
    desktop.click(dialog.open_button)
    desktop.wait(lambda: desktop.window.context.workspace == "default")
    desktop.settle()
    assert desktop.workflows.workflow.name == "chain"


def test_a_workspace_that_is_gone_gives_way_to_the_default_one(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text('{"workspace": "gone"}', encoding="utf-8")
    made = Desktop(tmp_path / "smartspec.db")
    assert made.window.context.workspace == "default" and made.message == ""
    made.close()
    database.close_database()
