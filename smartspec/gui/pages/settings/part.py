"""A part of a group that is no setting: found by what it is called, as those are."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from smartspec.domain.text import fold
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.settings.marked import Marked
from smartspec.gui.pages.settings.setting_row import INSET
from smartspec.gui.style import theme
from smartspec.gui.widgets.layout import column, row


class SettingsPart(Pane):
    """`name` is that of its address; beside its title stands what is given for it."""

    name = ""
    group = ""

    def __init__(self, context: AppContext, title: str, explanation: str, synonyms: str, *beside: QWidget) -> None:
        super().__init__(context)
        self._told = fold(f"{title} {explanation} {synonyms}")
        self.title, self.explanation = Marked(title, "name"), Marked(explanation, "small")
        words = column(self.title, self.explanation, spacing=2)
        head = row(words, *beside, spacing=12)
        head.setStretchFactor(words, 1)
        self.rows: QBoxLayout = column(spacing=0)
        self.setLayout(column(head, self.rows, spacing=8, margins=(INSET, 12, 0, 14)))

    def finds(self, words: Iterable[str]) -> bool:
        """Whether every word is in what it says or is called."""
        return all(fold(word) in self._told for word in words)

    def mark(self, words: Iterable[str]) -> None:
        words = tuple(words)
        self.title.mark(words)
        self.explanation.mark(words)

    def take_keyboard(self) -> None:
        """Whoever came for it goes on there."""
        raise NotImplementedError

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(INSET, 0, self.width() - INSET, 1, theme.colour("line"))
        painter.end()
