"""The attempts or items of one task as a list: how each ended, when it began, how long it took."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from smartspec.domain import times
from smartspec.domain.engine.states import TASK_PROBLEM
from smartspec.domain.execution import TaskExecution
from smartspec.domain.task_run import TaskRun
from smartspec.formatting import format_seconds
from smartspec.gui.pages.execution.timeline_line import Line, child_lines
from smartspec.gui.style import painting, theme
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ROW = 28
_LEAST, _MOST = 3, 12  # rows that there is always room for, and that it takes room for
_RIGHT = Qt.AlignmentFlag.AlignRight


class AttemptModel(QAbstractListModel):
    """The lines that are below the task in the timeline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        """The same ones are only painted anew."""
        if [each.key for each in lines] == [each.key for each in self.lines]:
            self.lines = lines
            self.dataChanged.emit(self.index(0), self.index(max(0, len(lines) - 1)))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = (line.name, status_style(line.status).word, line.note, _clock(line), line.took(times.now()))
            return ", ".join(filter(None, parts))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(filter(None, (line.name, line.rows[0].error))))
        return None


def _clock(line: Line) -> str:
    started = line.rows[0].started_at
    return format_seconds(started) if started is not None else ""


class AttemptList(QListView):
    """`chosen` carries the attempt."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.attempts = AttemptModel(self)
        self.setModel(self.attempts)
        self.setItemDelegate(_AttemptDelegate(self))
        self.setObjectName("attempts")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_attempts(self, run: TaskRun, rows: Sequence[TaskExecution]) -> None:
        self.setAccessibleName(tr("Items") if run.has_items else tr("Attempts"))
        lines = child_lines(rows, run)
        self.attempts.show_lines(lines)
        self.setMinimumHeight(ROW * min(_LEAST, len(lines)))
        self.setMaximumHeight(ROW * min(_MOST, len(lines)))
        self.updateGeometry()

    def mark(self, row: TaskExecution | None) -> None:
        """Choose the one whose log is shown already."""
        keys = [each.key for each in self.attempts.lines]
        if row is not None and row.pk in keys:
            self.blockSignals(True)
            self.setCurrentIndex(self.attempts.index(keys.index(row.pk)))
            self.blockSignals(False)

    def sizeHint(self) -> QSize:
        return QSize(200, self.maximumHeight())

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.attempts.lines[index.row()].rows[0])


class _AttemptDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, AttemptModel)
        line, rect = model.lines[index.row()], QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.selection(
            painter, rect, selected=bool(state & QStyle.StateFlag.State_Selected), bar=True, focused=False,
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
        )  # fmt: skip
        shown, is_bad = status_style(line.status), line.status in TASK_PROBLEM
        painting.status_icon(painter, QRectF(rect.left() + 15, rect.center().y() - 7, 14, 14), shown.icon, shown.colour)
        small = theme.font("small")
        end = rect.right() - 14
        is_item = line.rows[0].item is not None  # with a longer name, and in the place of a clock
        name = QRectF(rect.left() + 37, rect.top(), rect.width() - 37 - (130 if is_item else 190), ROW)
        painting.text(painter, name, line.name, "text", theme.font("small", 500))
        if not is_item:
            painting.text(painter, QRectF(end - 190, rect.top(), 66, ROW), _clock(line), "text2", small, _RIGHT)
        painting.text(painter, QRectF(end - 120, rect.top(), 54, ROW), line.note, "text2", small, _RIGHT)
        took = QRectF(end - 62, rect.top(), 62, ROW)
        colour = line.status if is_bad else "text2"
        painting.text(painter, took, line.took(times.now()), colour, theme.font("small", 500), _RIGHT)
        painter.restore()
