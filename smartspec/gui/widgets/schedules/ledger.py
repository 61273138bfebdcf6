"""The ledger of a schedule: every due time, what was decided about it and why, and what ran."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from smartspec.commands import schedule_summaries
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.page import Page
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.summary import FiringEntry
from smartspec.formatting import format_due
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.style import painting, theme
from smartspec.gui.style.formatting import duration, exact
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.schedules.words import decision_style
from smartspec.gui.widgets.table.paged_model import Index, PagedModel
from smartspec.gui.widgets.table.rows import RowDelegate, RowsView
from smartspec.messages import _, _p, tr, translate, trn

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
DECISION, DUE, REASON, TOOK, NUMBER = range(5)
_RIGHT = (TOOK, NUMBER)
_WIDTHS = {DECISION: 132, DUE: 190, TOOK: 90, NUMBER: 80}
_LATE_MS = 100


class LedgerModel(PagedModel[FiringEntry]):
    headings = (_("Decision"), _p("a time", "Due"), _("Reason"), _("Took"), _("No."))

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._schedule_id = ""

    def show(self, schedule_id: str) -> None:
        """Its due times from the latest on."""
        self._schedule_id = schedule_id
        self.read_from_top()

    def page_after(self, cursor: str | None) -> Callable[[], Page[FiringEntry]]:
        read = schedule_summaries.list_firing_entries
        return partial(read, self._schedule_id, cursor, workspace=self._context.workspace)

    def _put_first(self, page: Page[FiringEntry]) -> None:
        """Where nothing is new, what was read and scrolled to stays."""
        if page.rows and [*page.rows] == self.rows[: len(page.rows)]:
            self._next = None if page.next is None else schedule_summaries.cursor_after(self.rows[-1])
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, NUMBER))  # ages
            return
        super()._put_first(page)

    def cell(self, entry: FiringEntry, column: int) -> str:
        """What stands in it."""
        execution = entry.execution
        if column == DECISION:
            return decision_style(entry.firing.decision, execution.status if execution else "").word
        if column == DUE:
            return due_text(entry)
        if column == REASON:
            return reason_text(entry)
        if execution is None:
            return ""
        return duration(execution.duration_ms) if column == TOOK else f"#{execution.number}"

    # Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.rows[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(entry, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.cell(entry, index.column()) or tr("Nothing")
        if role == Qt.ItemDataRole.ToolTipRole:
            if index.column() == DUE:
                return plain_tip(exact(entry.firing.scheduled_for))
            return plain_tip(self.cell(entry, index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().headerData(section, orientation, role)


def due_text(entry: FiringEntry) -> str:
    """One due time, or how many and from when on."""
    firing, now = entry.firing, times.now()
    first = translate(format_due(firing.scheduled_for, now))
    if firing.count == 1:
        return first
    return trn("{n} time from {first}", "{n} times from {first}", firing.count, first=first)


def reason_text(entry: FiringEntry) -> str:
    """Why, and how late what ran began."""
    said = translate(explain(entry.firing.firing))
    if entry.what:
        said = tr("{what}: {reason}", what=translate(entry.what), reason=said) if said else translate(entry.what)
    started = entry.execution.started_at if entry.execution else None
    if started is None or entry.firing.decision is not Decision.RAN:
        return said
    late = times.elapsed_ms(entry.firing.scheduled_for, started)
    return tr("{reason}, {duration} late", reason=said, duration=duration(late)) if late >= _LATE_MS else said


def _can_be_opened(execution: Execution) -> bool:
    """What was deleted is not: its number only says which it was."""
    return execution.deleted_at is None


class LedgerView(RowsView):
    """Enter opens what ran."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Ledger"))
        self._context = context
        self.ledger = LedgerModel(context, self)
        self.setModel(self.ledger)
        self.setItemDelegate(LedgerDelegate(self))
        self.row_opened.connect(self._open_execution)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        for section, width in _WIDTHS.items():
            self.setColumnWidth(section, width)

    def _open_execution(self, row: int) -> None:
        execution = self.ledger.rows[row].execution
        if execution is not None and _can_be_opened(execution):
            self._context.navigator.go(Location("execution", execution.id))


class LedgerDelegate(RowDelegate):
    """The decision with its icon, what can be opened as a link."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        entry: FiringEntry = index.data(ENTRY)
        inner, text, font = rect.adjusted(8, 0, -8, 0), str(index.data() or ""), theme.font()
        if index.column() == DECISION:
            style = decision_style(entry.firing.decision, entry.execution.status if entry.execution else "")
            painting.status_icon(
                painter, QRectF(inner.left() + 4, inner.center().y() - 7, 14, 14), style.icon, style.colour
            )
            painting.text(painter, inner.adjusted(26, 0, 0, 0), text, "text", theme.font("body", 500))
            return
        align = Qt.AlignmentFlag.AlignRight if index.column() in _RIGHT else Qt.AlignmentFlag.AlignLeft
        is_link = index.column() == NUMBER and entry.execution is not None and _can_be_opened(entry.execution)
        colour = "accent_text" if is_link else "text2"
        painting.text(painter, inner, text, colour, font, align)
