"""The search at the top: History shows what fits while one types."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from smartspec.domain.execution import Execution
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def labels(desktop: Desktop) -> list[str]:
    return [each.label for each in desktop.history.view.executions.rows]


def test_history_shows_what_fits_while_one_types(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.go("workflows")
    desktop.do("find")
    field = desktop.window.top.search
    for letters in ("sta", "tus:", "fail", "ed"):
        QTest.keyClicks(field, letters)
        desktop.settle()
        assert desktop.window.focusWidget() is field, letters
    assert field.text() == "status:failed"
    assert desktop.shows(desktop.history) and labels(desktop) == ["broken #1"]
    desktop.do("back")  # one step for all letters
    assert desktop.shows(desktop.workflows)


def test_enter_goes_to_what_was_found(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    desktop.do("find")
    field = desktop.window.top.search
    QTest.keyClicks(field, "chain")
    desktop.press("Return", field)
    assert labels(desktop) == ["chain #1"]
    assert QApplication.focusWidget() is not field and desktop.history.isAncestorOf(QApplication.focusWidget())


def test_a_search_that_is_emptied_shows_all(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.go("history", query="chain")
    field = desktop.window.top.search
    field.setFocus()
    field.selectAll()
    desktop.press("Backspace", field)
    assert sorted(labels(desktop)) == ["broken #1", "chain #1"]
