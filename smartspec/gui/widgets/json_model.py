"""A JSON value as the rows of a tree: made as they are asked for, at most a thousand below one."""

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
MOST_ROWS = 1_000  # below one: what holds more has them in stretches
_LOOK_INSIDE = 3


class Node:
    """A value with its key, and its row below its parent. One with many others has them in stretches."""

    __slots__ = ("_children", "begin", "key", "parent", "row", "value")

    def __init__(self, key: str, value: Json, parent: Node | None, row: int) -> None:
        self.key, self.value, self.parent, self.row = key, value, parent, row
        self.begin = 0  # where its first value stands in the whole of it
        self._children: list[Node] | None = None

    @property
    def count(self) -> int:
        return len(self.value) if isinstance(self.value, dict | list) else 0

    @property
    def step(self) -> int:
        """Values that a row below it stands for: 1, or as many as make at most a thousand rows."""
        step = 1
        while self.count > step * MOST_ROWS:
            step *= MOST_ROWS
        return step

    @property
    def children(self) -> list[Node]:
        """Made when they are first asked for."""
        if self._children is None:
            self._children = [*self._make()]
        return self._children

    def _make(self) -> Iterator[Node]:
        if (step := self.step) == 1:
            for row, (key, value) in enumerate(_pairs(self.value, self.begin)):
                yield Node(str(key), value, self, row)
        else:
            for row, begin in enumerate(range(0, self.count, step)):
                yield Stretch(self, row, begin, step)

    @property
    def whole(self) -> Node:
        """The value that it is a stretch of; else itself."""
        return self

    @property
    def path(self) -> str:
        """As templates write it: outputs.files[0]."""
        holder = self.parent.whole if self.parent else None
        above = holder.path if holder and holder.parent else ""
        if holder is not None and isinstance(holder.value, list):
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
        """Among the values at each level below the root."""
        return (*self.parent.whole.places, self.parent.begin + self.row) if self.parent else ()


class Stretch(Node):
    """Some of the many values that another holds, with the path of that one."""

    __slots__ = ()

    def __init__(self, parent: Node, row: int, begin: int, count: int) -> None:
        value = _part(parent.value, begin, count)
        super().__init__("", value, parent, row)
        self.begin = parent.begin + begin
        self.key = f"{number(self.begin)} … {number(self.begin + self.count - 1)}"

    @property
    def whole(self) -> Node:
        assert self.parent is not None
        return self.parent.whole

    @property
    def path(self) -> str:
        return self.whole.path

    @property
    def places(self) -> tuple[int, ...]:
        """Just before the first of its values."""
        return (*self.whole.places, self.begin - 1)


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


def _pairs(value: Json, begin: int = 0) -> Iterator[tuple[object, Json]]:
    """Keys and values; of a list the keys count from `begin`."""
    return iter(value.items()) if isinstance(value, dict) else iter(enumerate(_items(value), begin))


def _part(value: Json, begin: int, count: int) -> Json:
    if isinstance(value, dict):
        return dict(islice(value.items(), begin, begin + count))
    return _items(value)[begin : begin + count]


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
        self.endResetModel()

    def node(self, index: Index) -> Node:
        found = index.internalPointer() if index.isValid() else self.root
        assert isinstance(found, Node)
        return found

    def index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self.root else self.createIndex(node.row, 0, node)

    def reach(self, places: Sequence[int]) -> Node:
        """The node that is found below the root by its place among the values at each level."""
        node = self.root
        for place in places:
            while (step := node.step) > 1:
                node = node.children[(place - node.begin) // step]
            node = node.children[place - node.begin]
        return node

    # Qt

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, self.node(parent).children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.index_of(above)

    def rowCount(self, parent: Index = ROOT) -> int:
        return len(self.node(parent).children)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 1

    def hasChildren(self, parent: Index = ROOT) -> bool:
        return self.node(parent).count > 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        node = self.node(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{node.key} {node.shown[:500]}".strip()
        return None
