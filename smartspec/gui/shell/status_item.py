"""A line of the bar at the bottom: a button with a dot or an icon before its words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.labels import plain_tip

HEIGHT = 26


class StatusItem(QAbstractButton):
    def __init__(self, name: str, then: object = None, icon: str = "") -> None:
        super().__init__()
        self._icon, self._dot = icon, ""
        self._is_pressed = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        if then is not None:
            self.clicked.connect(then)

    def show_text(self, text: str, *, dot: str = "", tip: str = "") -> None:
        self._dot = dot
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(plain_tip("\n".join(filter(None, (text, tip)))))
        self.updateGeometry()
        self.update()

    def show_pressed(self, pressed: bool) -> None:
        """What it opened is there."""
        self._is_pressed = pressed
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("small"))
        return QSize(metrics.horizontalAdvance(self.text()) + 32, max(HEIGHT, metrics.height() + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus() or self._is_pressed:
            painter.setPen(QPen(theme.colour("focus"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if self._is_pressed else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -2), 4, 4)
        middle = self.height() / 2
        if self._dot == "running":
            painting.status_icon(painter, QRectF(6, middle - 6, 12, 12), "play-circle", "running")
        elif self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(self._dot))
            painter.drawEllipse(QRectF(7, middle - 4, 8, 8))
        elif self._icon:
            icons.paint(painter, QRectF(6, middle - 7, 14, 14), self._icon, "text2")
        words = QRectF(24, 0, self.width() - 26, self.height())
        colour = "accent_text" if self._is_pressed else "text2"
        painting.text(painter, words, self.text(), colour, theme.font("small"))
        painter.end()
