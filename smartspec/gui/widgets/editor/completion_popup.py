"""What fits at the cursor of an editor, in a list below it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartspec.domain.definition.completion import CompletionItem, Completions
from smartspec.gui.style import painting, theme
from smartspec.messages import tr, translate

Index = QModelIndex | QPersistentModelIndex
_WIDEST, _MOST_ROWS, _PADDING, _GAP = 520, 9, 10, 20


class CompletionPopup(QObject):
    """`chosen` carries what is still to be written of the word."""

    chosen = Signal(str)

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._begun = ""
        self._model = _Words(self)
        self._completer = QCompleter(self)
        self._completer.setWidget(editor)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setModel(self._model)
        self._completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self.list = QListView()
        self.list.setObjectName("completions")
        self.list.setAccessibleName(tr("What fits here"))
        self.list.setUniformItemSizes(True)
        self._completer.setPopup(self.list)
        self.list.setItemDelegate(_WordDelegate(self.list))  # the completer has set one of its own

    @property
    def is_open(self) -> bool:
        return self.list.isVisible()

    @property
    def words(self) -> list[str]:
        return [each.word for each in self._model.items]

    def show_words(self, found: Completions) -> None:
        self._begun = found.prefix
        self._model.show_items(found.words)
        self.list.setCurrentIndex(self._completer.completionModel().index(0, 0))
        rect = self._editor.cursorRect()
        rect.translate(self._editor.viewport().pos())
        rect.setWidth(min(_WIDEST, self._wanted_width(found.words)))
        self._completer.setMaxVisibleItems(_MOST_ROWS)
        self._completer.complete(rect)

    def close(self) -> None:
        self.list.hide()

    def _wanted_width(self, items: tuple[CompletionItem, ...]) -> int:
        words, meanings = QFontMetrics(theme.font(mono=True)), QFontMetrics(theme.font("small"))
        widest = max(
            words.horizontalAdvance(each.word) + _GAP + meanings.horizontalAdvance(translate(each.meaning))
            for each in items[:100]
        )
        return widest + 2 * _PADDING + 16

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(str(index.data(Qt.ItemDataRole.EditRole))[len(self._begun) :])


class _Words(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: tuple[CompletionItem, ...] = ()

    def show_items(self, items: tuple[CompletionItem, ...]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        each = self.items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return each.word
        if role == Qt.ItemDataRole.ToolTipRole:
            return translate(each.meaning)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (each.word.strip(), translate(each.meaning))))
        return each if role == Qt.ItemDataRole.UserRole else None


class _WordDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(26, QFontMetrics(theme.font(mono=True)).height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, rect = index.data(Qt.ItemDataRole.UserRole), QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painting.plate(painter, rect.adjusted(2, 1, -2, -1), "accent_soft")
        font = theme.font(mono=True)
        width = QFontMetrics(font).horizontalAdvance(item.word) + 2.0
        painting.text(painter, rect.adjusted(_PADDING, 0, 0, 0), item.word, "text", font)
        room = rect.adjusted(_PADDING + width + _GAP, 0, -_PADDING, 0)
        meaning = translate(item.meaning)
        painting.text(painter, room, meaning, "text2", theme.font("small"), Qt.AlignmentFlag.AlignRight)
        painter.restore()
