"""A layout that goes on in the next line where there is no more room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """From left to right, then below; what expands takes the rest of its line."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def insert_before_last(self, widget: QWidget) -> None:
        """Before what was added last."""
        self.addWidget(widget)
        if len(self._items) > 1:
            self._items.insert(-1, self._items.pop())
        self.invalidate()

    # Qt

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:  # None past the end, as Qt asks for
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        return self._arrange(QRect(0, 0, width, 0), move=False) + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        margins = self.contentsMargins()
        height = max((size.height() for size in shown), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        width, height = (max(each, default=0) for each in ([s.width() for s in shown], [s.height() for s in shown]))
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """The height that it takes."""
        inner = rect.marginsRemoved(self.contentsMargins())
        y = inner.top()
        for index, line in enumerate(self._lines(inner.width())):
            y += self.spacing() if index else 0
            height = max(item.sizeHint().height() for item, _width in line)
            x = inner.left()
            for item, width in line:
                if move:
                    own = min(height, item.sizeHint().height())
                    item.setGeometry(QRect(x, y + (height - own) // 2, width, own))
                x += width + self.spacing()
            y += height
        return y - inner.top()

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int]]]:
        lines: list[list[tuple[QLayoutItem, int]]] = []
        left = 0
        for item in (each for each in self._items if not each.isEmpty()):
            width = min(max(item.sizeHint().width(), item.minimumSize().width()), room)
            if not lines or left < width:
                lines.append([])
                left = room
            lines[-1].append((item, width))
            left -= width + self.spacing()
        return [_filled(line, room, self.spacing()) for line in lines]


def _filled(line: list[tuple[QLayoutItem, int]], room: int, spacing: int) -> list[tuple[QLayoutItem, int]]:
    """What is left of a line goes to the last that expands."""
    item, width = line[-1]
    if item.expandingDirections() & Qt.Orientation.Horizontal:
        rest = room - sum(each for _, each in line) - spacing * (len(line) - 1)
        return [*line[:-1], (item, width + max(0, rest))]
    return line
