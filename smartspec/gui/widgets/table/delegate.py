"""Paints the rows of a table of executions: what is in a cell its column paints."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from smartspec.gui.widgets.table import cells
from smartspec.gui.widgets.table.columns import COLUMNS
from smartspec.gui.widgets.table.model import ExecutionsModel
from smartspec.gui.widgets.table.rows import Index, RowDelegate


class ExecutionDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ExecutionsModel)
        execution, column = model.row(index), COLUMNS[index.column()]
        facts = model.facts(execution)
        if column.paint is not None:
            column.paint(painter, rect, execution, facts)
        else:
            cells.paint_text(painter, rect, column.text(execution, facts), is_right=column.is_right)
