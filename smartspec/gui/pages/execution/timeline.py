"""The tab Timeline: when each task ran, attempt by attempt, and the log of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTreeView,
    QWidget,
)

from smartspec.domain.execution import TaskExecution
from smartspec.domain.task_run import TaskRun
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.timeline_axis import NAME_WIDTH, TOOK_WIDTH, TimeAxis
from smartspec.gui.pages.execution.timeline_delegate import TimelineDelegate
from smartspec.gui.pages.execution.timeline_line import lines
from smartspec.gui.pages.execution.timeline_model import BARS, NAME, TOOK, TimelineModel
from smartspec.gui.pages.execution.timeline_scale import TimeScale
from smartspec.gui.style import theme
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class Timeline(QTreeView):
    """`chosen` carries the attempt whose log is wanted. Ctrl and the wheel zoom, as does a part that is dragged over; 0
    shows all again.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = TimelineModel(self)
        self.setModel(self.timeline)
        self.scale = TimeScale(self.timeline)
        self.setItemDelegate(TimelineDelegate(self, self.timeline, self.scale))
        self.setAccessibleName(tr("Timeline"))
        self.setUniformRowHeights(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHeader(TimeAxis(self, self.scale))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(BARS, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(TOOK, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(NAME, NAME_WIDTH)
        header.resizeSection(TOOK, TOOK_WIDTH)
        self._band: tuple[float, float] | None = None  # that is dragged over, in pixels
        self.selectionModel().currentChanged.connect(lambda now: self._choose_row(now))
        self.clicked.connect(self._on_clicked)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_for_more())
        self._frame = QTimer(self, interval=200)
        self._frame.timeout.connect(self.viewport().update)

    def show_detail(self, detail: Detail) -> None:
        self.timeline.show(detail.execution, detail.round, lines(detail))
        self.scale.runs, self.scale.usual_ms = detail.execution.status == "running", detail.usual_ms
        if self.scale.runs:
            self._frame.start()
        else:
            self._frame.stop()
        self.header().viewport().update()

    def pick(self, task: str) -> None:
        """Select a task by its name, with or without `handlers.`."""
        name = task.removeprefix("handlers.")
        for number_, line in enumerate(self.timeline.lines):
            if line.name == name:
                self.setCurrentIndex(self.timeline.index(number_, 0))
                return

    def mark(self, row: TaskExecution) -> None:
        """Select the attempt whose log is shown already; of a task that was tried again its attempts are opened."""
        self.blockSignals(True)
        self.pick(row.task)
        index = self.currentIndex()
        if index.isValid() and row.item is None:
            keys = [child.key for child in self.timeline.line(index).children]
            if row.pk in keys:
                self.expand(index)
                self.setCurrentIndex(self.timeline.index(keys.index(row.pk), 0, index))
        self.blockSignals(False)

    def zoom(self, factor: float, at: float = 0.5) -> None:
        """`at` is a part of the width, from 0 to 1, that stays where it is."""
        self.scale.zoom(factor, at)
        self._refresh()

    def zoom_reset(self) -> None:
        self.scale.reset()
        self._refresh()

    def _refresh(self) -> None:
        self.viewport().update()
        self.header().viewport().update()

    @property
    def current_run(self) -> TaskRun | None:
        """The task that is chosen, also by one of its attempts."""
        index = self.currentIndex()
        return self.timeline.task_line(index).run if index.isValid() else None

    @property
    def current_row(self) -> TaskExecution | None:
        """The attempt that is chosen, of a task its last."""
        index = self.currentIndex()
        return self.timeline.line(index).row if index.isValid() else None

    def _choose_row(self, index: QModelIndex) -> None:
        row = self.timeline.line(index).row if index.isValid() else None
        if row is not None:
            self.chosen.emit(row)

    def _ask_for_more(self) -> None:
        """Where the end of what was read of a task is in view."""
        last = self.indexAt(self.viewport().rect().bottomLeft())
        shown = last if last.isValid() else self.indexBelow(self.currentIndex())
        parent = shown.parent()
        if parent.isValid() and shown.row() >= self.timeline.rowCount(parent) - 1:
            self.timeline.ask_for_more(parent)

    def _on_clicked(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        if self.timeline.line(index).most and index.column() == NAME:
            self.setExpanded(first, not self.isExpanded(first))

    @property
    def _bars(self) -> QRectF:
        """Where the bars are, in pixels."""
        left, width = self.columnViewportPosition(BARS) + 8, self.columnWidth(BARS) - 16
        return QRectF(left, 0, max(1, width), self.viewport().height())

    def _zoom_to_band(self, one: float, other: float) -> None:
        parts = [min(1.0, max(0.0, (x - self._bars.left()) / self._bars.width())) for x in sorted((one, other))]
        self.scale.show_part(*parts)
        self._refresh()

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if event.button() is Qt.MouseButton.LeftButton and self._bars.left() <= x <= self._bars.right():
            self._band = (x, x)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._band is not None:
            self._band = (self._band[0], event.position().x())
            self.viewport().update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        band, self._band = self._band, None
        if band is not None and abs(band[1] - band[0]) >= QApplication.startDragDistance():
            self._zoom_to_band(*band)
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._band is not None:
            painter = QPainter(self.viewport())
            shade = theme.colour("accent")
            shade.setAlphaF(0.15)
            left, right = sorted(self._band)
            painter.fillRect(QRectF(left, 0, right - left, self.viewport().height()), shade)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_0 and not event.modifiers():
            self.zoom_reset()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            left, width = self.columnViewportPosition(BARS), max(1, self.columnWidth(BARS))
            at = min(1.0, max(0.0, (event.position().x() - left) / width))
            self.zoom(1.25 if event.angleDelta().y() > 0 else 0.8, at)
            event.accept()
            return
        super().wheelEvent(event)
