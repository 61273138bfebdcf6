"""The tab Overview: is it well, and what does it do."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from smartspec.changes import Topic
from smartspec.commands import executions, metrics, task_runs, versions, workflows
from smartspec.domain import times
from smartspec.domain.definition import model
from smartspec.domain.engine.states import ACTIVE, FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import VersionNotFound
from smartspec.formatting import DASH
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.style import painting
from smartspec.gui.style.formatting import ago, duration, number
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.graph.drawing import Drawing
from smartspec.gui.widgets.graph.run_drawing import draw
from smartspec.gui.widgets.graph.view import GraphView
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr, trn
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.gui.widgets.log.live import LiveOutput

_LATELY = 45


@frozen
class _Overview:
    """`share` of the last 30 days' executions that completed, from 0 to 1; `shown` is whose statuses the graph has, and
    `latest` the last attempts of its tasks.
    """

    version: Version | None
    drawing: Drawing
    outcomes: tuple[tuple[str, int | None], ...]
    usual: tuple[int | None, int | None]
    share: float | None
    last_success: Execution | None
    shown: Execution | None
    latest: tuple[TaskExecution, ...]


class Overview(WorkflowTab):
    topics = frozenset({Topic.EXECUTIONS, Topic.TASKS, Topic.VERSIONS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._execution: Execution | None = None
        self._found: _Overview | None = None
        self._narrow = False
        self._figures = {name: label(DASH, "figure") for name in ("share", "typical", "p95", "success")}
        self._bars = _Bars()
        self._bars_words = Elided("caption")
        words = {
            "share": tr("Success, 30 days"), "typical": tr("Typical"), "p95": tr("95 % within"),
            "success": tr("Last success"),
        }  # fmt: skip
        figures = frame("surface")
        strip = row(spacing=26, margins=(20, 8, 20, 8))
        for name, word in words.items():
            strip.addLayout(column(label(word, "caption"), self._figures[name], spacing=3))
        strip.addLayout(column(self._bars_words, self._bars, spacing=2), 1)
        figures.setLayout(strip)
        self.graph = GraphView()
        self.graph.opened.connect(self._on_opened)
        self.source = Chip("", "play-circle", checkable=False)
        self.source.setParent(self.graph)
        self.source.move(16, 10)
        self.source.clicked.connect(self._open_shown)
        self._saved = label("", "secondary")
        self.tools.setLayout(row(None, self._saved))
        self._beside = QSplitter()
        self._beside.setHandleWidth(1)
        self._beside.addWidget(self.graph)
        self._beside.setStretchFactor(0, 1)
        self._beside.setChildrenCollapsible(False)
        self.states = ContentStates(self._beside)
        self.setLayout(column(figures, line(), self.states, spacing=0, fill=self.states))

    @cached_property
    def live(self) -> LiveOutput:
        """Made when something runs for the first time."""
        from smartspec.gui.widgets.log.live import LiveOutput

        made = LiveOutput(self.context, self)
        made.opened.connect(self._on_opened)
        self._beside.addWidget(made)
        read_in_order(self._beside)
        self._beside.setSizes([560, 380])
        return made

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        if self._workflow is None or workflow.id != self._workflow.id:
            self._found = None
        self._workflow = workflow
        self.invalidate()

    def show_narrow(self, narrow: bool) -> None:
        """Where there is little room the graph has all of it."""
        self._narrow = narrow
        self.source.setVisible(self._execution is not None and not narrow)

    def handlers(self) -> dict[str, Handler]:
        graph = self.graph
        return {
            "find": graph.find_task,
            "zoom_in": graph.zoom_in,
            "zoom_out": graph.zoom_out,
            "zoom_reset": graph.zoom_reset,
        }

    def reload(self) -> None:
        if self._workflow is None:
            return
        read = partial(_read_overview, self._workflow, self.context.workspace)
        self.context.run(self, read, partial(self._show_overview, self._workflow.id),
                      lambda error: self.states.show_error(error, self.invalidate))  # fmt: skip

    def _show_overview(self, id_: str, found: _Overview) -> None:
        if self._workflow is None or id_ != self._workflow.id:
            return
        self._found = found
        self.show_ages()
        self._figures["share"].setText(f"{found.share * 100:.1f} %" if found.share is not None else DASH)
        self._figures["typical"].setText(duration(found.usual[0]))
        self._figures["p95"].setText(duration(found.usual[1]))
        self._bars.show_outcomes(found.outcomes)
        count = len(found.outcomes)
        told = trn(
            "The last execution: height is duration, colour is outcome",
            "Last {n} executions: height is duration, colour is outcome", count,
        )  # fmt: skip
        self._bars_words.setText(told if count else tr("It has not run yet"))
        self._execution = found.shown
        runs = found.shown is not None and found.shown.status in ACTIVE
        if runs or "live" in self.__dict__:
            self.live.follow(found.shown, found.latest)
        self.source.setVisible(found.shown is not None and not self._narrow)
        if found.shown is not None:
            name = f"#{number(found.shown.number)}"
            self.source.set_word(
                tr("Colours: {name}, which runs", name=name) if runs else tr("Colours: last finished {name}", name=name)
            )
            self.source.adjustSize()
        if not found.drawing.nodes:
            self.states.show_empty(
                "tree-structure", tr("No tasks yet"), tr("They are written down in the tab Definition."),
                (tr("Write the definition"), self._write),
            )  # fmt: skip
        else:
            self.graph.show_drawing(found.drawing)
            self.states.show_content()

    def show_ages(self) -> None:
        if self._found is not None:
            success = self._found.last_success
            self._figures["success"].setText(ago(success.completed_at, times.now()) if success else DASH)
            self._saved.setText(_saved(self._found.version))

    def _write(self) -> None:
        if self._workflow is not None:
            self.context.navigator.go(Location("workflows", self._workflow.id, "definition", "write"))

    def _on_opened(self, task: str) -> None:
        if self._execution is not None:
            self.context.navigator.go(Location("execution", self._execution.id, "timeline", task))
        elif self._workflow is not None:
            self.context.navigator.go(Location("workflows", self._workflow.id, "definition", f"write {task}"))

    def _open_shown(self) -> None:
        if self._execution is not None:
            self.context.navigator.go(Location("execution", self._execution.id))


def _read_overview(workflow: Workflow, workspace: str) -> _Overview:
    try:
        version = versions.latest_version(workflow.id, workspace)
    except VersionNotFound:
        version = None
    shown = _execution_to_show(workflow, workspace)
    usual = metrics.usual_durations([workflow.pk]).get(workflow.pk, (None, None))
    good = ExecutionFilter(workflow=workflow.pk, status=frozenset({ExecutionStatus.COMPLETED}))
    success = executions.list_executions(good, limit=1, workspace=workspace).rows
    drawing, latest = _drawing(version, shown) if version else (Drawing(), ())
    return _Overview(
        version, drawing,
        workflows.recent_outcomes(workflow.id, _LATELY, workspace), usual, _share(workflow, workspace),
        success[0] if success else None, shown, latest,
    )  # fmt: skip


def _drawing(version: Version, shown: Execution | None) -> tuple[Drawing, tuple[TaskExecution, ...]]:
    """With what became of its tasks in an execution, and the last attempt of each."""
    definition = model.read(version.definition)
    if shown is None:
        return draw(definition), ()
    runs = task_runs.list_task_runs(shown, definition, shown.attempt)
    latest = tuple(run.latest for run in runs if run.latest is not None)
    return draw(definition, runs, has_ended=shown.completed_at is not None), latest


def _saved(version: Version | None) -> str:
    """Which version it is, by whom and since when."""
    if version is None:
        return tr("Not saved yet")
    age = ago(version.created_at, times.now())
    if version.created_by:
        return tr("Saved · v{version} by {name}, {age}", version=version.version, name=version.created_by, age=age)
    return tr("Saved · v{version}, {age}", version=version.version, age=age)


def _execution_to_show(workflow: Workflow, workspace: str) -> Execution | None:
    """What runs, else what ended last; of those that have rows of tasks."""
    for statuses in (frozenset({ExecutionStatus.RUNNING}), FINAL):
        wanted = ExecutionFilter(workflow=workflow.pk, status=statuses)
        for each in executions.list_executions(wanted, limit=1, workspace=workspace).rows:
            if each.tasks_total and each.kind == "workflow":
                return each
    return None


def _share(workflow: Workflow, workspace: str) -> float | None:
    month = metrics.workflow_metrics(workflow.id, "day", workspace).buckets
    since = times.midnight(times.now(), 30)
    recent = [each for each in month if each.bucket >= since]
    ended = sum(each.completed + each.failed + each.timeout for each in recent)
    return sum(each.completed for each in recent) / ended if ended else None


class _Bars(QWidget):
    """The last executions, the newest at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._outcomes: tuple[tuple[str, int | None], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)

    def show_outcomes(self, outcomes: tuple[tuple[str, int | None], ...]) -> None:
        self._outcomes = outcomes
        bad = sum(status in ("failed", "timeout", "interrupted") for status, _ in outcomes)
        self.setAccessibleName(
            trn("{bad} of the last execution did not end well", "{bad} of the last {n} executions did not end well",
                len(outcomes), bad=number(bad))
        )  # fmt: skip
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(400, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, gap = 8, 2
        fitting = max(1, self.width() // (width + gap))
        shown = [*reversed(self._outcomes[:fitting])]
        used = len(shown) * (width + gap)
        painting.sparkline(painter, QRectF(0, 1, used, self.height() - 1), shown, width=width, gap=gap)
        painter.end()
