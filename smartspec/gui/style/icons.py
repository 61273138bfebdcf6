"""Icons: drawings in SVG, painted in any colour and at any size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from smartspec import paths
from smartspec.gui.style import theme


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))


def paint(painter: QPainter, rect: QRectF, name: str, colour: str) -> None:
    """Draw an icon; `colour` is a token or #RRGGBB."""
    value = colour if colour.startswith("#") else getattr(theme.tokens(), colour)
    ratio = painter.device().devicePixelRatioF() * painter.worldTransform().m11()
    pixmap = _pixmap(name, value, max(1, round(rect.width() * ratio)))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))


def _pixmap(name: str, colour: str, size: int) -> QPixmap:
    key = f"smartspec/{name}/{colour}/{size}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        _renderer(name, colour).render(painter)
        painter.end()
        QPixmapCache.insert(key, pixmap)
    return pixmap


class _Engine(QIconEngine):
    """Asks for its colour when it paints, so that a change of theme needs no new icon."""

    def __init__(self, name: str, colour: str, checked: str) -> None:
        super().__init__()
        self._name, self._colour, self._checked = name, colour, checked

    # Qt

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = self._checked if state == QIcon.State.On else self._colour
        box = QRectF(rect)
        box.setWidth(min(box.width(), box.height()))  # what is left of a wide one is the gap to the text
        paint(painter, box, self._name, "text3" if mode == QIcon.Mode.Disabled else colour)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._checked)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if made.isNull():  # of a button that has no room
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPointF().toPoint(), size), mode, state)
        painter.end()
        return made


def icon(name: str, colour: str = "text2", checked: str = "accent_text") -> QIcon:
    """`colour` and `checked` are tokens."""
    return QIcon(_Engine(name, colour, checked))


def application_icon() -> QIcon:
    """The program's own: three joined nodes on the accent."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_logo(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made


def paint_logo(painter: QPainter, rect: QRectF) -> None:
    unit = rect.width() / 24
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(rect, 5 * unit, 5 * unit)
    nodes = [rect.topLeft() + QPointF(x * unit, y * unit) for x, y in ((7.5, 12), (16, 7), (16, 17))]
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.SolidLine)
    pen.setColor(QColor("#FFFFFF"))
    pen.setWidthF(1.6 * unit)
    painter.setPen(pen)
    painter.drawLine(nodes[0], nodes[1])
    painter.drawLine(nodes[0], nodes[2])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#FFFFFF"))
    for node in nodes:
        painter.drawEllipse(node, 2.6 * unit, 2.6 * unit)
