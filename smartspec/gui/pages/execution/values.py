"""The tabs of values: what went in and came out, and the settings as they were."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSplitter

from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution import detail as details
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.json_tree import JsonTree
from smartspec.gui.widgets.layout import column
from smartspec.messages import tr


class InputsOutputsTab(ExecutionTab):
    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.inputs, self.outputs = JsonTree(tr("Inputs")), JsonTree(tr("Outputs"))
        sides = QSplitter()
        sides.setHandleWidth(1)
        sides.addWidget(self.inputs)
        sides.addWidget(self.outputs)
        sides.setSizes([480, 720])
        self.setLayout(column(sides))
        self.setFocusProxy(self.inputs.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        self.inputs.show_value(details.inputs(detail.execution))
        self.outputs.show_value(details.outputs(detail.execution, tuple(rows)))


class SnapshotTab(ExecutionTab):
    """Secrets are masked."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.tree = JsonTree(tr("Settings as they were"))
        self.setLayout(column(self.tree))
        self.setFocusProxy(self.tree.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        settings = detail.execution.config_snapshot or {}
        self.tree.show_value({key: details.masked(value) for key, value in settings.items()})
