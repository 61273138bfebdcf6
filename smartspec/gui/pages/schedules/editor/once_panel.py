"""Once: on one day, at one time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain.schedule.rule import OnceRule, TriggerType, parse_rule
from smartspec.errors import Invalid
from smartspec.gui.pages.schedules.editor.moment_line import MomentLine, tomorrow_morning
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr


class OncePanel(QWidget):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = MomentLine(tr("Day and time"))
        self.line.show_wall(tomorrow_morning())
        self._kept = ""  # the expression that was shown, with an offset where it has one
        self._shown = ""
        self.setLayout(row(label(tr("on"), "secondary"), self.line, None))
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(lambda _text: self.edited.emit())

    @property
    def expression(self) -> str:
        return self._kept if self._kept and self.line.text() == self._shown else self.line.wall.replace(" ", "T")

    def show_expression(self, expression: str) -> None:
        """One with an offset is a moment whatever zone is chosen: it stays so until another is typed."""
        if expression == self.expression:
            return
        self.line.blockSignals(True)
        self.line.show_wall(_as_shown(expression))
        self.line.blockSignals(False)
        self._kept, self._shown = expression, self.line.text()


def _as_shown(expression: str) -> str:
    try:
        rule = parse_rule(TriggerType.ONCE, expression)
    except Invalid:
        return expression
    assert isinstance(rule, OnceRule)
    has_seconds = rule.at.second or rule.at.microsecond
    return rule.at.isoformat(" ", "auto" if has_seconds else "minutes")
