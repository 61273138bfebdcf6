"""The tabs of values: what went in and came out, and the settings as they were."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.commands import task_runs
from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution import detail as details
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.json_tree import JsonTree
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.tab_order import read_in_order
from smartspec.messages import tr


class InputsOutputsTab(ExecutionTab):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.inputs = JsonTree(tr("Inputs"), tr("It was given no parameters"))
        self.outputs = JsonTree(tr("Outputs"), tr("No task has put anything out"))
        sides = QSplitter()
        sides.setHandleWidth(1)
        sides.addWidget(self.inputs)
        sides.addWidget(self.outputs)
        read_in_order(sides)
        sides.setSizes([480, 720])
        self.cut = label(tr("Of the outputs the first are shown: there are more than are read at once."), "caption")
        self.cut.setContentsMargins(20, 6, 20, 6)
        self.cut.hide()
        self.setLayout(column(sides, self.cut, spacing=0, fill=sides))
        self.setFocusProxy(self.inputs.view)
        self._detail: Detail | None = None

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        self._detail = detail
        self.inputs.show_value(details.inputs(detail.execution))
        read = partial(task_runs.outputs_of, detail.execution, detail.tasks, detail.round)
        self._context.run(self, read, partial(self._on_outputs, detail))

    def _on_outputs(self, detail: Detail, found: tuple[tuple[TaskExecution, ...], bool]) -> None:
        if detail is self._detail:
            rows, is_cut = found
            self.outputs.show_value(details.outputs(detail.execution, rows))
            self.cut.setVisible(is_cut)


class SnapshotTab(ExecutionTab):
    """Secrets are masked."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.tree = JsonTree(tr("Settings as they were"), tr("It had no settings"))
        self.setLayout(column(self.tree))
        self.setFocusProxy(self.tree.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        settings = detail.execution.config_snapshot or {}
        self.tree.show_value({key: details.masked(value) for key, value in settings.items()})
