"""A small map of a graph that is larger than the view: where one is, and the way to elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from smartspec.gui.style import theme
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.graph.canvas import GraphCanvas
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.messages import tr

_MOST = QSizeF(168, 104)
_INSET, _LEAST = 6.0, 44.0
_EDGE = 1.02  # how much larger than the view a graph is before it needs a map


class Minimap(QWidget):
    """A click, or dragging, brings a place into the middle."""

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._drawn: tuple[Drawing, str, QPixmap] | None = None
        self.setAccessibleName(tr("Map of the graph"))
        self.setToolTip(tr("Map of the graph: click to go there"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        canvas.moved.connect(self.follow)
        self.hide()

    def follow(self) -> None:
        """Shown where the graph is larger than the view."""
        drawing, view = self._canvas.drawing, self._canvas.view
        wide, high = drawing.width * view.scale, drawing.height * view.scale
        is_large = wide > view.room.width() * _EDGE or high > view.room.height() * _EDGE
        if is_large:
            self.resize(self._size(drawing))
            self.update()
        has_room = view.room.height() > 2 * _MOST.height() and view.room.width() > 2 * _MOST.width()
        self.setVisible(is_large and has_room and bool(drawing.nodes))

    def _size(self, drawing: Drawing) -> QSize:
        """Of its shape, as far as that is not a thread."""
        part = min(_MOST.width() / max(1.0, drawing.width), _MOST.height() / max(1.0, drawing.height))
        wide, high = drawing.width * part, drawing.height * part
        return QSizeF(max(_LEAST, wide) + 2 * _INSET, max(_LEAST, high) + 2 * _INSET).toSize()

    @property
    def _factor(self) -> QPointF:
        drawing = self._canvas.drawing
        return QPointF(
            (self.width() - 2 * _INSET) / max(1.0, drawing.width),
            (self.height() - 2 * _INSET) / max(1.0, drawing.height),
        )

    def _picture(self) -> QPixmap:
        """The cards as dots; drawn once for each drawing."""
        drawing, ratio, scheme = self._canvas.drawing, self.devicePixelRatioF(), theme.tokens().name
        drawn = self._drawn
        if drawn is not None and drawn[0] is drawing and drawn[1] == scheme and drawn[2].size() == self.size() * ratio:
            return drawn[2]
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        factor = self._factor
        wide, high = max(1.5, drawing.size.width * factor.x()), max(1.0, drawing.size.height * factor.y())
        for node in drawing.nodes.values():
            colour = status_style(node.status).colour if node.status else "outline"
            box = QRectF(_INSET + node.x * factor.x(), _INSET + node.y * factor.y(), wide, high)
            painter.fillRect(box, theme.colour(colour))
        painter.end()
        self._drawn = (drawing, scheme, made)
        return made

    def _centre_at(self, at: QPointF) -> None:
        factor = self._factor
        self._canvas.centre(QPointF((at.x() - _INSET) / factor.x(), (at.y() - _INSET) / factor.y()))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line_strong"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawPixmap(0, 0, self._picture())
        seen, factor = self._canvas.view.seen, self._factor
        box = QRectF(_INSET + seen.left() * factor.x(), _INSET + seen.top() * factor.y(),
                     seen.width() * factor.x(), seen.height() * factor.y())  # fmt: skip
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        shade = QColor(theme.colour("accent"))
        shade.setAlphaF(0.12)
        painter.setBrush(shade)
        painter.drawRoundedRect(box.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)), 2, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._centre_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._centre_at(event.position())
