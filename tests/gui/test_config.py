"""The tab Config: a field for each setting, checked while one types, saved together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from smartspec.commands import configs
from smartspec.domain import times
from smartspec.gui.pages.workflows.config_dialogs import AddSettingDialog, AsOfDialog, HistoryDialog
from smartspec.gui.widgets.forms.json_dialog import JsonDialog
from tests.gui.conftest import BROKEN, CHAIN, Desktop, write

Import = Callable[..., str]


@pytest.fixture
def chain(desktop: Desktop, imported: Import) -> str:
    return imported(CHAIN)


def test_a_field_per_type_checked_while_typed_saved_together(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    rows = config.rows
    assert [*rows] == ["host", "days", "deep", "skip"]
    rows["days"].editor.field.setText("12O")
    assert rows["days"].problem == "“12O” is not a number. Did you mean 120?"
    assert not config.save_button.isEnabled()
    rows["days"].editor.field.setText("1e400")
    assert rows["days"].problem
    rows["days"].editor.field.setText("120")
    rows["host"].editor.field.setText("nas-2.local")
    rows["deep"].editor.switch.click()
    rows["skip"].editor.field.setText("{")
    assert "not JSON" in rows["skip"].problem
    rows["skip"].editor.field.setText('["x"]')
    desktop.settle()
    assert "4 unsaved changes" in config._state.text()
    desktop.press("Ctrl+S", rows["host"].editor.field)
    values = {each.key: each.value for each in configs.list_configs(chain)}
    assert values == {"host": "nas-2.local", "days": 120, "deep": True, "skip": ["x"]}
    assert not config.is_dirty


def test_a_filter_that_nothing_fits_says_so_with_the_way_out(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    config.search.setText("zzz")
    assert config.states.currentWidget() is not config.states.content
    desktop.click(next(each for each in config.states.findChildren(QPushButton) if each.text() == "Clear the filter"))
    assert config.states.currentWidget() is config.states.content and config.rows["host"].isVisible()
    config.only_changed.setChecked(True)  # nothing is
    assert config.states.currentWidget() is not config.states.content


def test_cancel_restores_and_a_change_elsewhere_is_seen(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    config.rows["host"].editor.field.setText("typed")
    configs.set_config(chain, "days", 7)
    desktop.settle()
    assert config.rows["days"].editor.field.text() == "7"
    assert config.rows["host"].editor.field.text() == "typed"
    desktop.click(config.cancel_button)
    assert config.rows["host"].editor.field.text() == "nas.local"
    assert configs.get_config(chain, "host").source == "default"


def test_add_forget_and_undo(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    desktop.click(config.add_button)
    dialog = desktop.dialog(AddSettingDialog)
    desktop.type_text(dialog.key, "host")
    assert "already" in dialog.problem
    dialog.key.setText("extra")
    dialog.kind.setCurrentText("number")
    desktop.type_text(dialog.text, "five")
    assert "“extra” is a number, and “five” is not one" in dialog.problem
    assert not dialog.can_do_primary()
    dialog.text.setText("5")
    desktop.press("Ctrl+Return", dialog)
    assert configs.get_config(chain, "extra").value == 5
    config.forget("extra")
    desktop.settle()
    assert "extra" not in config.rows
    desktop.do("undo")
    assert configs.get_config(chain, "extra").value == 5


def test_all_saved_values_are_forgotten_after_a_question(desktop: Desktop, chain: str) -> None:
    configs.set_config(chain, "host", "one")
    configs.set_config(chain, "days", 7)
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    desktop.press_in_question("Cancel")
    config.forget_all()
    desktop.settle()
    assert configs.get_config(chain, "host").value == "one"
    desktop.press_in_question("Forget")
    config.forget_all()
    desktop.settle()
    assert {each.source for each in configs.list_configs(chain)} == {"default"}
    assert desktop.toast == "Forgot 2 values" and config.rows["host"].editor.field.text() == "nas.local"


def test_the_history_of_a_value_and_all_as_of_a_moment(desktop: Desktop, chain: str) -> None:
    configs.set_config(chain, "host", "one")
    desktop.wait(lambda: times.now() > configs.config_history(chain)[0].at + timedelta(milliseconds=5))
    between = times.now()
    desktop.wait(lambda: times.now() > between + timedelta(milliseconds=5))
    configs.set_config(chain, "host", "two")
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    assert config.rows["host"].editor.field.text() == "two"
    config.show_history("host")
    desktop.settle()
    assert desktop.dialog(HistoryDialog) is not None
    config._ask_as_of()
    dialog = desktop.dialog(AsOfDialog)
    dialog._then(between)
    dialog.close()
    desktop.settle()
    assert config.rows["host"].editor.field.text() == "one"
    assert not config.rows["host"].isEnabled()


def test_what_is_typed_is_kept_while_something_else_is_shown(desktop: Desktop, chain: str, imported: Import) -> None:
    other = imported(BROKEN)
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    write(config.rows["host"].editor.field, "typed")
    write(config.rows["days"].editor.field, "many")
    config._ask_as_of()
    dialog = desktop.dialog(AsOfDialog)
    desktop.press("Return", dialog)
    assert config.rows["host"].editor.field.text() == "nas.local" and not config.rows["host"].isEnabled()
    assert config._state.text() == "2 unsaved changes" and not config.save_button.isVisible()
    desktop.click(config.as_of)
    assert config.rows["host"].editor.field.text() == "typed" and config.rows["days"].problem
    desktop.go("workflows", other, "config")
    assert not config.rows and not config._state.text()
    desktop.program.show("default")
    desktop.settle()
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    assert config.rows["host"].editor.field.text() == "typed" and config.save_button.isVisible()
    write(config.rows["days"].editor.field, "7")
    desktop.press("Ctrl+S", config.rows["host"].editor.field)
    assert {each.key: each.value for each in configs.list_configs(chain)}["host"] == "typed"
    desktop.go("workflows", other)
    desktop.go("workflows", chain, "config")
    assert not config.is_dirty and not config._state.text()


def test_json_on_several_lines(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    row = desktop.workflows.tabs.content("config").rows["skip"]
    row.editor.expand()
    desktop.settle()
    dialog = desktop.dialog(JsonDialog)
    assert dialog.editor.toPlainText() == '[\n  "a",\n  "b"\n]'
    dialog.editor.setPlainText("[1,")
    assert "not JSON" in dialog.problem
    dialog.press_primary()
    assert dialog.isVisible()
    dialog.editor.setPlainText("[1,\n 2]")
    desktop.press("Ctrl+Return", dialog)
    assert row.text == "[1, 2]"
    assert row.is_dirty


def test_what_was_meant_is_taken_by_keys_and_by_a_click(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    row = desktop.workflows.tabs.content("config").rows["days"]
    row.editor.field.setText("12O")
    assert row._wrong.link.text() == "Did you mean 120?"
    desktop.press("Alt+Return", row.editor.field)
    assert (row.text, row.problem) == ("120", "")
    row.editor.field.setText("3O")
    desktop.click(row._wrong.link)
    assert (row.text, row.problem) == ("30", "")


def test_a_number_typed_with_separators_is_saved_as_a_number(desktop: Desktop, chain: str) -> None:
    desktop.go("workflows", chain, "config")
    config = desktop.workflows.tabs.content("config")
    config.rows["days"].editor.field.setText("1,200")
    desktop.press("Ctrl+S", config.rows["days"].editor.field)
    assert configs.get_config(chain, "days").value == 1200
    assert not config.is_dirty
    assert "was 30" in config.rows["days"]._description.full_text


def test_columns_stand_below_their_heads(desktop: Desktop, imported: Import) -> None:
    text = CHAIN.replace("config:\n", "config:\n  token: {type: secret, description: The key}\n")
    desktop.go("workflows", imported(text), "config")
    config = desktop.workflows.tabs.content("config")
    for size in ((1280, 800), (960, 600), (720, 480)):
        desktop.window.resize(*size)
        desktop.settle()
        for row in config.rows.values():
            for head, part in zip(config.head.names, (row._key, row._type, row._value), strict=False):
                assert part.mapTo(config, QPoint()).x() == head.mapTo(config, QPoint()).x()
            assert row._more.mapTo(config, QPoint()).x() + row._more.width() <= config.width()
