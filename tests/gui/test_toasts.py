"""Toasts: how a run that was started here goes and ends, and what was done; what fails elsewhere rings the bell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QCursor
from PySide6.QtWidgets import QPushButton, QWidget

from smartspec.commands import control, executions, starting
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.gui.core.navigation import Location
from smartspec.gui.shell import toast as toasts
from smartspec.gui.shell.messages_dialog import MessagesDialog
from tests.conftest import run_on
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Imported = Callable[..., str]
HELD = """smartspec: 1
name: held
tasks:
  wait: {run: 'while [ ! -e go ]; do sleep 0.02; done'}
"""


@pytest.fixture
def short_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts, "_LIFE_MS", 300)


def run(desktop: Desktop, key: str) -> None:
    desktop.go("workflows", key)
    desktop.do("run")


def let_go(desktop: Desktop) -> None:
    (desktop.file.parent / "go").touch()


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def verb(desktop: Desktop, word: str) -> QPushButton:
    return next(each for each in desktop.window.toast.findChildren(QPushButton) if each.text() == word)


def test_a_run_is_told_to_its_end(desktop: Desktop, imported: Imported) -> None:
    run(desktop, imported(HELD))
    assert desktop.toast == "Started held #1 (v1.0.0)"
    desktop.go("history")
    let_go(desktop)
    desktop.wait(lambda: desktop.toast.startswith("held completed in "))
    assert not desktop.program.notifications.messages
    desktop.click(verb(desktop, "Open"))
    assert desktop.shows(desktop.execution) and desktop.toast == ""


def test_a_failure_stays_until_it_is_opened_and_is_kept(desktop: Desktop, imported: Imported, short_life: None) -> None:
    run(desktop, imported(BROKEN))
    desktop.wait(lambda: desktop.toast.startswith("broken failed after "))
    shown = desktop.window.toast.toast
    assert shown is not None and shown.stays and "no route to host" in shown.meaning
    assert desktop.window.toast.height() > toasts.HEIGHT
    for _ in range(10):
        desktop.window.toast._on_tick()
    assert desktop.toast
    told = desktop.program.notifications.messages[-1]
    assert told.headline.startswith("broken failed after ") and told.headline.endswith("#1")
    assert desktop.message == ""  # it does not stand above the page too
    desktop.go("execution", executions.get_execution("broken#1").id)
    assert desktop.toast == ""
    desktop.go("history")
    desktop.do("messages")
    desktop.click(
        next(each for each in desktop.dialog(MessagesDialog).findChildren(QPushButton) if each.text() == "Open")
    )
    assert desktop.shows(desktop.execution)


def test_stop_ends_it_and_the_toast_says_so(desktop: Desktop, imported: Imported) -> None:
    run(desktop, imported(HELD))
    desktop.wait(lambda: executions.get_execution("held#1").status == "running")
    desktop.click(verb(desktop, "Stop"))
    desktop.wait(lambda: desktop.toast.startswith("held was cancelled after "))
    shown = desktop.window.toast.toast
    assert shown is not None and not shown.stays and not desktop.program.notifications.messages
    desktop.click(verb(desktop, "Re-run"))
    desktop.wait(lambda: executions.get_execution("held#1").status == "running")
    let_go(desktop)
    desktop.wait(lambda: desktop.toast.startswith("held completed in "))


def test_of_one_that_is_stopped_in_a_list_the_end_is_told(desktop: Desktop, imported: Imported) -> None:
    queued = starting.start_execution(imported(HELD), origin=Origin(Trigger.CLI))
    desktop.go("history")
    desktop.history.view.selectAll()
    desktop.do("stop")
    assert executions.get_execution(queued.id).status == "cancelled"
    assert desktop.toast == "held was cancelled before it began" and verb(desktop, "Re-run")


def test_a_pause_and_a_time_limit_are_told_for_what_they_are(desktop: Desktop, imported: Imported) -> None:
    run(desktop, imported(HELD.replace("{run", "{timeout: 200ms, run")))
    desktop.wait(lambda: "after" in desktop.toast, 8)
    run(desktop, imported("smartspec: 1\nname: two\ntasks:\n  a: {run: 'while [ ! -e go ]; do sleep 0.02; done'}\n"
                          "  b: {needs: [a], run: 'true'}\n"))  # fmt: skip
    desktop.wait(lambda: executions.get_execution("two#1").status == "running")
    control.pause_execution("two#1")
    let_go(desktop)
    desktop.wait(lambda: desktop.toast == "two is paused")
    control.resume_execution("two#1")
    run_on(executions.get_execution("two#1"))
    desktop.wait(lambda: desktop.toast.startswith("two completed in "))


def test_what_fails_elsewhere_only_rings_the_bell(desktop: Desktop, imported: Imported) -> None:
    key = imported(BROKEN)
    ended: Execution = run_on(starting.start_execution(key, {}, origin=Origin(Trigger.CLI))).execution
    desktop.wait(lambda: desktop.program.notifications.messages)
    message = desktop.program.notifications.messages[-1]
    assert message.location == Location("execution", ended.id) and "no route to host" in message.meaning
    assert desktop.toast == "" and desktop.message == ""
    executions.pin_execution(ended.id)
    desktop.wait(lambda: not desktop.window.failures.is_waiting)
    desktop.settle()
    assert len(desktop.program.notifications.messages) == 1


def test_on_its_own_page_nothing_is_told_twice(desktop: Desktop, imported: Imported) -> None:
    run(desktop, imported(HELD))
    desktop.go("execution", executions.get_execution("held#1").id)
    let_go(desktop)
    desktop.wait(lambda: executions.get_execution("held#1").status == "completed")
    desktop.wait(lambda: not desktop.program.notifications.followed)
    assert desktop.toast == ""


def test_undo_is_not_taken_away_by_the_news_of_a_run(desktop: Desktop, imported: Imported, short_life: None) -> None:
    run(desktop, imported(HELD))
    undone: list[int] = []
    desktop.program.notifications.toast("Moved 3 workflows to the trash", lambda: undone.append(1), "trash")
    let_go(desktop)
    desktop.wait(lambda: not desktop.program.notifications.followed)
    desktop.wait(lambda: desktop.toast.startswith("held completed in "))  # after the eight seconds of that
    assert undone == []


def test_it_stands_above_the_lowest_bar(desktop: Desktop, imported: Imported) -> None:
    imported(CHAIN)
    for size in ((1280, 800), (720, 480)):
        desktop.window.resize(*size)
        desktop.go("workflows")
        if desktop.workflows.executions.is_folded:
            desktop.workflows.executions.toggle()
        desktop.program.notifications.toast("Copied")
        desktop.settle()
        assert place(desktop.window.status).top() - place(desktop.window.toast).bottom() - 1 == toasts.ABOVE
        desktop.go("history")
        desktop.window.toast._on_tick()
        assert place(desktop.history.selection).top() - place(desktop.window.toast).bottom() - 1 == toasts.ABOVE
        desktop.go("workflows")
        desktop.workflows.executions.toggle()
        desktop.window.toast._on_tick()
        assert not place(desktop.window.toast).intersects(place(desktop.workflows.executions))


def test_it_is_as_wide_as_what_it_says(desktop: Desktop) -> None:
    long = "Seven settings are at their defaults again, as they were at first"
    for text in ("Saved", long):
        desktop.program.notifications.toast(text, lambda: None, "check")
        desktop.settle()
        shown = desktop.window.toast
        assert shown._words.width() >= shown._words.wanted_width and shown.width() >= toasts.WIDTH
    desktop.program.notifications.toast(long * 5)
    desktop.settle()
    assert shown.width() <= desktop.window.width() - 40 and shown.x() + shown.width() < desktop.window.width()


def test_it_goes_even_where_the_mouse_was_left_lying(
    desktop: Desktop, short_life: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "_REST_MS", 300)
    desktop.program.notifications.toast("Copied")
    desktop.settle()
    QCursor.setPos(place(desktop.window.toast).center())
    desktop.window.toast._on_tick()
    assert desktop.window.toast._is_held()  # the mouse has just come
    desktop.wait(lambda: desktop.toast == "")


def test_it_is_announced_as_an_alert(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if event.type() is QAccessible.Event.Alert:
            alerts.append(desktop.window.toast.accessibleName())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    desktop.program.notifications.toast("Copied the link")
    assert alerts == ["Copied the link"]


def test_its_icon_follows_the_theme(desktop: Desktop, tmp_path: Path) -> None:
    desktop.program.notifications.toast("Copied", icon="copy")
    desktop.settle()
    icon = desktop.window.toast._icon
    light = icon.grab().toImage()
    desktop.do("theme")
    assert icon.grab().toImage() != light
    desktop.do("theme")
