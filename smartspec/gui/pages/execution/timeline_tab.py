"""The tab Timeline: the bars of the tasks, and below them the log of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.log import LogPane
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.pages.execution.timeline import Timeline
from smartspec.gui.pages.execution.timeline_model import lines
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr


class TimelineTab(ExecutionTab):
    """A query names the task to select."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._wanted = ""  # a task to select once it is there
        self.timeline, self.log = Timeline(), LogPane(context)
        self.timeline.chosen.connect(lambda each: self.log.show_task(each.task, each.attempt, each.item_index))
        self.timeline.activated.connect(lambda _: self.tab_asked.emit("log"))
        self.states = ContentStates(self.timeline)
        sides = QSplitter(Qt.Orientation.Vertical)
        sides.setHandleWidth(1)
        sides.addWidget(self.states)
        sides.addWidget(self.log)
        sides.setSizes([340, 220])
        sides.setCollapsible(0, False)
        self.setLayout(column(sides))

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        execution = detail.execution
        self.timeline.show_execution(execution, lines(tuple(rows), detail.usual))
        if rows:
            self.states.show_content()
        else:
            self._show_no_tasks(execution)
        self.log.show_rows(execution, [each for each in rows if each.started_at is not None])
        if self._wanted:
            self.timeline.pick(self._wanted)
            self._wanted = ""

    def _show_no_tasks(self, execution: Execution) -> None:
        if execution.kind is Kind.EXTERNAL or not execution.tasks_total:
            self.states.show_empty(
                "clock-counter-clockwise", tr("It ran outside of SmartSpec"),
                tr("Only its result was recorded, no tasks."),
            )  # fmt: skip
        else:
            self.states.show_empty(
                "hourglass", tr("No task has begun"), tr("It waits for a runner, or was ended before.")
            )

    def show_query(self, query: str) -> None:
        self._wanted = query

    def handlers(self) -> dict[str, Handler]:
        timeline = self.timeline
        return {
            "find": self.log.find_text, "zoom_in": lambda: timeline.zoom(1.5),
            "zoom_out": lambda: timeline.zoom(1 / 1.5), "zoom_reset": timeline.zoom_reset,
        }  # fmt: skip
