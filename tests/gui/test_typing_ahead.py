"""What is typed before the text that it is for is there stands in that text, and in no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartspec.commands import working_copies
from smartspec.gui.widgets.dialogs import Question
from tests.gui.conftest import BROKEN, CHAIN, Desktop, definition_of
from tests.gui.conftest import write as write_line

Import = Callable[..., str]


def test_after_new_the_cursor_is_in_the_text_and_nothing_typed_is_lost(desktop: Desktop) -> None:
    desktop.do("new")
    question = desktop.dialog(Question)
    desktop.type_text(question.field, "fresh")
    QTest.keyClick(question.field, Qt.Key.Key_Return)
    desktop.settle()
    definition = desktop.workflows.tabs.content("definition")
    assert desktop.window.focusWidget() is definition.editor
    QTest.keyClicks(definition.editor, "# mine")
    assert definition.text.endswith('run: echo "Hello from $SMARTSPEC_TASK"# mine\n')


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_typed_in_the_moment_of_enter_stands_in_the_new_text(
    desktop: Desktop, imported: Import, is_first: bool
) -> None:
    before = "" if is_first else imported(CHAIN)
    if before:
        definition_of(desktop, before)
    desktop.do("new")
    question = desktop.dialog(Question)
    desktop.type_text(question.field, "fresh")
    QTest.keyClick(question.field, Qt.Key.Key_Return)
    QTest.keyClicks(question.field, "# mi")  # nothing has been made yet
    desktop.wait(lambda: not question.isVisible())
    definition = desktop.workflows.tabs.content("definition")
    assert desktop.window.focusWidget() is definition.editor
    QTest.keyClicks(definition.editor, "ne")  # nothing has been read yet
    desktop.settle()
    assert definition.draft.workflow is not None and definition.draft.workflow.name == "fresh"
    assert definition.text.endswith('run: echo "Hello from $SMARTSPEC_TASK"# mine\n')
    assert not before or working_copies.get_working_copy(before) is None


def test_what_is_typed_while_a_name_is_refused_stands_behind_it(desktop: Desktop, chain: str) -> None:
    definition_of(desktop, chain)
    desktop.do("new")
    question = desktop.dialog(Question)
    write_line(question.field, "chain")
    question.press_primary()  # before it is known to be taken
    QTest.keyClicks(question.field, " 2")
    desktop.settle()
    assert question.isVisible() and question.text == "chain 2"
    question.reject()


def test_what_is_typed_while_another_text_is_read_is_not_written_into_that_of_before(
    desktop: Desktop, chain: str, imported: Import
) -> None:
    other = imported(BROKEN)
    definition = definition_of(desktop, chain)
    definition.editor.setFocus()
    typed: list[str] = []

    def type_early() -> None:
        if not definition.draft.is_read and not typed:
            typed.append("#!")
            QTest.keyClicks(definition.editor, "#!")

    definition.draft.changed.connect(type_early)
    desktop.go("workflows", other, "definition", "write")
    assert typed and working_copies.get_working_copy(chain) is None
    assert definition.text == BROKEN.rstrip() + "#!\n"
