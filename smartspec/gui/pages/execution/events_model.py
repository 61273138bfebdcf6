"""The events of an execution as the rows of a table, two hundred at a time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from smartspec.commands import executions, task_runs
from smartspec.commands.actor import user
from smartspec.domain.event import Event, Level
from smartspec.domain.execution import Execution
from smartspec.domain.ids import TaskExecutionPk
from smartspec.domain.page import Page
from smartspec.domain.text import one_line
from smartspec.formatting import format_milliseconds, format_month
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.event_words import Ends, told
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import exact, spoken
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import tr, translate
from smartspec.vocabulary import EVENT_WORDS

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TIME, WHAT, TASK, MORE, BY = range(5)
EVENT = int(Qt.ItemDataRole.UserRole) + 1
_PAGE = 200
_LONGEST = 500
_ICONS = {  # by the last word of the kind: an icon and its colour
    "created": ("plus", "text2"), "started": ("play-circle", "text2"), "completed": ("check-circle-fill", "completed"),
    "failed": ("x-circle-fill", "failed"), "timeout": ("hourglass-medium-fill", "timeout"),
    "skipped": ("skip-forward-circle", "skipped"), "cancelled": ("prohibit", "cancelled"),
    "interrupted": ("lightning-fill", "interrupted"), "retrying": ("arrow-clockwise", "retrying"),
    "paused": ("pause-circle-fill", "paused"), "resumed": ("play", "text2"), "warned": ("warning", "retrying"),
    "noted": ("note-pencil", "text2"), "rerun": ("arrow-clockwise", "text2"), "deleted": ("trash", "text2"),
    "requested": ("hand-palm", "text2"), "decided": ("arrows-split", "text2"),
}  # fmt: skip


class EventsModel(QAbstractTableModel):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._execution: Execution | None = None
        self._rows: list[Event] = []
        self._ends: dict[TaskExecutionPk, Ends] = {}
        self._more = False
        self._loading = False

    def show(self, execution: Execution) -> None:
        """Another execution from its beginning; of the same one what came after."""
        if self._execution is None or execution.id != self._execution.id:
            self.beginResetModel()
            self._rows, self._ends, self._loading = [], {}, False
            self._execution = execution
            self.endResetModel()
        self._execution = execution
        self._more = True
        self.fetchMore(ROOT)

    def _on_page(self, id_: str, found: tuple[Page[Event], dict[TaskExecutionPk, Ends]]) -> None:
        if self._execution is None or id_ != self._execution.id:
            return
        page, ends = found
        self._ends |= ends
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

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        event = self._rows[index.row()]
        if role == EVENT:
            return event
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self._cell(event, index.column())
            return text if role == Qt.ItemDataRole.DisplayRole else spoken(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return exact(event.at) if index.column() == TIME else plain_tip(self._cell(event, index.column()))
        return None

    def _cell(self, event: Event, column: int) -> str:
        ended = None if event.task_execution is None else self._ends.get(event.task_execution)
        if column == TIME:
            return self._clock(event)
        if column == WHAT:
            return translate(EVENT_WORDS[event.type])
        if column == TASK:
            return ended[0] if ended else ""
        if column == BY:
            return event.actor or ""
        assert self._execution is not None
        return one_line(told(event, self._execution, ended, user()), _LONGEST)

    def _clock(self, event: Event) -> str:
        """To the millisecond; with the day at the first event, and where it is another day than that one."""
        at, first = event.at.astimezone(), self._rows[0].at.astimezone()
        clock = format_milliseconds(at)
        if at.date() == first.date() and event is not self._rows[0]:
            return clock
        return tr("{day} {month} {clock}", day=at.day, month=format_month(at), clock=clock)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Time"), tr("Event"), tr("Task"), tr("More"), tr("By"))[section]
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not self._loading

    def fetchMore(self, parent: Index) -> None:
        if self._loading or self._execution is None:
            return
        self._loading = True
        after = str(self._rows[-1].pk) if self._rows else None
        read = partial(_read_page, self._execution.id, after)
        self._context.run(self, read, partial(self._on_page, self._execution.id))


def _read_page(id_: str, after: str | None) -> tuple[Page[Event], dict[TaskExecutionPk, Ends]]:
    """With the tasks they are about."""
    page = executions.list_events(id_, after=after, limit=_PAGE)
    tasks = {each.task_execution for each in page.rows if each.task_execution is not None}
    return page, task_runs.task_ends(tasks)


class EventDelegate(RowDelegate):
    """Each kind has its icon; what went wrong its colour too."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        event: Event = index.data(EVENT)
        inner, text = rect.adjusted(20 if index.column() == TIME else 8, 0, -8, 0), str(index.data())
        colour = {WHAT: "text", TASK: "text"}.get(index.column(), "text2")
        if index.column() == WHAT:
            icon, tint = _ICONS.get(event.type.value.rpartition("_")[2], ("info", "text2"))
            icons.paint(painter, QRectF(inner.left(), inner.center().y() - 7, 14, 14), icon, tint)
            inner = inner.adjusted(22, 0, 0, 0)
            colour = {Level.ERROR: "failed", Level.WARN: "retrying"}.get(event.level, colour)
        painting.text(painter, inner, text, colour, theme.font())
