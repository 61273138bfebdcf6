"""A JSON value as the rows of a tree: made as they are asked for, a thousand at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from smartspec.domain.jsontext import Json
from smartspec.gui.style.formatting import number
from smartspec.messages import trn

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
AT_ONCE = 1_000
_LOOK_INSIDE = 3


class Node:
    """A value with its key, and its place among those of its parent."""

    __slots__ = ("_rest", "children", "key", "parent", "place", "value")

    def __init__(self, key: str, value: Json, parent: Node | None, place: int) -> None:
        self.key, self.value, self.parent, self.place = key, value, parent, place
        self.children: list[Node] = []  # as far as they were made
        self._rest: Iterator[tuple[object, Json]] | None = None

    @property
    def count(self) -> int:
        return len(self.value) if isinstance(self.value, dict | list) else 0

    @property
    def left(self) -> int:
        """Children that were not made yet."""
        return self.count - len(self.children)

    def make(self, many: int) -> None:
        """So many more of its children."""
        if self._rest is None:
            self._rest = _pairs(self.value)
        for key, value in islice(self._rest, many):
            self.children.append(Node(str(key), value, self, len(self.children)))

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

    @property
    def places(self) -> tuple[int, ...]:
        """At each level below the root."""
        return (*self.parent.places, self.place) if self.parent else ()


def matches(value: Json, words: str) -> Iterator[tuple[int, ...] | None]:
    """The places of each value that has the words in its key or, where it holds no others, in itself.

    In their order, and None for each of the others: whoever looks may pause there.
    """
    levels: list[tuple[Iterator[tuple[object, Json]], tuple[int, ...]]] = [(_pairs(value), ())]
    counts = [0]
    while levels:
        pairs, above = levels[-1]
        found = next(pairs, None)
        if found is None:
            levels.pop()
            counts.pop()
            continue
        (key, one), places = found, (*above, counts[-1])
        counts[-1] += 1
        has_others = isinstance(one, dict | list)
        held = words in str(key).lower() or (not has_others and words in str(one).lower())
        yield places if held else None
        if has_others:
            levels.append((_pairs(one), places))
            counts.append(0)


def _pairs(value: Json) -> Iterator[tuple[object, Json]]:
    return iter(value.items()) if isinstance(value, dict) else iter(enumerate(_items(value)))


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _short(value: Json) -> str:
    if isinstance(value, dict | list):
        return ("{{{n}}}" if isinstance(value, dict) else "[{n}]").format(n=number(len(value)))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"


class JsonModel(QAbstractItemModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.root = Node("", {}, None, 0)

    def show(self, value: Json) -> None:
        self.beginResetModel()
        self.root = Node("", value if isinstance(value, dict) else {"": value}, None, 0)
        self.root.make(AT_ONCE)
        self.endResetModel()

    def node(self, index: Index) -> Node:
        found = index.internalPointer() if index.isValid() else self.root
        assert isinstance(found, Node)
        return found

    def index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self.root else self.createIndex(node.place, 0, node)

    def reach(self, places: Sequence[int]) -> Node:
        """The node that is found below the root by its place at each level, its rows made up to there."""
        node = self.root
        for place in places:
            made = self.rowCount(self.index_of(node))
            if place >= made:
                self._make(node, max(AT_ONCE, place + 1 - made))
            node = node.children[place]
        return node

    def _make(self, node: Node, many: int) -> None:
        made, many = len(node.children), min(many, node.left)
        self.beginInsertRows(self.index_of(node), made, made + many - 1)
        node.make(many)
        self.endInsertRows()

    # Qt

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, self.node(parent).children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.index_of(above)

    def rowCount(self, parent: Index = ROOT) -> int:
        node = self.node(parent)
        if not node.children:
            node.make(AT_ONCE)
        return len(node.children)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 1

    def hasChildren(self, parent: Index = ROOT) -> bool:
        return self.node(parent).count > 0

    def canFetchMore(self, parent: Index) -> bool:
        """Beyond the first, which are there at once."""
        node = self.node(parent)
        return bool(node.children) and node.left > 0

    def fetchMore(self, parent: Index) -> None:
        node = self.node(parent)
        if node.left:
            self._make(node, AT_ONCE)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        node = self.node(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{node.key} {node.shown[:500]}".strip()
        return None
