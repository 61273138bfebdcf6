"""The task graph on screen: pan, zoom, walk along its edges; and the same as a list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.graph.layout import GAP_X, HEIGHT, WIDTH, Drawing, Edge, Node
from smartspec.messages import tr

LEAST, MOST, MARGIN = 0.4, 1.6, 20
_DOTS = 20


class GraphCanvas(QWidget):
    """Paints what of a drawing is in view. `opened` is a task that was asked to be opened."""

    opened = Signal(str)
    picked = Signal(str)
    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Task graph"))
        self.setMinimumHeight(90)
        self.drawing = Drawing({}, ())
        self.current = ""
        self._scale, self._offset = 1.0, QPointF()
        self._fitted = True
        self._dragged: QPointF | None = None
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.update)

    @property
    def scale(self) -> float:
        return self._scale

    def show_drawing(self, drawing: Drawing) -> None:
        """Another shape is fitted; the same shape with other statuses stays where it is."""
        same = [(each.name, each.x, each.y) for each in drawing.nodes.values()] == [
            (each.name, each.x, each.y) for each in self.drawing.nodes.values()
        ]
        self.drawing = drawing
        if self.current not in drawing.nodes:
            self.current = ""
        if not same or self._fitted:
            self.fit()
        if any(node.status == "running" for node in drawing.nodes.values()):
            self._turning.start()
        else:
            self._turning.stop()
        self.setAccessibleDescription("; ".join(drawing.lines[:50]))
        self.update()

    def fit(self) -> None:
        room = QPointF(self.width() - 2 * MARGIN, self.height() - 2 * MARGIN)
        wide, high = max(1.0, self.drawing.width), max(1.0, self.drawing.height)
        self._scale = max(LEAST, min(1.0, room.x() / wide, room.y() / high))
        left = max(MARGIN, (self.width() - wide * self._scale) / 2)
        top = max(MARGIN, (self.height() - high * self._scale) / 2)
        self._offset = QPointF(left, top)
        self._fitted = True
        self.zoomed.emit(self._scale)
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Around a point of the widget, else around its middle."""
        point = at if at is not None else QPointF(self.rect().center())
        scale = max(LEAST, min(MOST, self._scale * factor))
        inside = (point - self._offset) / self._scale
        self._scale, self._offset = scale, point - inside * scale
        self._fitted = False
        self.zoomed.emit(scale)
        self.update()

    def pick(self, name: str) -> None:
        """Select a task, and bring it into view."""
        self.current = name
        node = self.drawing.nodes.get(name)
        if node is not None:
            box = self._box(node)
            inner = QRectF(self.rect()).adjusted(8, 8, -8, -8)
            dx = max(0.0, inner.left() - box.left()) - max(0.0, box.right() - inner.right())
            dy = max(0.0, inner.top() - box.top()) - max(0.0, box.bottom() - inner.bottom())
            if dx or dy:
                self._offset += QPointF(dx, dy)
                self._fitted = False
        self.picked.emit(name)
        self.update()

    def _box(self, node: Node) -> QRectF:
        at = QPointF(node.x, node.y) * self._scale + self._offset
        return QRectF(at.x(), at.y(), WIDTH * self._scale, HEIGHT * self._scale)

    def node_at(self, point: QPointF) -> str:
        return next((name for name, node in self.drawing.nodes.items() if self._box(node).contains(point)), "")

    # Painting

    def _paint_edge(self, painter: QPainter, edge: Edge, visible: QRectF) -> None:
        start, end = self.drawing.nodes[edge.start], self.drawing.nodes[edge.end]
        one = QPointF(start.x + WIDTH, start.y + HEIGHT / 2)
        other = QPointF(end.x, end.y + HEIGHT / 2)
        if not QRectF(one, other).normalized().adjusted(-40, -40, 40, 40).intersects(visible):
            return
        chosen = self.current in (edge.start, edge.end)
        colour = "failed" if edge.kind == "failure" else "accent" if chosen else "outline"
        pen = QPen(theme.colour(colour), 1.8 if chosen else 1.2)
        if edge.kind == "failure":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path, bend = QPainterPath(one), QPointF(other.x() - GAP_X, one.y())
        if abs(one.y() - other.y()) > 0.5:
            path.lineTo(bend)
            path.cubicTo(bend + QPointF(GAP_X * 0.6, 0), other - QPointF(GAP_X * 0.6, 0), other - QPointF(5, 0))
        else:
            path.lineTo(other - QPointF(5, 0))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(colour))
        tip = QPainterPath(other)
        tip.lineTo(other + QPointF(-7, -3.5))
        tip.lineTo(other + QPointF(-7, 3.5))
        painter.drawPath(tip)

    def _paint_node(self, painter: QPainter, node: Node) -> None:
        box = QRectF(node.x, node.y, WIDTH, HEIGHT)
        faint = node.status in (None, "skipped", "pending")
        back = theme.colour("pane" if faint else "raised")
        edge = theme.colour("failed" if node.status in ("failed", "timeout") else "line_strong")
        if node.has_items:
            for step in (6, 3):
                painter.setPen(QPen(theme.colour("line_strong"), 1))
                painter.setBrush(theme.colour("raised"))
                painter.drawRoundedRect(box.translated(step, step), 6, 6)
        pen = QPen(edge, 1)
        if node.status in ("skipped", "pending"):
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(back)
        painter.drawRoundedRect(box, 6, 6)
        strip = QPainterPath()
        strip.addRoundedRect(box, 6, 6)
        painter.save()
        painter.setClipPath(strip, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(box.left(), box.top(), 4, HEIGHT), theme.colour(node.status or "outline"))
        painter.restore()
        if node.name == self.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 7, 7)
        icons.paint(painter, QRectF(box.left() + 14, box.center().y() - 8, 16, 16), node.icon, "text2")
        shown = node.name.removeprefix("handlers.")
        first = theme.font("small", 600)
        painting.text(painter, QRectF(box.left() + 38, box.top() + 6, 98, 17), shown, "text", first)
        second = QRectF(box.left() + 38, box.top() + 23, 116, 15)
        painting.text(painter, second, node.second, "text2", theme.font("caption"))
        if node.status:
            found = status_style(node.status)
            icon = QRectF(box.right() - 23, box.top() + 8, 14, 14)
            painting.status_icon(painter, icon, found.icon, found.colour)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setPen(QPen(theme.colour("line"), 1.4))
        for x in range(_DOTS // 2, self.width(), _DOTS):
            painter.drawPoints([QPointF(x, y).toPoint() for y in range(_DOTS // 2, self.height(), _DOTS)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self._offset)
        painter.scale(self._scale, self._scale)
        visible = QRectF(-self._offset / self._scale, QRectF(self.rect()).size() / self._scale)
        for edge in self.drawing.edges:
            self._paint_edge(painter, edge, visible)
        grown = visible.adjusted(-WIDTH, -HEIGHT, 0, 0)
        for node in self.drawing.nodes.values():
            if grown.contains(node.x, node.y):
                self._paint_node(painter, node)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.1 if event.angleDelta().y() > 0 else 1 / 1.1, event.position())
        else:
            delta = event.angleDelta()
            sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._offset += QPointF(delta.y() / 2, 0) if sideways else QPointF(delta.x() / 2, delta.y() / 2)
            self._fitted = False
            self.update()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        name = self.node_at(event.position())
        if name:
            self.pick(name)
        else:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._offset += event.position() - self._dragged
            self._dragged = event.position()
            self._fitted = False
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self.drawing.nodes.get(self.node_at(QPointF(event.pos())))
            status = f"\n{status_style(node.status).word}" if node is not None and node.status else ""
            QToolTip.showText(event.globalPos(), f"{node.name}\n{node.second}{status}" if node else "", self)
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if name := self.node_at(event.position()):
            self.opened.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.current:
            self.opened.emit(self.current)
            return
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        if found := self._neighbour(*step):
            self.pick(found)

    def _neighbour(self, dx: int, dy: int) -> str:
        """Along the edges to the left and right; the nearest card above and below."""
        nodes = self.drawing.nodes
        here = nodes.get(self.current)
        if here is None:
            return next(iter(nodes), "")
        if dx:
            along = {edge.end if dx > 0 else edge.start for edge in self.drawing.edges
                     if (edge.start if dx > 0 else edge.end) == here.name}  # fmt: skip
            pool = [nodes[name] for name in along]
        else:
            pool = [node for node in nodes.values() if (node.y - here.y) * dy > 1]
        nearest = min(pool, key=lambda node: abs(node.y - here.y) + 2 * abs(node.x - here.x), default=None)
        return nearest.name if nearest else ""
