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
from smartspec.gui.style.formatting import ago, number
from smartspec.gui.widgets.labels import plain_tip
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
        each = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (f"v{each.version.version}", each.version.change_log, _told(each))))
        if role == Qt.ItemDataRole.ToolTipRole:
            side = _side(index.row(), self)
            log = each.version.change_log or tr("No words about it")
            return plain_tip("\n".join(filter(None, (f"v{each.version.version}", side, log, _by(each), _told(each)))))
        return None


class VersionDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, VersionModel)
        each, rect = model.rows[index.row()], QRectF(option.rect)
        at = index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = _side(at, model)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if side or hovered:
            painting.plate(painter, rect.adjusted(8, 2, -8, -2), "accent_soft" if at == model.new else "hover")
        x = rect.left() + 30
        painter.setPen(QPen(theme.colour("line_strong"), 2))
        painter.drawLine(
            int(x),
            int(rect.top() + (14 if at == 0 else 0)),
            int(x),
            int(rect.bottom()) if at < len(model.rows) - 1 else int(rect.top() + 14),
        )
        current = at == 0
        painter.setPen(QPen(theme.colour("accent" if current else "outline"), 2))
        painter.setBrush(theme.colour("accent" if current else "surface"))
        painter.drawEllipse(QRectF(x - 5, rect.top() + 9, 10, 10))
        left = rect.left() + 48
        bold = theme.font("body", 600)
        painting.text(painter, QRectF(left, rect.top() + 5, 110, 18), f"v{each.version.version}", "text", bold)
        painting.text(painter, QRectF(left, rect.top() + 5, rect.width() - 64, 18),
                      side, "text2", theme.font("caption", 500),
                      Qt.AlignmentFlag.AlignRight)  # fmt: skip
        log = each.version.change_log or tr("No words about it")
        painting.text(
            painter,
            QRectF(left, rect.top() + 22, rect.width() - 64, 16),
            log,
            "text" if each.version.change_log else "text3",
            theme.font("small"),
        )
        painting.text(painter, QRectF(left, rect.top() + 38, 130, 15), _by(each), "text2", theme.font("caption"))
        if each.ended:
            good = each.completed == each.ended
            painting.text(painter, QRectF(left, rect.top() + 38, rect.width() - 64, 15), _told(each),
                          "text2" if good or each.completed / each.ended > 0.8 else "failed",
                          theme.font("caption", 500), Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.restore()


def _side(number: int, model: VersionModel) -> str:
    """Which of the two that are compared it is; else whether it is the current one."""
    if number == model.new:
        return tr("new")
    if number == model.old:
        return tr("old")
    return tr("current") if number == 0 else ""


def _told(each: ListedVersion) -> str:
    if not each.ended:
        return tr("not run")
    return tr("{ok} of {all} ok", ok=number(each.completed), all=number(each.ended))


def _by(each: ListedVersion) -> str:
    """Who made it, and when."""
    return " · ".join(filter(None, (each.version.created_by, ago(each.version.created_at, times.now()))))
