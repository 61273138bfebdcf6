"""A line of the form: what it is called, what is written, and below that what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, restyle, row

LABEL_WIDTH = 100
_LINE_HEIGHT = 28


class FormRow(QWidget):
    """`focus` is what the label belongs to."""

    def __init__(self, word: str, content: QWidget | QLayout, focus: QWidget) -> None:
        super().__init__()
        self._wrong = IconLine("error")
        self._wrong.set_wraps(True)
        self._wrong.hide()
        self.label = label(word, "secondary")
        self.label.setBuddy(focus)
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setMinimumHeight(_LINE_HEIGHT)
        self._column = column(content, self._wrong, spacing=4)
        whole: QHBoxLayout = row(spacing=12)
        whole.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(self._column, 1)
        self.setLayout(whole)

    @property
    def problem(self) -> str:
        return self._wrong.text

    def show_problem(self, sentence: str) -> None:
        """Below what is written."""
        if sentence != self._wrong.text:
            self._wrong.show_text(sentence, "x-circle-fill", "failed")
            self._wrong.setVisible(bool(sentence))


def mark(editor: QWidget, sentence: str) -> None:
    """Draw the edge of what does not fit; a screen reader says why. An empty sentence: it fits."""
    if editor.accessibleDescription() == sentence and bool(editor.property("invalid")) is bool(sentence):
        return
    restyle(editor, invalid=bool(sentence))
    editor.setAccessibleDescription(sentence)
    QAccessible.updateAccessibility(QAccessibleEvent(editor, QAccessible.Event.DescriptionChanged))
