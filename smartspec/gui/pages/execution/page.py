"""The page of one execution: header, what failed, and the tabs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands import comparing, control, recording
from smartspec.commands.recording import Report
from smartspec.domain.compare.comparison import Comparison
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.text import one_line
from smartspec.errors import SmartSpecError
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.execution import detail
from smartspec.gui.pages.execution.compare import CompareTab
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.events import EventsTab
from smartspec.gui.pages.execution.header import ExecutionHeader
from smartspec.gui.pages.execution.log import LogPane
from smartspec.gui.pages.execution.strips import Cause, Question
from smartspec.gui.pages.execution.timeline import Timeline
from smartspec.gui.pages.execution.timeline_model import lines
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.execution_actions import ExecutionActions
from smartspec.gui.widgets.inputs import Tabs
from smartspec.gui.widgets.json_tree import JsonTree
from smartspec.gui.widgets.layout import frame, line, restyle, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn
from smartspec.vocabulary import LIKELIHOOD_WORDS

TABS = ("timeline", "log", "data", "snapshot", "events", "compare")
E = ExecutionStatus


class ExecutionPage(Pane):
    topics = frozenset({Topic.EXECUTIONS, Topic.TASKS})

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._id = ""
        self._detail: Detail | None = None
        self._round = 0
        self._pick = ""  # a task to select once it is there
        self._likely_of = ""  # whose likely cause is shown or looked for
        self.header = ExecutionHeader(context)
        self.header.round_chosen.connect(self._on_round)
        self.header.stepped.connect(self._step)
        self.execution_actions = ExecutionActions(
            context, self, lambda: [self._detail.execution] if self._detail else []
        )
        self.timeline, self.timeline_log, self.log = Timeline(), LogPane(context), LogPane(context)
        self.timeline.chosen.connect(lambda each: self.timeline_log.show_task(each.task, each.attempt, each.item_index))
        self.timeline.activated.connect(lambda _: self.show_tab("log"))
        self.timeline_states = ContentStates(self.timeline)
        self.inputs, self.outputs = JsonTree(tr("Inputs")), JsonTree(tr("Outputs"))
        self.snapshot = JsonTree(tr("Settings as they were"))
        self.events, self.compare = EventsTab(context), CompareTab(context)
        self._lay_out_execution()
        self.tabs.currentChanged.connect(self._on_tab)

    def _lay_out_execution(self) -> None:
        self.tabs = Tabs(tr("Tabs of the execution"))
        self.stack = QStackedWidget()
        upper = QSplitter(Qt.Orientation.Vertical)
        upper.setHandleWidth(1)
        upper.addWidget(self.timeline_states)
        upper.addWidget(self.timeline_log)
        upper.setSizes([340, 220])
        upper.setCollapsible(0, False)
        data = QSplitter()
        data.setHandleWidth(1)
        data.addWidget(self.inputs)
        data.addWidget(self.outputs)
        data.setSizes([480, 720])
        words = (tr("Timeline"), tr("Log"), tr("Inputs && outputs"), tr("Config snapshot"), tr("Events"), tr("Compare"))
        for word, widget in zip(words, (upper, self.log, data, self.snapshot, self.events, self.compare), strict=True):
            self.tabs.addTab(word)
            self.stack.addWidget(widget)
        actions = self.context.actions
        self.pin = icon_button("push-pin", tr("Pin"), actions["pin"].trigger)
        tools = row(
            self.pin, button(tr("Note"), "ghost", "note-pencil", actions["note"].trigger),
            button(tr("Copy as command"), "ghost", "terminal-window", actions["copy_command"].trigger),
            icon_button("export", tr("Export…"), actions["export"].trigger), spacing=2,
        )  # fmt: skip
        top = frame("surface")
        inner = QVBoxLayout(top)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        inner.addWidget(self.header)
        inner.addLayout(row(self.tabs, None, tools, margins=(20, 0, 12, 0)))
        self.cause = Cause()
        self.cause.asked.connect(lambda: self.show_tab("compare"))
        self.question = Question()
        self.question.answered.connect(self._on_answered)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in (top, line(), self.cause, self.question):
            layout.addWidget(each)
        layout.addWidget(self.stack, 1)
        self.states = ContentStates(body)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.states)

    # Where it is

    @property
    def execution(self) -> Execution | None:
        return self._detail.execution if self._detail else None

    @property
    def tab(self) -> str:
        return TABS[self.tabs.currentIndex()]

    def show_location(self, location: Location) -> None:
        """`query` names a task to select, in the tab Compare the id of the other side."""
        if location.key != self._id:
            self._id, self._detail, self._round, self._likely_of = location.key, None, 0, ""
            self.cause.hide()
            self.question.hide()
            self.states.show_loading()
        self._pick = location.query if location.tab != "compare" else ""
        if location.tab:
            self.show_tab(location.tab)
        self._stale = False
        self.reload()
        if location.tab == "compare" and location.query:
            self.compare.compare_with(location.query)

    def show_tab(self, name: str) -> None:
        self.tabs.setCurrentIndex(TABS.index(name))

    def show_narrow(self, narrow: bool) -> None:
        self.cause.show_narrow(narrow)

    def panes(self) -> list[QWidget]:
        return [each for each in (self.tabs, self.stack.currentWidget()) if each is not None]

    def is_about_this(self, change_set: ChangeSet) -> bool:
        if self._detail is None:
            return True
        changed = change_set.ids_of(Topic.EXECUTIONS) | change_set.ids_of(Topic.TASKS)
        return self._detail.execution.pk in changed

    def reload(self) -> None:
        if self._id:
            self.context.run(
                self, partial(detail.read, self._id, self.context.workspace), self._show_detail, self._on_detail_failed
            )

    def _on_detail_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.reload)
        self._register_page_handlers()

    def _show_detail(self, found: Detail) -> None:
        if not found.execution.id.startswith(self._id):
            return
        self._id = found.execution.id
        self._detail = found
        execution = found.execution
        self._round = min(self._round or execution.attempt, execution.attempt)
        rows = tuple(each for each in found.rows if each.round <= self._round)
        self.header.show_execution(execution, rows, self._round, found.workflow)
        self.timeline.show_execution(execution, lines(rows, found.usual))
        if rows:
            self.timeline_states.show_content()
        elif execution.kind is Kind.EXTERNAL or not execution.tasks_total:
            self.timeline_states.show_empty(
                "clock-counter-clockwise", tr("It ran outside of SmartSpec"),
                tr("Only its result was recorded, no tasks."),
            )  # fmt: skip
        else:
            self.timeline_states.show_empty(
                "hourglass", tr("No task has begun"), tr("It waits for a runner, or was ended before.")
            )
        for pane in (self.timeline_log, self.log):
            pane.show_rows(execution, [each for each in rows if each.started_at is not None])
        self.inputs.show_value(detail.inputs(execution))
        self.outputs.show_value(detail.outputs(execution, rows))
        self.snapshot.show_value(
            {key: detail.masked(value) for key, value in (execution.config_snapshot or {}).items()}
        )
        self.events.show_execution(execution, found.rows)
        if self.tab == "compare":
            self.compare.show_execution(execution)
        restyle(self.pin, checked=execution.pinned)
        self._tell_cause(execution, rows)
        self._ask_for_confirmation(execution, rows)
        self.states.show_content()
        if self._pick:
            self.timeline.pick(self._pick)
            self._pick = ""
        self._register_page_handlers()

    def _on_round(self, round_: int) -> None:
        self._round = round_
        if self._detail is not None:
            self._show_detail(self._detail)

    def _on_tab(self) -> None:
        self.stack.setCurrentIndex(self.tabs.currentIndex())
        if self._detail is not None and self.tab == "compare":
            self.compare.show_execution(self._detail.execution)
        if self._id:
            self.context.navigator.replace(Location("execution", self._id, self.tab))
        self._register_page_handlers()

    # What failed

    def _tell_cause(self, execution: Execution, rows: tuple[TaskExecution, ...]) -> None:
        failed = [each for each in rows if each.status in ("failed", "timeout") and not each.tolerated]
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
        why = (first.error if first and first.error else execution.error) or execution.status_reason or ""
        self.cause.tell(f"{what}: {one_line(why, 300)}" if why else what, execution.status.value)
        if self._likely_of != execution.id and execution.status is not E.INTERRUPTED:
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
        zooms = self.timeline if self.tab == "timeline" else None
        made: dict[str, Handler] = {**self.execution_actions.handlers(), "refresh": self.reload, "export": self.export}
        made["compare"] = lambda: self.show_tab("compare")
        if self.tab in ("timeline", "log"):
            pane = self.log if self.tab == "log" else self.timeline_log
            made["find"] = pane.find_text
            made |= {"zoom_in": lambda: pane.view.zoom(1), "zoom_out": lambda: pane.view.zoom(-1),
                     "zoom_reset": lambda: pane.view.zoom(0)}  # fmt: skip
        if zooms is not None:
            made |= {"zoom_in": lambda: zooms.zoom(1.5), "zoom_out": lambda: zooms.zoom(1 / 1.5),
                     "zoom_reset": zooms.zoom_reset}  # fmt: skip
        return made

    def _register_page_handlers(self) -> None:
        if self.isVisible():
            disabled = (
                self.execution_actions.disabled() if self._detail is not None else {*self.execution_actions.handlers()}
            )
            self.context.actions.register_handlers("page", self.handlers(), disabled)
            self.header.show_verbs(disabled)

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
