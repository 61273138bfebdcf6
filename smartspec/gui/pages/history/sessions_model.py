"""Sessions as the rows of a table that loads pages as they are scrolled to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt

from smartspec.commands import sessions
from smartspec.domain import times
from smartspec.domain.page import Page
from smartspec.domain.session_summary import SessionSummary
from smartspec.gui.style.formatting import ago, exact, number
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.table.paged_model import Index, PagedModel
from smartspec.messages import _

SESSION, EXECUTIONS, OUTCOME, WORKFLOWS, BEGIN, LAST = range(6)
_PAGE = 50
_MOST = 1_000  # of one page


class SessionsModel(PagedModel[SessionSummary]):
    headings = (_("Session"), _("Executions"), _("Outcome"), _("Workflows"), _("First"), _("Last"))

    def page_after(self, cursor: str | None) -> Callable[[], Page[SessionSummary]]:
        """From the top as far as it was scrolled to: whatever was used last comes first."""
        limit = _PAGE if cursor is not None else max(_PAGE, min(_MOST, len(self.rows)))
        return partial(sessions.list_sessions, cursor, limit, self._context.workspace)

    def _put_first(self, page: Page[SessionSummary]) -> None:
        if not self.rows or [each.id for each in page.rows] != [each.id for each in self.rows]:
            super()._put_first(page)
            return
        self.rows = [*page.rows]
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, LAST))

    def text(self, row: int, column: int) -> str:
        each = self.rows[row]
        if column == OUTCOME:
            return ", ".join(f"{number(count)} {status_style(status).in_text}" for status, count in each.counts.items())
        if column in (BEGIN, LAST):
            return ago(each.begin if column == BEGIN else each.last, times.now())
        return {SESSION: each.id, EXECUTIONS: number(each.executions), WORKFLOWS: ", ".join(each.workflows)}[column]

    # Qt

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
        if role == Qt.ItemDataRole.TextAlignmentRole and section == EXECUTIONS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().headerData(section, orientation, role)
