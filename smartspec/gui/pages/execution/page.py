"""The page of one execution: header, what failed, and the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QTabBar, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import comparing, control, recording
from smartspec.commands.recording import Report
from smartspec.domain.compare.comparison import Comparison
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.reasons import error_in_text, headline
from smartspec.domain.text import one_line
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page, TabSpec
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution import detail
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.header import ExecutionHeader
from smartspec.gui.pages.execution.strips import Cause, Question
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.execution_actions import ExecutionActions
from smartspec.gui.widgets.layout import column, frame, line, restyle, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_stack import TabStack
from smartspec.messages import tr, translate, trn
from smartspec.vocabulary import LIKELIHOOD_WORDS

E = ExecutionStatus


class ExecutionPage(Page):
    topics = frozenset({Topic.EXECUTIONS, Topic.TASKS})

    def __init__(self, context: AppContext, tabs: Sequence[TabSpec[ExecutionTab]]) -> None:
        super().__init__(context)
        self._id = ""
        self._detail: Detail | None = None
        self._round = 0  # the last
        self._is_narrow = False
        self._is_new = False  # it was gone to, and is not shown yet
        self._likely_of = ""  # whose likely cause is shown or looked for
        self.header = ExecutionHeader(context)
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
        self.cause = Cause()
        self.cause.asked.connect(lambda: self.tabs.show_tab("compare"))
        self.question = Question()
        self.question.answered.connect(self._on_answered)
        body = QWidget()
        body.setLayout(column(top, line(), self.cause, self.question, self.tabs, spacing=0, fill=self.tabs))
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
            self._id, self._detail, self._round, self._likely_of = location.key, None, 0, ""
            self._is_new = True
            self.cause.hide()
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

    def panes(self) -> list[QWidget]:
        return [each for each in (self.tabs.current, self.tabs.bar) if each is not None]

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
        rows = found.rows
        self.header.show_detail(found)
        restyle(self.pin, checked=execution.pinned)
        self._tell_cause(execution, rows)
        self._ask_for_confirmation(execution, rows)
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

    # What failed

    def _tell_cause(self, execution: Execution, rows: tuple[TaskExecution, ...]) -> None:
        told = self._detail.telling if self._detail is not None else None
        failed = [each for each in rows if told is not None and each.task == told.task and each.status == told.status]
        if execution.status not in (E.FAILED, E.TIMEOUT, E.INTERRUPTED):
            self.cause.hide()
            return
        first = failed[0] if failed else None
        attempts = sum(
            first is not None and each.task == first.task and each.item_index == first.item_index for each in failed
        )
        what = trn("{task} failed", "{task} failed {n} times", attempts, task=first.task) if first else tr("It failed")
        if execution.status is E.INTERRUPTED:
            what = tr("Its runner ended before it did")
        error = first.error if first and first.error else execution.error
        why = translate(error_in_text(error) if error else headline(execution))
        self.cause.show_cause(f"{what}: {one_line(why, 300)}" if why else what, execution.status.value)
        is_large = self._detail is not None and self._detail.is_large
        if self._likely_of != execution.id and execution.status is not E.INTERRUPTED and not is_large:
            self._likely_of = execution.id
            command = partial(comparing.compare_with_last_good, execution.id, self.context.workspace)
            self.context.run(self, command, self._on_likely, lambda _: self.cause.tell_likely(""), worker="slow")

    def _on_likely(self, found: Comparison) -> None:
        if found.findings:
            first = found.findings[0]
            told = tr(
                "{likelihood}: {sentence}; {why}.",
                likelihood=LIKELIHOOD_WORDS[first.likelihood],
                sentence=first.sentence,
                why=first.why,
            )
            self.cause.tell_likely(told)

    # Answering

    def _ask_for_confirmation(self, execution: Execution, rows: tuple[TaskExecution, ...]) -> None:
        """What waits for a person: a manual task, or the end of what is recorded by hand."""
        waiting = [each for each in rows if each.task_type == "manual" and each.status == "running"]
        if waiting:
            told = (waiting[-1].input or {}).get("manual") if isinstance(waiting[-1].input, dict) else waiting[-1].input
            self.question.ask(waiting[-1].task, str(told or tr("Confirm to continue.")), tr("Confirm"), tr("Reject"))
        elif execution.kind is Kind.EXTERNAL and execution.status is E.RUNNING:
            self.question.ask("", tr("It is recorded by hand: say how it ended."), tr("Finished"), tr("Failed"))
        else:
            self.question.hide()

    def _on_answered(self, task: str, yes: bool) -> None:
        assert self._detail is not None
        id_, workspace = self._detail.execution.id, self.context.workspace
        if task:
            self.context.run(self, partial(control.confirm_task, id_, task, reject=not yes, workspace=workspace))
        else:
            self.context.run(self, partial(recording.end_execution, id_, Report(E.COMPLETED if yes else E.FAILED)))

    # Actions

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
