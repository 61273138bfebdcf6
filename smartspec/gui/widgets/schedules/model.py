"""The schedules of a workspace as the rows of a table: a switch, what it starts, when, and how the last ones went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QObject, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import number
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.schedules.words import (
    conditions_in_column,
    conditions_text,
    counts_text,
    next_text,
    result_text,
)
from smartspec.gui.widgets.table.paged_model import ROOT, Index
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import _, _p, tr, translate

SUMMARY = int(Qt.ItemDataRole.UserRole) + 1
KIND = SUMMARY + 1
ON, NAME, WORKFLOW, WHEN, NEXT, LAST, RESULT, COUNTS, CONDITIONS = range(9)
_HEADINGS = (
    _("On"), _("Schedule"), _("Workflow"), _("When"), _p("due time", "Next"), _("Last 14"), _("Last result"),
    _("Completed · failed"), _("Only when"),
)  # fmt: skip
_ICONS = {
    "cron": "calendar-blank", "interval": "calendar-blank", "once": "calendar-blank", "event": "lightning",
    "manual": "hand-pointing",
}  # fmt: skip
S = ScheduleStatus


class SchedulesModel(QAbstractTableModel):
    """`kinds` are the columns, each one of `ON` to `CONDITIONS`."""

    def __init__(self, kinds: Sequence[int], parent: QObject) -> None:
        super().__init__(parent)
        self.kinds = tuple(kinds)
        self.rows: list[ScheduleSummary] = []
        self.now = times.now()

    def show(self, rows: Sequence[ScheduleSummary], now: datetime) -> None:
        """Where the same ones stand in the same order they stay, and so does what is selected."""
        same = [each.schedule.pk for each in rows] == [each.schedule.pk for each in self.rows]
        if not same:
            self.beginResetModel()
        self.rows, self.now = list(rows), now
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.kinds) - 1))

    def cell(self, row: int, kind: int) -> str:
        """What stands in a column of that kind."""
        each = self.rows[row]
        if kind == ON:
            return tr("on") if each.schedule.status is S.ACTIVE else tr("off")
        if kind == LAST:
            return ", ".join(status_style(status).in_text for status, _ms in each.last[::-1])
        return {
            NAME: each.schedule.name, WORKFLOW: each.workflow_name, WHEN: translate(each.when),
            NEXT: _next(each, self.now), RESULT: result_text(each.newest),
            COUNTS: _counted(each.schedule), CONDITIONS: conditions_in_column(each.schedule),
        }[kind]  # fmt: skip

    # Qt

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.kinds)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(_HEADINGS[self.kinds[section]])
        if role == Qt.ItemDataRole.TextAlignmentRole and self.kinds[section] == LAST:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == SUMMARY:
            return self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), self.kinds[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._tip(index.row(), self.kinds[index.column()], said=True) or tr("Nothing")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(index.row(), self.kinds[index.column()]))
        if role == KIND:
            return self.kinds[index.column()]
        return None

    def _tip(self, row: int, kind: int, *, said: bool = False) -> str:
        """In full; `said` to somebody who does not see the column."""
        schedule = self.rows[row].schedule
        if kind == COUNTS:
            return counts_text(schedule)
        if kind == CONDITIONS:
            return conditions_text(schedule)
        if kind == WHEN and schedule.expression and not said:
            return "\n".join([self.cell(row, kind), schedule.expression, schedule.timezone or tr("as this machine")])
        return self.cell(row, kind)


class ScheduleDelegate(RowDelegate):
    """The switch, the names in their weights, the last executions as bars."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        summary: ScheduleSummary = index.data(SUMMARY)
        schedule, column = summary.schedule, int(index.data(KIND))
        if column == ON:
            paint_switch(painter, rect, schedule.status is S.ACTIVE)
            return
        if column == LAST:
            painting.sparkline(painter, rect.adjusted(8, 7, -14, -7), summary.last)
            return
        inner = rect.adjusted(8, 0, -8, 0)
        if column in (NAME, WORKFLOW):
            of_it = icon_of(schedule, is_blind=summary.unseen is not None)
            icon, colour = of_it if column == NAME else ("tree-structure", "text2")
            icons.paint(painter, QRectF(inner.left(), inner.center().y() - 7, 14, 14), icon, colour)
            inner = inner.adjusted(21, 0, 0, 0)
        painting.text(painter, inner, str(index.data()), _colour(summary, column), _font(column))


def _counted(schedule: Schedule) -> str:
    return f"{number(schedule.success_count)} · {number(schedule.failure_count)}"


def _next(each: ScheduleSummary, now: datetime) -> str:
    return translate(each.unseen) if each.unseen is not None else next_text(each.schedule, now)


def icon_of(schedule: Schedule, *, is_blind: bool = False) -> tuple[str, str]:
    """Icon and colour of a schedule; a blind one does not see the files that it waits for."""
    if is_blind:
        return "warning-circle", "interrupted"
    if schedule.status is S.ERROR:
        return "warning-circle", "failed"
    if schedule.status is S.PAUSED:
        return "pause-circle-fill", "paused"
    return _ICONS[schedule.trigger_type], "text2"


def _colour(summary: ScheduleSummary, column: int) -> str:
    schedule = summary.schedule
    if column == NEXT and summary.unseen is not None:
        return "interrupted"
    if schedule.status in (S.PAUSED, S.EXPIRED):
        return "text3"
    if column == NEXT and schedule.status is S.ERROR:
        return "failed"
    return "text" if column in (NAME, WORKFLOW) else "text2"


def _font(column: int) -> QFont:
    return theme.font("body", 500 if column in (NAME, WORKFLOW) else 400)


def paint_switch(painter: QPainter, rect: QRectF, on: bool) -> None:
    track = QRectF(rect.left() + 10, rect.center().y() - 7, 26, 14)
    painter.setPen(QPen(theme.colour("accent" if on else "outline"), 1.2))
    painter.setBrush(theme.colour("accent" if on else "surface"))
    painter.drawRoundedRect(track, 7, 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("on_accent" if on else "outline"))
    painter.drawEllipse(
        QRectF(track.right() - 13 if on else track.left() + 1, track.top() + 1, 12, 12).adjusted(1, 1, -1, -1)
    )
