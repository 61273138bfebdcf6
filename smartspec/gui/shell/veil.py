"""What lies over pages whose content may no longer be so: they can be read, and say from when they are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from smartspec.gui.style import painting, theme

_THROUGH = 115  # of 255: how much of the page is covered


class Veil(QWidget):
    """Over all of another widget; clicks go through it to the page."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = ""
        over.installEventFilter(self)
        self.hide()

    def show_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self._cover()
        self.show()

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded) and self.isVisible():
            self._cover()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.colour("surface")
        ground.setAlpha(_THROUGH)
        painter.fillRect(self.rect(), ground)
        font = theme.font("small", 600)
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(self._words) + 28, metrics.height() + 12
        box = QRectF((self.width() - width) / 2, self.height() - height - 20, width, height)
        painter.setPen(QPen(theme.colour("failed"), 1))
        painter.setBrush(theme.colour("bad_soft"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painting.text(painter, box, self._words, "text", font, Qt.AlignmentFlag.AlignHCenter)
        painter.end()
