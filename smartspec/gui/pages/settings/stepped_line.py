"""A line for a number, with two carets that make it one more or less."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.gui.style import icons

_WIDTH = 20
_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class SteppedLine(QLineEdit):
    """`stepped` by so many, also by the arrow keys; `given_up` by Escape."""

    stepped = Signal(int)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._carets = _Carets(self)
        self.setTextMargins(0, 0, _WIDTH - 6, 0)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._carets.setGeometry(self.width() - _WIDTH - 3, 3, _WIDTH, self.height() - 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _KEYS.get(Qt.Key(event.key()), 0)
        if by:
            self.stepped.emit(by)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class _Carets(QWidget):
    """The upper half is more, the lower less. The arrow keys do the same: it takes no focus and no name."""

    def __init__(self, line: SteppedLine) -> None:
        super().__init__(line)
        self._line = line
        self.setCursor(Qt.CursorShape.ArrowCursor)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 20)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._line.setFocus(Qt.FocusReason.MouseFocusReason)
        self._line.stepped.emit(1 if event.position().y() < self.height() / 2 else -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, middle = (self.width() - 9) / 2, self.height() / 2
        icons.paint(painter, QRectF(left, middle - 9, 9, 9), "caret-up", "text2")
        icons.paint(painter, QRectF(left, middle, 9, 9), "caret-down", "text2")
        painter.end()
