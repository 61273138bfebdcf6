"""The lines of the audit trail, newest first, read a page at a time as one scrolls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from smartspec.commands import audit
from smartspec.domain import times
from smartspec.domain.audit import AuditEntry, AuditFilter, AuditKind, describe
from smartspec.domain.page import Page
from smartspec.domain.text import one_line
from smartspec.formatting import DASH
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import ago, exact, spoken
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.paged_model import ROOT, Index, PagedModel
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import _, tr, translate
from smartspec.vocabulary import EVENT_WORDS

K = AuditKind
ENTRY = int(Qt.ItemDataRole.UserRole) + 1
WHEN, WHO, WHAT, WORKFLOW, DETAILS = range(5)
_LONGEST = 500
KINDS = {
    K.CREATED: (_("Created"), "plus"), K.EDITED: (_("Edited"), "pencil-simple"), K.RENAMED: (_("Renamed"), "text-aa"),
    K.STATUS: (_("Activated, deactivated, archived"), "toggle-left"), K.DELETED: (_("Deleted"), "trash"),
    K.RESTORED: (_("Restored"), "arrow-counter-clockwise"), K.VERSION: (_("Version saved"), "git-commit"),
    K.ROLLBACK: (_("Version restored"), "clock-counter-clockwise"),
    K.SETTING: (_("Setting changed"), "sliders-horizontal"), K.SCHEDULE: (_("Schedule changed"), "calendar-blank"),
}  # fmt: skip


class AuditModel(PagedModel[AuditEntry]):
    headings = (_("When"), _("Who"), _("What"), _("Workflow"), _("Details"))

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._wanted = AuditFilter()

    def show(self, wanted: AuditFilter) -> None:
        """What fits, from the newest on."""
        self._wanted = wanted
        self.read_from_top()

    def page_after(self, cursor: str | None) -> Callable[[], Page[AuditEntry]]:
        return partial(audit.list_audit, self._wanted, after=cursor, workspace=self._context.workspace)

    def _put_first(self, page: Page[AuditEntry]) -> None:
        """What is new comes above what is there, where the rest is the same; so a selection stays."""
        known = {each.event.pk for each in self.rows}
        new = [each for each in page.rows if each.event.pk not in known]
        rest = [*page.rows[len(new) :]]
        if not (self.rows and rest and rest == self.rows[: len(rest)] and new == [*page.rows[: len(new)]]):
            super()._put_first(page)
            return
        if new:
            self.beginInsertRows(ROOT, 0, len(new) - 1)
            self.rows[:0] = new
            self.endInsertRows()
        self._next = None if page.next is None else audit.cursor_after(self.rows[-1])

    # Qt

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        entry = self.rows[index.row()]
        if role == ENTRY:
            return entry
        if role == int(Qt.ItemDataRole.DisplayRole):
            return _cell(entry, index.column())
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return spoken(_cell(entry, index.column()))
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return plain_tip(_tip(entry, index.column()))
        return None


def word(entry: AuditEntry) -> str:
    """What was done, as a line begins."""
    said = translate(EVENT_WORDS.get(entry.event.type.value, entry.event.type.value))
    return said[:1].upper() + said[1:]


def _cell(entry: AuditEntry, column: int) -> str:
    if column == WHEN:
        return ago(entry.event.at, times.now())
    if column == WHO:
        return entry.event.actor or DASH
    if column == WHAT:
        return word(entry)
    return entry.name if column == WORKFLOW else one_line(translate(describe(entry.event)), _LONGEST)


def _tip(entry: AuditEntry, column: int) -> str:
    if column == WHEN:
        return exact(entry.event.at)
    if column != WORKFLOW:
        return _cell(entry, column)
    if entry.workflow_id is None:
        return tr("{ref}, deleted for good", ref=entry.ref)
    return tr("{ref}, in the trash", ref=entry.ref) if entry.is_in_trash else entry.ref


class AuditDelegate(RowDelegate):
    """What was done has its icon; what is gone is grey."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        entry: AuditEntry = index.data(ENTRY)
        inner, text = rect.adjusted(8, 0, -8, 0), str(index.data())
        if index.column() == WHAT:
            icon = KINDS[entry.kind][1] if entry.kind in KINDS else "info"
            icons.paint(painter, QRectF(inner.left(), inner.center().y() - 7, 14, 14), icon, "text2")
            inner = inner.adjusted(22, 0, 0, 0)
        gone = entry.workflow_id is None or entry.is_in_trash
        colours = {WHAT: "text", WORKFLOW: "text3" if gone else "text"}
        painting.text(painter, inner, text, colours.get(index.column(), "text2"), theme.font())
