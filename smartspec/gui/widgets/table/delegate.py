"""Paints the rows of a table of executions: selection, focus and lines; what is in a cell its column paints."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.table import cells
from smartspec.gui.widgets.table.columns import COLUMNS
from smartspec.gui.widgets.table.model import ExecutionsModel

Index = QModelIndex | QPersistentModelIndex


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
        painting.selection(painter, rect, selected=selected, hovered=hovered, bar=index.column() == 0, focused=False)
        self._focus(painter, rect, view, index)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour("line"))
        if column.paint is not None:
            column.paint(painter, rect, execution, model.usual(execution))
        else:
            cells.paint_text(painter, rect, column.text(execution), is_right=column.is_right)
        painter.restore()

    def _focus(self, painter: QPainter, rect: QRectF, view: object, index: Index) -> None:
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            painter.setPen(QPen(theme.colour("focus"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft() + QPointF(0, -1), rect.bottomRight() + QPointF(0, -1))


class ExecutionsViewLike(QTableView):
    """A view that knows which row is under the mouse."""

    hovered_row = -1
