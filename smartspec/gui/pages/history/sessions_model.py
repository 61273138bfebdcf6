"""Sessions as the rows of a table that loads pages as they are scrolled to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from smartspec.commands import sessions
from smartspec.domain import times
from smartspec.domain.page import Page
from smartspec.domain.session_summary import SessionSummary
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import ago, exact, number
from smartspec.gui.style.status import status_style
from smartspec.messages import tr

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SESSION, EXECUTIONS, OUTCOME, WORKFLOWS, BEGIN, LAST = range(6)
_PAGE = 50
_MOST = 1_000  # of one page


class SessionsModel(QAbstractTableModel):
    """`settled` comes after each answer, `failed` with what went wrong."""

    settled = Signal()
    failed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.rows: list[SessionSummary] = []
        self._next: str | None = None
        self._loading = False
        self._asked = 0

    @property
    def is_loading(self) -> bool:
        return self._loading

    def reload(self) -> None:
        """From the top, as far as it was scrolled to: whatever was used last comes first."""
        self._read(None, max(_PAGE, min(_MOST, len(self.rows))))

    def _read(self, after: str | None, limit: int = _PAGE) -> None:
        self._asked += 1
        self._loading = True
        read = partial(sessions.list_sessions, after, limit, self._context.workspace)
        taken = partial(self._take, self._asked, after)
        self._context.run(self, read, taken, self._on_failed, worker="slow")

    def _take(self, asked: int, after: str | None, page: Page[SessionSummary]) -> None:
        if asked != self._asked:
            return
        self._loading, self._next = False, page.next
        if after is None:
            self._replace([*page.rows])
        elif page.rows:
            self.beginInsertRows(ROOT, len(self.rows), len(self.rows) + len(page.rows) - 1)
            self.rows += page.rows
            self.endInsertRows()
        if not self.rows and page.next is not None:
            self._read(page.next)  # sessions of another workspace only
        else:
            self.settled.emit()

    def _replace(self, rows: list[SessionSummary]) -> None:
        if [each.id for each in rows] == [each.id for each in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, LAST))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def _on_failed(self, error: SmartSpecError) -> None:
        self._loading = False
        self.failed.emit(error)

    def text(self, row: int, column: int) -> str:
        each = self.rows[row]
        if column == OUTCOME:
            return ", ".join(f"{number(count)} {status_style(status).in_text}" for status, count in each.counts.items())
        if column in (BEGIN, LAST):
            return ago(each.begin if column == BEGIN else each.last, times.now())
        return {SESSION: each.id, EXECUTIONS: number(each.executions), WORKFLOWS: ", ".join(each.workflows)}[column]

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else LAST + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            each = self.rows[index.row()]
            if index.column() in (BEGIN, LAST):
                return exact(each.begin if index.column() == BEGIN else each.last)
            return self.text(index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Session"), tr("Executions"), tr("Outcome"), tr("Workflows"), tr("First"), tr("Last"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == EXECUTIONS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._loading

    def fetchMore(self, parent: Index) -> None:
        self._read(self._next)
