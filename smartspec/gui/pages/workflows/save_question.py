"""Below the tabs: a line for what changed, before a text becomes a version."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.version import LONGEST_CHANGE_LOG
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.messages import tr


class SaveQuestion(QWidget):
    """Enter saves, Esc leaves. `answered` carries the words, which may be empty; `closed`: it was left or answered."""

    asked = Signal()
    answered = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST_CHANGE_LOG)
        self.field.setAccessibleName(tr("What changed"))
        self.field.setPlaceholderText(tr("What changed? (optional)"))
        self.field.returnPressed.connect(self._submit)
        self.cancel = button(tr("Cancel"), "ghost", then=self.leave)
        self.confirm = button("", then=self._submit)
        bar = frame("surface")
        parts = row(Icon("git-commit"), self.field, self.cancel, self.confirm, margins=(20, 5, 12, 5))
        parts.setStretch(1, 1)
        bar.setLayout(parts)
        self.setLayout(column(bar, line(), spacing=0))
        self.hide()

    def show_draft(self, draft: Draft) -> None:
        """What it would be saved as; what cannot be a version is not asked about."""
        version = draft.next_version
        self.confirm.setText(tr("Save as v{version}", version=version) if version else tr("Save"))
        if draft.errors or not draft.can_become_version:
            self.leave()

    def ask(self) -> None:
        self.show()
        self.asked.emit()
        self.field.setFocus()
        self.field.selectAll()

    def leave(self) -> None:
        """The words are kept for the next time."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _submit(self) -> None:
        words = self.field.text().strip()
        self.field.clear()
        self.leave()
        self.answered.emit(words)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
