"""A dialog that asks for a line or a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.dialogs.dialog import Dialog
from smartspec.gui.widgets.labels import key_cap, label
from smartspec.messages import tr

T = TypeVar("T")
Answer = Callable[[str], object]
_ASKS_LATER_MS = 150


class Question(Dialog):
    """`text` is what is written. See `ask_text`."""

    def __init__(self, parent: QWidget, title: str, field: str, verb: str, caption: str, *, text: str, hint: str,
                 several_lines: bool) -> None:  # fmt: skip
        super().__init__(parent, title, caption)
        self.field = _text_field() if several_lines else QLineEdit()
        self.field.setPlaceholderText(hint)
        self._check: Callable[[str], str] = lambda _: ""
        self._check_later: Callable[[str, Answer], object] | None = None
        self._is_written = bool(text)
        self._typed_ahead = ""
        name = label(field, "secondary")
        name.setBuddy(self.field)
        self.field.setAccessibleName(field)
        self.body.addWidget(name)
        self.body.addWidget(self.field)
        self._later = QTimer(self, singleShot=True, interval=_ASKS_LATER_MS)
        self._later.timeout.connect(self._ask_database)
        self._write(text)
        self.field.textChanged.connect(self._on_written)
        if several_lines:
            self.add_left(key_cap("Ctrl+Enter"))
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(verb, "primary", self._submit)
        self._then: Callable[[str, Question], object] = lambda _text, question: question.accept()

    def expect(self, check: Callable[[str], str] | None, check_later: Callable[[str, Answer], object] | None,
               then: Callable[[str, Question], object]) -> None:  # fmt: skip
        self._check, self._check_later, self._then = check or self._check, check_later, then
        self._check_text()

    @property
    def text(self) -> str:
        return self.field.text() if isinstance(self.field, QLineEdit) else self.field.toPlainText()

    def _write(self, text: str) -> None:
        if isinstance(self.field, QLineEdit):
            self.field.setText(text)
            self.field.selectAll()
        else:
            self.field.setPlainText(text)
            self.field.selectAll()

    def _on_written(self) -> None:
        self._is_written = True
        self._check_text()

    def _check_text(self) -> None:
        """What is wrong with what is written; of what nobody wrote yet only that it does not do."""
        wrong = self._check(self.text)
        self.show_problem(wrong if self._is_written else "")
        if not wrong and self._check_later is not None and self._is_written:
            self._later.start()

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and not self._check(self.text)

    def _ask_database(self) -> None:
        if self._check_later is not None:
            self._check_later(self.text, partial(self._on_told, self.text))

    def _on_told(self, about: str, wrong: str) -> None:
        if wrong and about == self.text and not self._check(about):
            self.show_problem(wrong)

    def _submit(self) -> None:
        self._then(self.text, self)

    # What the answer is for

    def run(self, context: AppContext, command: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Run a command with the answer: when it worked it closes, then `then` has the result; what it refuses is said
        here, and the text stays. Where it was closed meanwhile, that is told as of any command.

        What is typed meanwhile stands where `then` takes the keyboard, else in the field again.
        """
        window = self._host()

        def on_done(result: T) -> None:
            self.accept()
            if then is not None:
                then(result)
            _type_into(window.focusWidget() if window is not None else None, self._typed_ahead)

        self.set_busy(True)
        context.run(self, command, on_done, self.refuse)

    def refuse(self, error: SmartSpecError) -> None:
        self.set_busy(False)
        _type_into(self.field, self._typed_ahead)
        self._typed_ahead = ""
        super().refuse(error)
        self.field.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Meanwhile what is typed is no part of the answer."""
        super().set_busy(busy)
        self.field.setReadOnly(busy)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_busy and event.text() and event.text().isprintable():
            self._typed_ahead += event.text()
        else:
            super().keyPressEvent(event)


def _type_into(widget: QWidget | None, text: str) -> None:
    """As if it were typed, where text can be."""
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        for letter in text:
            key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(widget, key)


def _text_field() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setProperty("kind", "field")
    made.setTabChangesFocus(True)
    made.setFixedHeight(120)
    return made


def ask_text(
    parent: QWidget,
    title: str,
    field: str,
    verb: str,
    *,
    text: str = "",
    hint: str = "",
    caption: str = "",
    several_lines: bool = False,
    check: Callable[[str], str] | None = None,
    check_later: Callable[[str, Answer], object] | None = None,
    then: Callable[[str, Question], object],
) -> Question:
    """Ask for a line, or several. It returns at once, and calls `then(text, question)` when the verb is pressed.

    `then` closes the question: by `question.run(context, command, then)`, which keeps it open, with the text and the
    sentence, where the command refuses; or by `question.accept()` where nothing can go wrong, and `question.refuse`.

    `check` says what is wrong with a text, or "", at each letter. What only the database knows ("taken") says
    `check_later(text, answer)`: it calls `answer` with a sentence or "" when it knows, a moment after the last letter.
    """
    made = Question(parent, title, field, verb, caption, text=text, hint=hint, several_lines=several_lines)
    made.expect(check, check_later, then)
    made.open()
    return made
