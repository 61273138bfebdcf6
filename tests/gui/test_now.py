"""Now: what runs, what waits and for what, what waits for a person; and what can be done about it from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from smartspec.commands import control, executions, files, settings, starting, workflow_sources, workspaces
from smartspec.domain import times
from smartspec.domain.activity import Activity, Cause, Progress, State
from smartspec.domain.execution import Execution
from smartspec.gui.shell.now import words
from smartspec.gui.shell.now.activity_row import ActivityRow
from tests.gui.accessible import nodes_of
from tests.gui.conftest import Desktop
from tests.serving import serving

ASKING = 'smartspec: 1\nname: release\ntasks:\n  publish: {manual: "Publish 14 files?"}\n'
LONG = "smartspec: 1\nname: long\nuses: [nas]\ntasks:\n  work: {run: sleep 60}\n"
WAITING = "smartspec: 1\nname: later\nuses: [nas]\ntasks:\n  work: {run: sleep 60}\n"
RETRYING = "smartspec: 1\nname: fetch\ntasks:\n  get: {run: 'exit 7', retry: {max: 3, delay: 60s}}\n"


@pytest.fixture
def served(desktop: Desktop) -> Iterator[None]:
    """A runner lives, and has room for all."""
    settings.set_setting("runner.at_once", 10)
    with serving():
        yield


@pytest.fixture
def start(desktop: Desktop, imported: Callable[..., str]) -> Iterator[Callable[[str], Execution]]:
    """Import a definition and queue it; what is left of it is stopped."""
    begun: list[Execution] = []

    def queue(text: str) -> Execution:
        begun.append(starting.start_execution(imported(text, f"{len(begun)}.yaml")))
        return begun[-1]

    yield queue
    for each in begun:
        if executions.get_execution(each.id).completed_at is None:
            control.cancel_execution(each.id)
    desktop.settle()


def panel(desktop: Desktop) -> Any:
    return desktop.window.now.panel


def open_panel(desktop: Desktop) -> Any:
    desktop.press("Ctrl+J")
    assert panel(desktop).isVisible()
    return panel(desktop)


def row_of(desktop: Desktop, execution: Execution, state: State) -> ActivityRow:
    """The row about an execution, as soon as it is in that state."""
    found: list[ActivityRow] = []

    def is_there() -> bool:
        rows = panel(desktop).list.rows.values()
        found[:] = [row for row in rows if (row.activity.execution, row.activity.state) == (execution.id, state)]
        return bool(found)

    desktop.wait(is_there)
    desktop.settle()
    return found[0]


def button_of(row: ActivityRow, word: str) -> QWidget:
    return next(each for each in row.buttons if word in (each.text(), each.accessibleName()))


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def test_an_empty_ledger_says_that_nothing_runs(desktop: Desktop) -> None:
    assert desktop.window.status.runner.text() == "Nothing runs"
    found = open_panel(desktop)
    assert "Nothing runs, and nothing waits." in texts(found)
    assert "No runner; it comes with work" in texts(found)


def test_the_item_of_the_bar_opens_and_closes_it_and_stays_pressed(desktop: Desktop) -> None:
    item = desktop.window.status.runner
    desktop.click(item)
    assert panel(desktop).isVisible() and item._is_pressed
    desktop.click(item)
    assert not panel(desktop).isVisible() and not item._is_pressed


@pytest.mark.usefixtures("served")
def test_what_runs_is_there_with_its_task_and_can_be_stopped(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start(LONG)
    desktop.go("history")
    found = open_panel(desktop)
    row = row_of(desktop, execution, State.RUNNING)
    desktop.wait(lambda: row.activity.task == "work")
    assert "long #1, work 0 of 1 task" in row.accessibleName()
    desktop.wait(lambda: desktop.window.status.runner.text() == "Runner: 1 running")
    assert "1 of 10" in texts(found) and found.footer.change.isVisible()
    desktop.click(button_of(row, "Stop"))
    desktop.wait(lambda: executions.get_execution(execution.id).status == "cancelled")
    desktop.wait(lambda: not found.list.rows)
    desktop.wait(lambda: desktop.toast.startswith("long was cancelled after "))
    again = next(each for each in desktop.window.toast.findChildren(QPushButton) if each.text() == "Re-run")
    desktop.click(again)
    desktop.wait(lambda: executions.get_execution(execution.id).status == "running")
    assert executions.get_execution(execution.id).attempt == 2


@pytest.mark.usefixtures("served")
def test_what_waits_for_a_retry_can_be_tried_now(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start("smartspec: 1\nname: fetch\ntasks:\n"
                      "  get: {run: 'test $SMARTSPEC_ATTEMPT = 2', retry: {max: 1, delay: 1h}}\n")  # fmt: skip
    rows = open_panel(desktop).list.rows
    desktop.wait(lambda: [each.activity.cause for each in rows.values()] == [Cause.RETRY])  # at first it is queued
    desktop.click(button_of(row_of(desktop, execution, State.WAITING), "Try now"))
    desktop.wait(lambda: executions.get_execution(execution.id).status == "completed")


@pytest.mark.usefixtures("served")
def test_all_is_paused_at_once_and_undo_lets_it_go_on(desktop: Desktop, start: Callable[..., Execution]) -> None:
    two = "smartspec: 1\nname: {}\ntasks:\n  a: {{wait: 10m}}\n  b: {{needs: [a], run: 'true'}}\n"
    begun = [start(two.format(name)) for name in ("one", "two")]
    found = open_panel(desktop)
    for each in begun:
        row_of(desktop, each, State.WAITING)
    desktop.click(found.footer.pause)
    for each in begun:
        row_of(desktop, each, State.PAUSED)
    assert desktop.toast == "2 executions pause"
    desktop.wait(lambda: not found.footer.pause.isVisible())
    desktop.do("undo")
    for each in begun:
        row_of(desktop, each, State.WAITING)
    desktop.wait(found.footer.pause.isVisible)


@pytest.mark.usefixtures("served")
def test_a_screen_reader_hears_a_list_and_its_rows(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start(ASKING)
    found = open_panel(desktop)
    row = row_of(desktop, execution, State.ASKED)
    told = QAccessible.queryAccessibleInterface(row)
    assert told is not None and told.role() is QAccessible.Role.ListItem
    assert told.text(QAccessible.Text.Name) == row.accessibleName() and told.parent().role() is QAccessible.Role.List
    assert told.state().focusable
    nodes = {(node.role, node.owner) for node in nodes_of(found)}
    assert (QAccessible.Role.ListItem, "ActivityRow") in nodes and (QAccessible.Role.Button, "_Button") in nodes


@pytest.mark.usefixtures("served")
def test_a_question_is_answered_in_its_row(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start(ASKING)
    open_panel(desktop)
    row = row_of(desktop, execution, State.ASKED)
    assert "publish asks: “Publish 14 files?”" in row.accessibleName()
    desktop.wait(lambda: desktop.window.status.runner.text() == "1 waits for you")
    desktop.click(button_of(row, "Confirm"))
    desktop.wait(lambda: executions.get_execution(execution.id).status == "completed")


def test_what_has_room_does_not_scroll(desktop: Desktop, start: Callable[..., Execution]) -> None:
    found = open_panel(desktop)
    for number in range(3):
        execution = start(LONG.replace("long", f"long {number}"))
        row_of(desktop, execution, State.WAITING)
        desktop.wait(lambda: found.list.verticalScrollBar().maximum() == 0)


@pytest.mark.usefixtures("served")
def test_declined_it_fails(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start(ASKING)
    open_panel(desktop)
    desktop.click(button_of(row_of(desktop, execution, State.ASKED), "Decline"))
    desktop.wait(lambda: executions.get_execution(execution.id).status == "failed")


@pytest.mark.usefixtures("served")
def test_who_holds_a_lock_is_a_link(desktop: Desktop, start: Callable[..., Execution]) -> None:
    holder = start(LONG)
    open_panel(desktop)
    row_of(desktop, holder, State.RUNNING)
    waiter = start(WAITING)
    row = row_of(desktop, waiter, State.WAITING)
    assert "long #1 holds the lock nas" in row.accessibleName()
    assert row.link.text() == "long #1" and row.link.isVisible()
    desktop.click(row.link)
    location = desktop.window.context.navigator.location
    assert location is not None and (location.page, location.key) == ("execution", holder.id)
    assert not panel(desktop).isVisible()


@pytest.mark.usefixtures("served")
def test_a_pause_and_its_end(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start("smartspec: 1\nname: two\ntasks:\n  a: {wait: 10m}\n  b: {needs: [a], run: 'true'}\n")
    open_panel(desktop)
    desktop.wait(lambda: row_of(desktop, execution, State.WAITING).activity.cause is Cause.CLOCK)
    desktop.click(button_of(row_of(desktop, execution, State.WAITING), "Pause"))
    row = row_of(desktop, execution, State.PAUSED)
    assert row.accessibleName().startswith("two #1, by ")
    desktop.click(button_of(row, "Resume"))
    row_of(desktop, execution, State.WAITING)


def test_without_a_runner_one_can_be_started(desktop: Desktop, start: Callable[..., Execution]) -> None:
    execution = start("smartspec: 1\nname: quick\ntasks:\n  a: {run: 'true'}\n")
    found = open_panel(desktop)
    row = row_of(desktop, execution, State.WAITING)
    assert "there is no runner" in row.accessibleName()
    desktop.wait(lambda: desktop.window.status.runner.text() == "No runner: 1 waits")
    desktop.click(found.footer.start)
    desktop.wait(lambda: executions.get_execution(execution.id).status == "completed")
    desktop.wait(lambda: any(each.startswith("Runner alive") for each in texts(found)))


@pytest.mark.usefixtures("served")
def test_chips_narrow_it_and_count(desktop: Desktop, start: Callable[..., Execution]) -> None:
    running, asking = start(LONG), start(ASKING)
    found = open_panel(desktop)
    row_of(desktop, running, State.RUNNING)
    row_of(desktop, asking, State.ASKED)
    assert found.header.all.accessibleName() == "All 2"
    assert not found.header.chips[State.PAUSED].isVisible()
    desktop.click(found.header.chips[State.ASKED])
    assert [row.activity.execution for row in found.list.in_order] == [asking.id]
    control.confirm_task(asking.id, "publish")
    desktop.wait(lambda: "Nothing of that kind now" in texts(found))
    desktop.click(found.header.all)
    desktop.wait(lambda: [row.activity.execution for row in found.list.in_order] == [running.id])


@pytest.mark.usefixtures("served")
def test_all_of_it_by_keyboard(desktop: Desktop, start: Callable[..., Execution]) -> None:
    running, asking = start(LONG), start(ASKING)
    open_panel(desktop)
    first, second = row_of(desktop, asking, State.ASKED), row_of(desktop, running, State.RUNNING)
    desktop.press("Esc")
    assert not panel(desktop).isVisible()
    open_panel(desktop)
    assert first.hasFocus()
    desktop.press("Down")
    assert second.hasFocus()
    desktop.press("Up")
    desktop.press("Right")
    assert QApplication.focusWidget() is button_of(first, "Confirm")
    desktop.press("Right")
    assert QApplication.focusWidget() is button_of(first, "Decline")
    desktop.press("Left")
    desktop.press("Left")
    assert first.hasFocus()
    desktop.press("Space")
    desktop.wait(lambda: executions.get_execution(asking.id).status == "completed")
    desktop.wait(second.hasFocus)
    desktop.press("Return")
    assert desktop.shows(desktop.window.page("execution")) and not panel(desktop).isVisible()


def test_a_click_outside_closes_it_and_the_keyboard_goes_back(desktop: Desktop) -> None:
    search = desktop.window.top.search
    search.setFocus()
    open_panel(desktop)
    QTest.mouseClick(panel(desktop).footer, Qt.MouseButton.LeftButton)
    desktop.settle()
    assert panel(desktop).isVisible()
    desktop.press("Esc")
    assert search.hasFocus()
    open_panel(desktop)
    QTest.mouseClick(desktop.window.rail, Qt.MouseButton.LeftButton)
    desktop.settle()
    assert not panel(desktop).isVisible()


def test_pinned_it_stays_at_the_right_and_comes_back_with_the_window(desktop: Desktop) -> None:
    found = open_panel(desktop)
    desktop.click(found.header.pin)
    assert found.is_docked and found.width() == 420 and found.geometry().right() == desktop.window.width() - 1
    QTest.mouseClick(desktop.window.rail, Qt.MouseButton.LeftButton)
    desktop.go("history")
    assert found.isVisible()
    desktop.program.show("default")
    desktop.settle()
    again = panel(desktop)
    assert again is not found and again.isVisible() and again.is_docked
    desktop.window.resize(960, 600)
    desktop.settle()
    assert not again.isVisible()
    open_panel(desktop)
    assert not again.is_docked
    desktop.press("Esc")
    desktop.window.resize(1280, 800)
    desktop.settle()
    assert again.isVisible() and again.is_docked
    desktop.click(again.header.pin)
    assert not again.is_docked and not desktop.program.ui_state.get("now.pinned", True)


def test_the_limit_is_changed_in_the_settings(desktop: Desktop) -> None:
    found = open_panel(desktop)
    desktop.click(found.footer.change)
    page: Any = desktop.window.page("settings")
    assert desktop.shows(page)
    assert QApplication.focusWidget() is page.form.rows["runner.at_once"].control.line


def _activity(**values: Any) -> Activity:
    fixed = {"state": State.RUNNING, "cause": Cause.TASK, "execution": "x", "workflow_name": "w", "number": 1,
             "workspace": "default", "words": ""}  # fmt: skip
    return Activity(**{**fixed, **values})


def test_times_and_how_far_it_is_are_said_as_people_say_them() -> None:
    now = times.from_ms(1_000_000_000)

    def told(**values: Any) -> tuple[str, str]:
        found = words.times_of(_activity(**values), now)
        return found.first, found.second

    since = times.from_ms(1_000_000_000 - 24_400)
    assert told(since=since) == ("24 s", "")
    assert told(since=since, usual_ms=74_000, late_after_ms=80_000) == ("24 s", "about 49 s left")
    assert told(since=since, usual_ms=20_000, late_after_ms=30_000) == ("24 s", "usually 20.0 s")
    late = _activity(since=since, usual_ms=6_000, late_after_ms=7_000)
    assert words.times_usual(late, now) == "4 × the usual time"
    retry = {"state": State.WAITING, "cause": Cause.RETRY, "since": since, "delay_ms": 40_000}
    for left, words_, part in ((18_000, "in 18 s", 0.45), (1, "in 1 s", 1 / 40_000), (0, "now", 0.0), (-5, "now", 0.0)):
        found = words.times_of(_activity(**retry, due=times.from_ms(1_000_000_000 + left)), now)
        assert (found.first, found.part) == (words_, part)
    due = times.from_ms(1_000_018_000)
    for later, said in (((40_000, 80_000, 160_000), "then 40.0 s, 1 m 20 s"), ((), "the last attempt"), (None, "")):
        assert words.times_of(_activity(**retry, due=due, later_ms=later), now).second == said
    assert words.progress_words(Progress(11, 40, is_items=True)) == "11 of 40 items"
    assert words.progress_words(Progress(11, None, is_items=True)) == "11 items"
    assert words.progress_words(Progress(1, 1, is_items=False)) == "1 of 1 task"


def test_a_long_queue_has_all_its_rows_in_the_end(desktop: Desktop, start: Callable[..., Execution]) -> None:
    first = start(LONG)
    for _ in range(29):
        starting.start_execution("long")
    found = open_panel(desktop)
    desktop.wait(lambda: len(found.list.rows) == 30)
    numbers = [row.activity.number for row in found.list.in_order]
    assert numbers == list(range(1, 31)) and first.number == 1
    assert "Waiting  30" in texts(found)


@pytest.mark.usefixtures("served")
def test_what_runs_in_another_workspace_names_it_and_opens(desktop: Desktop) -> None:
    workspaces.create_workspace("Elsewhere")
    source = workflow_sources.Source("far.yaml", LONG, "yaml", str(desktop.file.parent))
    key = files.import_workflows([source], workspace="elsewhere")[0].workflow.id
    execution = starting.start_execution(key, workspace="elsewhere")
    open_panel(desktop)
    row = row_of(desktop, execution, State.RUNNING)
    assert row.accessibleName().startswith("long #1 · elsewhere, ")
    row.open()
    desktop.settle()
    page: Any = desktop.window.page("execution")
    assert desktop.shows(page) and page.header.title.text() == "#1 running"
    open_panel(desktop)
    desktop.click(button_of(row_of(desktop, execution, State.RUNNING), "Stop"))
    desktop.wait(lambda: executions.get_execution(execution.id).status == "cancelled")
