"""A text in which the words that were searched for stand out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QLabel

from smartspec.gui.style import theme
from smartspec.gui.widgets.labels import label


class Marked(QLabel):
    """Plain text on as many lines as it takes."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__()
        pattern = label(text, role)
        self.setTextFormat(pattern.textFormat())
        self.setProperty("role", role)
        self.setText(text)
        self.setWordWrap(True)
        self._words: tuple[str, ...] = ()

    def mark(self, words: Iterable[str]) -> None:
        """Without words nothing stands out."""
        self._words = tuple(words)
        self.updateGeometry()
        self.update()

    def _ranges(self) -> Iterator[QTextLayout.FormatRange]:
        made = QTextCharFormat()
        made.setForeground(QColor(theme.colour("accent_text")))
        made.setFontWeight(QFont.Weight.DemiBold)
        for word in self._words:
            for found in re.finditer(re.escape(word), self.text(), re.IGNORECASE):
                marked = QTextLayout.FormatRange()
                marked.start, marked.length, marked.format = found.start(), len(found[0]), made
                yield marked

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self.text(), self.font())
        layout.setFormats(list(self._ranges()))
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout, top

    # Qt

    def heightForWidth(self, width: int) -> int:
        return max(super().heightForWidth(width), round(self._laid_out(width)[1] + 0.5) if self._words else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._words:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout, height = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, max(0.0, (self.height() - height) / 2)))
        painter.end()
