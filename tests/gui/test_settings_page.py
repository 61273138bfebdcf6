"""Settings as a page: found, chosen with their units, checked in place, and taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from smartspec.commands import settings
from smartspec.domain.settings import GROUPS
from smartspec.gui.core.navigation import Location
from smartspec.gui.style import theme, tokens
from tests.conftest import ROOT
from tests.gui.conftest import Desktop


@pytest.fixture
def page(desktop: Desktop) -> Any:
    desktop.press("Ctrl+,")
    return desktop.window.page("settings")


def _row(page: Any, key: str) -> Any:
    return page.form.rows[key]


def _type(desktop: Desktop, page: Any, key: str, text: str) -> QLineEdit:
    """Over what stands in the line of a setting; it is left by the key Tab."""
    line = _row(page, key).control.line
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    desktop.press("Tab", line)
    return line


def test_it_is_a_page_of_the_rail_that_the_keys_open_and_the_next_start_does_not(desktop: Desktop, page: Any) -> None:
    assert desktop.shows(page) and page.search.hasFocus()
    assert desktop.program.ui_state.get("page", "") == "workflows"
    assert [*page.form.sections] == [*GROUPS]
    assert all(each.rows for each in page.form.sections.values())


def test_a_number_is_saved_with_its_unit_when_the_line_is_left(desktop: Desktop, page: Any) -> None:
    at_once = _row(page, "alerts.long_running_ms")
    assert (at_once.control.line.text(), at_once.control.unit.text()) == ("1", "hour")
    _type(desktop, page, "alerts.long_running_ms", "90 min")
    assert settings.get_setting("alerts.long_running_ms") == 90 * 60_000
    assert (at_once.control.line.text(), at_once.control.unit.text()) == ("90", "minutes")
    _type(desktop, page, "alerts.long_running_ms", "5")
    assert settings.get_setting("alerts.long_running_ms") == 5 * 60_000, "a number alone is of the unit beside it"
    _type(desktop, page, "alerts.task_memory_bytes", "2 GB")
    assert settings.get_setting("alerts.task_memory_bytes") == 2 * 1024**3
    assert _row(page, "alerts.task_memory_bytes").control.unit.text() == "GiB"


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [("runner.at_once", "many", "“many” is not a whole number. Still in force: 3 executions."),
     ("runner.at_once", "0", "at least 1 execution, not 0 executions. Still in force: 3 executions."),
     ("alerts.long_running_ms", "soon", "“soon” is not a duration"), ("runner.log_cap_bytes", "1", "at least 16 MiB, not 1 MiB"),
     ("runner.python", "no-python-here", "no program that can be run here. Still in force: (empty).")],
)  # fmt: skip
def test_what_cannot_be_stays_with_a_sentence_that_names_what_holds(
    desktop: Desktop, page: Any, key: str, text: str, words: str
) -> None:
    settings.set_setting("runner.at_once", 3)
    desktop.settle()
    before = settings.get_setting(key)
    line = _type(desktop, page, key, text)
    row = _row(page, key)
    assert words in row.wrong.text.text() and row.wrong.isVisible()
    assert line.text() == text and line.property("invalid")
    assert settings.get_setting(key) == before
    settings.set_setting("alerts.failure_rate_least", 7)  # something else is written: what was typed stays
    desktop.settle()
    assert line.text() == text and row.wrong.isVisible()
    row.chosen.emit(key, before)  # what holds already
    desktop.settle()
    assert not row.wrong.isVisible() and not line.property("invalid")


def test_escape_brings_back_what_holds(desktop: Desktop, page: Any) -> None:
    line = _row(page, "runner.at_once").control.line
    was = line.text()
    desktop.type_text(line, "77")
    assert line.text() != was
    desktop.press("Esc", line)
    desktop.press("Tab", line)
    assert line.text() == was and settings.get_setting("runner.at_once") != 77


def test_arrow_keys_count_in_the_unit_that_is_shown(desktop: Desktop, page: Any) -> None:
    line = _row(page, "alerts.task_duration_ms").control.line
    line.setFocus()
    desktop.press("Up", line)
    desktop.press("Up", line)
    desktop.press("Down", line)
    assert settings.get_setting("alerts.task_duration_ms") == 6 * 60_000
    assert line.text() == "6"


def test_what_is_changed_shows_its_default_and_goes_back_to_it(desktop: Desktop, page: Any) -> None:
    row = _row(page, "runner.resume")
    assert not row.is_changed and not row.reset.isVisible()
    desktop.click(row.control.switch)
    assert settings.get_setting("runner.resume") is False
    assert row.is_changed and row.reset.isVisible() and row.default.text() == "default: on"
    assert row.reset.accessibleName() == "Reset “Interrupted executions” to on"
    assert page.groups.item(2).data(Qt.ItemDataRole.AccessibleTextRole) == "Running, 1 changed"
    desktop.click(row.reset)
    assert settings.get_setting("runner.resume") is True and not row.reset.isVisible()


def test_everything_is_reset_and_that_is_undone(desktop: Desktop, page: Any) -> None:
    settings.set_setting("runner.at_once", 3)
    desktop.program.ui_state.keep("close.goes_on", True)
    desktop.settle()
    desktop.click(page.reset_all)
    assert "2 settings" in desktop.toast
    assert settings.get_setting("runner.at_once") != 3 and not desktop.program.ui_state.get("close.goes_on", True)
    assert not page.reset_all.isEnabled()
    desktop.do("undo")
    assert settings.get_setting("runner.at_once") == 3 and desktop.program.ui_state.get("close.goes_on", False)


def test_what_the_terminal_changes_is_seen_at_once(desktop: Desktop, page: Any) -> None:
    terminal = [sys.executable, "-m", "smartspec", "--db", str(desktop.file), "settings", "set", "runner.at_once", "5"]
    subprocess.run(terminal, cwd=ROOT, check=True, capture_output=True)
    desktop.wait(lambda: _row(page, "runner.at_once").control.line.text() == "5")


def test_theme_contrast_and_motion_change_at_once_whoever_chooses_them(desktop: Desktop, page: Any) -> None:
    for key, word in (("contrast", "High"), ("still", "Reduced"), ("theme", "Dark")):
        box = _row(page, key).control.box
        box.setCurrentIndex(box.findText(word))
        box.activated.emit(box.currentIndex())
    assert theme.tokens().strong and theme.is_still() and theme.tokens().name == "dark"
    assert theme.tokens().line_strong == tokens.SCHEMES["dark", False].text2
    desktop.do("theme")
    assert _row(page, "theme").control.box.currentText() == "Light"
    desktop.click(page.reset_all)
    assert not theme.tokens().strong


def test_a_search_goes_through_names_explanations_values_and_other_words(desktop: Desktop, page: Any) -> None:
    def found(text: str) -> list[str]:
        page.search.setText(text)
        desktop.settle()
        return [each.item.key for each in page.form.shown]

    assert found("parallel") == ["runner.at_once"]
    assert found("INTERRUPTED go") == ["runner.resume"]
    assert found("64 mib") == ["runner.log_cap_bytes"]
    assert found("alerts.task_cpu") == ["alerts.task_cpu_percent"]
    assert {"theme", "contrast", "language", "still"} <= {*found("as the system")}
    assert page.groups.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "General, 1 found"
    assert found("moonshine") == []
    assert "No setting about “moonshine”" in [each.text() for each in page.states.findChildren(type(page.header._said))]
    desktop.press("Esc", page.search)
    assert len(page.form.shown) == len(page.form.rows)


def test_a_slash_goes_to_the_search_but_is_typed_into_a_line(desktop: Desktop, page: Any) -> None:
    page.groups.setFocus()
    desktop.press("/")
    assert page.search.hasFocus() and page.search.text() == ""
    line = _row(page, "runner.python").control.line
    desktop.type_text(line, "/")
    assert line.text() == "/"


def test_only_the_changed_ones_can_be_seen(desktop: Desktop, page: Any) -> None:
    settings.set_setting("runner.at_once", 3)
    desktop.settle()
    desktop.click(page.header.only_changed)
    assert [each.item.key for each in page.form.shown] == ["runner.at_once"]


def test_a_group_and_a_setting_have_addresses(desktop: Desktop, page: Any) -> None:
    desktop.window.resize(1_130, 480)
    desktop.settle()
    page.groups.setCurrentRow([*GROUPS].index("alerts"))
    desktop.settle()
    location = desktop.window.context.navigator.location
    assert location == Location("settings", "alerts")
    assert page.form.verticalScrollBar().value() > 0
    desktop.go("settings", "runner.at_once")
    assert QApplication.focusWidget() is _row(page, "runner.at_once").control.line
    assert page.groups.current == "running"


def test_a_narrow_window_has_the_groups_in_a_list_and_controls_below_their_texts(desktop: Desktop, page: Any) -> None:
    desktop.window.resize(720, 480)
    desktop.settle()
    row = _row(page, "runner.at_once")
    assert not page.groups.isVisible() and page.header.group.isVisible()
    assert row.control.mapTo(row, row.control.rect().topLeft()).y() > row.explanation.y() + 10
    page.header.group.activated.emit(2)
    desktop.settle()
    top = row.mapTo(page.form.viewport(), row.rect().topLeft()).y()
    assert 0 <= top < page.form.viewport().height()
    assert not page.form.horizontalScrollBar().isVisible()


def test_beside_a_docked_panel_controls_stand_below_their_texts(desktop: Desktop, page: Any) -> None:
    desktop.window.resize(1280, 800)
    row = _row(page, "runner.at_once")
    desktop.settle()
    assert row.control.mapTo(row, row.control.rect().topLeft()).x() > row.explanation.x() + 200
    page.form.setFixedWidth(560)
    desktop.settle()
    assert row.control.mapTo(row, row.control.rect().topLeft()).y() > row.explanation.y() + 10


def test_what_the_environment_decides_is_told_and_cannot_be_chosen(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTSPEC_LANG", "en")
    made = Desktop(tmp_path / "data" / "smartspec.db")
    try:
        made.do("page_settings")
        row: Any = _row(made.window.page("settings"), "language")
        assert not row.control.isEnabled()
        assert row.wrong.text.text() == "SMARTSPEC_LANG holds instead while it is set."
    finally:
        made.close()


def test_the_palette_finds_settings_by_their_other_names_too(desktop: Desktop) -> None:
    desktop.do("palette")
    palette = desktop.window.palette_view
    desktop.type_text(palette.input, "parallel")
    assert [entry.text for entry in palette.model.entries] == ["Settings", "Executions at once"]
    desktop.press("Return", palette.input)
    page = desktop.window.page("settings")
    assert desktop.shows(page) and QApplication.focusWidget() is _row(page, "runner.at_once").control.line


def test_a_screen_reader_hears_which_page_is_chosen_and_what_each_field_is(desktop: Desktop, page: Any) -> None:
    roles = {each.accessibleName(): QAccessible.queryAccessibleInterface(each)
             for each in desktop.window.rail.findChildren(QAbstractButton)}  # fmt: skip
    assert {each.role() for each in roles.values()} == {QAccessible.Role.RadioButton}
    assert [name for name, each in roles.items() if each.state().checked] == ["Settings"]
    for key, row in page.form.rows.items():
        field = row.control.field
        assert field.accessibleName() or key == "folder", key
        assert row.title.buddy() is field


def test_the_switch_of_the_background_shows_what_is_so_and_installs_and_removes_for_real(
    desktop: Desktop, page: Any, tmp_path: Path
) -> None:
    row = _row(page, "background")
    desktop.wait(row.control.isEnabled)
    assert not row.control.switch.isChecked() and not row.wrong.isVisible()
    desktop.click(row.control.switch)
    (entry,) = (tmp_path / "config" / "autostart").iterdir()
    assert row.control.switch.isChecked() and row.wrong.text.text().endswith(f"It stands in {entry}.")
    assert str(desktop.file) in entry.read_text()
    entry.write_text(entry.read_text().replace(sys.executable, "/gone/bin/python"))
    desktop.go("workflows")
    desktop.go("settings")
    desktop.wait(lambda: "points at /gone/bin/python, which is gone" in row.wrong.text.text())
    desktop.click(row.reset)
    assert not row.control.switch.isChecked() and not entry.exists() and not row.wrong.isVisible()


def test_what_the_system_refuses_is_said_and_the_switch_goes_back(desktop: Desktop, page: Any, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    row = _row(page, "background")
    desktop.wait(row.control.isEnabled)
    desktop.click(row.control.switch)
    assert "cannot be written: not a directory. Still in force: off." in row.wrong.text.text()
    assert not row.control.switch.isChecked() and row.control.isEnabled()


def test_reset_of_everything_takes_it_out_of_the_background_and_undo_brings_it_back(
    desktop: Desktop, page: Any, tmp_path: Path
) -> None:
    row = _row(page, "background")
    desktop.wait(row.control.isEnabled)
    desktop.click(row.control.switch)
    desktop.click(page.reset_all)
    assert desktop.toast == "1 setting is at its default again" and not row.value
    desktop.window.toast.undo()
    desktop.wait(lambda: row.value)
    assert [*(tmp_path / "config" / "autostart").iterdir()]
