"""Dialogs: a sheet over its dimmed window, a question that keeps what was written, and the one before what is for good."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from smartspec.commands import workspaces
from smartspec.errors import DiskFull
from smartspec.gui import screenshots
from smartspec.gui.style import theme
from smartspec.gui.widgets.dialogs import Dialog, Question, ask_text, confirm
from smartspec.gui.widgets.dialogs.scrim import Scrim
from smartspec.gui.widgets.labels import label
from tests.conftest import ROOT
from tests.gui.conftest import Desktop, write


def make(desktop: Desktop, lines: int = 1) -> tuple[Dialog, QLineEdit, QPushButton]:
    dialog = Dialog(desktop.window, "Rename chain", "It keeps its executions.")
    field = QLineEdit()
    for number in range(lines):
        dialog.body.addWidget(label(f"line {number}"))
    dialog.body.addWidget(field)
    dialog.add_button("Cancel", then=dialog.reject)
    verb = dialog.add_button("Rename", "primary", dialog.accept)
    dialog.open()
    desktop.settle()
    return dialog, field, verb


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def test_a_dialog_stands_in_the_middle_of_its_dimmed_window(desktop: Desktop) -> None:
    bright = desktop.window.grab().toImage().pixelColor(5, 5)
    dialog, field, _verb = make(desktop)
    picture = screenshots.picture_of(desktop.window).toImage()
    assert picture.pixelColor(5, 5).lightness() < bright.lightness()
    assert picture.pixelColor(picture.width() // 2, place(dialog).top() - place(desktop.window).top() + 20) == (
        theme.colour("surface")
    )
    assert abs(place(dialog).center().x() - place(desktop.window).center().x()) <= 1
    assert QApplication.focusWidget() is field
    interface = QAccessible.queryAccessibleInterface(dialog)
    assert (interface.role(), interface.text(QAccessible.Text.Name)) == (QAccessible.Role.Dialog, "Rename chain")
    desktop.press("Esc")
    assert desktop.window.findChild(Scrim) is None
    assert desktop.window.grab().toImage().pixelColor(5, 5) == bright


def test_it_is_never_larger_than_its_window_and_scrolls(desktop: Desktop) -> None:
    dialog, field, verb = make(desktop, lines=40)
    for size in ((720, 480), (1280, 800), (960, 600)):
        desktop.window.resize(*size)
        desktop.settle()
        assert place(desktop.window).contains(place(dialog)), size
        assert place(dialog).contains(place(verb))
    field.setFocus()
    dialog.reject()


def test_keys_of_the_window_do_nothing_meanwhile_and_enter_is_the_verb(desktop: Desktop) -> None:
    for keys in ("Return", "Ctrl+Return"):
        dialog, field, _verb = make(desktop)
        accepted: list[int] = []
        dialog.accepted.connect(partial(accepted.append, 1))
        desktop.press("Ctrl+K", field)
        assert not desktop.window.findChildren(QLineEdit, "palette_input")
        desktop.press(keys, field)
        assert accepted == [1], keys


def test_while_there_is_a_problem_the_verb_cannot_be_pressed(desktop: Desktop) -> None:
    dialog, field, verb = make(desktop)
    dialog.show_problem("It has no name.")
    low = dialog.height()
    assert not verb.isEnabled() and dialog.problem == "It has no name."
    desktop.press("Return", field)
    assert dialog.isVisible()
    dialog.show_problem("")
    desktop.settle()
    assert verb.isEnabled() and dialog.problem == "" and dialog.height() < low
    dialog.reject()


def ask(desktop: Desktop, text: str = "") -> Question:
    context = desktop.window.context

    def is_taken(name: str) -> str:
        return "It is taken." if name in [each.name for each in workspaces.list_workspaces()] else ""

    made = ask_text(
        desktop.window, "New workspace", "Name", "Make", text=text,
        check=lambda name: "" if name.strip() else "It needs a name.",
        check_later=lambda name, answer: context.run(desktop.window, partial(is_taken, name), answer),
        then=lambda name, question: question.run(context, partial(workspaces.create_workspace, name)),
    )  # fmt: skip
    desktop.settle()
    return made


def verb_of(dialog: Dialog) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.isDefault())


def test_a_question_checks_while_one_types(desktop: Desktop) -> None:
    question = ask(desktop)
    assert question.problem == "" and not verb_of(question).isEnabled()  # nobody wrote anything yet
    QTest.keyClicks(question.field, "Default")
    desktop.wait(lambda: question.problem == "It is taken.")
    assert not verb_of(question).isEnabled()
    write(question.field, "")
    assert question.problem == "It needs a name."
    write(question.field, "Research")
    desktop.settle()
    assert question.problem == "" and verb_of(question).isEnabled()
    desktop.press("Return", question.field)
    assert [each.name for each in workspaces.list_workspaces()] == ["Default", "Research"]
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, Question) and each.isVisible()]


def test_what_the_command_refuses_is_said_in_it_and_the_text_stays(desktop: Desktop) -> None:
    question = ask(desktop)
    write(question.field, "n" * 300)
    desktop.press("Return", question.field)
    assert "200" in question.problem and question.text == "n" * 300
    assert desktop.message == ""
    write(question.field, "shorter")
    desktop.press("Return", question.field)
    assert "shorter" in [each.name for each in workspaces.list_workspaces()]


def test_before_what_is_for_good_the_safe_one_is_the_default(desktop: Desktop) -> None:
    def look(dialog: Dialog) -> None:
        assert QApplication.focusWidget() is verb_of(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    desktop._when_asked(Dialog, look)
    assert not confirm(desktop.window, "Delete it?", "For good.", "Delete")
    desktop.press_in_question("Delete")
    assert confirm(desktop.window, "Delete it?", "For good.", "Delete")


def test_no_part_of_the_window_takes_the_dialogs_of_the_system() -> None:
    """But to choose files: theirs have other looks, "OK" on their buttons, and lose what was written."""
    asked = ("QInputDialog", "QMessageBox", "QDialogButtonBox", "QErrorMessage")
    texts = {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "smartspec" / "gui").rglob("*.py"))}
    assert not [str(file) for file, text in texts.items() if any(name in text for name in asked)]
    assert [file.name for file, text in texts.items() if re.search(r"^class .*\(QDialog\)", text, re.M)] == [
        "dialog.py"
    ]


def test_what_is_not_wrong_itself_may_be_tried_again(desktop: Desktop) -> None:
    tried: list[str] = []

    def make(text: str, question: Question) -> None:
        def command() -> None:
            tried.append(text)
            if len(tried) == 1:
                raise DiskFull("The disk is full.")

        question.run(desktop.window.context, command)

    question = ask_text(desktop.window, "New", "Name", "Create", text="one", then=make)
    desktop.settle()
    desktop.press("Return", question.field)
    assert "disk is full" in question.problem and question.can_do_primary()
    desktop.press("Return", question.field)
    assert tried == ["one", "one"] and not any(isinstance(each, Question) for each in QApplication.topLevelWidgets())
