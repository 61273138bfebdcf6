"""The bar above everything that says what became of the ledger itself, for as long as that is so."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from smartspec.gui.widgets.announcer import alert
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import restyle
from smartspec.value import frozen

_ICONS = {"error": ("x-circle-fill", "failed"), "info": ("eye", "running")}


@frozen
class LedgerState:
    """What the bar says; `ways` are (name, word) of its buttons, the most likely first.

    `level` is error where the ledger is lost, info where it is only looked at.
    """

    level: str
    headline: str
    meaning: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    short: str = ""  # for the bar at the bottom


class LedgerBar(QWidget):
    """`asked` carries the name of the way that was chosen."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(38)
        self._icon = Icon(size=16)
        self.headline, self.meaning = label(role="heading"), Elided("secondary")
        self.buttons: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 3, 12, 3)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.headline)
        self._row.addWidget(self.meaning, 1)
        self.hide()

    def show_state(self, state: LedgerState | None) -> None:
        """None: all is well."""
        for each in self.buttons.values():
            self._row.removeWidget(each)
            each.deleteLater()
        self.buttons = {}
        self.setVisible(state is not None)
        if state is None:
            return
        self.headline.setText(state.headline)
        self.meaning.setText(state.meaning)
        for name, word in state.ways:
            self.buttons[name] = button(word, then=partial(self.asked.emit, name))
            self._row.addWidget(self.buttons[name])
        restyle(self, level=state.level)
        self._icon.show_icon(*_ICONS[state.level])
        self.setAccessibleName(f"{state.headline} {state.meaning}".strip())
        alert(self)
