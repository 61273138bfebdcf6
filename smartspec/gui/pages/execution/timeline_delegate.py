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
from smartspec.domain.engine.states import TASK_PROBLEM
from smartspec.domain.task_run import TaskRun
from smartspec.domain.task_status import word_of
from smartspec.gui.pages.execution.timeline_axis import ROW
from smartspec.gui.pages.execution.timeline_line import Line
from smartspec.gui.pages.execution.timeline_model import BARS, NAME, TimelineModel, bar_of
from smartspec.gui.pages.execution.timeline_scale import TimeScale
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import status_style

Index = QModelIndex | QPersistentModelIndex
BAR = 13


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
            loud = line.status in TASK_PROBLEM
            font, colour = theme.font("body", 500 if loud else 400), line.status if loud else "text2"
            room = rect.adjusted(0, 0, -16, 0)
            painting.text(painter, room, line.took(times.now()), colour, font, Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def _name(self, painter: QPainter, rect: QRectF, line: Line, index: Index) -> None:
        inner = index.internalId() != 0
        left = rect.left() + (42 if inner else 24)
        if line.most:
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
        if line.run is not None and line.run.is_kept:
            return
        if line.run is not None and line.run.has_items:
            self._whole(painter, rect, line.run, line.status)
        else:
            self._attempts(painter, rect, line)
        self._usual(painter, rect, line)

    def _attempts(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        """Joined by what was waited between them."""
        now, before = times.to_ms(times.now()), None
        for row in line.rows:
            span = bar_of(row, now)
            if span is None:
                continue
            bar = self._place(rect, *span)
            if before is not None and bar.left() > before.right():
                painter.setPen(QPen(theme.colour("outline"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(before.right(), bar.center().y()), QPointF(bar.left(), bar.center().y()))
            self._bar(painter, bar, word_of(row))
            before = bar

    def _usual(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        if line.usual is None or line.run is None or line.run.started_at is None:
            return
        start = times.to_ms(line.run.started_at) - self._timeline.begin_ms
        one, other = (self._scale.x_of(start + each, rect) for each in line.usual)
        painter.fillRect(QRectF(one, rect.bottom() - 3, max(8.0, other - one), 1.5), theme.colour("outline"))

    def _whole(self, painter: QPainter, rect: QRectF, run: TaskRun, status: str) -> None:
        """Items as one bar, from the first start to the last end."""
        if run.started_at is not None:
            end = times.now() if run.is_open or run.ended_at is None else run.ended_at
            self._bar(painter, self._place(rect, times.to_ms(run.started_at), times.to_ms(end)), status)

    def _place(self, rect: QRectF, start_ms: int, end_ms: int) -> QRectF:
        """Of moments since the epoch."""
        begin = self._timeline.begin_ms
        left, right = (self._scale.x_of(each - begin, rect) for each in (start_ms, end_ms))
        return QRectF(left, rect.center().y() - BAR / 2, max(4.0, right - left), BAR)

    def _bar(self, painter: QPainter, bar: QRectF, status: str) -> None:
        if status in TASK_PROBLEM:
            painting.hatch(painter, bar, status)
            return
        colour = theme.colour(status)
        if status == "completed":
            colour.setAlphaF(0.8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, 3, 3)
