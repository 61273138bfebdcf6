"""The icon: the logo, with a badge for what it stands for, cut out so that it is seen on light panels and dark ones."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from smartspec.domain.overview import Standing
from smartspec.gui.style import icons

_SIZES = (16, 22, 24, 32, 48, 64)  # of the panels that there are, at 100 and 200 %
_GAP = 0.06  # of the size, round a badge
_DIM = 0.45
# Of no theme: nobody says what colour the panel is. Each is told from the logo, from white and from black.
_RUNNING, _NEEDS_YOU, _PAUSED, _NO_RUNNER = "#1E9BE8", "#F0524A", "#9B7CF0", "#E8A50C"


def tray_icon(standing: Standing) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(standing, size))
    return made


def _pixmap(standing: Standing, size: int) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(_DIM if standing is Standing.NO_RUNNER else 1.0)
    icons.paint_logo(painter, QRectF(0, 0, size, size))
    painter.setOpacity(1.0)
    if standing in _BADGES:
        _BADGES[standing](painter, float(size))
    painter.end()
    return made


def _corner(size: float, share: float, *, top: bool = False) -> QRectF:
    side = size * share
    return QRectF(size - side, 0 if top else size - side, side, side)


def _cut_out(painter: QPainter, size: float, rect: QRectF) -> None:
    by = size * _GAP
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawEllipse(rect.adjusted(-by, -by, by, by))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _paint_needs_you(painter: QPainter, size: float) -> None:
    rect = _corner(size, 0.40, top=True)
    _cut_out(painter, size, rect)
    painter.setBrush(QColor(_NEEDS_YOU))
    painter.drawEllipse(rect)


def _paint_running(painter: QPainter, size: float) -> None:
    """Three quarters of a ring."""
    rect = _corner(size, 0.52)
    _cut_out(painter, size, rect)
    width = size * 0.12
    painter.setPen(QPen(QColor(_RUNNING), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    by = width / 2 + size * 0.02
    painter.drawArc(rect.adjusted(by, by, -by, -by), 90 * 16, -270 * 16)


def _paint_paused(painter: QPainter, size: float) -> None:
    rect = _corner(size, 0.54)
    _cut_out(painter, size, rect)
    painter.setBrush(QColor(_PAUSED))
    painter.drawEllipse(rect)
    painter.setBrush(QColor("#FFFFFF"))
    bar = rect.width() * 0.16
    for left in (rect.center().x() - bar * 1.5, rect.center().x() + bar * 0.5):
        painter.drawRect(QRectF(left, rect.center().y() - bar * 1.5, bar, bar * 3))


def _paint_no_runner(painter: QPainter, size: float) -> None:
    """A triangle with an exclamation mark."""
    rect = _corner(size, 0.60)
    _cut_out(painter, size, rect)
    painter.setBrush(QColor(_NO_RUNNER))
    top = QPointF(rect.center().x(), rect.top() + rect.height() * 0.06)
    painter.setPen(QPen(QColor(_NO_RUNNER), size * 0.06, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    foot = rect.bottom() - rect.height() * 0.10
    painter.drawPolygon(
        QPolygonF([top, QPointF(rect.right() - size * 0.04, foot), QPointF(rect.left() + size * 0.04, foot)])
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#18202B"))
    bar = rect.width() * 0.13
    painter.drawRect(QRectF(rect.center().x() - bar / 2, rect.top() + rect.height() * 0.34, bar, rect.height() * 0.28))
    painter.drawRect(QRectF(rect.center().x() - bar / 2, rect.top() + rect.height() * 0.70, bar, bar))


_BADGES = {
    Standing.NEEDS_YOU: _paint_needs_you, Standing.RUNNING: _paint_running, Standing.PAUSED: _paint_paused,
    Standing.NO_RUNNER: _paint_no_runner,
}  # fmt: skip
