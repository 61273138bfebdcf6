"""The files that are looked at: a row each, with what would become of it and whether it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from smartspec.gui.shell.importing.states import QUIET, STYLES, ImportItem
from smartspec.gui.style import icons, painting, theme
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ITEM = int(Qt.ItemDataRole.UserRole) + 1
_ROW, _LEFT, _BOX = 48, 38, 14
_ROOT = QModelIndex()


class FileModel(QAbstractListModel):
    """`changed`: others are taken, or what is said of one is another."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[ImportItem] = []

    def show_items(self, items: Sequence[ImportItem]) -> None:
        self.beginResetModel()
        self.items = [*items]
        self.endResetModel()
        self.changed.emit()

    def take(self, rows: Sequence[int], taken: bool) -> None:
        """Those of them that can be."""
        for row in rows:
            self.items[row].is_taken = taken and self.items[row].can_be_taken
        self.say_changed()

    def say_changed(self) -> None:
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))
        self.changed.emit()

    # Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role == int(Qt.ItemDataRole.DisplayRole):
            return item.file
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return item.spoken
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return item.preview.source.name
        if role == int(Qt.ItemDataRole.CheckStateRole):
            return Qt.CheckState.Checked if item.is_taken else Qt.CheckState.Unchecked
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class FileList(QListView):
    """Space, or a click on the box, takes a file or leaves it out."""

    def __init__(self, model: FileModel) -> None:
        super().__init__()
        self._files = model
        self.setModel(model)
        self.setItemDelegate(_FileDelegate(self))
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Files"))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def toggle(self, row: int) -> None:
        self._files.take([row], not self._files.items[row].is_taken)

    def step_to_problem(self) -> None:
        """To the next file with something to say about it, from the last to the first."""
        count = self._files.rowCount()
        now = self.currentIndex().row()
        for step in range(1, count + 1):
            row = (now + step) % count
            if self._files.items[row].preview.problems or self._files.items[row].preview.conflict:
                self.setCurrentIndex(self._files.index(row))
                return

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < _LEFT and event.button() == Qt.MouseButton.LeftButton:
            self.toggle(index.row())
        super().mouseReleaseEvent(event)


class _FileDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(_ROW, 2 * QFontMetrics(theme.font()).height() + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: ImportItem = index.data(ITEM)
        rect, view = QRectF(option.rect), option.widget
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        painting.selection(
            painter, rect, selected=bool(state & QStyle.StateFlag.State_Selected),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver), bar=True,
            focused=bool(state & QStyle.StateFlag.State_HasFocus) and view is not None and view.hasFocus(),
        )  # fmt: skip
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour("line"))
        _paint_box(painter, QRectF(rect.left() + 16, rect.center().y() - _BOX / 2, _BOX, _BOX), item)
        half = (rect.height() - 8) / 2
        upper = QRectF(rect.left() + _LEFT, rect.top() + 4, rect.width() - _LEFT - 14, half)
        _paint_upper(painter, upper, item)
        _paint_lower(painter, upper.translated(0, half), item)
        painter.restore()


def _paint_box(painter: QPainter, box: QRectF, item: ImportItem) -> None:
    can = item.can_be_taken
    painter.setPen(QPen(theme.colour("accent" if item.is_taken else "outline" if can else "line_strong"), 1))
    painter.setBrush(theme.colour("accent" if item.is_taken else "surface"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if item.is_taken:
        icons.paint(painter, box.adjusted(1, 1, -1, -1), "check", "on_accent")


def _paint_upper(painter: QPainter, room: QRectF, item: ImportItem) -> None:
    shown, small = STYLES[item.preview.state], theme.font("small", 500)
    width = QFontMetrics(small).horizontalAdvance(item.word) + 2
    colour = "failed" if shown.colour == "failed" else "accent_text" if shown.colour == "accent_text" else "text2"
    painting.text(painter, QRectF(room.right() - width, room.top(), width, room.height()), item.word, colour, small)
    icons.paint(painter, QRectF(room.right() - width - 18, room.center().y() - 7, 14, 14), shown.icon, shown.colour)
    name = QRectF(room.left(), room.top(), room.width() - width - 26, room.height())
    quiet = item.preview.state in QUIET
    painting.text(painter, name, item.file, "text2" if quiet else "text", theme.font("body", 500))


def _paint_lower(painter: QPainter, room: QRectF, item: ImportItem) -> None:
    small, more = theme.font("small"), item.more
    width = QFontMetrics(small).horizontalAdvance(more) + 2
    right = QRectF(room.right() - width, room.top(), width, room.height())
    painting.text(painter, right, more, "failed" if item.is_draft_only else "text2", small)
    left = room.width() - width - 8
    if item.has_warnings:
        icons.paint(painter, QRectF(right.left() - 18, room.center().y() - 7, 14, 14), "warning-fill", "retrying")
        left -= 18
    below = QRectF(room.left(), room.top(), left, room.height())
    font = theme.font("small", mono=True) if item.preview.ref else small
    painting.text(painter, below, item.below, "text3", font)
