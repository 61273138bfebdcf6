"""What dims a window behind its dialog, and the shadow of the dialog on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from smartspec.gui.style import theme

RADIUS = 12
_SHADOW, _DROP = 18, 6


class Scrim(QWidget):
    """Over all of the window that `dialog` stands before."""

    def __init__(self, host: QWidget, dialog: QWidget) -> None:
        super().__init__(host)
        self._dialog = dialog
        self._radius = RADIUS if host.property("role") == "sheet" else 0
        self.setGeometry(host.rect())
        self.raise_()
        self.show()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), self._radius, self._radius)
        painter.fillPath(shape, theme.colour("scrim"))
        # by the places that the widgets know: on X11 mapToGlobal may still be of one that is past, and no event follows
        box = self._dialog.geometry().translated(-self.window().geometry().topLeft())
        _paint_shadow(painter, QRectF(box))
        painter.end()


def _paint_shadow(painter: QPainter, box: QRectF) -> None:
    """Rings that lie one on another, so that it grows darker towards the sheet."""
    painter.setBrush(QColor(0, 0, 0, 7))
    for by in range(_SHADOW, -1, -2):
        ring = box.adjusted(-by, _DROP - by, by, _DROP + by)
        painter.drawRoundedRect(ring, RADIUS + by, RADIUS + by)
