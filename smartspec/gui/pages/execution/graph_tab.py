"""The tab Graph: the tasks of an execution as its version had them, what became of each, and its log."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from smartspec.commands import task_runs
from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.follower import Follower
from smartspec.gui.pages.execution.graph_chips import GraphChips
from smartspec.gui.pages.execution.graph_legend import GraphLegend
from smartspec.gui.pages.execution.log import LogPane
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.pages.execution.task_inspector import TaskInspector
from smartspec.gui.pages.execution.task_strip import TaskStrip
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.gui.widgets.graph.run_drawing import draw
from smartspec.gui.widgets.graph.view import GraphView
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.menus import popup_menu
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr

_LOW = 330


class GraphTab(ExecutionTab):
    """A query names the task to select."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._detail: Detail | None = None
        self._wanted = ""  # a task to select once it is there
        self._drawn_of = (0, 0)  # the execution and its round
        self.graph, self.log = GraphView(), LogPane(context)
        self.graph.picked.connect(self._on_picked)
        self.graph.opened.connect(lambda _: self.tab_asked.emit("log"))
        self.graph.asked.connect(self._on_menu)
        self._follower = Follower(self.log)
        self.chips = GraphChips(context, self.graph)
        self.chips.round_asked.connect(self.round_asked)
        self.legend = GraphLegend()
        self.legend.setParent(self.graph)
        self.inspector, self.strip = TaskInspector(), TaskStrip()
        self._connect_inspector()
        self._lay_out()
        self.setFocusProxy(self.graph)

    def _connect_inspector(self) -> None:
        self.inspector.chosen.connect(self._follower.choose)
        self.inspector.task_asked.connect(self.graph.canvas.pick)
        self.inspector.execution_asked.connect(lambda id_: self._context.navigator.go(Location("execution", id_)))
        self.inspector.tab_asked.connect(self.tab_asked)
        self.inspector.definition_asked.connect(self._open_definition)
        for each in (self.inspector, self.strip):
            each.rerun_asked.connect(lambda: self._context.actions.do("rerun_from"))

    def _lay_out(self) -> None:
        self._beside = QSplitter()
        self._beside.setHandleWidth(1)
        self._beside.addWidget(self.graph)
        self._beside.addWidget(self.inspector)
        read_in_order(self._beside)
        self._beside.setStretchFactor(0, 1)
        self._beside.setCollapsible(0, False)
        above = QWidget()
        inner = QVBoxLayout(above)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._beside, 1)
        inner.addWidget(self.strip)
        self.states = ContentStates(above)
        sides = QSplitter(Qt.Orientation.Vertical)
        sides.setHandleWidth(1)
        sides.addWidget(self.states)
        sides.addWidget(self.log)
        read_in_order(sides)
        sides.setSizes([340, 220])
        sides.setStretchFactor(0, 3)
        sides.setStretchFactor(1, 2)
        sides.setCollapsible(0, False)
        self.setLayout(column(sides))
        self.show_narrow(False)

    # What is shown

    def show_narrow(self, narrow: bool) -> None:
        """The inspector is a strip where there is no room beside the graph."""
        self.inspector.setVisible(not narrow)
        self.strip.setVisible(narrow)

    def show_query(self, query: str) -> None:
        self._wanted = query

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        self._detail = detail
        self._follower.show_detail(detail)
        definition = detail.definition
        if definition is None or not definition.tasks:
            self._show_nothing(detail)
            return
        has_ended = detail.execution.completed_at is not None
        make = partial(draw, definition, detail.tasks, detail.rows, has_ended=has_ended, has_feet=True)
        self._context.run(self, make, partial(self._show_drawing, detail))

    def _show_nothing(self, detail: Detail) -> None:
        self.states.show_empty(
            "tree-structure", tr("There is no graph of it"),
            tr("It was not run from a definition: only what was recorded is known."),
        )  # fmt: skip

    def _show_drawing(self, detail: Detail, drawing: Drawing) -> None:
        if self._detail is not detail:
            return
        shown = (int(detail.execution.pk), detail.round)
        is_other, self._drawn_of = self._drawn_of != shown, shown
        self.chips.show_detail(detail, drawing)
        self.states.show_content()
        self.graph.show_drawing(drawing)
        self.legend.show_drawing(drawing)
        self._place_legend()
        wanted = self._wanted if self._wanted in drawing.nodes else ""
        telling = self.log.row.task if is_other and self.log.row is not None else ""
        self._wanted = ""
        if wanted and wanted != self.graph.canvas.current:
            self.graph.canvas.pick(wanted)
        elif is_other:
            self._mark(telling if telling in drawing.nodes else next(iter(drawing.nodes)))
        self._inspect()

    def _mark(self, task: str) -> None:
        """Choose a task whose log is shown already."""
        self.graph.blockSignals(True)
        self.graph.canvas.pick(task)
        self.graph.blockSignals(False)

    def _place_legend(self) -> None:
        self.legend.adjustSize()
        self.legend.move(20, self.graph.height() - self.legend.height() - 14)
        has_room = self.graph.height() > 2 * self.chips.version.height() + 140 and self.graph.width() > 560
        self.legend.setVisible(bool(self.legend.marks) and has_room)

    # The chosen task

    @property
    def chosen_task(self) -> str:
        return self.graph.canvas.current

    def _on_picked(self, task: str) -> None:
        detail = self._detail
        row = self.log.row
        if detail is not None and (row is None or row.task != task):
            begun = [each for each in detail.rows_of(task) if each.started_at is not None]
            run = detail.run(task)
            same = [each for each in begun if run is not None and each.status == run.status]
            if begun:
                self._follower.choose((same or begun)[-1])
        self._inspect()

    def _inspect(self) -> None:
        detail = self._detail
        run = detail.run(self.chosen_task) if detail is not None else None
        self.changed.emit()
        if detail is None:
            return
        if run is None:  # a handler that was not wanted
            self.inspector.show_unbegun(detail, self.chosen_task)
            self.strip.show_unbegun(self.chosen_task)
            return
        rows = detail.rows_of(run.task)
        self.inspector.show_task(detail, run, rows)
        self.strip.show_task(detail, run, rows)
        self.inspector.attempts.mark(self.log.row)
        if len(rows) < run.attempts:
            read = partial(task_runs.attempts_of, detail.execution, run, detail.round)
            self._context.run(self, read, partial(self._on_attempts, detail, run.task))

    def _on_attempts(self, detail: Detail, task: str, rows: Sequence[TaskExecution]) -> None:
        run = detail.run(task)
        if detail is self._detail and task == self.chosen_task and run is not None:
            self.inspector.show_task(detail, run, rows)
            self.inspector.attempts.mark(self.log.row)

    def show_rerun(self, can: bool) -> None:
        for each in (self.inspector, self.strip):
            each.show_rerun(can)

    # Menus

    def _on_menu(self, task: str, at: QPoint) -> None:
        menu = popup_menu(self)
        menu.addAction(tr("Show the log"), lambda: self.tab_asked.emit("log"))
        menu.addAction(self._context.actions["rerun_from"])
        menu.addSeparator()
        menu.addAction(tr("Inputs and outputs"), lambda: self.tab_asked.emit("data"))
        if self._detail is not None and self._detail.workflow:
            menu.addAction(tr("Definition"), self._open_definition)
        menu.popup(at)

    def _open_definition(self) -> None:
        if self._detail is not None and self._detail.workflow:
            query = f"write {self.chosen_task}"
            self._context.navigator.go(Location("workflows", self._detail.workflow, "definition", query))

    def handlers(self) -> dict[str, Handler]:
        graph = self.graph
        return {
            "find": graph.find_task, "zoom_in": graph.zoom_in, "zoom_out": graph.zoom_out,
            "zoom_reset": graph.zoom_reset,
        }  # fmt: skip

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The log, which has a tab of its own, gives way where both would be too low."""
        super().resizeEvent(event)
        self.log.setVisible(self.height() >= _LOW)
        self._place_legend()
        self.chips.place()
