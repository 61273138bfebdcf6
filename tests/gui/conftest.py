"""What the tests of the window share: the real window, offscreen, on a real database, driven as a person would."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QWidget,
)

from smartspec.commands import database, executions, files, starting, workflow_sources
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui import screenshots
from smartspec.gui.app import FEATURES
from smartspec.gui.application import application
from smartspec.gui.contract import Feature
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.definition import DefinitionEditor
from smartspec.gui.program import Program
from smartspec.gui.shell.window import MainWindow
from smartspec.gui.widgets.dialogs import Dialog, Question
from smartspec.gui.widgets.forms.schema_form import SchemaForm
from tests.clock import HANGS_AFTER_S, until
from tests.conftest import run_on

W = TypeVar("W", bound=QWidget)
CHAIN = """smartspec: 1
name: chain
description: Three in a row
params:
  type: object
  properties:
    word: {type: string, default: hello, description: What is said}
    often: {type: integer, default: 1}
config:
  host: {type: string, default: nas.local, description: Where to}
  days: {type: number, default: 30}
  deep: {type: boolean, default: false}
  skip: {type: json, default: [a, b]}
tasks:
  first: {run: echo "$W from the first", env: {W: "{{ params.word }}"}}
  second: {needs: [first], run: "echo 'n=2' >> $SMARTSPEC_OUTPUT; echo second"}
  third: {needs: [second], run: echo third}
"""
BROKEN = """smartspec: 1
name: broken
tasks:
  good: {run: echo fine}
  bad: {needs: [good], run: "echo before; echo 'error: no route to host'; exit 3", retry: {max: 1, delay: 10ms}}
  after: {needs: [bad], run: echo never}
