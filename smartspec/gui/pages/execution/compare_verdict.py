"""In the comparison of a replay with its original: whether it came to the same."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from smartspec.domain.compare.verdict import ReplayVerdict, Verdict
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, restyle, row
from smartspec.messages import translate

_ICONS = {
    Verdict.IDENTICAL: ("check-circle-fill", "completed", "info"),
    Verdict.DIFFERENT: ("warning-fill", "retrying", "warning"),
    Verdict.NONE: ("info", "text2", "info"),
}


class VerdictLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = Icon(size=16)
        self.told, self._around = label("", "heading"), label("", "small")
        self.told.setWordWrap(True)
        self._around.setWordWrap(True)
        layout = row(self._icon, margins=(20, 6, 20, 6), spacing=12)
        layout.addLayout(column(self.told, self._around, spacing=1), 1)
        self.setLayout(layout)
        self.hide()

    def show_verdict(self, found: ReplayVerdict) -> None:
        icon, colour, level = _ICONS[found.agreement]
        self._icon.show_icon(icon, colour)
        self.told.setText(translate(found.sentence))
        around = " · ".join(translate(each) for each in found.environment)
        self._around.setText(around)
        self._around.setVisible(bool(around))
        restyle(self, level=level)
        self.setAccessibleName(translate(found.sentence))
        self.show()
