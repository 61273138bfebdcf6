"""The tab Events: everything that happened to an execution, in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from smartspec.commands import executions, task_runs
from smartspec.domain.event import Event, Level
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import TaskExecutionPk
from smartspec.domain.page import Page
from smartspec.formatting import format_milliseconds, format_month
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.style import theme
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate
from smartspec.vocabulary import EVENT_WORDS

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
_PAGE = 200


class EventsModel(QAbstractTableModel):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._id = ""
        self._rows: list[Event] = []
        self._tasks: dict[TaskExecutionPk, str] = {}
        self._more = False
        self._loading = False

    def show(self, execution: Execution) -> None:
        """Another execution from its beginning; of the same one what came after."""
        if execution.id != self._id:
            self.beginResetModel()
            self._id, self._rows, self._tasks, self._loading = execution.id, [], {}, False
            self.endResetModel()
        self._more = True
        self.fetchMore(ROOT)

    def _on_page(self, id_: str, found: tuple[Page[Event], dict[TaskExecutionPk, str]]) -> None:
        if id_ != self._id:
            return
        page, names = found
        self._tasks |= names
        self._loading = False
        self._more = page.next is not None
        if page.rows:
            first = len(self._rows)
            self.beginInsertRows(ROOT, first, first + len(page.rows) - 1)
            self._rows += page.rows
            self.endInsertRows()

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        event = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = self._cell(event, index.column())
            if role == Qt.ItemDataRole.DisplayRole:
                return text
            return exact(event.at) if index.column() == 0 else plain_tip(text)
        if role == Qt.ItemDataRole.ForegroundRole:
            loud = {Level.ERROR: "failed", Level.WARN: "retrying"}
            return theme.colour(loud.get(event.level, "text" if index.column() == 1 else "text2"))
        return None

    def _cell(self, event: Event, column: int) -> str:
        if column == 0:
            return self._clock(event)
        if column == 1:
            return translate(EVENT_WORDS[event.type])
        if column == 2:
            return "" if event.task_execution is None else self._tasks.get(event.task_execution, "")
        return (event.message or "") if column == 3 else (event.actor or "")

    def _clock(self, event: Event) -> str:
        """To the millisecond; with the day at the first event, and where it is another day than that one."""
        at, first = event.at.astimezone(), self._rows[0].at.astimezone()
        clock = format_milliseconds(at)
        if at.date() == first.date() and event is not self._rows[0]:
            return clock
        return tr("{day} {month} {clock}", day=at.day, month=format_month(at), clock=clock)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Time"), tr("Event"), tr("Task"), tr("More"), tr("By"))[section]
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not self._loading

    def fetchMore(self, parent: Index) -> None:
        if self._loading or not self._id:
            return
        self._loading = True
        after = str(self._rows[-1].pk) if self._rows else None
        read = partial(_read_page, self._id, after)
        self._context.run(self, read, partial(self._on_page, self._id))


class EventsTab(ExecutionTab):
    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.model = EventsModel(context, self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("Events"))
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setTabKeyNavigation(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(theme.ROW)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate((150, 190, 170, 480, 120)):
            self.view.setColumnWidth(column, width)
        header.setStretchLastSection(True)
        self.states = ContentStates(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 0, 0)
        layout.addWidget(self.states)
        self.setFocusProxy(self.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        """Of all rounds: an event tells when it was."""
        self.model.show(detail.execution)


def _read_page(id_: str, after: str | None) -> tuple[Page[Event], dict[TaskExecutionPk, str]]:
    """With the names of their tasks."""
    page = executions.list_events(id_, after=after, limit=_PAGE)
    tasks = {each.task_execution for each in page.rows if each.task_execution is not None}
    return page, task_runs.task_names(tasks)
