"""The page Workflows: the list, the selected workflow with its tabs, and its executions below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from smartspec.changes import Topic
from smartspec.commands import versions, workflows
from smartspec.domain.engine.states import ACTIVE, WorkflowStatus
from smartspec.domain.execution import Execution
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError, VersionNotFound
from smartspec.gui.contract import Page, TabSpec
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.actions import WorkflowActions
from smartspec.gui.pages.workflows.draft import Draft
from smartspec.gui.pages.workflows.draft_mark import DraftMark
from smartspec.gui.pages.workflows.drawer import WorkflowListDrawer
from smartspec.gui.pages.workflows.executions import WorkflowExecutions
from smartspec.gui.pages.workflows.header import WorkflowHeader
from smartspec.gui.pages.workflows.run_actions import RunActions
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.pages.workflows.tab_split import LOW, WIDE, TabSplit
from smartspec.gui.pages.workflows.welcome import Welcome
from smartspec.gui.pages.workflows.workflow_list import WorkflowList
from smartspec.gui.widgets.execution_actions import ExecutionActions
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_stack import TabStack
from smartspec.messages import tr, translate, trn
from smartspec.value import replace

if TYPE_CHECKING:
    from smartspec.gui.pages.workflows.definition import DefinitionEditor

W = WorkflowStatus


class WorkflowsPage(Page):
    topics = frozenset({Topic.WORKFLOWS, Topic.VERSIONS})

    def __init__(self, context: AppContext, tabs: Sequence[TabSpec[WorkflowTab]], parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._version: Version | None = None
        self._narrow = False
        self.workflow_list = WorkflowList(context)
        self.workflow_list.chosen.connect(self._on_chosen)
        self.workflow_list.trash_asked.connect(self.show_trash)
        self.workflow_list.listed.connect(self._on_listed)
        self.tabs = TabStack(context, tr("Tabs of the workflow"), tabs)
        self.tools = QStackedWidget()
        self.draft_mark = DraftMark()
        self.draft_mark.clicked.connect(lambda: self.tabs.show_tab("definition"))
        self.header = WorkflowHeader(context)
        self.header.version_asked.connect(lambda: self.tabs.show_tab("versions"))
        self.executions = WorkflowExecutions(context)
        self.executions.selected.connect(self.register_page_handlers)
        self.execution_actions = ExecutionActions(context, self, self._action_targets)
        self.draft = Draft(context, self)
        self.draft.conflicting.connect(lambda theirs: self._definition().resolve(theirs))
        self.draft.changed.connect(self._on_draft)
        self.run_actions = RunActions(context, self.draft, self)
        self.run_actions.started.connect(lambda _: self.executions.invalidate())
        self.run_actions.blocked.connect(self._on_blocked)
        self.workflow_actions = WorkflowActions(context, self)
        self.workflow_actions.deleted.connect(self._on_deleted)
        self.tabs.made.connect(self._on_tab_made)
        self.tabs.chosen.connect(self._on_tab)
        self._lay_out_page()

    def _lay_out_page(self) -> None:
        top = frame("surface")
        tabs = row(self.tabs.bar, None, self.draft_mark, self.tools, margins=(20, 0, 12, 0))
        top.setLayout(column(self.header, tabs, spacing=2))
        upper = QWidget()
        upper.setLayout(column(top, line(), self.tabs, spacing=0, fill=self.tabs))
        self.split = TabSplit(self.context.ui_state, self.executions)
        self.centre = ContentStates(self.split)
        self.welcome = Welcome(self.context)
        self.centre.addWidget(self.welcome)
        nothing = QWidget()
        self.centre.addWidget(nothing)
        self.centre.setCurrentWidget(nothing)  # until it is known what there is
        self.drawer = WorkflowListDrawer(self.context.ui_state, self.workflow_list, self.centre, self)
        self.header.drawer_asked.connect(self.drawer.toggle)
        self.setLayout(column(self.drawer))
        self.split.hold(upper)

    # Where it is

    @property
    def workflow(self) -> Workflow | None:
        return self._workflow

    @property
    def tab(self) -> str:
        """The name of the chosen one."""
        return self.tabs.name

    def tab_bar(self) -> QTabBar:
        return self.tabs.bar

    def show_location(self, location: Location) -> None:
        if location.key:
            self.workflow_list.select(location.key)
        if location.tab:
            self.tabs.show_tab(location.tab)
        if location.query:
            self._write(location)
        self.register_page_handlers()

    def panes(self) -> list[QWidget]:
        if self.centre.currentWidget() is self.welcome:
            return [self.welcome.first, self.workflow_list.search]
        table = self.executions.view if not self.executions.is_folded else self.executions.fold_button
        found = [self.workflow_list.view, self.tabs.bar, self.tabs.current, table]
        return [each for each in found if each is not None]

    def parts(self) -> list[QWidget]:
        return [self.workflow_list, self.header, self.tabs.bar, self.draft_mark, self.tools, self.tabs, self.executions]

    def bottom_bars(self) -> list[QWidget]:
        return [self.executions] if self.executions.is_folded else []

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.header.show_narrow(narrow)
        self.drawer.show_narrow(narrow)
        for each in self.tabs.contents:
            each.show_narrow(narrow)
        self._arrange()

    def _arrange(self) -> None:
        self.split.arrange(self.tab, self.size(), self._narrow)

    def reload(self) -> None:
        if self._workflow is not None:
            self._read_workflow(self._workflow.id)

    # Selection

    def _on_listed(self) -> None:
        listed = self.workflow_list
        if listed.summaries and self._workflow is None and not listed.is_waiting and not listed.current_id:
            listed.select(listed.summaries[0].workflow.id)  # one that is selected may be read still
        if listed.is_empty and not listed.is_waiting:
            self._workflow = None
            self.centre.setCurrentWidget(self.welcome)
            self.welcome.first.setFocus()
        elif self._workflow is None and not self.workflow_list.summaries:
            self._show_no_workflow()

    def _on_chosen(self, workflow: Workflow) -> None:
        other = self._workflow is None or workflow.id != self._workflow.id
        if other:
            self._read_workflow(workflow.id)
            location = Location("workflows", workflow.id, self.tab)
            if self._workflow is None:
                self.context.navigator.replace(location)
            elif self.isVisible():
                self.context.navigator.go(location)

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
        self.workflow_list.invalidate()
        self.centre.show_empty("tree-structure", tr("Choose a workflow"), translate(error.sentence))

    def _show_workflow(self, found: tuple[Workflow, Version | None]) -> None:
        workflow, version = found
        self._workflow, self._version = workflow, version
        self.workflow_actions.show(workflow, version)
        self.draft.show_workflow(workflow, version)
        self.run_actions.show(workflow, version)
        self.context.ui_state.keep("workflow", workflow.id)
        self.header.show_workflow(workflow, version.version if version else None)
        for each in self.tabs.contents:
            each.show_workflow(workflow, version)
        self.executions.show_workflow(workflow)
        self.centre.show_content()
        self.tabs.open()

    def _on_tab_made(self, tab: WorkflowTab) -> None:
        tab.work_on(self.draft)
        tab.changed.connect(self.register_page_handlers)
        tab.show_narrow(self._narrow)
        self.tools.addWidget(tab.tools)
        if self._workflow is not None:
            tab.show_workflow(self._workflow, self._version)

    def _on_tab(self) -> None:
        shown = self.tabs.content(self.tab).tools
        for each in self.tabs.contents:
            width = QSizePolicy.Policy.Preferred if each.tools is shown else QSizePolicy.Policy.Ignored
            each.tools.setSizePolicy(width, QSizePolicy.Policy.Preferred)  # the others take no room
        self.tools.setCurrentWidget(shown)
        self._arrange()
        if self._workflow is not None:
            self.context.navigator.replace(Location("workflows", self._workflow.id, self.tab))
        self._on_draft()

    # The text

    def _write(self, location: Location) -> None:
        """What leads to the text says so in its query: `write`, and the task that is meant."""
        self.context.navigator.replace(replace(location, query=""))
        self.centre.show_content()  # there is one: the keyboard is in its text before it is read
        self._definition().begin(location.key, location.query.partition(" ")[2])

    def _definition(self) -> DefinitionEditor:
        """The tab, which is gone to."""
        from smartspec.gui.pages.workflows.definition import DefinitionEditor

        self.tabs.show_tab("definition")
        found = self.tabs.content("definition")
        assert isinstance(found, DefinitionEditor)
        return found

    def _on_draft(self) -> None:
        self.header.show_draft(self.draft)
        self.draft_mark.show_draft(self.draft, is_shown=self.tab == "definition")
        self.register_page_handlers()

    def _on_blocked(self) -> None:
        """Nothing has run: where the first error is, and that it is in the way."""
        errors = self.draft.errors
        self._definition().show_first_error()
        told = trn("Nothing ran: the text has {n} error", "Nothing ran: the text has {n} errors", max(1, len(errors)))
        self.context.notifications.toast(told, None, "warning-circle")

    # Actions

    def handlers(self) -> dict[str, Handler]:
        made: dict[str, Handler] = {"refresh": self.refresh, "executions_aside": self.split.toggle_aside}
        if self._workflow is None:
            return made
        made |= self.execution_actions.handlers()
        made |= self.workflow_actions.handlers() | self.run_actions.handlers()
        made["delete"] = self.delete
        if self.tabs.current is not None:
            made |= self.tabs.current.handlers()
        return made

    def disabled(self) -> set[str]:
        disabled = self.execution_actions.disabled() if self._workflow is not None else set()
        if self.width() < WIDE:
            disabled.add("executions_aside")
        disabled.discard("delete")
        disabled |= self.run_actions.disabled(is_written=self.tab == "definition" or self.draft.is_kept)
        if self._version is None:
            disabled.add("export")
        if self._workflow is not None and self._workflow.status is W.ARCHIVED:
            disabled.add("archive")
        return disabled | (self.tabs.current.disabled() if self.tabs.current is not None else set())

    def register_page_handlers(self) -> None:
        super().register_page_handlers()
        if self.isVisible():
            stops = self.context.actions["stop"].isEnabled() and bool(self._action_targets())
            self.header.show_running(stops)

    def _on_deleted(self) -> None:
        self._workflow = self._version = None
        self._show_no_workflow()
        self.register_page_handlers()

    def _show_no_workflow(self) -> None:
        self.centre.show_empty("tree-structure", tr("Choose a workflow"), tr("Its tabs and executions are shown here."))

    def refresh(self) -> None:
        self.reload()
        for each in (self.workflow_list, *self.tabs.contents, self.executions):
            each.invalidate()

    def show_trash(self) -> None:
        """What was deleted, of workflows and executions."""
        from smartspec.gui.pages.workflows.trash_dialog import TrashDialog

        TrashDialog(self.context, self).open()

    def delete(self) -> None:
        """What has the keyboard: executions in their table, rows of the tab, else the selected workflows."""
        tab = self.tabs.current
        if tab is not None and any(each.hasFocus() for each in tab.lists()):
            tab.delete()
        elif self.executions.view.hasFocus():
            self.execution_actions.delete()
        else:
            self.workflow_actions.delete(self.workflow_list.selected())

    def _action_targets(self) -> list[Execution]:
        """The selected executions, else what runs or ran last."""
        chosen = self.executions.view.selected
        if chosen:
            return chosen
        rows = self.executions.view.executions.rows
        running = [each for each in rows[:20] if each.status in ACTIVE]
        return running[:1] or rows[:1]

    # Qt

    def event(self, event: QEvent) -> bool:
        """Del is for the rows of a list: on a task of the graph, or on Run, nobody means the workflow."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            of_tab = self.tabs.current.lists() if self.tabs.current is not None else []
            lists = (self.workflow_list.view, self.executions.view, *of_tab)
            if event.key() == Qt.Key.Key_Delete and not any(each.hasFocus() for each in lists):
                event.accept()
                return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.workflow_list.catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() < WIDE) is not (self.width() < WIDE):
            self._arrange()
            self.register_page_handlers()
        elif self.height() < LOW or event.oldSize().height() < LOW:
            self._arrange()
