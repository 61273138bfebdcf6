"""The executions of the selected workflow, below its tabs; folded to a strip of the last five."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from smartspec.changes import Topic
from smartspec.commands import executions
from smartspec.domain.execution import Execution
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.pane import Pane
from smartspec.gui.pages.workflows.status_changes import StatusChanges
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import count, duration
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.gui.widgets.table.cells import running_ms
from smartspec.gui.widgets.table.filter_bar import FilterBar
from smartspec.gui.widgets.table.view import ExecutionsView
from smartspec.messages import tr
from smartspec.value import replace

STRIP = 34


class WorkflowExecutions(Pane):
    """`folded` tells whether only the strip is to be seen; `selected` that other rows are."""

    topics = frozenset({Topic.EXECUTIONS})
    folded = Signal(bool)
    selected = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self.is_folded = False
        self._is_counted = False
        self.filters = FilterBar(context, ("after",), shown=4)
        self.filters.changed.connect(lambda text: self._ask_for_executions())
        self.words = search_field(tr("Find in results"), tr("Find in results"))
        self.words.setMaximumWidth(150)
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._ask_for_executions)
        self.words.textChanged.connect(lambda: self._typing.start())
        self._total = label("", "small")
        self.view = ExecutionsView(context, "workflow_executions", hidden=("workflow",))
        self.columns = self.view.columns_button()
        self.fold_button = icon_button("caret-down", tr("Fold the executions"), self.toggle)
        self.view.selection_changed.connect(self.selected)
        self.view.executions.settled.connect(self._on_settled)
        self.view.executions.failed.connect(self._on_read_failed)
        self.states = ContentStates(self.view)
        self.changes = StatusChanges(context, self)
        self._strip = [_Recent(context) for _ in range(5)]
        self._top = frame("surface")
        self._title = label(tr("Executions"), "heading")
        bar = row(self._title, self._total, 4, self.filters, *self._strip, None, self.words, self.columns,
                  self.fold_button, spacing=6, margins=(20, 5, 12, 5))  # fmt: skip
        chips = self.filters.layout()
        if chips is not None:
            chips.setAlignment(Qt.AlignmentFlag.AlignLeft)
        bar.setStretchFactor(self.filters, 100)  # it has the room, and folds its chips where there is little
        self._top.setLayout(bar)
        self.setLayout(column(self._top, line(), self.states, spacing=0, fill=self.states))
        self.fold(False)

    def show_narrow(self, narrow: bool) -> None:
        self.filters.show_statuses(2 if narrow else 4)
        self.view.show_narrow(narrow)

    def show_workflow(self, workflow: Workflow) -> None:
        other = self._workflow is None or workflow.pk != self._workflow.pk
        self._workflow = workflow
        if other:
            self.states.show_loading()
            self._ask_for_executions()

    def toggle(self) -> None:
        self.fold(not self.is_folded)
        self.folded.emit(self.is_folded)

    def fold(self, folded: bool) -> None:
        self.is_folded = folded
        for each in (self.filters, self.words, self.columns, self.states):
            each.setVisible(not folded)
        for recent in self._strip:
            recent.setVisible(folded and recent.execution is not None)
        self.fold_button.setIcon(icons.icon("caret-up" if folded else "caret-down"))
        self.fold_button.setToolTip(tr("Show the executions") if folded else tr("Fold the executions"))
        self.setMaximumHeight(STRIP + 6 if folded else 16_777_215)

    def reload(self) -> None:
        if self._workflow is not None and self.view.executions.is_loaded:
            self.view.executions.reload()
            self._count_executions()

    @property
    def query(self) -> str:
        return f"{self.filters.text} {self.words.text()}".strip()

    def _ask_for_executions(self) -> None:
        """Read the chips and the words, then show what fits."""
        if self._workflow is None:
            return
        workflow = self._workflow
        text = self.query

        def read() -> ExecutionFilter:
            return replace(executions.read_query(text, self.context.workspace), workflow=workflow.pk)

        self._is_counted = False  # once the page is there: it comes first
        self.context.run(self, read, self.view.executions.show, self._on_read_failed)

    def _count_executions(self) -> None:
        if self._workflow is None:
            return
        wanted = ExecutionFilter(workflow=self._workflow.pk)
        self.context.run(
            self, partial(executions.count_executions, wanted, workspace=self.context.workspace),
            lambda total: self._total.setText(count(total)),
        )  # fmt: skip
        self.filters.count(f"wf:{self._workflow.id}")

    def _on_settled(self) -> None:
        found = self.view.executions.rows
        self.changes.look_at(found)
        if not self._is_counted:
            self._is_counted = True
            self._count_executions()
        for number, each in enumerate(self._strip):
            each.show_execution(found[number] if number < len(found) else None)
            each.setVisible(self.is_folded and each.execution is not None)
        if found:
            self.states.show_content()
        elif self.view.executions.is_looking:
            pass
        elif self.query:
            self.states.show_empty(
                "magnifying-glass", tr("No execution fits “{filter}”", filter=self.query), "",
                (tr("Clear filters"), self.clear),
            )  # fmt: skip
        else:
            run = self.context.actions["run"]
            self.states.show_empty(
                "play", tr("It has not run yet"), tr("Every execution is recorded here, wherever it was started."),
                (tr("Run it now"), run.trigger), follows=run,
            )  # fmt: skip
        self.selected.emit()

    def clear(self) -> None:
        self.filters.show_text("")
        self.words.clear()
        self._ask_for_executions()

    def _on_read_failed(self, error: SmartSpecError) -> None:
        self.view.executions.drop()
        self.states.show_error(error, self.clear)


class _Recent(QAbstractButton):
    """One of the last five: status, number, duration."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.execution: Execution | None = None
        self._context = context
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)

    def show_execution(self, execution: Execution | None) -> None:
        self.execution = execution
        if execution is not None:
            self.setAccessibleName(f"{execution.label}, {execution_style(execution).word}")
        self.updateGeometry()
        self.update()

    def _open(self) -> None:
        if self.execution is not None:
            self._context.navigator.go(Location("execution", self.execution.id))

    # Qt

    def sizeHint(self) -> QSize:
        if self.execution is None:
            return QSize(0, 22)
        bold, plain = QFontMetrics(theme.font("body", 600)), QFontMetrics(theme.font())
        words = bold.horizontalAdvance(f"#{self.execution.number}") + plain.horizontalAdvance(
            duration(running_ms(self.execution))
        )
        return QSize(22 + words + 26, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.execution is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = execution_style(self.execution)
        painting.status_icon(painter, QRectF(2, self.height() / 2 - 7, 14, 14), shown.icon, shown.colour)
        name, bold = f"#{self.execution.number}", theme.font("body", 600)
        width = QFontMetrics(bold).horizontalAdvance(name) + 2
        painting.text(painter, QRectF(22, 0, width, self.height()), name, "text", bold)
        rest = QRectF(22 + width + 5, 0, self.width() - width - 26, self.height())
        painting.text(painter, rest, duration(running_ms(self.execution)), "text2", theme.font())
        if self.hasFocus():
            painting.selection(painter, QRectF(self.rect()), selected=False, hovered=False, bar=False, focused=True)
        painter.end()
