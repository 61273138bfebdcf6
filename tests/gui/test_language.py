"""The window speaks another language without a restart, and nothing that is written in it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from smartspec import languages
from smartspec.commands import settings
from smartspec.gui.core.actions import without_mnemonic
from smartspec.gui.pages.workflows.definition import DefinitionEditor
from smartspec.gui.widgets.choice import Choice
from tests.gui.conftest import CHAIN, Desktop


@pytest.fixture(autouse=True)
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable says what to speak: the setting decides."""
    monkeypatch.delenv(languages.VARIABLE)
    monkeypatch.setenv("LC_ALL", "C")


def test_the_window_is_made_anew_in_the_language_that_is_chosen(desktop: Desktop, imported: Callable[..., str]) -> None:
    key = imported(CHAIN)
    desktop.go("workflows", key, "versions")
    desktop.window.resize(1_130, 700)
    desktop.do("page_settings")
    english = desktop.window
    field = _language(desktop)
    assert [field.itemText(at) for at in range(field.count())] == ["As the system", "English", "中文"]
    field.setCurrentIndex(2)
    field.activated.emit(2)
    desktop.wait(lambda: desktop.window is not english)
    desktop.settle()
    assert settings.get_setting("language") == "zh_CN" and languages.current() == "zh_CN"
    assert desktop.window.context.actions["quit"].text() == "退出(&Q)"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert desktop.shows(desktop.window.page("settings"))
    assert (desktop.window.width(), desktop.window.height()) == (1_130, 700)

    _language(desktop).activated.emit(1)
    desktop.wait(lambda: languages.current() == "en")
    desktop.settle()
    assert desktop.window.context.actions["quit"].text() == "&Quit"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    desktop.do("back")
    location = desktop.window.context.navigator.location
    assert location is not None and (location.key, location.tab) == (key, "versions")


def _language(desktop: Desktop) -> Choice:
    page: Any = desktop.window.page("settings")
    field = page.form.rows["language"].control.field
    assert isinstance(field, Choice)
    return field


def test_what_is_written_is_saved_first(desktop: Desktop, imported: Callable[..., str]) -> None:
    key = imported(CHAIN)
    desktop.go("workflows", key, "definition")
    english, tab = desktop.window, desktop.window.findChild(DefinitionEditor)
    assert isinstance(tab, DefinitionEditor)
    tab.editor.appendPlainText("# mine")
    desktop.settle()
    assert english.is_dirty
    settings.set_setting("language", "zh_CN")
    desktop.settle()
    assert desktop.window is english and languages.current() == "en"
    desktop.click(tab.save_bar.save)
    desktop.press("Return", tab.question.field)
    desktop.wait(lambda: desktop.window is not english)
    assert languages.current() == "zh_CN"


def test_a_dialog_is_closed_first(desktop: Desktop) -> None:
    english = desktop.window
    desktop.do("about")
    settings.set_setting("language", "zh_CN")
    desktop.settle()
    assert desktop.window is english
    dialog = english.open_dialog()
    assert dialog is not None
    dialog.close()
    desktop.wait(lambda: desktop.window is not english)


def test_the_next_start_speaks_it_at_once(desktop: Desktop) -> None:
    settings.set_setting("language", "zh_CN")
    desktop.wait(lambda: languages.current() == "zh_CN")
    assert desktop.program.ui_state.get("language", "") == "zh_CN"


def test_a_mnemonic_that_stands_behind_goes_with_its_brackets() -> None:
    assert without_mnemonic("文件(&F)") == "文件" and without_mnemonic("Se&ttings") == "Settings"
    assert without_mnemonic("Copy (all)") == "Copy (all)"
