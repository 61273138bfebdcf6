"""The tab Timeline: the bars of the tasks, and below them the log of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.commands import task_runs
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.task_run import TaskRun
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.follower import Follower
from smartspec.gui.pages.execution.log import LogPane
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.pages.execution.timeline import Timeline
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.menus import popup_menu
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr


class TimelineTab(ExecutionTab):
    """A query names the task to select."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._detail: Detail | None = None
        self._wanted = ""  # a task to select once it is there
        self.timeline, self.log = Timeline(), LogPane(context)
        self._follower = Follower(self.log)
        self.timeline.chosen.connect(self._follower.choose)
        self.timeline.timeline.wanted.connect(self._read_attempts)
        self.timeline.activated.connect(lambda _: self._on_activated())
        self.timeline.selectionModel().currentChanged.connect(lambda *_: self.changed.emit())
        self.timeline.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.timeline.customContextMenuRequested.connect(self._on_menu)
        self.states = ContentStates(self.timeline)
        sides = QSplitter(Qt.Orientation.Vertical)
        sides.setHandleWidth(1)
        sides.addWidget(self.states)
        sides.addWidget(self.log)
        read_in_order(sides)
        sides.setSizes([340, 220])
        sides.setCollapsible(0, False)
        self.setLayout(column(sides))
        self.setFocusProxy(self.timeline)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        execution = detail.execution
        is_other = self._detail is None or self._detail.execution.pk != execution.pk
        if is_other:
            self.timeline.zoom_reset()
        self._detail = detail
        self.timeline.show_detail(detail)
        if detail.tasks:
            self.states.show_content()
        else:
            self._show_no_tasks(execution)
        self._follower.show_detail(detail)
        if self._wanted:
            self.timeline.pick(self._wanted)
            self._wanted = ""
        elif is_other and self.log.row is not None:
            self.timeline.mark(self.log.row)

    def _read_attempts(self, run: TaskRun, offset: int) -> None:
        """A page more of a task's attempts."""
        if self._detail is not None:
            execution, round_ = self._detail.execution, self._detail.round
            read = partial(task_runs.attempts_of, execution, run, round_, offset)
            self._context.run(self, read, partial(self._on_attempts, execution, run.task, offset))

    def _on_attempts(self, execution: Execution, task: str, offset: int, rows: Sequence[TaskExecution]) -> None:
        if self._detail is not None and self._detail.execution.pk == execution.pk:
            self.timeline.timeline.take(task, offset, rows)

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

    @property
    def chosen_task(self) -> str:
        run = self.timeline.current_run
        return run.task if run is not None else ""

    def _on_menu(self, at: QPoint) -> None:
        row = self.timeline.current_row
        menu = popup_menu(self)
        menu.addAction(tr("Show the log"), lambda: self.tab_asked.emit("log"))
        menu.addAction(self._context.actions["rerun_from"])
        child = self._child_of(row)
        if child is not None:
            opened = Location("execution", child.id)
            menu.addAction(tr("Open {execution}", execution=child.label), lambda: self._context.navigator.go(opened))
        menu.addSeparator()
        menu.addAction(tr("Show it in the graph"), lambda: self.tab_asked.emit("graph"))
        menu.popup(self.timeline.viewport().mapToGlobal(at))

    def _child_of(self, row: TaskExecution | None) -> Execution | None:
        """The execution of a sub-workflow."""
        if row is None or row.child_execution is None or self._detail is None:
            return None
        return self._detail.children.get(row.child_execution)

    def _on_activated(self) -> None:
        """Enter opens what a sub-workflow ran, of others the log."""
        child = self._child_of(self.timeline.current_row)
        if child is not None:
            self._context.navigator.go(Location("execution", child.id))
        else:
            self.tab_asked.emit("log")

    def show_query(self, query: str) -> None:
        self._wanted = query

    def handlers(self) -> dict[str, Handler]:
        timeline = self.timeline
        return {
            "find": self.log.find_text, "zoom_in": lambda: timeline.zoom(1.5),
            "zoom_out": lambda: timeline.zoom(1 / 1.5), "zoom_reset": timeline.zoom_reset,
        }  # fmt: skip
