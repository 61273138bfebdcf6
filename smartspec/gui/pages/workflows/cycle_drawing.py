"""Tasks that wait for each other, drawn: where the way round can be broken."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from smartspec.gui.style import painting, theme
from smartspec.messages import tr

_MOST, _GAP, _LEFT, _ROUND = 5, 22, 36, 16


class CycleDrawing(QWidget):
    """Nothing is shown of an empty one; of a long one the first tasks, and the last."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: tuple[str, ...] = ()
        self.hide()

    def show_tasks(self, tasks: tuple[str, ...]) -> None:
        """Each waits for the next, the last for the first."""
        self._tasks = tasks if len(tasks) <= _MOST else (*tasks[: _MOST - 2], "…", tasks[-1])
        self.setVisible(bool(tasks))
        said = tr("The cycle: {tasks}", tasks=" → ".join((*tasks, *tasks[:1])))
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    @property
    def _box(self) -> int:
        return max(26, QFontMetrics(theme.font("small", 600)).height() + 10)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(120, len(self._tasks) * (self._box + _GAP) - _GAP + 4 if self._tasks else 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("failed"), 1.4)
        boxes = [
            QRectF(_LEFT, 2 + at * (self._box + _GAP), self.width() - _LEFT - 14, self._box)
            for at in range(len(self._tasks))
        ]
        for name, box in zip(self._tasks, boxes, strict=True):
            painter.setPen(pen)
            painter.setBrush(theme.colour("surface"))
            painter.drawRoundedRect(box, 5, 5)
            painting.text(painter, box.adjusted(10, 0, -8, 0), name, "text", theme.font("small", 600))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for above, below in pairwise(boxes):
            x = above.center().x()
            _arrow(painter, pen, QPainterPath(QPointF(x, above.bottom())), QPointF(x, below.top()), down=True)
        if len(boxes) > 1:
            _back(painter, pen, boxes[-1], boxes[0])
        painter.end()


def _arrow(painter: QPainter, pen: QPen, path: QPainterPath, end: QPointF, *, down: bool) -> None:
    path.lineTo(end)
    painter.setPen(pen)
    painter.drawPath(path)
    tip = QPainterPath(end)
    for dx, dy in ((-3.5, -6), (3.5, -6)) if down else ((-6, -3.5), (-6, 3.5)):
        tip.lineTo(end + QPointF(dx, dy))
    tip.closeSubpath()
    painter.fillPath(tip, pen.color())


def _back(painter: QPainter, pen: QPen, last: QRectF, first: QRectF) -> None:
    """From the last to the first, round the left."""
    x = last.left() - _ROUND
    path = QPainterPath(QPointF(last.left(), last.center().y()))
    path.cubicTo(QPointF(x, last.center().y()), QPointF(x, last.center().y()), QPointF(x, last.center().y() - 12))
    path.lineTo(QPointF(x, first.center().y() + 12))
    path.cubicTo(QPointF(x, first.center().y()), QPointF(x, first.center().y()), QPointF(x + 8, first.center().y()))
    _arrow(painter, pen, path, QPointF(first.left(), first.center().y()), down=False)
