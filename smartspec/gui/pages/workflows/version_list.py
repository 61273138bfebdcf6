"""The list of versions along a line of time: model, painting, choice of two."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from smartspec.domain import times
from smartspec.domain.version import Version
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import ago
from smartspec.messages import tr
from smartspec.value import frozen

Index = QModelIndex | QPersistentModelIndex
VERSION = int(Qt.ItemDataRole.UserRole) + 1
ROW, WIDTH = 58, 248


@frozen
class ListedVersion:
    """A version and how its executions went: completed and ended."""

    version: Version
    completed: int
    ended: int


class VersionList(QListView):
    shifted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Versions"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.shifted.emit(index.row())
            return
        super().mousePressEvent(event)


class VersionModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[ListedVersion, ...] = ()
        self.old, self.new = -1, -1

    def show_rows(self, rows: tuple[ListedVersion, ...]) -> None:
        if len(rows) == len(self.rows):
            self.rows = rows
            self.show_sides(self.old, self.new)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def show_sides(self, old: int, new: int) -> None:
        self.old, self.new = old, new
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            each = self.rows[index.row()]
            told = tr("{ok} of {all} ok", ok=each.completed, all=each.ended) if each.ended else tr("not run")
            return ", ".join(filter(None, (f"v{each.version.version}", each.version.change_log, told)))
        return None


class VersionDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, VersionModel)
        each, rect = model.rows[index.row()], QRectF(option.rect)
        number = index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = tr("new") if number == model.new else tr("old") if number == model.old else ""
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if side or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if number == model.new else "hover"))
            painter.drawRoundedRect(rect.adjusted(8, 2, -8, -2), 6, 6)
        x = rect.left() + 30
        painter.setPen(QPen(theme.colour("line_strong"), 2))
        painter.drawLine(
            int(x),
            int(rect.top() + (14 if number == 0 else 0)),
            int(x),
            int(rect.bottom()) if number < len(model.rows) - 1 else int(rect.top() + 14),
        )
        current = number == 0
        painter.setPen(QPen(theme.colour("accent" if current else "outline"), 2))
        painter.setBrush(theme.colour("accent" if current else "surface"))
        painter.drawEllipse(QRectF(x - 5, rect.top() + 9, 10, 10))
        left = rect.left() + 48
        bold = theme.font("body", 600)
        painting.text(painter, QRectF(left, rect.top() + 5, 110, 18), f"v{each.version.version}", "text", bold)
        painting.text(painter, QRectF(left, rect.top() + 5, rect.width() - 64, 18),
                      tr("current") if current and not side else side, "text2", theme.font("caption", 500),
                      Qt.AlignmentFlag.AlignRight)  # fmt: skip
        log = each.version.change_log or tr("No words about it")
        painting.text(
            painter,
            QRectF(left, rect.top() + 22, rect.width() - 64, 16),
            log,
            "text" if each.version.change_log else "text3",
            theme.font("small"),
        )
        by = f"{each.version.created_by or ''} · {ago(each.version.created_at, times.now())}".strip(" ·")
        painting.text(painter, QRectF(left, rect.top() + 38, 130, 15), by, "text2", theme.font("caption"))
        if each.ended:
            good = each.completed == each.ended
            told = tr("{ok} of {all} ok", ok=each.completed, all=each.ended)
            painting.text(painter, QRectF(left, rect.top() + 38, rect.width() - 64, 15), told,
                          "text2" if good or each.completed / each.ended > 0.8 else "failed",
                          theme.font("caption", 500), Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.restore()
