"""What the walks through the window do again and again: find something, ask, close what opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from smartspec.commands import (
    executions,
    workflows,
)
from smartspec.domain.execution import Execution
from smartspec.domain.workspace import SAMPLES
from tests.gui.conftest import Desktop

WRONG = "smartspec: 1\nname: wrong\ntasks:\n  a: {runn: echo}\n  b: {needs: [c], run: echo}\n"
QUIET = "until it is quiet"
Look = Callable[[str], object]


def workflow_id(name: str) -> str:
    return workflows.get_workflow(name, SAMPLES).id


def executions_of(name: str) -> tuple[Execution, ...]:
    return executions.list_executions(executions.read_query(f"wf:{name}", SAMPLES), workspace=SAMPLES).rows


def tab_of(desktop: Desktop, name: str) -> Any:
    """Of the page of workflows."""
    return desktop.workflows.tabs.content(name)


def part_of(desktop: Desktop, name: str) -> Any:
    """A tab of the page of an execution."""
    return desktop.execution.tabs.content(name)


def said(text: str) -> str:
    from smartspec.messages import tr

    return tr(text)


def asked(desktop: Desktop, look: Look, name: str, ask: Callable[[], object]) -> None:
    """What waits for an answer is looked at, and cancelled."""
    seen: list[str] = []

    def see(dialog: QDialog) -> None:
        try:
            look(name)
        finally:
            seen.append(name)
            dialog.reject()

    desktop._when_asked(QDialog, see)
    ask()
    desktop.settle()
    assert seen, f"nothing was asked: {name}"


def close_dialogs(desktop: Desktop) -> None:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desktop.settle()


def close_menus() -> None:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QMenu):
            each.close()
