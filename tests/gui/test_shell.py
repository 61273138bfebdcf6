"""What is around the pages: locations, actions, search, palette, messages, appearance, what is remembered."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from smartspec.commands import (
    database,
    executions,
    files,
    samples,
    starting,
    workflow_sources,
    workflows,
)
from smartspec.domain import progress_callback, times
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.progress_callback import ProgressCallback
from smartspec.errors import Conflict
from smartspec.gui.app import FEATURES
from smartspec.gui.contract import actions_of
from smartspec.gui.core.actions import MENUS, shortcut_text
from smartspec.gui.core.notifications import Message
from smartspec.gui.program import Program
from smartspec.gui.shell.about_dialog import AboutDialog
from smartspec.gui.style import theme, tokens
from smartspec.gui.style.formatting import ago
from smartspec.runner import background
from tests.clock import until
from tests.gui.conftest import BROKEN, CHAIN, Desktop


def test_an_empty_home_shows_three_ways_to_begin(desktop: Desktop) -> None:
    welcome = desktop.workflows.welcome
    assert desktop.workflows.centre.currentWidget() is welcome
    assert desktop.file.exists()
    actions = desktop.window.context.actions
    keys = [each._keys for each in welcome.findChildren(type(welcome.first))]
    assert keys == [shortcut_text(actions[name]) for name in ("new", "import", "samples")]


def test_the_first_workflow_is_made_with_a_name_and_runs(desktop: Desktop) -> None:
    desktop.do("new")
    desktop.reply("My first")
    assert desktop.workflows.tab == "definition"
    assert "hello" in desktop.workflows.tabs.content("definition").text
    desktop.do("run")
    desktop.wait(lambda: executions.list_executions().rows[0].status == "completed")


def test_slow_work_shows_how_far_it_is_and_can_be_stopped(desktop: Desktop) -> None:
    ended: list[str] = []

    def count(on_progress: ProgressCallback) -> None:
        for step in range(2_000):
            time.sleep(0.01)
            progress_callback.report_progress(on_progress, step / 2_000)
        ended.append("through")

    desktop.program.background.start_job(desktop.window, "Counting sheep", count, lambda _: ended.append("told"))
    item = desktop.window.status.job
    desktop.wait(lambda: "Counting sheep" in item.text and "%" in item.text)
    QTest.mouseClick(item.cancel, Qt.MouseButton.LeftButton)
    desktop.wait(lambda: not item.isVisible(), 1)
    assert ended == [] and desktop.message == ""


def test_the_database_is_checked_and_backed_up_without_a_question(desktop: Desktop) -> None:
    desktop.do("check")
    assert "sound" in desktop.window.toast.text
    desktop.do("back_up")
    assert database.list_backups()[0].path.endswith(desktop.window.toast.text.split()[-1])


def test_samples_come_with_one_click_and_go_with_one(desktop: Desktop) -> None:
    desktop.do("samples")
    desktop.wait(lambda: desktop.window.context.workspace == "samples")
    desktop.settle()
    assert workflows.count_workflows(workspace="samples") == 5
    assert executions.count_executions(workspace="samples") == 200
    assert desktop.workflows.workflow_list.summaries[0].workflow.name == "csv-to-sqlite"
    desktop.do("remove_samples")
    desktop.wait(lambda: desktop.window.context.workspace == "default")
    desktop.settle()
    assert not samples.are_there() and "Removed the sample data" in desktop.window.toast.text
    assert executions.count_executions() == 0


def test_a_sample_that_runs_is_cancelled_first_and_nothing_is_half_removed(desktop: Desktop) -> None:
    def status() -> str:
        return executions.get_execution("long#1", "samples").status

    desktop.do("samples")
    desktop.wait(lambda: desktop.window.context.workspace == "samples")
    text = "smartspec: 1\nname: long\ntasks:\n  a: {run: sleep 30}\n"
    long = files.import_workflows([workflow_sources.Source("long.yaml", text, "yaml")], workspace="samples")[0].workflow
    starting.start_execution(long.id, {}, origin=Origin(Trigger.CLI), workspace="samples")
    background.ensure(desktop.file)
    desktop.wait(lambda: status() == "running")
    desktop.do("remove_samples")
    desktop.settle()
    if samples.are_there():  # unless the runner was so quick that it had ended by then
        desktop.wait(lambda: "still running" in desktop.message)
        assert desktop.window.context.workspace == "samples"
        assert workflows.count_workflows(workspace="samples") == 6
        desktop.wait(lambda: status() == "cancelled")
        desktop.settle()
        desktop.do("remove_samples")
    desktop.wait(lambda: not samples.are_there())


def test_pages_and_places_by_keyboard_alone(desktop: Desktop, imported: Callable[..., str]) -> None:
    imported(CHAIN)
    desktop.press("Ctrl+2")
    assert desktop.shows(desktop.history)
    desktop.press("Alt+Left")
    assert desktop.shows(desktop.workflows)
    desktop.press("Alt+Right")
    assert desktop.shows(desktop.history)
    desktop.press("Ctrl+1")
    desktop.workflows.workflow_list.view.setFocus()
    desktop.press("Down")
    desktop.press("Down")
    assert desktop.workflows.workflow.name == "chain"
    desktop.press("Alt+3")
    assert desktop.workflows.tab == "config"
    desktop.press("F6")
    assert QApplication.focusWidget() is not None


def test_the_search_at_the_top_opens_history_with_the_same_filter(
    desktop: Desktop, ran: Callable[..., Execution]
) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.press("Ctrl+F")
    desktop.type_text(desktop.window.top.search, "status:failed")
    desktop.press("Return", desktop.window.top.search)
    assert desktop.shows(desktop.history)
    desktop.wait(lambda: [each.workflow_name for each in desktop.history.view.executions.rows] == ["broken"])
    assert desktop.history.filters.chips["failed"].isChecked()


def test_the_palette_finds_commands_workflows_and_executions(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    ran(CHAIN)
    desktop.press("Ctrl+K")
    palette = desktop.window.palette_view
    desktop.type_text(palette.input, "cha")
    kinds = [entry.text for entry in palette.model.entries]
    assert "chain" in kinds
    assert "chain #1" in kinds
    palette.input.clear()
    desktop.type_text(palette.input, ">hist")
    assert [entry.text for entry in palette.model.entries if entry.do] == ["History"]
    desktop.press("Return", palette.input)
    assert desktop.shows(desktop.history)
    assert not palette.isVisible()
    desktop.press("Ctrl+K")
    desktop.type_text(palette.input, "#1")
    desktop.press("Return", palette.input)
    assert desktop.execution.execution.number == 1
    desktop.press("Ctrl+K")
    desktop.press("Escape", palette.input)
    assert not palette.isVisible()


def test_every_action_is_in_a_menu_has_its_mnemonic_and_keys_of_its_own(desktop: Desktop) -> None:
    keys = Counter(QKeySequence(key).toString() for spec in actions_of(FEATURES) for key in spec.keys)
    assert [key for key, times in keys.items() if times > 1] == []
    for menu in MENUS:
        letters = [spec.text[spec.text.index("&") + 1].lower() for spec in actions_of(FEATURES) if spec.menu == menu]
        assert [letter for letter, times in Counter(letters).items() if times > 1] == [], menu
    tops = [menu[menu.index("&") + 1] for menu in MENUS]
    assert len(set(tops)) == len(tops)


def test_text_can_be_read_in_light_and_dark() -> None:
    for scheme in tokens.SCHEMES.values():
        for fore, back, least in tokens.pairs():
            found = tokens.contrast(getattr(scheme, fore), getattr(scheme, back))
            assert found >= least, f"{scheme.name}: {fore} on {back} has {found:.2f}"
    assert tokens.contrast("#777777", "#888888") < 3  # the measure can fail


def test_the_look_changes_at_once_and_is_remembered(desktop: Desktop) -> None:
    before = theme.tokens().name
    desktop.do("theme")
    assert theme.tokens().name != before
    background = desktop.window.grab().toImage().pixelColor(2, 400)
    assert background.name().upper() == theme.tokens().chrome.upper()
    assert desktop.program.ui_state.get("theme", "") == theme.tokens().name
    desktop.do("theme")


def test_every_focusable_widget_says_what_it_is(desktop: Desktop, ran: Callable[..., Execution]) -> None:
    execution = ran(BROKEN)
    for location in (("workflows", ""), ("history", ""), ("execution", execution.id)):
        desktop.go(*location)
        for each in desktop.window.findChildren(QWidget):
            if (
                each.focusPolicy() == Qt.FocusPolicy.NoFocus
                or not each.isVisible()
                or each.objectName().startswith("qt_")
            ):
                continue
            text = getattr(each, "text", lambda: "")
            named = each.accessibleName() or (text() if callable(text) else "") or each.toolTip()
            parent = each.parentWidget()
            inside = parent is not None and (parent.accessibleName() or isinstance(parent, QLineEdit))
            assert named or inside, f"{type(each).__name__} of {type(parent).__name__} has no name"


def test_messages_stay_until_closed_and_are_kept(desktop: Desktop) -> None:
    desktop.program.notifications.notify_error(Conflict("The name “x” is taken."))
    desktop.program.notifications.notify(Message("warning", "The disk is nearly full."))
    desktop.settle()
    assert desktop.message == "The name “x” is taken."
    desktop.window.message_bar.dismiss()
    assert desktop.message == "The disk is nearly full."
    desktop.window.message_bar.dismiss()
    assert not desktop.window.message_bar.isVisible()
    assert len(desktop.program.notifications.messages) == 2


def test_diagnostics_can_be_copied_and_hold_no_home(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(desktop.file.parent.parent))
    desktop.do("about")
    dialog = desktop.dialog(AboutDialog)
    desktop.wait(lambda: dialog.copy.isEnabled())
    assert "SQLite: 3." in dialog.diagnostics
    assert str(desktop.file.parent.parent) not in dialog.diagnostics
    desktop.click(dialog.copy)
    assert QApplication.clipboard().text() == dialog.diagnostics


def test_geometry_page_and_choices_come_back(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "data" / "smartspec.db"
    first = Desktop(file)
    first.window.resize(760, 640)
    first.go("history")
    first.program.ui_state.keep("filters", [["Mine", "status:failed"]])
    first.close()
    second = Desktop(file, size=None)
    assert second.window.size().width() == 760
    assert second.window.stack.currentWidget() is second.history
    second.close()
    database.close_database()


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "\x00\xff", '{"geometry": 5, "filters": "x", "theme": 3}', '{"theme": "pink", "still": 5}']
)
def test_damaged_window_settings_mean_defaults(qapp: QApplication, tmp_path: Path, text: str) -> None:
    file = tmp_path / "data" / "smartspec.db"
    file.parent.mkdir()
    (file.parent / "window.json").write_text(text, encoding="latin-1")
    made = Desktop(file)
    made.go("history")
    assert made.window.isVisible()
    if not text.startswith('{"'):
        assert "settings" in made.message
    made.close()
    database.close_database()


def test_a_database_that_cannot_be_opened_is_told_and_left_alone(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "smartspec.db"
    file.write_bytes(b"not a database at all, and longer than a header is" * 10)
    before = file.read_bytes()
    program = Program(file, FEATURES)
    program.open()
    until(lambda: program.exit_code, pause=qapp.processEvents)
    assert program.exit_code == 65
    for each in qapp.topLevelWidgets():
        each.close()
    program.close()
    assert file.read_bytes() == before


def test_the_ui_state_is_written_whole(desktop: Desktop) -> None:
    desktop.program.ui_state.keep("page", "history")
    desktop.program.ui_state.save()
    file = desktop.file.parent / "window.json"
    assert json.loads(file.read_text())["page"] == "history"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_opened_is_said(desktop: Desktop, tmp_path: Path) -> None:
    desktop.window.open_target(str(tmp_path / "notes.txt"))
    assert "notes.txt" in desktop.message and "cannot be opened" in desktop.message


def test_every_page_is_looked_at_once_a_day_and_the_bar_says_when(desktop: Desktop) -> None:
    status, ui_state = desktop.window.status, desktop.program.ui_state
    status.check_health()
    desktop.wait(lambda: ui_state.get("health.looked_at", 0) > 0)
    assert "Database healthy" in status.database.accessibleName()
    two_hours_ago = times.to_ms(times.now()) - 2 * 3_600_000
    ui_state.keep("health.looked_at", two_hours_ago)
    status.check_health()
    desktop.wait(
        lambda: f"Database checked {ago(times.from_ms(two_hours_ago), times.now())}" in status.database.accessibleName()
    )
    assert ui_state.get("health.looked_at", 0) == two_hours_ago
    ui_state.keep("health.looked_at", two_hours_ago - 24 * 3_600_000)
    status.check_health()
    desktop.wait(lambda: "Database healthy" in status.database.accessibleName())
