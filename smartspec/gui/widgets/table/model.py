"""Executions of a filter as the rows of a table that loads pages as they are scrolled to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from smartspec.commands import executions, metrics
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import spoken
from smartspec.gui.widgets.table.columns import COLUMNS, SORTED_BY_TIME
from smartspec.gui.widgets.table.replay_verdicts import ReplayVerdicts
from smartspec.gui.widgets.table.row_facts import NONE, RowFacts
from smartspec.messages import translate
from smartspec.value import frozen

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PAGE = 100
_USUAL_FOR_S = 30.0
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@frozen
class _Answer:
    """`rows` begin at the top, or where the last page ended; `usual` is by workflow key; `took` in ms."""

    rows: tuple[Execution, ...]
    next: str | None
    usual: dict[WorkflowPk, tuple[int, int]]
    took: float


class ExecutionsModel(QAbstractTableModel):
    """`settled` comes after each answer, `failed` with what went wrong; `asked_otherwise` when another filter holds."""

    settled = Signal()
    failed = Signal(object)
    asked_otherwise = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._filter = ExecutionFilter()
        self._rows: list[Execution] = []
        self._next: str | None = None
        self._usual: dict[WorkflowPk, tuple[int, int]] = {}
        self._usual_at = 0.0
        self._verdicts = ReplayVerdicts(context, self)
        self._verdicts.found.connect(self._tell_changed)
        self._asked = 0  # an answer to an older question is dropped
        self.oldest_first = False
        self._goal = PAGE  # rows that are wanted before it stops looking for more
        self._loading = False
        self.is_loaded = False
        self.took_ms = 0.0

    @property
    def filter(self) -> ExecutionFilter:
        return self._filter

    @property
    def rows(self) -> list[Execution]:
        return self._rows

    @property
    def is_looking(self) -> bool:
        """Whether more may come without being scrolled to: what no index serves is looked for step by step."""
        return self._next is not None and len(self._rows) < self._goal

    def row(self, index: Index) -> Execution:
        return self._rows[index.row()]

    def facts(self, execution: Execution) -> RowFacts:
        usual = None if execution.workflow is None else self._usual.get(execution.workflow)
        return RowFacts(usual or NONE.usual, self._verdicts.of(execution))

    def position(self, pk: ExecutionPk | None) -> int:
        """The row of an execution; -1 where it is not loaded."""
        return next((row for row, each in enumerate(self._rows) if each.pk == pk), -1)

    def show(self, wanted: ExecutionFilter) -> None:
        """Show what a filter lets through."""
        if wanted != self._filter:
            self._filter = wanted
            self.asked_otherwise.emit()
        self._goal = PAGE
        self.is_loaded = False
        self._ask_for_page(self._page_after(None), self._replace)

    def turn(self, oldest_first: bool) -> None:
        """Show it from the other end."""
        self.oldest_first = oldest_first
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self.is_loaded:
            self.show(self._filter)

    def _page_after(self, place: str | None) -> Callable[[], _Answer]:
        return partial(_read_page, self._filter, place, self.oldest_first, self._context.workspace, self._known)

    def drop(self) -> None:
        """What was asked for is not wanted any more, nor are the rows that another filter brought."""
        self._asked += 1
        self._loading = False
        self.asked_otherwise.emit()

    def reload(self) -> None:
        """Read again what is at the top; what was scrolled to stays."""
        if self._loading and self.is_loaded:
            return
        self._ask_for_page(self._page_after(None), self._merge)

    @property
    def _known(self) -> frozenset[WorkflowPk]:
        """The workflows whose usual durations need not be read: they change slowly."""
        if time.monotonic() - self._usual_at > _USUAL_FOR_S:
            self._usual_at = time.monotonic()
            return frozenset()
        return frozenset(self._usual)

    def _ask_for_page(self, command: Callable[[], _Answer], then: Callable[[_Answer], None]) -> None:
        self._asked += 1
        self._loading = True
        self._context.run(
            self, command, partial(self._on_answer, self._asked, then), partial(self._on_page_failed, self._asked)
        )

    def _on_answer(self, asked: int, then: Callable[[_Answer], None], answer: _Answer) -> None:
        if asked != self._asked:
            return
        self._loading = False
        self._usual |= answer.usual
        self.took_ms = answer.took if then != self._append else self.took_ms + answer.took
        then(answer)
        self.is_loaded = True
        self._verdicts.look_at(answer.rows)
        if self.is_looking:
            self._read_on()
        self.settled.emit()

    def _on_page_failed(self, asked: int, error: SmartSpecError) -> None:
        if asked == self._asked:
            self._loading = False
            self.failed.emit(error)

    def _replace(self, answer: _Answer) -> None:
        self.beginResetModel()
        self._rows, self._next = [*answer.rows], answer.next
        self.endResetModel()

    def _merge(self, answer: _Answer) -> None:
        """New rows come in at the top, the others are as they are now; what is below the page stays."""
        rows = [*answer.rows]
        if answer.next is not None:
            is_after = partial(executions.is_after, cursor=answer.next, oldest_first=self.oldest_first)
            rows += filter(is_after, self._rows)
        self._next = executions.later_cursor(self._next, answer.next, oldest_first=self.oldest_first)
        if self.oldest_first and answer.next is not None and self._next is None:
            self._next = executions.cursor_after(rows[-1])  # what is new comes at the end
        before, after = [each.pk for each in self._rows], [each.pk for each in rows]
        added = len(after) - len(before)
        if after == before:
            self._rows = rows
            self._tell_changed()
        elif added > 0 and before and after[added:] == before:
            self.beginInsertRows(ROOT, 0, added - 1)
            self._rows = rows
            self.endInsertRows()
            self._tell_changed()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def _tell_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def _append(self, answer: _Answer) -> None:
        first = len(self._rows)
        self._next = answer.next
        if answer.rows:
            self.beginInsertRows(ROOT, first, first + len(answer.rows) - 1)
            self._rows += answer.rows
            self.endInsertRows()

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, execution = COLUMNS[index.column()], self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = column.text(execution, self.facts(execution))
            return text if role == Qt.ItemDataRole.DisplayRole else spoken(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.tip(execution, self.facts(execution)) or None) if column.tip is not None else None
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_right:
            return _RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            arrow = f"  {'↑' if self.oldest_first else '↓'}" if column.name == SORTED_BY_TIME else ""
            return f"{translate(column.heading)}{arrow}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_right:
            return _RIGHT
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._loading

    def fetchMore(self, parent: Index) -> None:
        self._goal = len(self._rows) + PAGE
        self._read_on()

    def _read_on(self) -> None:
        if self._next is not None:
            self._ask_for_page(self._page_after(self._next), self._append)


def _read_page(
    wanted: ExecutionFilter, after: str | None, oldest_first: bool, workspace: str, known: Iterable[WorkflowPk]
) -> _Answer:
    started = time.perf_counter()
    page = executions.list_executions(
        wanted, after=after, limit=PAGE, oldest_first=oldest_first, in_steps=True, workspace=workspace
    )
    took = (time.perf_counter() - started) * 1000
    unknown = {each.workflow for each in page.rows if each.workflow is not None} - {*known}
    return _Answer(page.rows, page.next, metrics.usual_durations(unknown), took)
