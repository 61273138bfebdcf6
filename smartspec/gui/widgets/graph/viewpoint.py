"""Which part of a drawing is in view, and how large."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

from smartspec.gui.widgets.graph.drawing import Drawing, Node

LEAST, MOST, MARGIN = 0.4, 1.6, 20
_READABLE = 0.62  # a drawing that would be smaller is not fitted when it is opened
_OPENED = 0.9
_ABOVE, _BELOW = 44.0, 54.0


class Viewpoint:
    """`offset` is where the drawing begins in the widget; `is_fitted` until somebody moves or zooms."""

    def __init__(self) -> None:
        self.scale, self.offset = 1.0, QPointF()
        self.is_fitted = True
        self.room = QSizeF()

    def open(self, drawing: Drawing) -> None:
        """All of it where that can be read, else where it begins."""
        fitting = self._fitting(drawing)
        self._show(drawing, fitting if fitting >= _READABLE else _OPENED)

    def fit(self, drawing: Drawing) -> None:
        """As much of it as can be; what has no room begins at the roots."""
        self._show(drawing, max(LEAST, self._fitting(drawing)))

    def _fitting(self, drawing: Drawing) -> float:
        return self._fitting_between(drawing, self._insets(drawing))

    def _fitting_between(self, drawing: Drawing, insets: tuple[float, float]) -> float:
        wide, high = max(1.0, drawing.width), max(1.0, drawing.height)
        return min(1.0, (self.room.width() - 2 * MARGIN) / wide, (self.room.height() - sum(insets)) / high)

    def _insets(self, drawing: Drawing) -> tuple[float, float]:
        """Above and below, for what stands over the graph there; where that leaves too little, it is stood over."""
        free = (_ABOVE, _BELOW)
        return free if self._fitting_between(drawing, free) >= _READABLE else (MARGIN, MARGIN)

    def _show(self, drawing: Drawing, scale: float) -> None:
        self.scale, self.is_fitted = max(LEAST, scale), True
        wide, high = drawing.width * self.scale, drawing.height * self.scale
        left = max(MARGIN, (self.room.width() - wide) / 2)
        above, below = self._insets(drawing)
        if high + above + below <= self.room.height() + 1:
            top = above + (self.room.height() - above - below - high) / 2
        else:
            top = self._top_for_roots(drawing, high)
        self.offset = QPointF(left, top)

    def _top_for_roots(self, drawing: Drawing, high: float) -> float:
        """The middle of the roots in the middle; of more than there is room for, the first ones."""
        ys = [drawing.nodes[name].y for name in drawing.roots] or [0.0]
        first, last = min(ys) * self.scale, (max(ys) + drawing.size.height) * self.scale
        if last - first > self.room.height() - 2 * MARGIN:
            return MARGIN - first
        top = (self.room.height() - (first + last)) / 2
        return min(float(MARGIN), max(top, self.room.height() - MARGIN - high))

    def zoom(self, factor: float, at: QPointF) -> None:
        """Around a point of the widget."""
        scale = max(LEAST, min(MOST, self.scale * factor))
        inside = (at - self.offset) / self.scale
        self.scale, self.offset, self.is_fitted = scale, at - inside * scale, False

    def move(self, by: QPointF) -> None:
        self.offset += by
        self.is_fitted = False

    def centre(self, at: QPointF) -> None:
        """A point of the drawing in the middle."""
        self.offset = QPointF(self.room.width() / 2, self.room.height() / 2) - at * self.scale
        self.is_fitted = False

    def bring(self, box: QRectF) -> None:
        """A part of the widget into view, where it is not."""
        inner = QRectF(QPointF(), self.room).adjusted(8, 8, -8, -8)
        dx = max(0.0, inner.left() - box.left()) - max(0.0, box.right() - inner.right())
        dy = max(0.0, inner.top() - box.top()) - max(0.0, box.bottom() - inner.bottom())
        self.offset += QPointF(dx, dy)

    def box(self, drawing: Drawing, node: Node) -> QRectF:
        """Where a card is in the widget."""
        at = QPointF(node.x, node.y) * self.scale + self.offset
        return QRectF(at.x(), at.y(), drawing.size.width * self.scale, drawing.size.height * self.scale)

    @property
    def seen(self) -> QRectF:
        """The part of the drawing that is in view."""
        return QRectF(-self.offset / self.scale, self.room / self.scale)
