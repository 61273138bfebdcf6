"""The list of versions along a line of time: painting, and the choice of two."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartspec.gui.pages.workflows.version_model import VersionModel, VersionRow
from smartspec.gui.style import painting, theme
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROW, WIDTH = 58, 248
_LEFT, _RIGHT, _LINE = 48, 18, 30
_TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight


class VersionList(QListView):
    """A click or the arrows choose the new side, with Shift, or Space, the old one. `shifted` carries its row."""

    shifted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Versions"))
        self.setAccessibleDescription(tr("Enter or the arrows choose the new side, Space the old one"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_VersionDelegate(self))

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.shifted.emit(index.row())
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.shifted.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class _VersionDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, max(ROW, 3 * QFontMetrics(theme.font("small")).height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, VersionModel)
        row, rect, at = model.rows[index.row()], QRectF(option.rect), index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = model.side(at)
        plate = rect.adjusted(8, 2, -8, -2)
        if side or option.state & QStyle.StateFlag.State_MouseOver:
            painting.plate(painter, plate, "accent_soft" if at == model.new else "hover")
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_Active:
            painting.selection(painter, plate, selected=False, hovered=False, bar=False, focused=True)
        _paint_node(painter, rect, row, first=at == 0, last=at == len(model.rows) - 1)
        _paint_texts(painter, rect, row, side)
        painter.restore()


def _paint_node(painter: QPainter, rect: QRectF, row: VersionRow, *, first: bool, last: bool) -> None:
    x = rect.left() + _LINE
    painter.setPen(QPen(theme.colour("line_strong"), 2))
    top, bottom = rect.top() + (14 if first else 0), rect.top() + 14 if last else rect.bottom()
    painter.drawLine(int(x), int(top), int(x), int(bottom))
    pen = QPen(theme.colour("accent" if row.is_current else "outline"), 2)
    if row.version is None:
        pen.setDashPattern([1.2, 1.2])
    painter.setPen(pen)
    painter.setBrush(theme.colour("accent" if row.is_current else "surface"))
    painter.drawEllipse(QRectF(x - 5, rect.top() + 9, 10, 10))


def _paint_texts(painter: QPainter, rect: QRectF, row: VersionRow, side: str) -> None:
    room = rect.adjusted(_LEFT, 0, -_RIGHT, 0)
    third = (rect.height() - 8) / 3
    bold, caption = theme.font("body", 600), theme.font("caption", 500)
    name = f"v{row.label}"
    first = QRectF(room.left(), rect.top() + 4, room.width(), third)
    side_width = QFontMetrics(caption).horizontalAdvance(side) + 6 if side else 0
    tag_width = QFontMetrics(theme.font("caption", 600)).horizontalAdvance(row.tag) + 12 if row.tag else 0
    width = QFontMetrics(bold).horizontalAdvance(name) + 2.0
    has_room = width + side_width + tag_width + 8 <= room.width()
    width = min(width, room.width() - side_width)
    painting.text(painter, QRectF(first.left(), first.top(), width, third), name, "text", bold)
    if row.tag and has_room:  # the filled node says it too
        _paint_tag(painter, QRectF(first.left() + width + 6, first.top() + 1, tag_width, third - 2), row)
    painting.text(painter, first, side, "text2", caption, _TO_THE_RIGHT)
    said = row.version is not None and bool(row.version.change_log)
    second = first.translated(0, third)
    painting.text(painter, second, row.words, "text" if said else "text3", theme.font("small"))
    below = second.translated(0, third)
    result = QFontMetrics(caption).horizontalAdvance(row.result) + 10 if row.result else 0
    painting.text(painter, below.adjusted(0, 0, -result, 0), row.by, "text2", theme.font("caption"))
    painting.text(painter, below, row.result, "failed" if row.went_badly else "text2", caption, _TO_THE_RIGHT)


def _paint_tag(painter: QPainter, rect: QRectF, row: VersionRow) -> None:
    ground, words = ("accent", "on_accent") if row.is_current else ("sunken", "text2")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(rect, 4, 4)
    painting.text(painter, rect.adjusted(6, 0, 0, 0), row.tag, words, theme.font("caption", 600))
