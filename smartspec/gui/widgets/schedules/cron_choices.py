"""An expression of cron out of choices: on which days, at what time; or in steps of the clock."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import _, tr, translate

# What stands behind minute and hour; what stands for itself has no time.
_DAYS = {
    "* * 1-5": _("every weekday"), "* * *": _("every day"), "* * 0,6": _("on weekends"), "* * 1": _("on Mondays"),
    "* * 2": _("on Tuesdays"), "* * 3": _("on Wednesdays"), "* * 4": _("on Thursdays"), "* * 5": _("on Fridays"),
    "* * 6": _("on Saturdays"), "* * 0": _("on Sundays"), "1 * *": _("on the first of the month"),
}  # fmt: skip
_STEPS = {
    "0 * * * *": _("every hour"), "*/30 * * * *": _("every 30 minutes"), "*/15 * * * *": _("every 15 minutes"),
    "*/10 * * * *": _("every 10 minutes"), "*/5 * * * *": _("every 5 minutes"),
}  # fmt: skip
_OWN = ""
_AT_TIME = re.compile(r"([0-5]?\d) ([01]?\d|2[0-3]) (\S+ \S+ \S+)")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class CronChoices(QWidget):
    """`written` carries an expression that a person chose. One that no choice stands for is an own expression."""

    written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.days = Choice(tr("Days"))
        for value, word in (_DAYS | _STEPS).items():
            self.days.addItem(translate(word), value)
        self.days.addItem(tr("own expression"), _OWN)
        self.time = QLineEdit("07:00")
        self.time.setAccessibleName(tr("Time of day"))
        self.time.setFixedWidth(72)
        self._at = label(tr("at"), "secondary")
        self.setLayout(row(self.days, self._at, self.time, None))
        self.days.activated.connect(lambda _index: self._write())
        self.time.textEdited.connect(lambda _text: self._write())

    def show_expression(self, expression: str) -> None:
        """Choose what it says, where there is a choice for it."""
        written = " ".join(expression.split())
        found = _AT_TIME.fullmatch(written)
        choice = _OWN
        if written in _STEPS:
            choice = written
        elif found and found[3] in _DAYS:
            choice = found[3]
            if not self.time.hasFocus():
                self.time.setText(f"{int(found[2]):02d}:{int(found[1]):02d}")
        self.days.setCurrentIndex(self.days.findData(choice))
        self._show_time()

    def _show_time(self) -> None:
        has_time = self.days.currentData() in _DAYS
        self._at.setVisible(has_time)
        self.time.setVisible(has_time)

    def _write(self) -> None:
        self._show_time()
        choice = str(self.days.currentData())
        if choice in _STEPS:
            self.written.emit(choice)
        elif choice in _DAYS and (at := _TIME.fullmatch(self.time.text().strip())):
            self.written.emit(f"{int(at[2])} {int(at[1])} {choice}")
