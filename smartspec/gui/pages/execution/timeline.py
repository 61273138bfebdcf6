"""The tab Timeline: when each task ran, attempt by attempt, and the log of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.gui.pages.execution.timeline_model import BARS, NAME, TOOK, Line, TimelineModel, took
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.status import status_style, task_status
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROW, BAR = 26, 13
_WIDTHS = (252, 0, 92)
_MIDDLE = Qt.AlignmentFlag.AlignHCenter
_ATTENTION = frozenset({"failed", "timeout", "interrupted"})
_STEPS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
             600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000)  # fmt: skip


class Timeline(QTreeView):
    """`chosen` carries the attempt whose log is wanted. Ctrl and the wheel zoom, as does a part that is dragged over; 0
    shows all again.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = TimelineModel(self)
        self.setModel(self.timeline)
        self.setItemDelegate(_TimelineDelegate(self))
        self.setAccessibleName(tr("Timeline"))
        self.setUniformRowHeights(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHeader(_Axis(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(BARS, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(TOOK, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(NAME, _WIDTHS[0])
        header.resizeSection(TOOK, _WIDTHS[2])
        self._zoom: tuple[float, float] | None = None  # the part that is shown, ms since the beginning
        self._band: tuple[float, float] | None = None  # that is dragged over, in pixels
        self.selectionModel().currentChanged.connect(lambda now: self._choose_row(now))
        self.clicked.connect(self._on_clicked)
        self._frame = QTimer(self, interval=200)
        self._frame.timeout.connect(self.viewport().update)

    def show_execution(self, execution: Execution, found: list[Line]) -> None:
        self.timeline.show(execution, found)
        if execution.status == "running":
            self._frame.start()
        else:
            self._frame.stop()
        self.header().viewport().update()

    def pick(self, task: str) -> None:
        """Select a task by its name, with or without `handlers.`; of several attempts the last."""
        name = task.removeprefix("handlers.")
        for number_, line in enumerate(self.timeline.lines):
            if line.name == name:
                self.setCurrentIndex(self.timeline.index(number_, 0))
                return

    @property
    def span(self) -> tuple[float, float]:
        """What is shown, in ms since the beginning."""
        if self._zoom is not None:
            return self._zoom
        runs = self._frame.isActive()
        end = times.to_ms(times.now()) if runs else self.timeline.end_ms
        return 0.0, max(10.0, (end - self.timeline.begin_ms) * 1.06)

    def zoom(self, factor: float, at: float = 0.5) -> None:
        """`at` is a part of the width, from 0 to 1, that stays where it is."""
        begin, end = self.span
        middle = begin + (end - begin) * at
        width = max(5.0, (end - begin) / factor)
        self._zoom = (max(0.0, middle - width * at), max(0.0, middle - width * at) + width)
        self._refresh()

    def zoom_reset(self) -> None:
        self._zoom = None
        self._refresh()

    def _refresh(self) -> None:
        self.viewport().update()
        self.header().viewport().update()

    def x_of(self, ms: float, rect: QRectF) -> float:
        begin, end = self.span
        return rect.left() + (ms - begin) / (end - begin) * rect.width()

    def ticks(self) -> list[float]:
        """Moments for the lines of the grid."""
        begin, end = self.span
        first = int(begin // self.step) * self.step
        return [at for at in range(first, int(end) + 1, self.step) if at >= begin]

    @property
    def step(self) -> int:
        """Between two of them, in ms."""
        begin, end = self.span
        return next((each for each in _STEPS_MS if (end - begin) / each <= 8), _STEPS_MS[-1])

    def _choose_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.timeline.line(index).rows[-1])

    def _on_clicked(self, index: QModelIndex) -> None:
        first = index.siblingAtColumn(0)
        if self.timeline.line(index).children and index.column() == NAME:
            self.setExpanded(first, not self.isExpanded(first))

    @property
    def _bars(self) -> QRectF:
        """Where the bars are, in pixels."""
        left, width = self.columnViewportPosition(BARS) + 8, self.columnWidth(BARS) - 16
        return QRectF(left, 0, max(1, width), self.viewport().height())

    def _zoom_to_band(self, one: float, other: float) -> None:
        begin, end = self.span
        parts = [min(1.0, max(0.0, (x - self._bars.left()) / self._bars.width())) for x in sorted((one, other))]
        self._zoom = (begin + (end - begin) * parts[0], max(begin + (end - begin) * parts[1], begin + 5.0))
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


class _Axis(QHeaderView):
    """The header: a time axis over the bars."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(Qt.Orientation.Horizontal, timeline)
        self._timeline = timeline
        self.setMinimumHeight(ROW)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
        font = theme.font("caption", 500)
        painting.text(painter, QRectF(16, 0, 100, self.height()), tr("Task"), "text2", font)
        legend = QRectF(_WIDTHS[0] - 92, 0, 84, self.height())
        painter.fillRect(QRectF(legend.left(), self.height() / 2, 14, 1.5), theme.colour("outline"))
        painting.text(painter, legend.adjusted(20, 0, 0, 0), tr("usual end"), "text2", theme.font("caption"))
        bars = QRectF(self.sectionViewportPosition(BARS) + 8, 0, self.sectionSize(BARS) - 16, self.height())
        caption = theme.font("caption")
        for tick in self._timeline.ticks():
            x = self._timeline.x_of(tick, bars)
            if x < bars.right() - 20:
                room = QRectF(x - 30, 0, 60, self.height())
                painting.text(painter, room, _clock(tick, self._timeline.step), "text2", caption, _MIDDLE)
        took_ = QRectF(self.sectionViewportPosition(TOOK), 0, self.sectionSize(TOOK) - 16, self.height())
        painting.text(painter, took_, tr("Duration"), "text2", font, Qt.AlignmentFlag.AlignRight)
        painter.end()


def _clock(ms: float, step: int) -> str:
    """A moment on the axis: in the unit of its step, the same for all."""
    if step < 100:
        return tr("{number} ms", number=f"{ms:g}")
    if step < 1_000:
        return tr("{number} s", number=f"{ms / 1000:.1f}")
    seconds = int(ms // 1000)
    if seconds < 3_600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


class _TimelineDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        assert isinstance(view, Timeline)
        line, rect = view.timeline.line(index), QRectF(option.rect)
        if index.column() == NAME:
            rect.setLeft(0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painting.selection(painter, rect, selected=selected, hovered=hovered, bar=index.column() == NAME, focused=False)
        if index.column() == NAME:
            self._name(painter, rect, line, view, index)
        elif index.column() == BARS:
            self._bars(painter, rect.adjusted(8, 0, -8, 0), line, view)
        else:
            loud = line.status in _ATTENTION
            painting.text(painter, rect.adjusted(0, 0, -16, 0), took(line), line.status if loud else "text2",
                          theme.font("body", 500 if loud else 400), Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.restore()

    def _name(self, painter: QPainter, rect: QRectF, line: Line, view: Timeline, index: Index) -> None:
        inner = index.internalId() != 0
        left = rect.left() + (42 if inner else 24)
        if line.children:
            caret = (
                "caret-down" if view.isExpanded(view.timeline.index(index.row(), 0, index.parent())) else "caret-right"
            )
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

    def _bars(self, painter: QPainter, rect: QRectF, line: Line, view: Timeline) -> None:
        painter.setPen(QPen(theme.colour("line"), 1))
        for tick in view.ticks():
            x = view.x_of(tick, rect)
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom() + 1))
        painter.setClipRect(rect.adjusted(-2, 0, 2, 0))
        before: QRectF | None = None
        begin = view.timeline.begin_ms
        if line.rows[0].item is not None and len(line.rows) > 1:
            self._bar(painter, self._whole(rect, line, view), line.status)
            return
        for row in line.rows:
            if row.started_at is None:
                continue
            start = times.to_ms(row.started_at) - begin
            end = (times.to_ms(row.completed_at) if row.completed_at else times.to_ms(times.now())) - begin
            left, right = view.x_of(start, rect), view.x_of(end, rect)
            bar = QRectF(left, rect.center().y() - BAR / 2, max(4.0, right - left), BAR)
            if before is not None and bar.left() > before.right():
                painter.setPen(QPen(theme.colour("outline"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(before.right(), bar.center().y()), QPointF(bar.left(), bar.center().y()))
            self._bar(painter, bar, task_status(row))
            before = bar
        if line.usual is not None and line.rows[0].started_at is not None:
            start = times.to_ms(line.rows[0].started_at) - begin
            one, other = view.x_of(start + line.usual[0], rect), view.x_of(start + line.usual[1], rect)
            painter.fillRect(QRectF(one, rect.bottom() - 3, max(8.0, other - one), 1.5), theme.colour("outline"))

    def _whole(self, rect: QRectF, line: Line, view: Timeline) -> QRectF:
        """Items as one bar, from the first start to the last end."""
        begin, now = view.timeline.begin_ms, times.to_ms(times.now())
        starts = [times.to_ms(row.started_at) - begin for row in line.rows if row.started_at]
        ends = [(times.to_ms(row.completed_at) if row.completed_at else now) - begin for row in line.rows]
        left, right = view.x_of(min(starts, default=0), rect), view.x_of(max(ends, default=0), rect)
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
