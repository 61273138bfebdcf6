"""History by session, by user and by the days before: the chips and the table of sessions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartspec.commands import execution_trash, executions, importing
from smartspec.domain.execution import Execution
from tests.gui.conftest import CHAIN, Desktop

Ran = Callable[..., Execution]


def recorded(desktop: Desktop, session: str | None, status: str, user: str = "ada") -> None:
    row = {"workflow": "night", "status": status, "completed_at": time.time(), "session_id": session, "user_name": user}
    file = desktop.file.parent / "recorded.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    importing.import_executions(file)
    desktop.settle()


@pytest.fixture
def sessions(desktop: Desktop) -> Desktop:
    for status in ("completed", "failed"):
        recorded(desktop, "first", status)
    recorded(desktop, "second", "completed", "bob")
    recorded(desktop, None, "completed")
    desktop.go("history")
    return desktop


def rows(desktop: Desktop) -> list[list[str]]:
    model = desktop.history.by_session.view.sessions
    return [[model.text(row, column) for column in range(4)] for row in range(model.rowCount())]


def test_the_last_used_session_comes_first_with_its_outcome(sessions: Desktop) -> None:
    sessions.history.grouping.segments[1].click()
    sessions.settle()
    assert rows(sessions) == [
        ["second", "1", "1 completed", "night"],
        ["first", "2", "1 completed, 1 failed", "night"],
    ]
    assert sessions.history.by_session.count.text() == "2 sessions"
    recorded(sessions, "first", "completed")
    sessions.wait(lambda: rows(sessions)[0][:2] == ["first", "3"])


def test_enter_shows_the_executions_of_a_session_and_back_the_sessions(sessions: Desktop) -> None:
    page = sessions.history
    page.grouping.segments[1].click()
    sessions.settle()
    page.by_session.view.setCurrentIndex(page.by_session.view.sessions.index(1, 0))
    QTest.keyClick(page.by_session.view, Qt.Key.Key_Return)
    sessions.settle()
    assert page.text == "session:first" and len(page.view.executions.rows) == 2
    assert page.filters.kinds["session"].isChecked()
    sessions.press("Alt+Left")
    assert page.by_session.isVisible()


def test_without_sessions_it_says_how_they_come(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history")
    desktop.history.grouping.segments[1].click()
    desktop.settle()
    pane = desktop.history.by_session
    assert pane.states.currentWidget() is not pane.states.content and pane.count.text() == ""


def test_who_started_it_is_a_chip(sessions: Desktop) -> None:
    bar = sessions.history.filters
    bar._choose_filter("user", "bob")
    sessions.settle()
    assert sessions.history.text == "user:bob" and len(sessions.history.view.executions.rows) == 1
    chip = bar.kinds["user"]
    assert chip.accessibleName() == "bob"
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    sessions.settle()
    assert sessions.history.text == "" and not chip.isChecked()


def test_a_session_in_the_trash_is_not_told(sessions: Desktop) -> None:
    for each in executions.list_executions(executions.read_query("session:second")).rows:
        execution_trash.delete_execution(each.id)
    sessions.history.grouping.segments[1].click()
    sessions.settle()
    assert [each[0] for each in rows(sessions)] == ["first"]


def test_the_week_before_and_back(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.go("history", query="after:mon")
    bar = desktop.history.filters
    assert bar.period.isVisible() and not bar.period.later.isEnabled()
    assert bar.period.earlier.accessibleName() == "The week before"
    bar.period.earlier.click()
    desktop.settle()
    assert not desktop.history.view.executions.rows and "before:" in desktop.history.text
    assert bar.period.later.isEnabled()
    bar.period.later.click()
    desktop.settle()
    assert len(desktop.history.view.executions.rows) == 1
