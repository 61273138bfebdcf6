"""The tab Events: everything that happened to an execution, in order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.events_model import BY, MORE, TASK, TIME, WHAT, EventDelegate, EventsModel
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.table.rows import RowsView
from smartspec.messages import tr

_WIDTHS = {TIME: 176, WHAT: 190, TASK: 160}
_BY_WIDTH, _NARROWEST = 130, 160


class EventsTab(ExecutionTab):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.model = EventsModel(context, self)
        self.view = RowsView(tr("Events"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(EventDelegate(self.view))
        for at, width in _WIDTHS.items():
            self.view.setColumnWidth(at, width)
        self.states = ContentStates(self.view)
        self.model.settled.connect(self.states.show_content)
        self.model.failed.connect(lambda error: self.states.show_error(error, self.model.read_on))
        self.setLayout(column(self.states))
        self.setFocusProxy(self.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        """Of all rounds: an event tells when it was."""
        self.model.show(detail.execution)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What an event says takes what is left; who did it gives way where that is little."""
        super().resizeEvent(event)
        left = self.width() - sum(_WIDTHS.values())
        has_room = left >= _BY_WIDTH + _NARROWEST
        self.view.setColumnHidden(BY, not has_room)
        self.view.setColumnWidth(MORE, left - _BY_WIDTH if has_room else left)
