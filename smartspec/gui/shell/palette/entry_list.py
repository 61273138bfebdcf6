"""The list of what the palette found, with what was typed in bold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from smartspec.gui.contract import PaletteEntry
from smartspec.gui.style import icons, painting, theme

Index = QModelIndex | QPersistentModelIndex

ROW = 36
HEAD = 26


class EntryModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[PaletteEntry] = []
        self.words: list[str] = []

    def show_entries(self, entries: list[PaletteEntry], words: list[str]) -> None:
        self.beginResetModel()
        self.entries, self.words = entries, words
        self.endResetModel()

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        entry = self.entries[index.row()]
        status = entry.status[2] if entry.status is not None else ""
        return " ".join(filter(None, (entry.text, entry.more, status, entry.keys)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.entries[index.row()].do is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class EntryDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, EntryModel)
        return QSize(100, HEAD if model.entries[index.row()].do is None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, EntryModel)
        entry, rect = model.entries[index.row()], QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.do is None:
            painting.text(painter, rect.adjusted(18, 4, 0, 0), entry.text, "text2", theme.font("caption", 600))
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painting.plate(painter, rect.adjusted(8, 1, -8, -1), "accent_soft")
        icons.paint(painter, QRectF(rect.left() + 20, rect.center().y() - 8, 16, 16), entry.icon, entry.colour)
        right = self._paint_right(painter, rect, entry)
        x = self._matched(painter, QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), entry,
                          model.words)  # fmt: skip
        if entry.more and right - x > 40:
            room = QRectF(x + 12, rect.top(), right - x - 24, rect.height())
            painting.text(painter, room, entry.more, "text2", theme.font("small"))
        painter.restore()

    def _paint_right(self, painter: QPainter, rect: QRectF, entry: PaletteEntry) -> float:
        """Keys as caps, or a status; the answer is where that begins."""
        right = rect.right() - 20
        if entry.keys:
            for key in reversed(entry.keys.split("+")):
                right = self._paint_cap(painter, rect, right, key) - 4
        elif entry.status is not None:
            icon, colour, word = entry.status
            wide = QFontMetrics(theme.font("small")).horizontalAdvance(word) + 2
            room = QRectF(right - wide, rect.top(), wide, rect.height())
            painting.text(painter, room, word, "text2", theme.font("small"))
            right -= wide + 22
            painting.status_icon(painter, QRectF(right, rect.center().y() - 7, 14, 14), icon, colour)
        return right

    def _paint_cap(self, painter: QPainter, rect: QRectF, right: float, key: str) -> float:
        font = theme.font("caption", 500)
        wide = QFontMetrics(font).horizontalAdvance(key) + 12
        cap = QRectF(right - wide + 0.5, rect.center().y() - 9.5, wide - 1, 19)
        painter.setPen(QPen(theme.colour("line_strong"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(font)
        painter.setPen(theme.colour("text2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        return right - wide

    def _matched(self, painter: QPainter, rect: QRectF, entry: PaletteEntry, words: Sequence[str]) -> float:
        """The text with what was typed in bold, and room for more; the answer is where it ends."""
        more = QFontMetrics(theme.font("small")).horizontalAdvance(entry.more) + 24 if entry.more else 0
        room = QRectF(rect.left() + 48, rect.top(), rect.width() - 68, rect.height())
        room.setWidth(max(room.width() / 2, room.width() - more))
        return room.left() + painting.marked(painter, room, entry.text, _marks(entry.text, words), theme.font())


def _marks(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a word begins with what was typed, and how much of it that is."""
    for part in re.finditer(r"[^ ]+", text):
        length = max((len(word) for word in words if part[0].lower().startswith(word)), default=0)
        if length:
            yield part.start(), length
