"""An icon that stands for itself, beside words that say the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from smartspec.gui.style import icons


class Icon(QWidget):
    """It is read out by nobody: what it says is in the words beside it."""

    def __init__(self, name: str = "", colour: str = "text2", size: int = 14) -> None:
        super().__init__()
        self._name, self._colour, self._size = name, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, colour: str) -> None:
        """None at all for an empty name."""
        self._name, self._colour = name, colour
        self.setVisible(bool(name))
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            painter = QPainter(self)
            icons.paint(painter, QRectF(0, 0, self._size, self._size), self._name, self._colour)
            painter.end()
