"""From when to when: two days for the chips of a search."""

from __future__ import annotations

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from smartspec.gui.widgets.labels import label
from smartspec.messages import tr

_ISO = "yyyy-MM-dd"
_LATELY_DAYS = 7


class DatesDialog(QDialog):
    """`given` carries the first day, and the day after the last: `before` is half open."""

    given = Signal(str, str)

    def __init__(self, first: str, after_last: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Dates"))
        today = QDate.currentDate()
        begin, end = QDate.fromString(first, _ISO), QDate.fromString(after_last, _ISO)
        self.first = self._day(tr("From"), begin if begin.isValid() else today.addDays(-_LATELY_DAYS))
        self.last = self._day(tr("To, that day included"), end.addDays(-1) if end.isValid() else today)
        self.first.dateChanged.connect(self._on_changed)
        self.last.dateChanged.connect(self._on_changed)
        self.wrong = label("", "error")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        for each in (self.first, self.last):
            form.addRow(each.accessibleName(), each)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.wrong)
        layout.addWidget(self.buttons)

    def _day(self, name: str, day: QDate) -> QDateEdit:
        made = QDateEdit(day)
        made.setCalendarPopup(True)
        made.setDisplayFormat(_ISO)
        made.setAccessibleName(name)
        return made

    def _on_changed(self) -> None:
        holds = self.first.date() <= self.last.date()
        self.wrong.setText("" if holds else tr("The first day comes after the last one."))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(holds)

    def _on_accepted(self) -> None:
        self.accept()
        self.given.emit(self.first.date().toString(_ISO), self.last.date().addDays(1).toString(_ISO))
