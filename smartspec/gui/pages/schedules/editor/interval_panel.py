"""An interval: how long, counted from a moment and never from the end of an execution."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.quantities import Kind, parse_quantity, quantity
from smartspec.errors import Invalid
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, translate

_EXAMPLE = 5_400_000  # 90 minutes
_BARE = 1_000  # a number alone counts seconds, as on the terminal


class IntervalPanel(QWidget):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit(_in_words(_EXAMPLE))
        self.line.setAccessibleName(tr("Length of the interval"))
        self.line.setFixedWidth(140)
        self._kept = self._shown = ""  # the expression that was shown, and how
        self._anchor = label("", "secondary")
        self._anchor.setWordWrap(True)
        whole = row(label(tr("every"), "secondary"), self.line, self._anchor)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(lambda _text: self.edited.emit())

    @property
    def expression(self) -> str:
        """As it is typed: the rule reads it; as it was shown, where nobody has typed."""
        return self._kept if self._kept and self.line.text() == self._shown else self.line.text().strip()

    def show_expression(self, expression: str) -> None:
        """In words."""
        if expression == self.expression:
            return
        ms = _ms(expression)
        self.line.setText(expression if ms is None else _in_words(ms))
        self._kept, self._shown = expression, self.line.text()

    def show_anchor(self, moment: str) -> None:
        """What it is counted from, by the clock of the schedule; empty: from when it is saved."""
        told = tr("counted from {moment}", moment=moment) if moment else tr("counted from when it is saved")
        self._anchor.setText(told)


def _ms(text: str) -> int | None:
    try:
        return parse_quantity(text, Kind.DURATION, _BARE) if text.strip() else None
    except Invalid:
        return None


def _in_words(ms: int) -> str:
    return translate(quantity(ms, Kind.DURATION).words)
