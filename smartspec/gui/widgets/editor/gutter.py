"""At the left of an editor: the numbers of its lines, and marks where something is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextBlock
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from smartspec.gui.style import icons, theme

WIDTH = 56
Boxes = Callable[[], "list[tuple[QTextBlock, QRectF]]"]
_MARKS = {"error": ("x-circle-fill", "failed"), "warning": ("warning-fill", "retrying")}


class Gutter(QWidget):
    """`boxes` answers with the lines that are seen, and where; `severity` with what is wrong in one, from 1."""

    def __init__(self, editor: QPlainTextEdit, boxes: Boxes, severity: Callable[[int], str]) -> None:
        super().__init__(editor)
        self._editor, self._boxes, self._severity = editor, boxes, severity

    def wanted_width(self) -> int:
        digits = len(str(max(1, self._editor.blockCount())))
        return max(WIDTH, 34 + QFontMetrics(self._editor.font()).horizontalAdvance("9") * digits)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.fillRect(self.width() - 1, event.rect().top(), 1, event.rect().height(), theme.colour("line"))
        painter.setFont(self._editor.font())
        current = self._editor.textCursor().blockNumber()
        for block, box in self._boxes():
            if box.bottom() >= event.rect().top() and box.top() <= event.rect().bottom():
                self._paint_line(painter, block.blockNumber(), box, block.blockNumber() == current)
        painter.end()

    def _paint_line(self, painter: QPainter, number: int, box: QRectF, is_current: bool) -> None:
        painter.setPen(theme.colour("text" if is_current else "text3"))
        room = QRectF(0, box.top(), self.width() - 10, box.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number + 1))
        if severity := self._severity(number + 1):
            icons.paint(painter, QRectF(6, box.top() + (box.height() - 13) / 2, 13, 13), *_MARKS[severity])
