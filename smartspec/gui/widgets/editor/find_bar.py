"""A line to find in an editor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QKeyEvent,
)
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.inputs import search_field
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn


class FindBar(QWidget):
    """A line to find in an editor: Enter and F3 go on, Shift+F3 back, Esc closes."""

    def __init__(self, editor: CodeEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.field: QLineEdit = search_field(tr("Find"), tr("Find in the text"))
        self._count = label("", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(
            self.field, self._count, icon_button("caret-up", tr("Previous match"), lambda: self.step(back=True)),
            icon_button("caret-down", tr("Next match"), self.step), icon_button("x", tr("Close"), self.close_bar),
            margins=(8, 4, 8, 4),
        ))  # fmt: skip
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self.step)
        self.hide()

    def open(self) -> None:
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._editor.find_all("")
        self._editor.setFocus()

    def step(self, *, back: bool = False) -> None:
        if self.field.text():
            self._editor.find_next(self.field.text(), back=back)

    def _on_text(self, text: str) -> None:
        found = self._editor.find_all(text)
        self._count.setText(trn("{n} match", "{n} matches", found) if text else "")

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() == Qt.Key.Key_F3:
            self.step(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)
