"""The settings of one group, below its name."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from smartspec.domain.settings import GROUPS
from smartspec.gui.pages.settings.control import Control
from smartspec.gui.pages.settings.part import SettingsPart
from smartspec.gui.pages.settings.setting_row import INSET, SettingRow
from smartspec.gui.style import theme
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, line, restyle, row
from smartspec.messages import translate

WIDTH = 920


class GroupSection(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.rows: list[SettingRow] = []
        self.parts: list[SettingsPart] = []
        title, caption = GROUPS[name]
        self._title = label(translate(title), "title")
        self._caption = label(translate(caption), "small")
        self._caption.setWordWrap(True)
        head = QWidget()
        head.setMinimumHeight(QFontMetrics(theme.font("title", 600)).height() + 24)
        layout = row(self._title, self._caption, spacing=12, margins=(INSET, 0, 0, 0))
        layout.setStretchFactor(self._caption, 1)
        head.setLayout(layout)
        inner = QWidget()
        self._rows = column(head, spacing=0)
        inner.setLayout(self._rows)
        inner.setMaximumWidth(WIDTH + INSET)
        self._line = line()
        self.setLayout(column(self._line, row(inner, spacing=0, margins=(32 - INSET, 2, 32, 8)), spacing=0))

    def add(self, control: Control) -> SettingRow:
        made = SettingRow(control)
        self.rows.append(made)
        self._rows.addWidget(made)
        return made

    def add_part(self, part: SettingsPart) -> None:
        """Below the settings."""
        self.parts.append(part)
        self._rows.addWidget(part)

    def show_found(self, *, is_search: bool) -> None:
        """Those of its rows that are to be seen are; without one it is gone itself."""
        restyle(self._title, role="groupFound" if is_search else "title")
        self._caption.setVisible(not is_search)
        self.setVisible(any(not each.isHidden() for each in (*self.rows, *self.parts)))

    def show_line(self, is_below_another: bool) -> None:
        self._line.setVisible(is_below_another)
