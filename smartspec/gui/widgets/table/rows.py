"""A table whose rows are selected whole: the ground of its rows, what is under the mouse, Enter opens."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from smartspec.gui.style import painting, theme

Index = QModelIndex | QPersistentModelIndex


def row_height() -> int:
    return max(theme.ROW, QFontMetrics(theme.font()).height() + 10)


class RowsView(QTableView):
    """`row_opened` carries the row on which Enter was pressed, or a double click."""

    row_opened = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(index.row()))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height())
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setStretchLastSection(True)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setMinimumHeight(26)

    # By stretches: asked about each of thousands of rows, Qt looks at all of its cells

    @property
    def chosen_rows(self) -> list[int]:
        """In the order in which they stand."""
        stretches = self.selectionModel().selection().toList()
        return sorted({row for each in stretches for row in range(each.top(), each.bottom() + 1)})

    def choose_rows(self, rows: Iterable[int]) -> None:
        """These, which come in their order, and no others."""
        chosen, last = QItemSelection(), self.model().columnCount() - 1
        for _, stretch in groupby(enumerate(rows), lambda each: each[1] - each[0]):
            numbers = [row for _, row in stretch]
            chosen.select(self.model().index(numbers[0], 0), self.model().index(numbers[-1], last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and (
            self.currentIndex().isValid()
        ):  # fmt: skip
            self.row_opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()


class RowDelegate(QStyledItemDelegate):
    """Paints selection, focus and lines; what is in a cell `paint_cell` paints."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """The text, as it is."""
        alignment = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft)
        inner = rect.adjusted(8, 0, -8, 0)
        text = str(index.data() or "")
        painting.text(painter, inner, text, "text2", theme.font(), alignment & Qt.AlignmentFlag.AlignHorizontal_Mask)

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, view = QRectF(option.rect), option.widget
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = isinstance(view, RowsView) and view.hovered_row == index.row()
        painting.selection(painter, rect, selected=selected, hovered=hovered, bar=index.column() == 0, focused=False)
        _focus(painter, rect, view, index)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour("line"))
        self.paint_cell(painter, rect, index)
        painter.restore()


def _focus(painter: QPainter, rect: QRectF, view: object, index: Index) -> None:
    """Across the row."""
    if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
        painter.setPen(QPen(theme.colour("focus"), 1))
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.drawLine(rect.bottomLeft() + QPointF(0, -1), rect.bottomRight() + QPointF(0, -1))
