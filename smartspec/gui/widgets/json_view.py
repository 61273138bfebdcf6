"""The tree of a JSON value: our own carets, lines that show the depth, keys and values by type, copy."""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from smartspec.domain.jsontext import Json
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.json_model import Index, JsonModel, Node, Stretch
from smartspec.gui.widgets.menus import popup_menu
from smartspec.messages import tr

_ROW, _INDENT, _MARGIN, _CARET = 26, 20, 8, 12
_OPENED_LEVELS = 4  # below the one that is opened with all below it


def text_of(value: Json) -> str:
    """As it is copied: a text as it stands, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


class JsonView(QTreeView):
    def __init__(self, model: JsonModel) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self._sentence = ""
        self.setHeaderHidden(True)
        self.setIndentation(_INDENT)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_NodeDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)

    def show_sentence(self, sentence: str) -> None:
        """In its middle, where it has nothing else to show."""
        self._sentence = sentence
        self.viewport().update()

    def copy(self, what: str) -> None:
        """The current one's `value` (of a list or mapping all below it) or its `path`."""
        index = self.currentIndex()
        if index.isValid():
            node = self._model.node(index)
            QGuiApplication.clipboard().setText(node.path if what == "path" else text_of(node.value))

    def open_below(self) -> None:
        """The current one and what it holds, but for stretches of many values: these a person opens."""
        self.scheduleDelayedItemsLayout()  # else each that is opened is laid out by itself
        self._open(self.currentIndex(), _OPENED_LEVELS)

    def _open(self, index: Index, levels: int) -> None:
        self.expand(index)
        for row in range(self._model.rowCount(index) if levels else 0):
            child = self._model.index(row, 0, index)
            if self._model.hasChildren(child) and not isinstance(self._model.node(child), Stretch):
                self._open(child, levels - 1)

    def _on_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        has_others = self._model.hasChildren(index)
        menu = popup_menu(self)
        menu.addAction(icons.icon("copy"), tr("Copy subtree") if has_others else tr("Copy value"),
                       lambda: self.copy("value"))  # fmt: skip
        menu.addAction(icons.icon("link"), tr("Copy path"), lambda: self.copy("path"))
        if has_others:
            menu.addSeparator()
            menu.addAction(tr("Open all below"), self.open_below)
        menu.popup(self.viewport().mapToGlobal(position))

    def _is_caret(self, index: Index, x: int) -> bool:
        left = self.visualRect(index).left() + _MARGIN - _CARET
        return self._model.hasChildren(index) and left - 6 <= x <= left + _CARET + 4

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._sentence:
            painter = QPainter(self.viewport())
            room = QRectF(self.viewport().rect()).adjusted(_MARGIN, 0, -_MARGIN, 0)
            painting.text(painter, room, self._sentence, "text2", theme.font(), Qt.AlignmentFlag.AlignHCenter)
            painter.end()

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of the whole row first; the style has nothing to add to it."""
        row = QRectF(0, option.rect.top(), self.viewport().width(), option.rect.height())
        selected = self.selectionModel().isSelected(index)
        focused = selected and self.hasFocus()
        painting.selection(painter, row, selected=selected, hovered=False, bar=True, focused=focused)
        self.drawBranches(painter, QRect(0, option.rect.top(), self.visualRect(index).left(), option.rect.height()),
                          index)  # fmt: skip
        item = QStyleOptionViewItem(option)
        item.rect = self.visualRect(index)
        self.itemDelegate().paint(painter, item, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """A line for each level above, and the caret of what holds others."""
        left = rect.right() + 1 + _MARGIN
        painter.setPen(theme.colour("line_strong"))
        above, x = index.parent(), left - _INDENT - _CARET / 2
        while above.isValid():
            painter.fillRect(QRectF(x, rect.top(), 1, rect.height()), theme.colour("line_strong"))
            above, x = above.parent(), x - _INDENT
        if self._model.hasChildren(index):
            caret = "caret-down" if self.isExpanded(index) else "caret-right"
            box = QRectF(left - _CARET, rect.center().y() - 5, 10, 10)
            icons.paint(painter, box, caret, "text2")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        index = self.indexAt(position)
        if index.isValid() and self._is_caret(index, position.x()):
            self.setExpanded(index, not self.isExpanded(index))
            self.setCurrentIndex(index)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy("value")
            return
        if event.key() == Qt.Key.Key_Asterisk:
            self.open_below()
            return
        super().keyPressEvent(event)


class _NodeDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(_ROW, option.fontMetrics.height() + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node, rect = _node(index), QRectF(option.rect)
        painter.save()
        font = theme.font("small", mono=True)
        left = _MARGIN + 4
        width = QFontMetrics(font).horizontalAdvance(node.key) + 8
        painting.text(painter, rect.adjusted(left, 0, -4, 0), node.key, "syn_key", font)
        shown = node.shown[:2_000]
        painting.text(painter, rect.adjusted(left + width, 0, -4, 0), shown, _colour(node.value), font)
        painter.restore()


def _node(index: Index) -> Node:
    model = index.model()
    assert isinstance(model, JsonModel)
    return model.node(index)


def _colour(value: Json) -> str:
    if isinstance(value, str):
        return "syn_str"
    return "syn_com" if isinstance(value, dict | list) else "syn_num"
