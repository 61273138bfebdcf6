"""Find and replace in an editor: literal and by pattern, counted, and undone at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smartspec.gui.pages.workflows.definition import DefinitionEditor
from smartspec.gui.widgets.editor.search import Search
from tests.gui.conftest import CHAIN, Desktop

Import = Callable[..., str]


@pytest.fixture
def definition(desktop: Desktop, imported: Import) -> DefinitionEditor:
    desktop.go("workflows", imported(CHAIN), "definition")
    found = desktop.workflows.tabs.content("definition")
    assert isinstance(found, DefinitionEditor)
    return found


def test_find_in_the_text(desktop: Desktop, definition: DefinitionEditor) -> None:
    bar = definition.find_bar
    desktop.press("Ctrl+F", definition.editor)
    assert bar.field.hasFocus() and not bar.instead.isVisible()
    desktop.type_text(bar.field, "echo")
    assert bar.count.text() == "4 matches"
    desktop.press("Return", bar.field)
    assert definition.editor.textCursor().selectedText() == "echo"
    assert bar.count.text() == "1 of 4"
    desktop.press("Shift+Return", bar.field)
    assert bar.count.text() == "4 of 4"
    desktop.press("F3", bar.field)
    assert bar.count.text() == "1 of 4"
    desktop.press("Escape", bar.field)
    assert not bar.isVisible() and definition.editor.hasFocus()


def test_case_whole_words_and_patterns(desktop: Desktop, definition: DefinitionEditor) -> None:
    bar = definition.find_bar
    desktop.do("find")
    desktop.type_text(bar.field, "W")
    assert bar.count.text() == "7 matches"
    desktop.click(bar.case)
    assert bar.count.text() == "4 matches"
    desktop.click(bar.words)
    assert bar.count.text() == "2 matches"
    bar.field.setText("ech(")
    desktop.click(bar.pattern)
    assert bar.count.text() == "Not a regular expression" and bar.field.property("invalid")
    bar.field.setText(r"echo (third|second)")
    assert bar.count.text() == "2 matches"
    bar.field.setText("nowhere")
    assert bar.count.text() == "Nothing found"
    assert not bar.all_button.isEnabled()


def test_replace_one_after_the_other(desktop: Desktop, definition: DefinitionEditor) -> None:
    bar = definition.find_bar
    desktop.press("Ctrl+H", definition.editor)
    assert bar.instead.isVisible()
    desktop.type_text(bar.field, "echo")
    desktop.press("Tab", bar.field)
    assert bar.instead.hasFocus(), "from what is looked for to what stands in its place"
    desktop.type_text(bar.instead, "say")
    desktop.click(bar.replace_button)
    assert definition.text == CHAIN, "the first one is shown before it is replaced"
    desktop.click(bar.replace_button)
    assert definition.text == CHAIN.replace("echo", "say", 1)
    assert bar.count.text() == "1 of 3"


def test_all_are_replaced_at_once_and_one_undo_brings_all_back(desktop: Desktop, definition: DefinitionEditor) -> None:
    bar = definition.find_bar
    desktop.press("Ctrl+H", definition.editor)
    desktop.click(bar.pattern)
    desktop.type_text(bar.field, r"echo (\w+)")
    desktop.type_text(bar.instead, r"printf \1")
    desktop.click(bar.all_button)
    assert bar.count.text() == "2 replaced"
    assert definition.text == CHAIN.replace("echo second", "printf second").replace("echo third", "printf third")
    desktop.do("undo")
    assert definition.text == CHAIN


def test_what_is_found_beyond_plain_letters_is_replaced_in_its_place() -> None:
    text = "🙂 a 🙂 a"
    assert [text.encode("utf-16-le")[2 * a : 2 * b].decode("utf-16-le") for a, b in Search("a").spans(text)] == [
        "a",
        "a",
    ]
    assert Search("a").replaced(text, "b") == ("b 🙂 b", (3, 9), 2)


def test_a_pattern_that_looks_back_without_end_is_given_up() -> None:
    assert Search(r"(a+)+b", is_pattern=True).spans("a" * 5_000) == []
