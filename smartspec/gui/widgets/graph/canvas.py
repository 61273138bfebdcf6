"""The task graph on screen: pan, zoom, and walk along its lines."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from smartspec.gui.style import theme
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.graph import edge_painter, walk
from smartspec.gui.widgets.graph.drawing import Drawing, Edge
from smartspec.gui.widgets.graph.edge_painter import EdgePainter
from smartspec.gui.widgets.graph.node_painter import NodePainter, second_of
from smartspec.gui.widgets.graph.viewpoint import Viewpoint
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

_DOTS = 20
_STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class GraphCanvas(QWidget):
    """Paints what of a drawing is in view. `opened` is a task that was asked to be opened, `asked` one whose menu is
    wanted and where; `moved` says that another part is in view.
    """

    opened = Signal(str)
    picked = Signal(str)
    asked = Signal(str, QPoint)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Task graph"))
        self.setMinimumHeight(90)
        self.drawing = Drawing()
        self.current = ""
        self.view = Viewpoint()
        self.found: Collection[str] = ()  # by a search
        self.shows_path = self.shows_durations = False
        self._edges: list[tuple[edge_painter.Box, Edge]] = []
        self._dragged: QPointF | None = None
        self._turning = QTimer(self, interval=100)
        self._turning.timeout.connect(self.update)

    @property
    def scale(self) -> float:
        return self.view.scale

    def show_drawing(self, drawing: Drawing) -> None:
        """Another shape is opened anew; the same shape with other statuses stays where it is."""
        same = [(each.name, each.x, each.y) for each in drawing.nodes.values()] == [
            (each.name, each.x, each.y) for each in self.drawing.nodes.values()
        ]
        self.drawing = drawing
        if not same:
            self._edges = edge_painter.boxes(drawing)
        else:
            self._edges = [(box, edge) for (box, _), edge in zip(self._edges, drawing.edges, strict=True)]
        if self.current not in drawing.nodes:
            self.current = ""
        if not same:
            self.open()
        if any(node.status == "running" for node in drawing.nodes.values()):
            self._turning.start()
        else:
            self._turning.stop()
        self._describe()
        self.update()

    def show_path(self, shown: bool) -> None:
        """Let the way that matters stand out."""
        self.shows_path = shown
        self.update()

    def show_durations(self, shown: bool) -> None:
        """The cards by how long they took, and not by how they ended."""
        self.shows_durations = shown
        self.update()

    def show_found(self, found: Collection[str]) -> None:
        self.found = found
        self.update()

    def open(self) -> None:
        """All where that can be read, else where it begins."""
        self.view.open(self.drawing)
        self._on_moved()

    def fit(self) -> None:
        self.view.fit(self.drawing)
        self._on_moved()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Around a point of the widget, else around its middle."""
        self.view.zoom(factor, at if at is not None else QPointF(self.rect().center()))
        self._on_moved()

    def centre(self, at: QPointF) -> None:
        """A point of the drawing in the middle."""
        self.view.centre(at)
        self._on_moved()

    def _on_moved(self) -> None:
        self.moved.emit()
        self.update()

    def pick(self, name: str) -> None:
        """Select a task, and bring it into view."""
        self.current = name
        self._bring_current()
        self._describe()
        self.picked.emit(name)
        self._on_moved()

    def _bring_current(self) -> None:
        node = self.drawing.nodes.get(self.current)
        if node is not None:
            self.view.bring(self.view.box(self.drawing, node))

    def _describe(self) -> None:
        """To who cannot see it: the chosen task, else how it begins."""
        lines = self.drawing.lines
        self.setAccessibleDescription(lines.get(self.current) or "; ".join([*lines.values()][:50]))

    def node_at(self, point: QPointF) -> str:
        at, size = (point - self.view.offset) / self.view.scale, self.drawing.size
        return next(
            (
                name
                for name, node in self.drawing.nodes.items()
                if 0 <= at.x() - node.x <= size.width and 0 <= at.y() - node.y <= size.height
            ),
            "",
        )

    def _ask(self, name: str, at: QPointF) -> None:
        if name:
            self.pick(name)
            self.asked.emit(name, self.mapToGlobal(at.toPoint()))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        if not theme.tokens().strong:  # there they would be as strong as what stands on them
            painter.drawTiledPixmap(self.rect(), _dots(theme.colour("line").name(), self.devicePixelRatioF()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.view.offset)
        painter.scale(self.view.scale, self.view.scale)
        seen, drawing = self.view.seen, self.drawing
        EdgePainter(painter, drawing, self.current, shows_path=self.shows_path).paint(self._edges, seen)
        cards = NodePainter(painter, drawing.size, self.view.scale, by_duration=self.shows_durations)
        left, top = seen.left() - drawing.size.width - 8, seen.top() - drawing.size.height - 20
        fades = self.shows_path and bool(drawing.path)
        for name, node in drawing.nodes.items():
            if left <= node.x <= seen.right() and top <= node.y <= seen.bottom():
                cards.paint(node, is_current=name == self.current, is_found=name in self.found,
                            is_faint=fades and name not in drawing.path)  # fmt: skip
        painter.resetTransform()
        if self.hasFocus() and not self.current:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.room = QSizeF(self.size())
        if self.view.is_fitted:
            self.open()
            self._bring_current()
        self.moved.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.1 if event.angleDelta().y() > 0 else 1 / 1.1, event.position())
        else:
            delta = event.angleDelta()
            sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.view.move(QPointF(delta.y() / 2, 0) if sideways else QPointF(delta.x() / 2, delta.y() / 2))
            self._on_moved()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        name = self.node_at(event.position())
        if name:
            self.pick(name)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self.view.move(event.position() - self._dragged)
            self._dragged = event.position()
            self._on_moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        node = self.drawing.nodes.get(self.current)
        if event.reason() is QContextMenuEvent.Reason.Keyboard and node is not None:
            self._ask(self.current, self.view.box(self.drawing, node).bottomLeft())
        else:
            self._ask(self.node_at(QPointF(event.pos())), QPointF(event.pos()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self.drawing.nodes.get(self.node_at(QPointF(event.pos())))
            status = status_style(node.status).word if node is not None and node.status else ""
            told = "\n".join(filter(None, (node.title, second_of(node), status, node.caption))) if node else ""
            QToolTip.showText(event.globalPos(), plain_tip(told), self)
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if name := self.node_at(event.position()):
            self.opened.emit(name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.current:
            self.opened.emit(self.current)
            return
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif found := walk.neighbour(self.drawing, self.current, *step):
            self.pick(found)


_made: dict[tuple[str, float], QPixmap] = {}


def _dots(colour: str, ratio: float) -> QPixmap:
    """A tile of the ground."""
    if (colour, ratio) not in _made:
        tile = QPixmap(round(_DOTS * ratio), round(_DOTS * ratio))
        tile.setDevicePixelRatio(ratio)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setPen(QPen(QColor(colour), 1.4))
        painter.drawPoint(QPointF(_DOTS / 2, _DOTS / 2))
        painter.end()
        _made[colour, ratio] = tile
    return _made[colour, ratio]
