"""The tab Schedules: when this workflow starts by itself, how that went, and when it is due next."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.changes import Topic
from smartspec.commands import schedule_summaries
from smartspec.domain import times
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.schedules.actions import ScheduleActions
from smartspec.gui.widgets.schedules.detail import ScheduleDetail
from smartspec.gui.widgets.schedules.schedule_list import OF_A_WORKFLOW, ScheduleList
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr


class WorkflowSchedules(WorkflowTab):
    """Enter edits the chosen schedule, Space switches it on or off."""

    topics = frozenset({Topic.SCHEDULES, Topic.EXECUTIONS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self.actions_ = ScheduleActions(context, self)
        self.list, self.detail = ScheduleList(OF_A_WORKFLOW), ScheduleDetail(context, self.actions_)
        self.list.chosen.connect(self.detail.show_schedule)
        self.list.switched.connect(self.actions_.switch)
        self.list.row_opened.connect(lambda _row: self.detail.edit())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.new_button = button(tr("New schedule"), "", "plus", self._new)
        self.tools.setLayout(row(self.new_button))
        self.split = QSplitter(Qt.Orientation.Vertical)
        for each in (self.list, self.detail):
            self.split.addWidget(each)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([112, 240])
        self.states = ContentStates(self.split)
        self.setLayout(column(self.states))
        self.setFocusProxy(self.list)

    def show_narrow(self, narrow: bool) -> None:
        self.detail.show_narrow(narrow)

    # Reading

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        if self._workflow is None or self._workflow.id != workflow.id:
            self.states.show_loading()
        self._workflow = workflow
        self.invalidate()

    def show_ages(self) -> None:
        """How long until each is due."""
        self.reload()

    def reload(self) -> None:
        if self._workflow is not None:
            id_ = self._workflow.id
            read = partial(schedule_summaries.list_workflow_schedules, id_, self.context.workspace)
            self.context.run(self, read, partial(self._show_schedules, id_), self._on_failed, worker="slow")

    def _show_schedules(self, workflow_id: str, found: tuple[ScheduleSummary, ...]) -> None:
        if self._workflow is None or workflow_id != self._workflow.id:
            return  # another one is shown by now
        if found:
            self.states.show_content()
            self.list.show_schedules(found, times.now())
        else:
            told = tr("A schedule starts it at times, in steps, once, or by an event.")
            new = (tr("New schedule"), self._new)
            self.states.show_empty("calendar-blank", tr("Nothing starts it by itself yet"), told, new)

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.invalidate)

    # What can be done

    def _new(self) -> None:
        if self._workflow is not None:
            self.actions_.new_of(self._workflow)

    def lists(self) -> list[QWidget]:
        return [self.list]

    def delete(self) -> None:
        if (chosen := self.list.current) is not None:
            self.actions_.delete(chosen.schedule)

    def _on_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid() and (chosen := self.list.current) is not None:
            self.actions_.menu(self.list, chosen).popup(self.list.viewport().mapToGlobal(at))
