"""Paints the lines between the cards of a graph: they leave to the right, and bend only in the last gap."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from smartspec.gui.style import theme
from smartspec.gui.widgets.graph.drawing import FAILURE, GAP_X, Drawing, Edge

Box = tuple[float, float, float, float]
_AROUND = 40.0
_FAINT = 0.5
_BELOW_AT = 28.0  # from the left, beside the caption


def boxes(drawing: Drawing) -> list[tuple[Box, Edge]]:
    """What each takes of the drawing (left, top, right, bottom)."""
    wide, high, found = drawing.size.width, drawing.size.height, []
    for edge in drawing.edges:
        start, end = drawing.nodes[edge.start], drawing.nodes[edge.end]
        ys = sorted((start.y + high / 2, end.y + high / 2))
        found.append(((start.x + wide - _AROUND, ys[0] - _AROUND, end.x + _AROUND, ys[1] + _AROUND), edge))
    return found


class EdgePainter:
    """`current` is the card that is chosen; with `shows_path` the way that matters stands out."""

    def __init__(self, painter: QPainter, drawing: Drawing, current: str, *, shows_path: bool) -> None:
        self._painter, self._drawing, self._current, self._shows_path = painter, drawing, current, shows_path

    def paint(self, edges: list[tuple[Box, Edge]], seen: QRectF) -> None:
        """Those in view; the way that matters last, so that it lies on top."""
        left, top, right, bottom = seen.left(), seen.top(), seen.right(), seen.bottom()
        shown = [edge for (x0, y0, x1, y1), edge in edges if x0 <= right and x1 >= left and y0 <= bottom and y1 >= top]
        on_path = [edge for edge in shown if self._is_on_path(edge)]
        for edge in shown:
            if not self._is_on_path(edge):
                self._edge(edge, is_on_path=False)
        for edge in on_path:
            self._edge(edge, is_on_path=True)

    def _is_on_path(self, edge: Edge) -> bool:
        return self._shows_path and (edge.start, edge.end) in self._drawing.path_edges

    def _edge(self, edge: Edge, *, is_on_path: bool) -> None:
        colour, width = self._edge_style(edge, is_on_path)
        pen = QPen(colour, width)
        if edge.kind == FAILURE:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if edge.is_below:
            self._line_below(edge, colour)
        else:
            self._line(edge, colour)

    def _edge_style(self, edge: Edge, is_on_path: bool) -> tuple[QColor, float]:
        is_chosen = self._current in (edge.start, edge.end)
        if is_on_path:
            return theme.colour("failed" if self._drawing.is_failure else "accent"), 2.0
        name = "failed" if edge.kind == FAILURE else "accent" if is_chosen else "outline"
        made = QColor(theme.colour(name))
        if self._shows_path and self._drawing.path and not is_chosen:
            made.setAlphaF(_FAINT)
        return made, 1.8 if is_chosen else 1.2

    def _line(self, edge: Edge, colour: QColor) -> None:
        size, nodes = self._drawing.size, self._drawing.nodes
        start, end = nodes[edge.start], nodes[edge.end]
        one = QPointF(start.x + size.width, start.y + size.height / 2)
        other = QPointF(end.x, end.y + size.height / 2)
        path, bend = QPainterPath(one), QPointF(other.x() - GAP_X, one.y())
        if abs(one.y() - other.y()) > 0.5:
            path.lineTo(bend)
            path.cubicTo(bend + QPointF(GAP_X * 0.6, 0), other - QPointF(GAP_X * 0.6, 0), other - QPointF(5, 0))
        else:
            path.lineTo(other - QPointF(5, 0))
        self._painter.drawPath(path)
        self._tip(other, QPointF(-7, -3.5), QPointF(-7, 3.5), colour)

    def _line_below(self, edge: Edge, colour: QColor) -> None:
        """To what stands under a card; past what stands between, beside it."""
        size, nodes = self._drawing.size, self._drawing.nodes
        start, end = nodes[edge.start], nodes[edge.end]
        x = start.x + _BELOW_AT
        one, other = QPointF(x, start.y + size.height), QPointF(x, end.y)
        self._painter.drawLine(one, other - QPointF(0, 5))
        self._tip(other, QPointF(-3.5, -7), QPointF(3.5, -7), colour)

    def _tip(self, at: QPointF, one: QPointF, other: QPointF, colour: QColor) -> None:
        tip = QPainterPath(at)
        tip.lineTo(at + one)
        tip.lineTo(at + other)
        self._painter.fillPath(tip, colour)
