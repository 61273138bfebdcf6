"""The graph with its buttons to zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedLayout, QVBoxLayout, QWidget

from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.graph.canvas import GraphCanvas
from smartspec.gui.widgets.graph.layout import Drawing
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame
from smartspec.messages import tr


class GraphView(QWidget):
    """The graph with its zoom, or its tasks as a list."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = GraphCanvas()
        self.canvas.opened.connect(self.opened)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Tasks as a list"))
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.text().partition(":")[0]))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._stack)
        self._zoom = frame("card", "zoom")
        self._zoom.setParent(self)
        self._percent = label("100 %", "small")
        self._percent.setFixedWidth(44)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.as_list = icon_button("list-bullets", tr("Tasks as a list"), checkable=True)
        self.as_list.toggled.connect(self._on_list)
        inner = QHBoxLayout(self._zoom)
        inner.setContentsMargins(4, 2, 4, 2)
        inner.setSpacing(2)
        for each in (
            icon_button("minus", tr("Zoom out"), self.zoom_out), self._percent,
            icon_button("plus", tr("Zoom in"), self.zoom_in), icon_button("corners-out", tr("Fit"), self.canvas.fit),
            self.as_list,
        ):  # fmt: skip
            inner.addWidget(each)
        self.canvas.zoomed.connect(lambda scale: self._percent.setText(f"{round(scale * 100)} %"))

    def zoom_in(self) -> None:
        self.canvas.zoom(1.2)

    def zoom_out(self) -> None:
        self.canvas.zoom(1 / 1.2)

    def zoom_reset(self) -> None:
        self.canvas.zoom(1 / self.canvas.scale)

    def show_drawing(self, drawing: Drawing) -> None:
        self.canvas.show_drawing(drawing)
        lines = [*drawing.lines]
        if lines != [self.list.item(number).text() for number in range(self.list.count())]:
            row = self.list.currentRow()
            self.list.clear()
            self.list.addItems(lines)
            self.list.setCurrentRow(row)

    def _on_list(self, shown: bool) -> None:
        self._stack.setCurrentWidget(self.list if shown else self.canvas)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self._zoom.sizeHint()
        self._zoom.setGeometry(
            self.width() - size.width() - 14, self.height() - size.height() - 10, size.width(), size.height()
        )
        self._zoom.raise_()
