"""The workflows by pack, as the tree shows them: what has changed moves in it, the rest stays where it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from smartspec.commands.workflow_summaries import WorkflowSummary
from smartspec.domain.engine.states import WorkflowStatus
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, translate
from smartspec.vocabulary import STATUS_WORDS

Index = QModelIndex | QPersistentModelIndex
W = WorkflowStatus
SUMMARY = int(Qt.ItemDataRole.UserRole) + 1
PACK = SUMMARY + 1
STATES = {each: STATUS_WORDS[each] for each in (W.DRAFT, W.INACTIVE, W.ARCHIVED)}
_ROOT = QModelIndex()
_OF_PACK = Qt.ItemFlag.ItemIsEnabled
_OF_WORKFLOW = _OF_PACK | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren  # none of thousands is asked
_FEW = 50  # that come, go or move one by one; where it is more, the tree is filled anew


class _Pack:
    def __init__(self, key: int, name: str, rows: list[WorkflowSummary]) -> None:
        self.key, self.name, self.rows = key, name, rows

    def ids(self) -> list[str]:
        return [each.workflow.id for each in self.rows]


class WorkflowModel(QAbstractItemModel):
    """Two levels: packs, and the workflows in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._packs: list[_Pack] = []
        self._positions: dict[int, int] = {}  # of packs, by their keys
        self._last_key = 0

    def show_summaries(self, summaries: Sequence[WorkflowSummary]) -> bool:
        """In this order. Whether all was filled anew: then nothing is selected, and all is folded."""
        wanted: dict[str, list[WorkflowSummary]] = {}
        for each in summaries:
            wanted.setdefault(each.workflow.pack, []).append(each)
        if not self._packs or self._differs_much(wanted):
            self._fill(wanted)
            return True
        self._remove_packs(wanted)
        self._insert_packs(wanted)
        for number, pack in enumerate(self._packs):
            self._update(self.index(number, 0), pack, wanted[pack.name])
        return False

    def index_of(self, id_: str) -> QModelIndex:
        """Of the workflow with this id; one that is not valid where it is not listed."""
        for number, pack in enumerate(self._packs):
            for row, each in enumerate(pack.rows):
                if each.workflow.id == id_:
                    return self.index(row, 0, self.index(number, 0))
        return QModelIndex()

    def pack_names(self) -> list[str]:
        return [each.name for each in self._packs]

    # Changes

    def _differs_much(self, wanted: dict[str, list[WorkflowSummary]]) -> bool:
        before = {each.workflow.id: each.workflow.name for pack in self._packs for each in pack.rows}
        after = {each.workflow.id: each.workflow.name for rows in wanted.values() for each in rows}
        return len(before.items() ^ after.items()) > _FEW

    def _fill(self, wanted: dict[str, list[WorkflowSummary]]) -> None:
        self.beginResetModel()
        self._packs = [self._new_pack(name, rows) for name, rows in wanted.items()]
        self._number_packs()
        self.endResetModel()

    def _new_pack(self, name: str, rows: list[WorkflowSummary]) -> _Pack:
        self._last_key += 1
        return _Pack(self._last_key, name, rows)

    def _number_packs(self) -> None:
        self._positions = {pack.key: number for number, pack in enumerate(self._packs)}

    def _remove_packs(self, wanted: dict[str, list[WorkflowSummary]]) -> None:
        for number in reversed(range(len(self._packs))):
            if self._packs[number].name not in wanted:
                self.beginRemoveRows(_ROOT, number, number)
                del self._packs[number]
                self._number_packs()
                self.endRemoveRows()

    def _insert_packs(self, wanted: dict[str, list[WorkflowSummary]]) -> None:
        known = set(self.pack_names())
        for number, name in enumerate(wanted):
            if name not in known:
                self.beginInsertRows(_ROOT, number, number)
                self._packs.insert(number, self._new_pack(name, wanted[name]))
                self._number_packs()
                self.endInsertRows()

    def _update(self, parent: QModelIndex, pack: _Pack, wanted: list[WorkflowSummary]) -> None:
        if pack.ids() != [each.workflow.id for each in wanted]:
            self._remove(parent, pack, wanted)
            self._move(parent, pack, wanted)
            self._insert(parent, pack, wanted)
        for row, (old, new) in enumerate(zip(pack.rows, wanted, strict=True)):
            if old != new:
                pack.rows[row] = new
                index = self.index(row, 0, parent)
                self.dataChanged.emit(index, index)

    def _remove(self, parent: QModelIndex, pack: _Pack, wanted: list[WorkflowSummary]) -> None:
        stays = {each.workflow.id for each in wanted}
        for row in reversed(range(len(pack.rows))):
            if pack.rows[row].workflow.id not in stays:
                self.beginRemoveRows(parent, row, row)
                del pack.rows[row]
                self.endRemoveRows()

    def _move(self, parent: QModelIndex, pack: _Pack, wanted: list[WorkflowSummary]) -> None:
        """Those that have another name go to their place, and stay selected."""
        places = {each.workflow.id: number for number, each in enumerate(wanted)}
        before = pack.ids()
        after = sorted(before, key=places.__getitem__)
        if before == after:
            return
        self.layoutAboutToBeChanged.emit()
        held = [each for each in self.persistentIndexList() if each.internalId() == pack.key]
        pack.rows.sort(key=lambda each: places[each.workflow.id])
        rows = {id_: row for row, id_ in enumerate(after)}
        self.changePersistentIndexList(held, [self.index(rows[before[each.row()]], 0, parent) for each in held])
        self.layoutChanged.emit()

    def _insert(self, parent: QModelIndex, pack: _Pack, wanted: list[WorkflowSummary]) -> None:
        known = {each.workflow.id for each in pack.rows}
        for row, each in enumerate(wanted):
            if each.workflow.id not in known:
                self.beginInsertRows(parent, row, row)
                pack.rows.insert(row, each)
                self.endInsertRows()

    # Qt

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not parent.isValid():
            return self.createIndex(row, column, 0) if 0 <= row < len(self._packs) else QModelIndex()
        if parent.internalId():
            return QModelIndex()
        pack = self._packs[parent.row()]
        return self.createIndex(row, column, pack.key) if 0 <= row < len(pack.rows) else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        key = index.internalId()
        return self.createIndex(self._positions[key], 0, 0) if key in self._positions else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self._packs)
        return 0 if parent.internalId() else len(self._packs[parent.row()].rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _OF_WORKFLOW if index.internalId() else _OF_PACK

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        key = index.internalId()
        if not key:
            name = self._packs[index.row()].name
            return name if role in (PACK, int(Qt.ItemDataRole.DisplayRole)) else None
        summary = self._packs[self._positions[key]].rows[index.row()]
        if role == SUMMARY:
            return summary
        if role == int(Qt.ItemDataRole.DisplayRole):
            return summary.workflow.name
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return plain_tip(f"{summary.workflow.name}\n{summary.workflow.ref}")
        return spoken(summary) if role == int(Qt.ItemDataRole.AccessibleTextRole) else None


def spoken(summary: WorkflowSummary) -> str:
    """What a screen reader says."""
    state = STATES.get(summary.workflow.status)
    last = status_style(summary.outcomes[0][0]).word if summary.outcomes else tr("has not run yet")
    return ", ".join(filter(None, (summary.workflow.name, translate(state or ""), last)))
