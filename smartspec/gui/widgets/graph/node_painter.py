"""Paints the card of a task."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from smartspec.domain import times
from smartspec.domain.engine.states import TASK_PROBLEM
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.graph.drawing import Node, NodeSize

_OPEN = ("skipped", "pending", None)
_FOOT, _GAP = 3.0, 3.0
_SMALL = 0.55  # below this scale only names and icons can be read
_FAINT = 0.5
_STEPS = 5


class NodePainter:
    """`is_small`: the second line would not be read. What is `faint` is drawn at half; `by_duration` are the cards that
    took longest the strongest.
    """

    def __init__(self, painter: QPainter, size: NodeSize, scale: float, *, by_duration: bool = False) -> None:
        self._painter, self._size = painter, size
        self._is_small, self._by_duration = scale < _SMALL, by_duration

    def paint(self, node: Node, *, is_current: bool, is_found: bool, is_faint: bool) -> None:
        painter = self._painter
        box = QRectF(node.x, node.y, self._size.width, self._size.height)
        painter.setOpacity(_FAINT if is_faint and not is_current else 1.0)
        if node.has_items:
            self._cards_behind(box)
        self._card(box, node)
        painter.setOpacity(1.0)
        if is_current or is_found:
            self._ring(box, "focus" if is_current else "retrying")
        self._words(box, node, "text2" if is_faint and not is_current else "text")
        if node.pieces and not self._is_small:
            self._foot(box, node)
        if node.caption and not self._is_small:
            room = QRectF(box.left(), box.bottom() + 2, box.width(), 16)
            colour = "failed" if node.is_loud else "text2"
            painting.text(painter, room, node.caption, colour, theme.font("caption"), Qt.AlignmentFlag.AlignRight)

    def _cards_behind(self, box: QRectF) -> None:
        for step in (6, 3):
            self._painter.setPen(QPen(theme.colour("line_strong"), 1))
            self._painter.setBrush(theme.colour("raised"))
            self._painter.drawRoundedRect(box.translated(step, step), 6, 6)

    def _card(self, box: QRectF, node: Node) -> None:
        painter = self._painter
        pen = QPen(theme.colour("failed" if node.status in TASK_PROBLEM else "line_strong"), 1)
        if node.status in ("skipped", "pending") or (node.status is None and node.is_loud):
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.colour("pane" if node.status in _OPEN else "raised"))
        painter.drawRoundedRect(box, 6, 6)
        if self._by_duration and node.share:
            ground = heat(node.share)
            ground.setAlphaF(0.22)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 6, 6)
        strip = QPainterPath(QPointF(box.left() + 4, box.top()))
        strip.lineTo(box.left() + 4, box.bottom())
        strip.lineTo(box.left() + 3, box.bottom())
        strip.quadTo(box.bottomLeft(), QPointF(box.left(), box.bottom() - 5))
        strip.lineTo(box.left(), box.top() + 5)
        strip.quadTo(box.topLeft(), QPointF(box.left() + 3, box.top()))
        painter.fillPath(strip, self._strip_colour(node))

    def _strip_colour(self, node: Node) -> QColor:
        if not self._by_duration:
            return theme.colour(status_style(node.status).colour if node.status else "outline")
        return heat(node.share) if node.share else theme.colour("line_strong")

    def _ring(self, box: QRectF, colour: str) -> None:
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(theme.colour(colour), 2))
        self._painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 7, 7)

    def _words(self, box: QRectF, node: Node, colour: str) -> None:
        painter = self._painter
        icons.paint(painter, QRectF(box.left() + 13, box.center().y() - 8, 16, 16), node.icon, "text2")
        top = box.top() + (14 if self._is_small else 6)
        title = QRectF(box.left() + 38, top, box.width() - 38 - (27 if node.status else 8), 17)
        painting.text(painter, title, node.title, colour, theme.font("small", 600))
        if not self._is_small:
            second = QRectF(box.left() + 38, box.top() + 23, box.width() - 44, 15)
            painting.text(painter, second, second_of(node), "text2", theme.font("caption"))
        if node.status:
            found = status_style(node.status)
            icon = QRectF(box.right() - 23, box.top() + 8, 14, 14)
            painting.status_icon(painter, icon, found.icon, found.colour)

    def _foot(self, box: QRectF, node: Node) -> None:
        """A piece for each attempt or item, as wide as its share."""
        left, width, y = box.left() + 38, box.width() - 52, box.bottom() - 7
        gap = min(_GAP, width / len(node.pieces) / 3)
        whole = sum(share for _, share in node.pieces)
        x = left
        for status, share in node.pieces:
            wide = width * share / whole
            self._painter.fillRect(QRectF(x, y, max(1.0, wide - gap), _FOOT), theme.colour(status_style(status).colour))
            x += wide


def heat(share: float) -> QColor:
    """A colour for a part of the longest duration, in five steps."""
    strong, weak = theme.colour("running"), theme.colour("sunken")
    part = -(-share * _STEPS // 1) / _STEPS
    mixed = (round(weak_ + (strong_ - weak_) * part) for weak_, strong_ in zip(_rgb(weak), _rgb(strong), strict=True))
    return QColor(*mixed)


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def second_of(node: Node) -> str:
    """The second line, with the time that goes by while it runs."""
    if node.since is None:
        return node.second
    return f"{node.second} · {duration(max(0, times.elapsed_ms(node.since, times.now())))}"
