"""The toast: what was just done, and Undo, for eight seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QWidget

from smartspec.gui.core.notifications import Notifications, Toast
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.labels import Elided, label
from smartspec.messages import tr

_LIFE_MS = 8_000
_TICK_MS = 100
WIDTH, HEIGHT, ABOVE = 424, 44, 60


class ToastBar(QWidget):
    """At most one; a new one takes the place of the old. It waits while the mouse or the keyboard is on it."""

    def __init__(self, notifications: Notifications, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._toast: Toast | None = None
        self._left = 0
        self._icon = QLabel()
        self._text = Elided("toast")
        self._undo = button(tr("Undo"), "toast", then=self.undo)
        self._keys = label(
            QKeySequence("Ctrl+Z").toString(QKeySequence.SequenceFormat.NativeText).replace("+", " "), "toastkey"
        )
        self._ring = _Ring()
        close = icon_button("x", tr("Close"), self.hide)
        close.setIcon(icons.icon("x", "on_toast"))
        close.setProperty("kind", "toasticon")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for each in (self._undo, self._keys, self._ring, close):
            layout.addWidget(each)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        self.setGraphicsEffect(shadow)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        notifications.toasted.connect(self._on_toasted)
        self.hide()

    @property
    def can_undo(self) -> bool:
        return self.isVisible() and self._toast is not None and self._toast.undo is not None

    @property
    def text(self) -> str:
        return self._toast.text if self._toast and self.isVisible() else ""

    def undo(self) -> None:
        """Take back what the toast tells of."""
        toast = self._toast
        self.hide()
        if toast is not None and toast.undo is not None:
            self._toast = None
            toast.undo()

    def reposition(self) -> None:
        """Bottom centre, above the status bar."""
        outer = self.parentWidget()
        assert outer is not None
        width = min(WIDTH, outer.width() - 40)
        self.setGeometry((outer.width() - width) // 2, outer.height() - 26 - ABOVE - HEIGHT + 44, width, HEIGHT)

    def _on_toasted(self, toast: Toast) -> None:
        self._toast = toast
        self._left = _LIFE_MS
        self._icon.setPixmap(icons.icon(toast.icon, "on_toast").pixmap(QSize(16, 16)))
        self._text.setText(toast.text)
        for each in (self._undo, self._keys):
            each.setVisible(toast.undo is not None)
        self.setAccessibleName(toast.text)
        self.reposition()
        self.show()
        self.raise_()
        self._timer.start()

    def _on_tick(self) -> None:
        if self.underMouse() or self._undo.hasFocus():
            return
        self._left -= _TICK_MS
        self._ring.show_part(max(0.0, self._left / _LIFE_MS))
        if self._left <= 0:
            self.hide()

    # Qt

    def enterEvent(self, event: QEnterEvent) -> None:
        self._left = max(self._left, 2_000)

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()


class _Ring(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._part = 1.0
        self.setFixedSize(18, 18)

    def show_part(self, part: float) -> None:
        self._part = part
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("on_toast"), 2))
        painter.drawArc(QRectF(2, 2, 14, 14), 90 * 16, round(self._part * 360 * 16))
        painter.end()
