"""A scroll bar with ticks: where errors and matches are in the whole of a log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar

from smartspec.gui.style import theme


class TickedScrollBar(QScrollBar):
    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._ticks: list[tuple[str, Sequence[int]]] = []  # a token and the lines, in their order
        self._count = 0

    def show_ticks(self, count: int, ticks: list[tuple[str, Sequence[int]]]) -> None:
        """`count` lines in all; what comes later stands above what comes before."""
        self._count, self._ticks = count, ticks
        self.update()

    def positions(self) -> list[tuple[str, int]]:
        """The colour and the height of each tick, each once."""
        height = max(1, self.height() - 2)
        per_pixel = max(1, self._count) / height
        return [
            (token, at)
            for token, lines in self._ticks
            for at in range(height)
            if bisect_left(lines, at * per_pixel) < bisect_left(lines, (at + 1) * per_pixel)
        ]

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._ticks:
            return
        painter = QPainter(self)
        for token, at in self.positions():
            painter.fillRect(QRectF(1, at, self.width() - 2, 2), theme.colour(token))
        painter.end()
