"""The graph with its zoom, its search and its small map; and the same as a list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedLayout, QVBoxLayout, QWidget

from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.graph.canvas import GraphCanvas
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.gui.widgets.graph.finder import GraphFinder
from smartspec.gui.widgets.graph.minimap import Minimap
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame
from smartspec.messages import tr

_NAME = Qt.ItemDataRole.UserRole
_INSET, _LOW = 12, 130


class GraphView(QWidget):
    """The graph, or its tasks as a list. `opened` and `picked` are tasks, `asked` one whose menu is wanted (where)."""

    opened = Signal(str)
    picked = Signal(str)
    asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = GraphCanvas()
        for mine, inner in ((self.opened, self.canvas.opened), (self.picked, self.canvas.picked)):
            inner.connect(mine)
        self.canvas.asked.connect(self.asked)
        self.list = QListWidget()
        self.list.setObjectName("tasks")
        self.list.setAccessibleName(tr("Tasks as a list"))
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(_NAME)))
        self.list.currentItemChanged.connect(self._on_listed)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._stack)
        self.map = Minimap(self.canvas)
        self.finder = GraphFinder(self.canvas, self)
        self._zoom = self._zoom_bar()
        self.canvas.moved.connect(self._on_moved)
        self.map.installEventFilter(self)
        self.setFocusProxy(self.canvas)

    def _zoom_bar(self) -> QWidget:
        bar = frame("card", "zoom")
        bar.setParent(self)
        self._percent = label("100 %", "small")
        self._percent.setFixedWidth(44)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.as_list = icon_button("list-bullets", tr("Tasks as a list"), checkable=True)
        self.as_list.toggled.connect(self._on_list)
        inner = QHBoxLayout(bar)
        inner.setContentsMargins(4, 2, 4, 2)
        inner.setSpacing(2)
        for each in (
            icon_button("minus", tr("Zoom out"), self.zoom_out), self._percent,
            icon_button("plus", tr("Zoom in"), self.zoom_in), icon_button("corners-out", tr("Fit"), self.canvas.fit),
            icon_button("magnifying-glass", tr("Find a task"), self.find_task), self.as_list,
        ):  # fmt: skip
            inner.addWidget(each)
        return bar

    def zoom_in(self) -> None:
        self.canvas.zoom(1.2)

    def zoom_out(self) -> None:
        self.canvas.zoom(1 / 1.2)

    def zoom_reset(self) -> None:
        self.canvas.zoom(1 / self.canvas.scale)

    def find_task(self) -> None:
        """A task by its name."""
        self.as_list.setChecked(False)
        self.finder.open_line()
        self._place()

    def show_drawing(self, drawing: Drawing) -> None:
        self.canvas.show_drawing(drawing)
        if self.as_list.isChecked():
            self._fill_list()

    def _fill_list(self) -> None:
        """Only while it is shown; the same ones keep what is chosen."""
        lines = self.canvas.drawing.lines
        if [*lines] != [self.list.item(number).data(_NAME) for number in range(self.list.count())]:
            self.list.clear()
            for name in lines:
                item = QListWidgetItem(self.list)
                item.setData(_NAME, name)
        for number, (name, line) in enumerate(lines.items()):
            self.list.item(number).setText(line)
            if name == self.canvas.current:
                self.list.setCurrentRow(number)

    def _on_listed(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.as_list.isChecked() and item.data(_NAME) != self.canvas.current:
            self.canvas.pick(item.data(_NAME))

    def _on_list(self, shown: bool) -> None:
        if shown:
            self._fill_list()
        self._stack.setCurrentWidget(self.list if shown else self.canvas)
        self.setFocusProxy(self.list if shown else self.canvas)
        self._zoom.raise_()

    def _on_moved(self) -> None:
        self._percent.setText(f"{round(self.canvas.scale * 100)} %")
        self._place()

    def _place(self) -> None:
        """The zoom at the bottom, the map above it, the search at the top; all at the right."""
        size = self._zoom.sizeHint()
        top = self.height() - size.height() - _INSET
        self._zoom.setGeometry(self.width() - size.width() - _INSET, top, size.width(), size.height())
        self.map.move(self.width() - self.map.width() - _INSET, top - self.map.height() - 6)
        line = self.finder.sizeHint()
        self.finder.setGeometry(self.width() - line.width() - _INSET, 8, line.width(), line.height())
        self._zoom.setVisible(self.height() >= _LOW)  # where it would cover the graph there are keys
        self._zoom.raise_()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.map and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
