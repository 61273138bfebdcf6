"""The page Workflows: the manager, the selected workflow with its tabs, and its executions below."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from smartspec.changes import Topic
from smartspec.commands import versions, workflows
from smartspec.domain.engine.states import ACTIVE, WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError, VersionNotFound
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.actions import WorkflowActions
from smartspec.gui.pages.workflows.executions import WorkflowExecutions
from smartspec.gui.pages.workflows.header import WorkflowHeader
from smartspec.gui.pages.workflows.manager import Manager
from smartspec.gui.pages.workflows.manager_tree import SUMMARY, WIDTH
from smartspec.gui.pages.workflows.overview import Overview
from smartspec.gui.pages.workflows.tab_split import WIDE, TabSplit
from smartspec.gui.pages.workflows.welcome import Welcome
from smartspec.gui.widgets.execution_actions import ExecutionActions
from smartspec.gui.widgets.inputs import Tabs
from smartspec.gui.widgets.layout import frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate

if TYPE_CHECKING:
    from smartspec.gui.pages.workflows.config import ConfigEditor
    from smartspec.gui.pages.workflows.definition import DefinitionEditor
    from smartspec.gui.pages.workflows.versions import Versions

TABS = ("overview", "definition", "config", "versions")
_DRAWER = 280
W = WorkflowStatus


class WorkflowsPage(Pane):
    """`trash_asked`: the dialog belongs to the window, which opens it."""

    topics = frozenset({Topic.WORKFLOWS, Topic.VERSIONS})
    trash_asked = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._version: Version | None = None
        self._narrow = False
        self.manager = Manager(context)
        self.manager.chosen.connect(self._on_chosen)
        self.manager.view.clicked.connect(self._close_drawer)
        self.manager.view.activated.connect(self._close_drawer)
        self.manager.trash_asked.connect(self.trash_asked)
        self.manager.listed.connect(self._on_listed)
        self.header = WorkflowHeader(context)
        self.header.version_asked.connect(lambda: self.show_tab("versions"))
        self.header.drawer_asked.connect(self.toggle_drawer)
        self.executions = WorkflowExecutions(context)
        self.executions.selected.connect(self._register_page_handlers)
        self.execution_actions = ExecutionActions(context, self, self._action_targets)
        self.workflow_actions = WorkflowActions(context, self)
        self.workflow_actions.started.connect(lambda _: self.executions.invalidate())
        self.workflow_actions.deleted.connect(self._on_deleted)
        self._lay_out_page()
        self.tabs.currentChanged.connect(self._on_tab)

    # The tabs: each is made when it is first gone to

    @cached_property
    def overview(self) -> Overview:
        return Overview(self.context)

    @cached_property
    def definition(self) -> DefinitionEditor:
        from smartspec.gui.pages.workflows.definition import DefinitionEditor

        made = DefinitionEditor(self.context)
        made.changed.connect(self._register_page_handlers)
        return made

    @cached_property
    def config(self) -> ConfigEditor:
        from smartspec.gui.pages.workflows.config import ConfigEditor

        made = ConfigEditor(self.context)
        made.changed.connect(self._register_page_handlers)
        return made

    @cached_property
    def versions(self) -> Versions:
        from smartspec.gui.pages.workflows.versions import Versions

        made = Versions(self.context)
        made.show_narrow(self._narrow)
        return made

    def pane(self, name: str) -> QWidget:
        """The content of a tab, in its place and up to date."""
        is_new = name not in self.__dict__
        made: QWidget = getattr(self, name)
        if is_new:
            at = TABS.index(name)
            for stack, widget in ((self.stack, made), (self.tools, getattr(made, "tools", QWidget()))):
                placeholder = stack.widget(at)
                stack.insertWidget(at, widget)
                if placeholder is not None:
                    stack.removeWidget(placeholder)
            self._fill_tab(name)
        return made

    def _fill_tab(self, name: str) -> None:
        """Show the workflow, where there is one, in a tab that was made."""
        if self._workflow is None or name not in self.__dict__:
            return
        if name == "definition":
            self.definition.show_workflow(self._workflow, self._version)
        else:
            getattr(self, name).show_workflow(self._workflow)

    def _lay_out_page(self) -> None:
        self.tabs = Tabs(tr("Tabs of the workflow"))
        self.stack = QStackedWidget()
        self.tools = QStackedWidget()
        words = {
            "overview": tr("Overview"), "definition": tr("Definition"), "config": tr("Config"),
            "versions": tr("Versions"),
        }  # fmt: skip
        for name in TABS:
            self.tabs.addTab(words[name])
            self.stack.addWidget(QWidget())
            self.tools.addWidget(QWidget())
        top = frame("surface")
        inner = QVBoxLayout(top)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        inner.addWidget(self.header)
        inner.addLayout(row(self.tabs, None, self.tools, margins=(20, 0, 12, 0)))
        upper = QWidget()
        upper_layout = QVBoxLayout(upper)
        upper_layout.setContentsMargins(0, 0, 0, 0)
        upper_layout.setSpacing(0)
        upper_layout.addWidget(top)
        upper_layout.addWidget(line())
        upper_layout.addWidget(self.stack, 1)
        self.split = TabSplit(self.context.ui_state, upper, self.executions)
        self.centre = ContentStates(self.split)
        self.welcome = Welcome(self.context)
        self.centre.addWidget(self.welcome)
        nothing = QWidget()
        self.centre.addWidget(nothing)
        self.centre.setCurrentWidget(nothing)  # until it is known what there is
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.setHandleWidth(1)
        self.sides.addWidget(self.manager)
        self.sides.addWidget(self.centre)
        self.sides.setStretchFactor(1, 1)
        self.sides.setCollapsible(0, False)
        self.sides.setSizes([int(self.context.ui_state.get("manager.width", WIDTH)), 1000])
        self.sides.splitterMoved.connect(lambda at, _: self.context.ui_state.keep("manager.width", at))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sides)

    # Where it is

    @property
    def workflow(self) -> Workflow | None:
        return self._workflow

    @property
    def tab(self) -> str:
        return TABS[self.tabs.currentIndex()]

    def show_location(self, location: Location) -> None:
        if location.key:
            self.manager.select(location.key)
        if location.tab:
            self.show_tab(location.tab)
        self._register_page_handlers()

    def show_tab(self, name: str) -> None:
        self.tabs.setCurrentIndex(TABS.index(name))

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        if self.centre.currentWidget() is self.welcome:
            return [self.welcome.first, self.manager.search]
        table = self.executions.view if not self.executions.is_folded else self.executions.fold_button
        found = [self.manager.view, self.tabs, self.stack.currentWidget(), table]
        return [each for each in found if each is not None]

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = self.manager.is_drawer = narrow
        self.header.show_narrow(narrow)
        if narrow:
            self.manager.setParent(self)
            self.manager.hide()
            self.manager.catch_up()
        else:
            self.sides.insertWidget(0, self.manager)
            self.sides.setCollapsible(0, False)
            self.manager.show()
        if "versions" in self.__dict__:
            self.versions.show_narrow(narrow)
        self._arrange()

    def _arrange(self) -> None:
        self.split.arrange(self.tab, self.size(), self._narrow)

    def toggle_drawer(self) -> None:
        """In a narrow window the manager comes over the page."""
        shown = not self.manager.isVisible()
        self.manager.setGeometry(0, 0, _DRAWER, self.height())
        self.manager.setVisible(shown)
        self.manager.raise_()
        if shown:
            self.manager.view.setFocus()

    def reload(self) -> None:
        if self._workflow is not None:
            self._read_workflow(self._workflow.id)

    # Selection

    def _on_listed(self) -> None:
        if self.manager.summaries and self._workflow is None and not self.manager.is_waiting:
            self.manager.select(self.manager.summaries[0].workflow.id)
        if self.manager.is_loaded and not self.manager.summaries and not self.manager.search.text():
            self._workflow = None
            self.centre.setCurrentWidget(self.welcome)
            self.welcome.first.setFocus()

    def _on_chosen(self, workflow: Workflow) -> None:
        other = self._workflow is None or workflow.id != self._workflow.id
        if other:
            self._read_workflow(workflow.id)
            location = Location("workflows", workflow.id, self.tab)
            if self._workflow is None:
                self.context.navigator.replace(location)
            elif self.isVisible():
                self.context.navigator.go(location)

    def _close_drawer(self, index: QModelIndex) -> None:
        if self._narrow and index.data(SUMMARY) is not None:
            self.manager.hide()

    def _read_workflow(self, id_: str) -> None:
        workspace = self.context.workspace

        def read() -> tuple[Workflow, Version | None]:
            workflow = workflows.get_workflow(id_, workspace)
            try:
                return workflow, versions.latest_version(id_, workspace)
            except VersionNotFound:
                return workflow, None

        self.context.run(self, read, self._show_workflow, self._on_gone)

    def _on_gone(self, error: SmartSpecError) -> None:
        self._workflow = None
        self.manager.invalidate()
        self.centre.show_empty("tree-structure", tr("Choose a workflow"), translate(error.sentence))

    def _show_workflow(self, found: tuple[Workflow, Version | None]) -> None:
        workflow, version = found
        self._workflow, self._version = workflow, version
        self.workflow_actions.show(workflow, version)
        self.context.ui_state.keep("workflow", workflow.id)
        self.header.show_workflow(workflow, version.version if version else None)
        for name in TABS:
            self._fill_tab(name)
        self.executions.show_workflow(workflow)
        self.centre.show_content()
        self._on_tab()
        self._register_page_handlers()

    def _on_tab(self) -> None:
        index = self.tabs.currentIndex()
        self.pane(self.tab)
        self.stack.setCurrentIndex(index)
        self.tools.setCurrentIndex(index)
        self._arrange()
        if self._workflow is not None:
            self.context.navigator.replace(Location("workflows", self._workflow.id, self.tab))
        self._register_page_handlers()

    # Actions

    def handlers(self) -> dict[str, Handler]:
        made: dict[str, Handler] = {"refresh": self.refresh, "executions_aside": self.split.toggle_aside}
        if self._workflow is None:
            return made
        made |= self.execution_actions.handlers()
        made |= self.workflow_actions.handlers()
        made["delete"] = self.delete
        pane = self.stack.currentWidget()
        made |= getattr(pane, "handlers", dict)()
        if self.tab == "overview":
            graph = self.overview.graph
            made |= {"zoom_in": graph.zoom_in, "zoom_out": graph.zoom_out, "zoom_reset": graph.zoom_reset}
        return made

    def _register_page_handlers(self) -> None:
        if not self.isVisible():
            return
        disabled = self.execution_actions.disabled() if self._workflow is not None else set()
        if self.width() < WIDE:
            disabled.add("executions_aside")
        disabled.discard("delete")
        if self._version is None:
            disabled |= {"run", "run_with", "export"}
        if self._workflow is not None and self._workflow.status is W.ARCHIVED:
            disabled |= {"run", "run_with", "archive"}
        pane = self.stack.currentWidget()
        disabled |= getattr(pane, "disabled", set)()
        self.context.actions.register_handlers("page", self.handlers(), disabled)
        self.header.show_running("stop" not in disabled and bool(self._action_targets()))

    def _on_deleted(self) -> None:
        self._workflow = self._version = None
        self.centre.show_empty("tree-structure", tr("Choose a workflow"), tr("Its tabs and executions are shown here."))
        self._register_page_handlers()

    def refresh(self) -> None:
        self.reload()
        for each in (self.manager, self.overview, self.executions):
            each.invalidate()

    def delete(self) -> None:
        """What has the keyboard: executions in their table, else the selected workflows."""
        if self.executions.view.hasFocus():
            self.execution_actions.delete()
        else:
            self.workflow_actions.delete(self.manager.selected())

    def _action_targets(self) -> list[Execution]:
        """The selected executions, else what runs or ran last."""
        chosen = self.executions.view.selected
        if chosen:
            return chosen
        rows = self.executions.view.executions.rows
        running = [each for each in rows[:20] if each.status in ACTIVE]
        return running[:1] or rows[:1]

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.manager.catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._narrow and self.manager.isVisible():
            self.manager.setGeometry(0, 0, _DRAWER, self.height())
        if (event.oldSize().width() < WIDE) is not (self.width() < WIDE):
            self._arrange()
            self._register_page_handlers()
