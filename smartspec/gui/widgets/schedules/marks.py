"""What stands for a due time on an axis of time, and the ground of times that are special."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.summary import DueMark
from smartspec.gui.style import theme
from smartspec.gui.style.status import status_style

_MISSED = frozenset({Decision.SKIPPED_MISSED, Decision.SKIPPED_ASLEEP})
_HATCH = 7  # pixels from line to line


def paint_mark(painter: QPainter, at: QPointF, mark: DueMark) -> None:
    """A dot ran and completed, a square ran and did not, × was missed, a hollow square passed over, a ring is to come,
    a ring with a dot was caught up.
    """
    if mark.decision is None:
        paint_ring(painter, at, "outline")
    elif mark.decision in _MISSED:
        paint_cross(painter, at)
    elif mark.decision is Decision.COULD_NOT_START:
        paint_square(painter, at, "failed", filled=True)
    elif not mark.status:
        paint_square(painter, at, "retrying" if mark.decision.starts_later else "outline", filled=False)
    elif mark.status == "completed":
        paint_dot(painter, at, "completed")
        if mark.decision is Decision.CAUGHT_UP:
            paint_ring(painter, at, "running", 5)
    elif mark.status in ("failed", "timeout", "cancelled", "interrupted"):
        paint_square(painter, at, status_style(mark.status).colour, filled=True)
    else:
        paint_dot(painter, at, status_style(mark.status).colour)


def paint_dot(painter: QPainter, at: QPointF, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawEllipse(at, 3, 3)


def paint_ring(painter: QPainter, at: QPointF, colour: str, radius: float = 3) -> None:
    painter.setPen(QPen(theme.colour(colour), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)


def paint_square(painter: QPainter, at: QPointF, colour: str, *, filled: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(theme.colour(colour), 1.6))
    painter.setBrush(theme.colour(colour) if filled else Qt.BrushStyle.NoBrush)
    half = 4 if filled else 3
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def paint_cross(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(theme.colour("text2"), 1.4))
    painter.drawLine(at + QPointF(-3, -3), at + QPointF(3, 3))
    painter.drawLine(at + QPointF(-3, 3), at + QPointF(3, -3))


def hatch_area(painter: QPainter, room: QRectF, ground: str, colour: str) -> None:
    """A stretch of time in slanted lines, which go on from one lane to the next."""
    painter.save()
    painter.setClipRect(room)
    painter.fillRect(room, theme.colour(ground))
    painter.setPen(QPen(theme.colour(colour), 1))
    x = room.left() - room.height() - (room.left() + room.top()) % _HATCH
    while x < room.right():
        painter.drawLine(QPointF(x, room.bottom()), QPointF(x + room.height(), room.top()))
        x += _HATCH
    painter.restore()
