"""The tasks of a text, beside it: where one stands, and whether something is wrong there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from smartspec.domain.definition.cycles import cycle_in
from smartspec.domain.definition.outline import OutlinedTask
from smartspec.errors import Problem
from smartspec.gui.pages.workflows.cycle_drawing import CycleDrawing
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.style.task_kind import kind_icon
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.messages import tr, trn

Index = QModelIndex | QPersistentModelIndex
_INDENT = 14
_MARKS = {"error": ("x-circle-fill", "failed"), "warning": ("warning-fill", "retrying")}


class Outline(QWidget):
    """`chosen` carries the OutlinedTask to go to."""

    chosen = Signal(object)

    def __init__(self, below: QWidget) -> None:
        """`below` stands under the list."""
        super().__init__()
        self.model = OutlineModel(self)
        self.view = QListView()
        self.view.setObjectName("outline")
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(tr("Tasks in the text"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(_OutlineDelegate(self.view))
        self.view.activated.connect(self._on_chosen)
        self.view.clicked.connect(self._on_chosen)
        self._count = label("", "caption")
        side = frame("paneRight")
        self.cycle = CycleDrawing()
        self._cycle_head = label(tr("The cycle"), "section")
        self._cycle_head.setContentsMargins(12, 6, 12, 0)
        self._below = below
        whole = column(
            row(label(tr("Outline"), "heading"), None, self._count, margins=(12, 8, 12, 0)), self.view, line(), below,
            self._cycle_head, self.cycle, 8, spacing=4,
        )  # fmt: skip
        self._show_cycle(())
        whole.setStretch(1, 3)
        whole.setStretch(3, 2)
        side.setLayout(whole)
        self.setMinimumWidth(120)
        self.setLayout(column(side))

    def show_outline(self, tasks: Sequence[OutlinedTask], problems: Sequence[Problem]) -> None:
        self.model.show_tasks(tasks, problems)
        self._show_cycle(problems)
        count = sum(not each.is_handler for each in tasks)
        self._count.setText(trn("{n} task", "{n} tasks", count))

    def _show_cycle(self, problems: Sequence[Problem]) -> None:
        """The first one that there is; what stands below the list gives way to it."""
        path = next((found for each in problems if (found := cycle_in(each.sentence))), ())
        self.cycle.show_tasks(path[:-1])
        self._cycle_head.setVisible(bool(path))
        self._below.setVisible(not path)

    def show_place(self, line: int) -> None:
        """Which of them the cursor is in."""
        at = self.model.at_line(line)
        if at is not None and at != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(at, 0))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.tasks[index.row()])


class OutlineModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tasks: tuple[OutlinedTask, ...] = ()
        self._lines: list[int] = []
        self._severities: dict[int, str] = {}

    def show_tasks(self, tasks: Sequence[OutlinedTask], problems: Sequence[Problem]) -> None:
        self.tasks = tuple(sorted(tasks, key=lambda each: each.line))
        self._lines = [each.line for each in self.tasks]
        found: dict[int, str] = {}
        for each in problems:
            at = self.at_line(each.line or 0)
            if at is not None and (each.severity == "error" or at not in found):
                found[at] = each.severity
        self.beginResetModel()
        self._severities = found
        self.endResetModel()

    def at_line(self, line: int) -> int | None:
        """The last that begins there or before."""
        at = bisect_right(self._lines, line) - 1
        return at if at >= 0 else None

    def severity(self, at: int) -> str:
        """Of the worst that is wrong in it; empty where nothing is."""
        return self._severities.get(at, "")

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.tasks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        each = self.tasks[index.row()]
        name = tr("handler: {name}", name=each.name) if each.is_handler else each.name
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = {"error": tr("has an error"), "warning": tr("has a warning")}
            return ", ".join(filter(None, (name, words.get(self.severity(index.row()), ""))))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tr("{name}, line {line}", name=name, line=number(each.line)))
        return None


class _OutlineDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(theme.ROW, option.fontMetrics.height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, OutlineModel)
        task, severity, rect = model.tasks[index.row()], model.severity(index.row()), QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painting.plate(painter, rect.adjusted(8, 1, -5, -1), "accent_soft" if selected else "hover")
        left, middle = rect.left() + 13 + min(task.depth, 4) * _INDENT, rect.center().y()
        icon = "bell" if task.is_handler else kind_icon(task.kind)
        icons.paint(painter, QRectF(left, middle - 7, 14, 14), icon, "text2")
        room = QRectF(left + 24, rect.top(), rect.right() - left - 24 - (34 if severity else 12), rect.height())
        font = theme.font("body", 600 if selected else 400)
        painting.text(painter, room, str(index.data()), "text", font)
        if severity:
            icons.paint(painter, QRectF(rect.right() - 27, middle - 7, 14, 14), *_MARKS[severity])
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.selection(
                painter, rect.adjusted(8, 1, -5, -1), selected=False, hovered=False, bar=False, focused=True
            )
        painter.restore()
