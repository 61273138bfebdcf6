"""The lines of a timeline as a model of two levels: tasks, and their attempts and items as far as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain import times
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.reasons import error_in_text
from smartspec.domain.task_duration import ended_at
from smartspec.gui.pages.execution.timeline_line import MOST_LISTED, Line, child_lines, rest_line, same_shape
from smartspec.gui.style.formatting import spoken
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, translate

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
NAME, BARS, TOOK = range(3)


class TimelineModel(QAbstractItemModel):
    """`wanted` asks for more attempts of a task (its line, how many are here); they come by `take`."""

    wanted = Signal(object, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.begin_ms = self.end_ms = 0  # of the execution's attempt, since the epoch
        self._asked: set[str] = set()
        self._shown = (0, 0)  # the execution, and its round

    def show(self, execution: Execution, round_: int, found: list[Line]) -> None:
        """What is open stays open, and new attempts come below the old ones."""
        self._measure(execution, round_, found)
        self._asked.clear()
        shown, self._shown = self._shown, (int(execution.pk), round_)
        if shown != self._shown or not same_shape(found, self.lines):
            self.beginResetModel()
            self.lines = found
            self.endResetModel()
            return
        for place, line in enumerate(found):
            if line.most and not line.children:  # read a page at a time
                line.children = self.lines[place].children
            self._show_children(place, line.children)
            line.children = self.lines[place].children
            self.lines[place] = line
        if found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, TOOK))

    def _measure(self, execution: Execution, round_: int, found: Sequence[Line]) -> None:
        """The bars are those of one round: what it kept was done hours before, perhaps."""
        runs = [each.run for each in found if each.run is not None and each.run.round == round_]
        starts = [times.to_ms(run.started_at) for run in runs if run.started_at is not None]
        ends = [times.to_ms(run.ended_at) for run in runs if run.ended_at is not None]
        self.begin_ms = min(starts, default=times.to_ms(execution.started_at or execution.created_at))
        self.end_ms = max([*ends, self.begin_ms + 1])

    def _show_children(self, place: int, new: list[Line]) -> None:
        old, parent = self.lines[place].children, self.index(place, 0)
        if new is old:
            return
        same = [line.key for line in new[: len(old)]] == [line.key for line in old]
        if not same:
            self.beginRemoveRows(parent, 0, len(old) - 1)
            old.clear()
            self.endRemoveRows()
        elif old:
            old[:] = new[: len(old)]
            self.dataChanged.emit(self.index(0, 0, parent), self.index(len(old) - 1, TOOK, parent))
        if len(new) > len(old):
            self.beginInsertRows(parent, len(old), len(new) - 1)
            old += new[len(old) :]
            self.endInsertRows()

    def take(self, name: str, offset: int, rows: Sequence[TaskExecution]) -> None:
        """A page of a task's attempts that was asked for."""
        place = next((n for n, line in enumerate(self.lines) if line.run is not None and line.run.task == name), -1)
        if place < 0 or offset > len(self.lines[place].children):
            return
        line = self.lines[place]
        assert line.run is not None
        self._asked.discard(name)
        children = [*line.children[:offset], *child_lines(rows, line.run)]
        if len(children) >= MOST_LISTED and line.most > len(children):
            children.append(rest_line(line.most - len(children)))
        self._show_children(place, children)

    def line(self, index: Index) -> Line:
        parent = index.internalId()
        return self.lines[index.row()] if parent == 0 else self.lines[parent - 1].children[index.row()]

    def task_line(self, index: Index) -> Line:
        """That of the task, also for one of its attempts."""
        parent = int(index.internalId())
        return self.lines[index.row() if parent == 0 else parent - 1]

    def ask_for_more(self, parent: Index) -> None:
        """The next page of what is below a task, where there is one."""
        line = self.lines[parent.row()]
        listed = len(line.children)
        if line.run is None or line.run.task in self._asked or listed >= min(line.most, MOST_LISTED):
            return
        self._asked.add(line.run.task)
        self.wanted.emit(line.run, listed)

    # Qt

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(index.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return len(self.lines)
        if parent.column() > 0 or parent.internalId() != 0:
            return 0
        return len(self.lines[parent.row()].children)

    def hasChildren(self, parent: Index = ROOT) -> bool:
        if not parent.isValid():
            return bool(self.lines)
        return parent.internalId() == 0 and self.lines[parent.row()].most > 0

    def canFetchMore(self, parent: Index) -> bool:
        """The first page, when a line is opened: a view asks for all that there is, whenever it is laid out."""
        return parent.isValid() and parent.internalId() == 0 and not self.lines[parent.row()].children

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self.ask_for_more(parent)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.line(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if index.column() == NAME:
                return ", ".join(filter(None, (line.name, line.note, status_style(line.status).word)))
            if index.column() == TOOK:
                return line.took(times.now())
            return "" if role == Qt.ItemDataRole.DisplayRole else spoken(line.begun)  # what is painted
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(line, index.column()))
        return None

    def _tip(self, line: Line, column: int) -> str:
        if column == TOOK:
            return line.took_words() if line.took_ms(times.now()) is not None else ""
        kept = line.run is not None and line.run.is_kept
        note = tr("kept from attempt {number}", number=line.run.round) if kept and line.run is not None else line.note
        told = f"{line.name} · {note}" if note else line.name
        row = line.row
        if column == NAME or row is None:
            return told
        said = translate(error_in_text(row.error)) if row.error else ""
        return "\n".join(filter(None, (f"{line.name}: {line.took(times.now())}", said)))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Task"), tr("Time"), tr("Duration"))[section]
        return None


def bar_of(row: TaskExecution, now_ms: int) -> tuple[int, int] | None:
    """From when to when an attempt ran (ms since the epoch); None of what did not begin."""
    if row.started_at is None:
        return None
    end = ended_at(row)
    return times.to_ms(row.started_at), now_ms if end is None else times.to_ms(end)
