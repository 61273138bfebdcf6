"""The events of an execution as the rows of a table, two hundred at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from smartspec.commands import executions, task_runs
from smartspec.commands.actor import user
from smartspec.domain.event import Event, Level
from smartspec.domain.execution import Execution
from smartspec.domain.page import Page
from smartspec.domain.text import one_line
from smartspec.formatting import format_milliseconds, format_month
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.event_words import Ends, told
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import exact, spoken
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table.paged_model import Index, PagedModel
from smartspec.gui.widgets.table.rows import RowDelegate
from smartspec.messages import _, tr, translate
from smartspec.vocabulary import EVENT_WORDS

Told = tuple[Event, Ends | None]  # an event, and the task it is about
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


class EventsModel(PagedModel[Told]):
    """It grows while the execution runs."""

    headings = (_("Time"), _("Event"), _("Task"), _("More"), _("By"))
    worker = "commands"

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._execution: Execution | None = None
        self._is_behind = False  # more may have come since what is being read was asked for
        self.settled.connect(self._catch_up)

    def show(self, execution: Execution) -> None:
        """Another execution from its beginning; of the same one what came after."""
        before, self._execution = self._execution, execution
        if before is None or execution.id != before.id:
            self.beginResetModel()
            self.rows = []
            self.endResetModel()
            self.read_on()
        elif self.is_loading:
            self._is_behind = True
        else:
            self.read_on()

    def _catch_up(self) -> None:
        if self._is_behind:
            self.read_on()

    def read_on(self) -> None:
        """What came after the last one that is here."""
        self._is_behind = False
        self._ask(str(self.rows[-1][0].pk) if self.rows else None)

    def page_after(self, cursor: str | None) -> Callable[[], Page[Told]]:
        assert self._execution is not None
        return partial(_read_page, self._execution.id, cursor)

    # Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        event, ended = self.rows[index.row()]
        if role == EVENT:
            return event
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self._cell(event, ended, index.column())
            return text if role == Qt.ItemDataRole.DisplayRole else spoken(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return exact(event.at) if index.column() == TIME else plain_tip(self._cell(event, ended, index.column()))
        return None

    def _cell(self, event: Event, ended: Ends | None, column: int) -> str:
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
        first = self.rows[0][0]
        at = event.at.astimezone()
        clock = format_milliseconds(at)
        if at.date() == first.at.astimezone().date() and event is not first:
            return clock
        return tr("{day} {month} {clock}", day=at.day, month=format_month(at), clock=clock)


def _read_page(id_: str, after: str | None) -> Page[Told]:
    """With the tasks they are about."""
    page = executions.list_events(id_, after=after, limit=_PAGE)
    ends = task_runs.task_ends({each.task_execution for each in page.rows if each.task_execution is not None})
    return Page(
        tuple((each, None if each.task_execution is None else ends.get(each.task_execution)) for each in page.rows),
        page.next,
    )


class EventDelegate(RowDelegate):
    """Each kind has its icon; what went wrong its colour too."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        event: Event = index.data(EVENT)
        inner, text = rect.adjusted(8, 0, -8, 0), str(index.data())
        colour = {WHAT: "text", TASK: "text"}.get(index.column(), "text2")
        if index.column() == WHAT:
            icon, tint = _ICONS.get(event.type.value.rpartition("_")[2], ("info", "text2"))
            icons.paint(painter, QRectF(inner.left(), inner.center().y() - 7, 14, 14), icon, tint)
            inner = inner.adjusted(22, 0, 0, 0)
            colour = {Level.ERROR: "failed", Level.WARN: "retrying"}.get(event.level, colour)
        painting.text(painter, inner, text, colour, theme.font())
