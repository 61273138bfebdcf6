"""Paints the lines of a timeline: a name, the bars of the attempts, how long it took."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from smartspec.domain import times
from smartspec.gui.pages.execution.timeline_axis import ROW
from smartspec.gui.pages.execution.timeline_model import BARS, NAME, Line, TimelineModel, took
from smartspec.gui.pages.execution.timeline_scale import TimeScale
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import status_style, task_status

Index = QModelIndex | QPersistentModelIndex
BAR = 13
_ATTENTION = frozenset({"failed", "timeout", "interrupted"})


class TimelineDelegate(QStyledItemDelegate):
    def __init__(self, view: QTreeView, timeline: TimelineModel, scale: TimeScale) -> None:
        super().__init__(view)
        self._view, self._timeline, self._scale = view, timeline, scale

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, rect = self._timeline.line(index), QRectF(option.rect)
        if index.column() == NAME:
            rect.setLeft(0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painting.selection(painter, rect, selected=selected, hovered=hovered, bar=index.column() == NAME, focused=False)
        if index.column() == NAME:
            self._name(painter, rect, line, index)
        elif index.column() == BARS:
            self._bars(painter, rect.adjusted(8, 0, -8, 0), line)
        else:
            loud = line.status in _ATTENTION
            painting.text(painter, rect.adjusted(0, 0, -16, 0), took(line), line.status if loud else "text2",
                          theme.font("body", 500 if loud else 400), Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.restore()

    def _name(self, painter: QPainter, rect: QRectF, line: Line, index: Index) -> None:
        inner = index.internalId() != 0
        left = rect.left() + (42 if inner else 24)
        if line.children:
            is_open = self._view.isExpanded(self._timeline.index(index.row(), 0, index.parent()))
            caret = "caret-down" if is_open else "caret-right"
            icons.paint(painter, QRectF(rect.left() + 10, rect.center().y() - 5, 10, 10), caret, "text2")
        shown = status_style(line.status)
        painting.status_icon(painter, QRectF(left, rect.center().y() - 7, 14, 14), shown.icon, shown.colour)
        font = theme.font("body", 400 if inner else 500)
        painter.setFont(font)
        room = QRectF(left + 20, rect.top(), rect.right() - left - 24, rect.height())
        painting.text(painter, room, line.name, "text2" if inner else "text", font)
        used = painter.fontMetrics().horizontalAdvance(line.name) + 9
        if line.note and used < room.width() - 20:
            note = f"· {line.note}" if inner else line.note
            painting.text(
                painter, room.adjusted(used - (5 if inner else 0), 0, 0, 0), note, "text2", theme.font("small")
            )

    def _bars(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        painter.setPen(QPen(theme.colour("line"), 1))
        for tick in self._scale.ticks():
            x = self._scale.x_of(tick, rect)
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom() + 1))
        painter.setClipRect(rect.adjusted(-2, 0, 2, 0))
        before: QRectF | None = None
        begin = self._timeline.begin_ms
        if line.rows[0].item is not None and len(line.rows) > 1:
            self._bar(painter, self._whole(rect, line), line.status)
            return
        for row in line.rows:
            if row.started_at is None:
                continue
            start = times.to_ms(row.started_at) - begin
            end = (times.to_ms(row.completed_at) if row.completed_at else times.to_ms(times.now())) - begin
            left, right = self._scale.x_of(start, rect), self._scale.x_of(end, rect)
            bar = QRectF(left, rect.center().y() - BAR / 2, max(4.0, right - left), BAR)
            if before is not None and bar.left() > before.right():
                painter.setPen(QPen(theme.colour("outline"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(before.right(), bar.center().y()), QPointF(bar.left(), bar.center().y()))
            self._bar(painter, bar, task_status(row))
            before = bar
        if line.usual is not None and line.rows[0].started_at is not None:
            start = times.to_ms(line.rows[0].started_at) - begin
            one, other = self._scale.x_of(start + line.usual[0], rect), self._scale.x_of(start + line.usual[1], rect)
            painter.fillRect(QRectF(one, rect.bottom() - 3, max(8.0, other - one), 1.5), theme.colour("outline"))

    def _whole(self, rect: QRectF, line: Line) -> QRectF:
        """Items as one bar, from the first start to the last end."""
        begin, now = self._timeline.begin_ms, times.to_ms(times.now())
        starts = [times.to_ms(row.started_at) - begin for row in line.rows if row.started_at]
        ends = [(times.to_ms(row.completed_at) if row.completed_at else now) - begin for row in line.rows]
        left, right = self._scale.x_of(min(starts, default=0), rect), self._scale.x_of(max(ends, default=0), rect)
        return QRectF(left, rect.center().y() - BAR / 2, max(4.0, right - left), BAR)

    def _bar(self, painter: QPainter, bar: QRectF, status: str) -> None:
        if status in _ATTENTION:
            painting.hatch(painter, bar, status)
            return
        colour = theme.colour(status)
        if status == "completed":
            colour.setAlphaF(0.8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, 3, 3)
