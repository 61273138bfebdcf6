"""Paints every cell of a table of executions, by the kind of its column."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from smartspec.domain.execution import Execution
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import execution_style, trigger
from smartspec.gui.widgets.table.model import COLUMNS, ExecutionsModel, cell, running_ms

Index = QModelIndex | QPersistentModelIndex
_LOUD = frozenset({"running", "failed", "timeout", "interrupted", "paused", "retrying"})
_BAR_SCALE = 2.75  # a full bar is this many times the workflow's 95 % value


def row_height() -> int:
    return max(theme.ROW, QFontMetrics(theme.font()).height() + 10)


class ExecutionDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ExecutionsModel)
        execution, column = model.row(index), COLUMNS[index.column()]
        rect = QRectF(option.rect)
        view = option.widget
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = isinstance(view, ExecutionsViewLike) and view.hovered_row == index.row()
        painting.selection(painter, rect, selected=selected, hovered=hovered, bar=column == "status", focused=False)
        self._focus(painter, rect, view, index)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour("line"))
        self._cell(painter, rect, execution, column, model)
        painter.restore()

    def _focus(self, painter: QPainter, rect: QRectF, view: object, index: Index) -> None:
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            painter.setPen(QPen(theme.colour("focus"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft() + QPointF(0, -1), rect.bottomRight() + QPointF(0, -1))

    def _cell(self, painter: QPainter, rect: QRectF, execution: Execution, column: str, model: ExecutionsModel) -> None:
        inner, font = rect.adjusted(8, 0, -8, 0), theme.font()
        if column == "status":
            self._status(painter, rect, execution)
        elif column == "number":
            painting.text(painter, inner, cell(execution, column), "text2", font, Qt.AlignmentFlag.AlignRight)
        elif column == "workflow":
            icons.paint(painter, QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14), "tree-structure", "text2")
            painting.text(
                painter, rect.adjusted(28, 0, -8, 0), cell(execution, column), "text", theme.font("body", 500)
            )
        elif column == "trigger":
            word, icon = trigger(execution.trigger)
            icons.paint(painter, QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14), icon, "text2")
            painting.text(painter, rect.adjusted(28, 0, -8, 0), word, "text2", font)
        elif column == "duration":
            self._duration(painter, rect, execution, model)
        elif column == "result":
            colour = "text" if execution.status in ("failed", "timeout") else "text2"
            painting.text(painter, inner, cell(execution, column), colour, theme.font("small"))
        else:
            painting.text(painter, inner, cell(execution, column), "text2", font)

    def _status(self, painter: QPainter, rect: QRectF, execution: Execution) -> None:
        shown = execution_style(execution)
        asked = execution.status == "running" and execution.requested is not None
        painter.setOpacity(0.6 if asked else 1)
        icon = QRectF(rect.left() + 12, rect.center().y() - 7, 14, 14)
        painting.status_icon(painter, icon, shown.icon, shown.colour)
        painter.setOpacity(1)
        loud = execution.status in _LOUD
        font = theme.font("body", 500 if loud else 400)
        right = -20 if execution.pinned or execution.note else -6
        painting.text(painter, rect.adjusted(33, 0, right, 0), shown.word, shown.colour if loud else "text2", font)
        if execution.pinned or execution.note:
            mark = QRectF(rect.right() - 18, rect.center().y() - 6, 12, 12)
            icons.paint(painter, mark, "push-pin-fill" if execution.pinned else "note-pencil", "text3")

    def _duration(self, painter: QPainter, rect: QRectF, execution: Execution, model: ExecutionsModel) -> None:
        words = QRectF(rect.left() + 8, rect.top(), 58, rect.height())
        painting.text(painter, words, cell(execution, "duration"), "text", theme.font(), Qt.AlignmentFlag.AlignRight)
        ms = running_ms(execution)
        track = QRectF(rect.left() + 76, rect.center().y() - 3, min(68.0, rect.width() - 90), 6)
        if ms is None or track.width() < 20:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, 3, 3)
        _, p95 = model.usual(execution)
        whole = _BAR_SCALE * (p95 or ms or 1)
        part = max(6.0, track.width() * min(1.0, ms / whole)) if whole else 6.0
        quiet = execution.status == "completed"
        painter.setBrush(theme.colour("outline" if quiet else execution.status.value))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), part, 6), 3, 3)
        if p95:
            mark = track.left() + track.width() / _BAR_SCALE
            painter.fillRect(QRectF(mark, track.top() - 2, 1, 10), theme.colour("text2"))


class ExecutionsViewLike(QTableView):
    """A view that knows which row is under the mouse."""

    hovered_row = -1