"""


def _let_the_window_work() -> None:
    QCoreApplication.processEvents()
    time.sleep(0.002)


def write(field: QLineEdit | QPlainTextEdit, text: str) -> None:
    """In place of what stands in it."""
    field.selectAll()
    field.setText(text) if isinstance(field, QLineEdit) else field.setPlainText(text)


def line_of(form: SchemaForm, name: str) -> QLineEdit:
    """The line for a value of a form."""
    line = form.group.fields[name].findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def problem_at(form: SchemaForm, name: str) -> str:
    """What a form says below a field."""
    return form.group.rows[name].problem


def texts_of(tree: QTreeWidget) -> list[str]:
    """The first column of the topmost rows."""
    rows = (tree.topLevelItem(number) for number in range(tree.topLevelItemCount()))
    return [row.text(0) for row in rows if row is not None]


class Desktop:
    """The program with its window, and the hands of a person."""

    def __init__(
        self, file: Path, size: tuple[int, int] | None = (1280, 800), features: tuple[Feature, ...] = FEATURES
    ) -> None:
        self.file = file
        self._waiting: list[QTimer] = []
        self.program = Program(file, features)
        self.program.crash_reporter.install()
        self.program.open()
        self.toasts: list[str] = []  # all of them: the next may come before one is looked at
        self.window.context.notifications.toasted.connect(lambda toast: self.toasts.append(toast.text))
        self.settle()
        if size is not None:  # the screen that nobody sees is small
            self.window.resize(*size)
        self.window.activateWindow()
        self.settle()

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    @property
    def workflows(self) -> Any:
        return self.window.page("workflows")

    @property
    def history(self) -> Any:
        return self.window.page("history")

    @property
    def execution(self) -> Any:
        return self.window.page("execution")

    def settle(self, quiet: float = 0.012) -> None:
        """Until everything that was asked for is there, and a question that is answered has its answer."""
        screenshots.settle(self.program, quiet)
        for timer in tuple(self._waiting):
            timer.timeout.emit()
            screenshots.settle(self.program, quiet)

    def wait(self, condition: Callable[[], object], seconds: float = HANGS_AFTER_S) -> None:
        """Until it holds."""
        until(condition, seconds, pause=_let_the_window_work)

    def shows(self, page: QWidget) -> bool:
        return self.window.stack.currentWidget() is page

    def go(self, page: str, key: str = "", tab: str = "", query: str = "") -> None:
        self.window.context.navigator.go(Location(page, key, tab, query))
        self.settle()

    def do(self, name: str) -> None:
        """An action of the menus, if it can be done."""
        assert self.window.context.actions[name].isEnabled(), f"{name} cannot be done"
        self.window.context.actions[name].trigger()
        self.settle()

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            QCoreApplication.processEvents()
        QTest.keySequence(widget or QApplication.focusWidget() or self.window, keys)
        self.settle()

    def type_text(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        QTest.keyClicks(widget, text)
        self.settle()

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), f"{widget.accessibleName()} cannot be pressed"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def dialog(self, kind: type[W]) -> W:
        """The dialog of this kind that is open."""
        found = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
        assert found, f"there is no {kind.__name__}"
        return found[-1]

    def answer(self, text: str | None) -> None:
        """The next question for a line is answered with this; None cancels it. Call it before what asks."""

        def reply(dialog: Question) -> None:
            if text is None:
                dialog.reject()
                return
            write(dialog.field, text)
            dialog.press_primary()

        self._when_asked(Question, reply)

    def reply(self, text: str) -> None:
        """To the question for a line that is open."""
        question = self.dialog(Question)
        write(question.field, text)
        self.press("Return", question.field)

    def press_in_question(self, word: str) -> None:
        """The next question is answered by the button with this word. Call it before what asks."""

        def reply(dialog: QDialog) -> None:
            next(each for each in dialog.findChildren(QPushButton) if each.text() == word).click()

        self._when_asked(Dialog, reply)

    def _when_asked(self, kind: type[QDialog], reply: Callable[[Any], None]) -> None:
        timer = QTimer(interval=20)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, kind) and timer in self._waiting:
                timer.stop()
                self._waiting.remove(timer)
                reply(dialog)

        timer.timeout.connect(look)
        timer.start()
        self._waiting.append(timer)

    @property
    def toast(self) -> str:
        return self.window.toast.text

    @property
    def message(self) -> str:
        shown = self.window.message_bar.message
        return shown.headline if shown else ""

    def close(self) -> None:
        for timer in self._waiting:
            timer.stop()
        for each in QApplication.topLevelWidgets():
            if isinstance(each, QDialog):
                each.close()
        reports = self.program.crash_reporter.dialogs
        self.program.close()
        self.program.crash_reporter.uninstall()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        self.reports = reports


def definition_of(desktop: Desktop, id_: str) -> DefinitionEditor:
    """The tab with the text of a workflow, shown."""
    desktop.go("workflows", id_, "definition")
    found = desktop.workflows.tabs.content("definition")
    assert isinstance(found, DefinitionEditor)
    return found


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """What a test leaves open would be seen, and closed, by others."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [each for each in qapp.topLevelWidgets() if each.isVisible()]
    for each in left:
        each.hide()
        each.deleteLater()
    assert not left, left


@pytest.fixture(autouse=True)
def no_runner_left(no_runner_stays: None) -> None:
    """What waits for a person waits for nobody after the test."""


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    """An open window on an empty database; an error that nobody caught fails the test."""
    made = Desktop(tmp_path / "data" / "smartspec.db")
    yield made
    made.close()
    database.close_database()
    assert made.reports == 0, "an error was reported"


@pytest.fixture
def imported(desktop: Desktop) -> Callable[..., str]:
    """Import a definition; the answer is the workflow's id."""

    def import_(text: str, name: str = "test.yaml") -> str:
        source = workflow_sources.Source(name, text, "yaml", str(desktop.file.parent))
        id_ = files.import_workflows([source])[0].workflow.id
        desktop.settle()
        return id_

    return import_


@pytest.fixture
def chain(desktop: Desktop, imported: Callable[..., str]) -> str:
    """The workflow `chain`, selected."""
    id_ = imported(CHAIN)
    desktop.go("workflows", id_)
    return id_


@pytest.fixture
def ran(imported: Callable[..., str], desktop: Desktop) -> Callable[..., Execution]:
    """Import a definition and run it for real."""

    def run(text: str, given: dict[str, Any] | None = None, times: int = 1) -> Execution:
        id_ = imported(text)
        for _ in range(times):
            execution = run_on(starting.start_execution(id_, given, origin=Origin(Trigger.CLI))).execution
        desktop.settle()
        return executions.get_execution(execution.id)

    return run
