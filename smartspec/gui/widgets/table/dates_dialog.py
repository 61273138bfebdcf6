"""From when to when: two days for the chips of a search."""

from __future__ import annotations

from PySide6.QtCore import QDate, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDateEdit, QVBoxLayout, QWidget

from smartspec.gui.style import icons
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

_ISO = "yyyy-MM-dd"
_LATELY_DAYS = 7


class DatesDialog(Dialog):
    """`given` carries the first day, and the day after the last: `before` is half open."""

    given = Signal(str, str)

    def __init__(self, first: str, after_last: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Dates"), width=440)
        today = QDate.currentDate()
        begin, end = QDate.fromString(first, _ISO), QDate.fromString(after_last, _ISO)
        self.first = _Day(begin if begin.isValid() else today.addDays(-_LATELY_DAYS))
        self.last = _Day(end.addDays(-1) if end.isValid() else today)
        fields = ((tr("From"), self.first), (tr("To, that day included"), self.last))
        self.body.addLayout(row(*(_named(name, field) for name, field in fields), spacing=16))
        for _name, field in fields:
            field.dateChanged.connect(self._on_changed)
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Show these days"), "primary", self._on_accepted)

    def _on_changed(self) -> None:
        holds = self.first.date() <= self.last.date()
        self.show_problem("" if holds else tr("The first day comes after the last one."))

    def _on_accepted(self) -> None:
        self.accept()
        self.given.emit(self.first.date().toString(_ISO), self.last.date().addDays(1).toString(_ISO))


class _Day(QDateEdit):
    """A day, with a calendar to choose it in."""

    def __init__(self, day: QDate) -> None:
        super().__init__(day)
        self.setCalendarPopup(True)
        self.setDisplayFormat(_ISO)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, QRectF(self.width() - 23, self.height() / 2 - 7, 14, 14), "calendar-blank", "text2")
        painter.end()


def _named(name: str, field: QDateEdit) -> QVBoxLayout:
    said = label(name, "secondary")
    said.setBuddy(field)
    field.setAccessibleName(name)
    return column(said, field, spacing=4)
