"""The page of one execution: header, what failed, and the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QTabBar, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page, TabSpec
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution import detail
from smartspec.gui.pages.execution.cause import Cause
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.header import ExecutionHeader
from smartspec.gui.pages.execution.question import TaskQuestion
from smartspec.gui.pages.execution.replay_verdict import VerdictStrip
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.execution_actions import ExecutionActions
from smartspec.gui.widgets.layout import column, frame, line, restyle, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_stack import TabStack
from smartspec.messages import tr

E = ExecutionStatus
_SHORT = 760  # of a page, in which the tabs have short titles


class ExecutionPage(Page):
    topics = frozenset({Topic.EXECUTIONS, Topic.TASKS})

    def __init__(self, context: AppContext, tabs: Sequence[TabSpec[ExecutionTab]], parent: QWidget) -> None:
        super().__init__(context, parent)
        self._id = ""
        self._detail: Detail | None = None
        self._round = 0  # the last
        self._is_narrow = False
        self._is_new = False  # it was gone to, and is not shown yet
        self.cause, self.question, self.verdict = Cause(context), TaskQuestion(context), VerdictStrip(context)
        self.header = ExecutionHeader(context, self.verdict.chip)
        self.header.round_chosen.connect(self._on_round)
        self.header.stepped.connect(self._step)
        self.execution_actions = ExecutionActions(
            context, self, lambda: [self._detail.execution] if self._detail else []
        )
        self.tabs = TabStack(context, tr("Tabs of the execution"), tabs)
        self.tabs.made.connect(self._on_tab_made)
        self.tabs.chosen.connect(self._on_tab)
        self._lay_out_execution()

    def _lay_out_execution(self) -> None:
        actions = self.context.actions
        self.pin = icon_button("push-pin", tr("Pin"), actions["pin"].trigger)
        self._tools = QWidget()
        tools = row(
            self.pin, button(tr("Note"), "ghost", "note-pencil", actions["note"].trigger),
            button(tr("Copy as command"), "ghost", "terminal-window", actions["copy_command"].trigger),
            icon_button("export", tr("Export…"), actions["export"].trigger), spacing=2,
        )  # fmt: skip
        self._tools.setLayout(tools)
        top = frame("surface")
        top.setLayout(column(self.header, row(self.tabs.bar, None, self._tools, margins=(20, 0, 12, 0)), spacing=2))
        self.cause.asked.connect(lambda: self.tabs.show_tab("compare"))
        self.verdict.asked.connect(self._compare_with)
        body = QWidget()
        body.setLayout(
            column(top, line(), self.cause, self.verdict, self.question, self.tabs, spacing=0, fill=self.tabs)
        )
        self.states = ContentStates(body)
        self.setLayout(column(self.states))

    # Where it is

    @property
    def execution(self) -> Execution | None:
        return self._detail.execution if self._detail else None

    @property
    def tab(self) -> str:
        """The name of the chosen one."""
        return self.tabs.name

    def tab_bar(self) -> QTabBar:
        return self.tabs.bar

    def show_location(self, location: Location) -> None:
        """What `query` names is the tab's own matter."""
        if location.key != self._id:
            self._id, self._detail, self._round = location.key, None, 0
            self._is_new = True
            self.cause.forget()
            self.verdict.forget()
            self.question.hide()
            self.states.show_loading()
        if location.tab:
            self.tabs.show_tab(location.tab)
        self._stale = False
        if self._id:
            self.reload()
        else:
            self._show_none()
        self.tabs.content(self.tab).show_query(location.query)

    def _show_none(self) -> None:
        """As in a picture of a workspace without executions."""
        self.states.show_empty("clock-counter-clockwise", tr("Nothing has run yet"))
        self.register_page_handlers()

    def show_narrow(self, narrow: bool) -> None:
        self.cause.show_narrow(narrow)
        self._is_narrow = narrow
        for each in self.tabs.contents:
            each.show_narrow(narrow)
        self._tools.setVisible(not narrow)  # they stand in the menu More as well

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorter titles, where the tabs would be cut."""
        super().resizeEvent(event)
        is_short = self.width() < _SHORT
        self.tabs.set_title("data", tr("Data") if is_short else tr("Inputs && outputs"))
        self.tabs.set_title("snapshot", tr("Config") if is_short else tr("Config snapshot"))

    def panes(self) -> list[QWidget]:
        return [each for each in (self.tabs.current, self.tabs.bar) if each is not None]

    def parts(self) -> list[QWidget]:
        strips = (self.cause, self.verdict, self.question)
        return [self.header, self.tabs.bar, self._tools, *strips, self.tabs]

    def is_about_this(self, change_set: ChangeSet) -> bool:
        if self._detail is None:
            return True
        changed = change_set.ids_of(Topic.EXECUTIONS) | change_set.ids_of(Topic.TASKS)
        return self._detail.execution.pk in changed

    def reload(self) -> None:
        if self._id:
            read = partial(detail.read, self._id, self.context.workspace, self._round)
            self.context.run(self, read, self._show_detail, self._on_detail_failed)

    def _on_detail_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.reload)
        self.register_page_handlers()

    def _show_detail(self, found: Detail) -> None:
        if not self._id or not found.execution.id.startswith(self._id) or self._round not in (0, found.round):
            return  # an answer to an older question
        self._id = found.execution.id
        self._detail = found
        execution = found.execution
        self.header.show_detail(found)
        restyle(self.pin, checked=execution.pinned)
        for strip in (self.cause, self.verdict, self.question):
            strip.show_detail(found)
        self.states.show_content()
        self._fill_tab()
        self.register_page_handlers()
        if self._is_new and self.isVisible():
            self._is_new = False
            self.panes()[0].setFocus()  # until now there was nothing that could have it

    def _on_round(self, round_: int) -> None:
        is_last = self._detail is not None and round_ == self._detail.execution.attempt
        self._round = 0 if is_last else round_
        self.reload()

    def _on_tab_made(self, tab: ExecutionTab) -> None:
        tab.tab_asked.connect(self.tabs.show_tab)
        tab.round_asked.connect(self._on_round)
        tab.changed.connect(self.register_page_handlers)
        tab.show_narrow(self._is_narrow)

    def _fill_tab(self) -> None:
        """Only the one that is shown."""
        if self._detail is not None:
            self.tabs.content(self.tab).show_detail(self._detail, self._detail.rows)

    def _on_tab(self) -> None:
        self._fill_tab()
        if self._id:
            self.context.navigator.replace(Location("execution", self._id, self.tab))
        self.register_page_handlers()

    # Actions

    def _compare_with(self, other: str) -> None:
        self.context.navigator.go(Location("execution", self._id, "compare", other))

    def _step(self, by: int) -> None:
        """To the execution of the same workflow before or after this one."""
        if self._detail is None:
            return
        execution, workspace = self._detail.execution, self.context.workspace
        self.context.run(self, partial(detail.neighbour, execution, by, workspace), self._on_neighbour)

    def _on_neighbour(self, id_: str) -> None:
        if id_:
            self.context.navigator.go(Location("execution", id_, self.tab))

    def handlers(self) -> dict[str, Handler]:
        made: dict[str, Handler] = {**self.execution_actions.handlers(), "refresh": self.reload}
        if self._detail is None:
            return made
        made |= {"rerun_from": self.rerun_from, "export": self.export, "compare": lambda: self.tabs.show_tab("compare")}
        return made | (self.tabs.current.handlers() if self.tabs.current is not None else {})

    def disabled(self) -> set[str]:
        if self._detail is None:
            return {*self.execution_actions.handlers()}
        return self.execution_actions.disabled() | (set() if self._can_rerun_from() else {"rerun_from"})

    def _can_rerun_from(self) -> bool:
        """From the chosen task; of what has ended, as it stands now."""
        tab, shown = self.tabs.current, self._detail
        if tab is None or shown is None or shown.definition is None or tab.chosen_task not in shown.definition.tasks:
            return False
        execution = shown.execution
        is_last = shown.round == execution.attempt and execution.deleted_at is None
        return execution.status in FINAL and execution.kind is Kind.WORKFLOW and is_last

    def rerun_from(self) -> None:
        """Says what will be decided anew and what is kept, before it does it."""
        from smartspec.gui.pages.execution.rerun_dialog import ask_to_rerun

        tab = self.tabs.current
        if self._detail is not None and tab is not None:
            ask_to_rerun(self.context, self, self._detail.execution.id, tab.chosen_task)

    def register_page_handlers(self) -> None:
        super().register_page_handlers()
        if self.tabs.current is not None:
            self.tabs.current.show_rerun(self._can_rerun_from())
        if self.isVisible():
            self.header.show_verbs(self.disabled())

    def export(self) -> None:
        """Everything that is recorded of it, as JSON."""
        if self._detail is None:
            return
        name = f"{self._detail.execution.workflow_name}-{self._detail.execution.number}.json"
        path, _ = QFileDialog.getSaveFileName(self, tr("Export"), name.replace("/", "-"))
        if path:
            written = tr("Wrote {path}", path=path)
            command = partial(detail.export, self._detail, Path(path))
            self.context.run(self, command, lambda _: self.context.notifications.toast(written, None, "export"))
