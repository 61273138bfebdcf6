"""A JSON value as a tree: keys and values by type, folded lists with a look inside, search, copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain.jsontext import Json
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import number, size
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.inputs import search_field
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import frame, line, row
from smartspec.gui.widgets.menus import popup_menu
from smartspec.messages import tr, trn

Index = QModelIndex | QPersistentModelIndex
ROW = 26
_LOOK_INSIDE = 3
_MOST_TEXT = 1_000_000


class Node:
    """A value with its key; its children are made when they are first asked for."""

    __slots__ = ("_children", "key", "parent", "place", "value")

    def __init__(self, key: str, value: Json, parent: Node | None, place: int) -> None:
        self.key, self.value, self.parent, self.place = key, value, parent, place
        self._children: list[Node] | None = None

    @property
    def count(self) -> int:
        return len(self.value) if isinstance(self.value, dict | list) else 0

    @property
    def children(self) -> list[Node]:
        if self._children is None:
            items = self.value if isinstance(self.value, list) else []
            pairs = self.value.items() if isinstance(self.value, dict) else enumerate(items)
            self._children = [Node(str(key), value, self, place) for place, (key, value) in enumerate(pairs)]
        return self._children

    @property
    def path(self) -> str:
        """As templates write it: outputs.files[0]."""
        above = self.parent.path if self.parent and self.parent.parent else ""
        if self.parent is not None and isinstance(self.parent.value, list):
            return f"{above}[{self.key}]"
        return f"{above}.{self.key}" if above else self.key

    @property
    def shown(self) -> str:
        """What stands after the key."""
        if isinstance(self.value, dict):
            return f"{{{number(len(self.value))}}}"
        if isinstance(self.value, list):
            first = ", ".join(_short(each) for each in self.value[:_LOOK_INSIDE])
            inside = min(_LOOK_INSIDE, len(self.value))
            more = trn("first: {values}", "first {n}: {values}", inside, values=first) if self.value else ""
            return f"[{number(len(self.value))}]  {more}".rstrip()
        return json.dumps(self.value, ensure_ascii=False)


def _short(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"


class JsonModel(QAbstractItemModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.root = Node("", {}, None, 0)

    def show(self, value: Json) -> None:
        self.beginResetModel()
        self.root = Node("", value if isinstance(value, dict) else {"": value}, None, 0)
        self.endResetModel()

    def node(self, index: Index) -> Node:
        found = index.internalPointer() if index.isValid() else self.root
        assert isinstance(found, Node)
        return found

    def index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self.root else self.createIndex(node.place, 0, node)

    # Qt

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own
        if column or not 0 <= row < self.node(parent).count:
            return QModelIndex()
        return self.createIndex(row, 0, self.node(parent).children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.index_of(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return self.node(parent).count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        return self.node(parent).count > 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self.node(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{node.key} {node.shown[:500]}".strip()
        return None


class JsonTree(QWidget):
    """A title, the tree, and the same as text."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Json = None
        self.model = JsonModel(self)
        self.view = _View(self.model)
        self.view.setAccessibleName(title)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("verbatim", True)
        self.text.setFont(theme.font("small", mono=True))
        self.text.setAccessibleName(tr("{title} as text", title=title))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.text)
        self._size = label("", "caption")
        self.search: QLineEdit = search_field(tr("Find key or value"), tr("Find in {title}", title=title))
        self.search.setMaximumWidth(160)
        self.search.returnPressed.connect(self.find_next)
        self.as_text = icon_button("code", tr("As text"), checkable=True)
        self.as_text.toggled.connect(lambda on: self._stack.setCurrentWidget(self.text if on else self.view))
        self.copy = icon_button("copy", tr("Copy all of it"), lambda: QGuiApplication.clipboard().setText(self._whole))
        top = frame("surface")
        top.setLayout(
            row(label(title, "heading"), self._size, None, self.search, self.as_text, self.copy, margins=(20, 4, 12, 4))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(line())
        layout.addWidget(self._stack, 1)

    @property
    def _whole(self) -> str:
        return json.dumps(self._value, ensure_ascii=False, indent=2)

    def show_value(self, value: Json) -> None:
        if value == self._value and self.model.root.count:
            return
        self._value = value
        self.model.show(value)
        text = self._whole
        self._size.setText(size(len(text.encode())) if value not in (None, {}) else tr("none"))
        self.text.setPlainText(text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}\n…")
        for number_ in range(self.model.rowCount()):
            top = self.model.index(number_, 0)
            self.view.expand(top)
            for inner in range(min(20, self.model.rowCount(top))):
                child = self.model.index(inner, 0, top)
                if isinstance(self.model.node(child).value, dict):
                    self.view.expand(child)

    def find_next(self) -> None:
        """To the next key or value that holds the words, after the current one and round."""
        words = self.search.text().lower()
        if not words:
            return
        found = [node for node in _walk(self.model.root) if words in node.key.lower() or words in _leaf(node).lower()]
        if not found:
            return
        current = self.view.currentIndex()
        at = next((n for n, node in enumerate(found) if current.isValid() and node is self.model.node(current)), -1)
        node = found[(at + 1) % len(found)]
        index = self.model.index_of(node)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)


def _leaf(node: Node) -> str:
    return "" if isinstance(node.value, dict | list) else str(node.value)


def _walk(node: Node, most: int = 100_000) -> Iterator[Node]:
    waiting = [*reversed(node.children)]
    while waiting and most:
        most -= 1
        one = waiting.pop()
        yield one
        if one.count:
            waiting += reversed(one.children)


class _View(QTreeView):
    def __init__(self, model: JsonModel) -> None:
        super().__init__()
        self.setModel(model)
        self._model = model
        self.setHeaderHidden(True)
        self.setIndentation(20)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_NodeDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)

    def _copy(self, what: str) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        node = self._model.node(index)
        value = node.value if isinstance(node.value, str) else json.dumps(node.value, ensure_ascii=False, indent=2)
        QGuiApplication.clipboard().setText({"value": value, "path": node.path}[what])

    def _on_menu(self, position: QPoint) -> None:
        menu = popup_menu(self)
        menu.addAction(tr("Copy value"), lambda: self._copy("value"))
        menu.addAction(tr("Copy path"), lambda: self._copy("path"))
        menu.addAction(tr("Open all below"), lambda: self.expandRecursively(self.currentIndex(), 4))
        menu.popup(self.viewport().mapToGlobal(position))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy("value")
            return
        super().keyPressEvent(event)


class _NodeDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, JsonModel)
        node, rect = model.node(index), QRectF(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painting.selection(painter, rect, selected=selected, hovered=False, bar=False, focused=False)
        font = theme.font("small", mono=True)
        width = QFontMetrics(font).horizontalAdvance(node.key) + 8
        painting.text(painter, rect.adjusted(2, 0, 0, 0), node.key, "syn_key", font)
        painting.text(painter, rect.adjusted(2 + width, 0, -4, 0), node.shown[:2_000], _colour(node.value), font)
        painter.restore()


def _colour(value: Json) -> str:
    if isinstance(value, str):
        return "syn_str"
    return "syn_com" if isinstance(value, dict | list) else "syn_num"
