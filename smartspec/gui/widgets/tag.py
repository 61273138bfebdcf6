"""A tag: a word in a small tinted frame, that nobody presses."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from smartspec.gui.style import icons, painting, theme

_HEIGHT = 20
# The ground and the colour of words by kind; words are text where no outcome is told
KINDS = {
    "": ("sunken", "text2"),
    "accent": ("accent_soft", "accent_text"),
    "good": ("ok_soft", "completed"),
    "warning": ("warn_soft", "retrying"),
    "bad": ("bad_soft", "failed"),
}


class Tag(QLabel):
    """`kind` is one of KINDS: neutral, accent, good, warning, bad; `icon` stands before the word."""

    def __init__(self, word: str = "", kind: str = "", icon: str = "") -> None:
        super().__init__()
        self._kind, self._icon = kind, icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(word)

    def set_kind(self, kind: str, icon: str = "") -> None:
        self._kind, self._icon = kind, icon
        self.updateGeometry()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("caption", 600))
        width = metrics.horizontalAdvance(self.text()) + 12 + (16 if self._icon else 0)
        return QSize(width, max(_HEIGHT, metrics.height() + 5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, colour = KINDS[self._kind]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = theme.tokens().strong
        painter.setPen(QPen(theme.colour(colour)) if strong else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        x = 6.0
        if self._icon:
            icons.paint(painter, QRectF(x, self.height() / 2 - 6, 12, 12), self._icon, colour)
            x += 16
        room = QRectF(x, 0, self.width() - x - 4, self.height())
        painting.text(painter, room, self.text(), colour, theme.font("caption", 600))
        painter.end()
