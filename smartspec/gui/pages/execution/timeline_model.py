"""The lines of a timeline: tasks, and below each its attempts and items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from smartspec.domain import times
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.reasons import error_in_text, reason_in_text
from smartspec.formatting import DASH
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import status_style, task_status
from smartspec.gui.widgets.graph.layout import status_of
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr, translate, trn
from smartspec.value import field, mutable

Index = QModelIndex | QPersistentModelIndex
NAME, BARS, TOOK = range(3)


@mutable
class Line:
    """A row: a task with all its attempts, or one of them. `usual` is when it usually ends (ms after its start)."""

    name: str
    note: str
    rows: list[TaskExecution]
    children: list[Line] = field(default_factory=list)
    usual: tuple[int, int] | None = None

    @property
    def status(self) -> str:
        latest = {row.item_index: row for row in self.rows}
        return status_of([task_status(row) for row in latest.values()]) or "pending"


def lines(rows: Sequence[TaskExecution], usual: dict[str, tuple[int, int]]) -> list[Line]:
    """The tasks in the order of the file; several attempts or items open below."""
    found: dict[str, list[TaskExecution]] = {}
    for row in sorted(rows, key=lambda each: (each.position, each.pk)):
        found.setdefault(row.task, []).append(row)
    return [_line(task, own, usual.get(task)) for task, own in found.items()]


def _line(task: str, rows: list[TaskExecution], usual: tuple[int, int] | None) -> Line:
    items = {row.item_index for row in rows}
    has_items = len(items) > 1 or rows[0].item is not None
    if has_items:
        latest = {row.item_index: row for row in rows}
        ok = sum(row.status == "completed" for row in latest.values())
        note = tr("{ok}/{all} ok", ok=number(ok), all=number(len(latest)))
    elif task.startswith("handlers."):
        note = tr("on {state}", state=task.partition(".")[2])
    else:
        note = trn("{n} attempt", "{n} attempts", len(rows)) if len(rows) > 1 else ""
    children: list[Line] = []
    if len(rows) > 1 or has_items:
        several = len(rows) > len(items)
        ordered = sorted(rows, key=lambda each: (each.item_index, each.pk))
        children = [Line(_child_name(row, has_items, several), _child_note(row), [row]) for row in ordered]
    return Line(task.removeprefix("handlers."), note, rows, children, usual)


def _child_name(row: TaskExecution, has_items: bool, several: bool) -> str:
    item = tr("Item {number}", number=row.item_index) if has_items else ""
    attempt = tr("Attempt {number}", number=row.attempt) if several or not has_items else ""
    return " · ".join(filter(None, (item, attempt)))


def _child_note(row: TaskExecution) -> str:
    if row.exit_code is not None:
        return tr("exit {code}", code=row.exit_code)
    return translate(reason_in_text(row.status_reason)) if row.status_reason else ""


class TimelineModel(QAbstractItemModel):
    """Two levels: tasks, and their attempts and items."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.begin_ms = self.end_ms = 0  # of the execution's attempt, since the epoch

    def show(self, execution: Execution, found: list[Line]) -> None:
        """A shape that is the same is only painted anew."""
        starts = [times.to_ms(row.started_at) for line in found for row in line.rows if row.started_at]
        begin = min(starts, default=times.to_ms(execution.started_at or execution.created_at))
        ends = [times.to_ms(row.completed_at) for line in found for row in line.rows if row.completed_at]
        self.begin_ms, self.end_ms = begin, max([*ends, begin + 1])
        same = [(each.name, len(each.children)) for each in found] == [
            (each.name, len(each.children)) for each in self.lines
        ]
        if same:
            self.lines = found
            if found:
                self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, 2))
            return
        self.beginResetModel()
        self.lines = found
        self.endResetModel()

    def line(self, index: Index) -> Line:
        parent = index.internalId()
        return self.lines[index.row()] if parent == 0 else self.lines[parent - 1].children[index.row()]

    # Qt

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(index.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.lines)
        if parent.column() > 0 or parent.internalId() != 0:
            return 0
        return len(self.lines[parent.row()].children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.line(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if index.column() == NAME:
                return f"{line.name} {line.note}, {status_style(line.status).word}".replace(" ,", ",")
            return took(line) if index.column() == TOOK else ""
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == BARS:
            row = line.rows[-1]
            said = translate(error_in_text(row.error)) if row.error else ""
            return plain_tip("\n".join(filter(None, (f"{row.task}: {duration(row.duration_ms)}", said))))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Task"), tr("Time"), tr("Duration"))[section]
        return None


def took(line: Line) -> str:
    """From the first start to the last end."""
    starts = [row.started_at for row in line.rows if row.started_at]
    ends = [row.completed_at for row in line.rows if row.completed_at]
    if len(line.rows) == 1:
        return duration(line.rows[0].duration_ms)
    return duration(times.to_ms(max(ends)) - times.to_ms(min(starts))) if starts and ends else DASH
