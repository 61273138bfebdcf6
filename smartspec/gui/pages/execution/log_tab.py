"""The tab Log: the log of an attempt, in the whole page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from smartspec.domain.execution import TaskExecution
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.log import LogPane
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.widgets.layout import column


class LogTab(ExecutionTab):
    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.log = LogPane(context)
        self.setLayout(column(self.log))
        self.setFocusProxy(self.log.view)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        self.log.show_rows(detail.execution, [each for each in rows if each.started_at is not None])

    def handlers(self) -> dict[str, Handler]:
        view = self.log.view
        return {
            "find": self.log.find_text, "zoom_in": lambda: view.zoom(1), "zoom_out": lambda: view.zoom(-1),
            "zoom_reset": lambda: view.zoom(0),
        }  # fmt: skip
