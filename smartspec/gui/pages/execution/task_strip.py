"""Below the graph in a narrow window: the chosen task in one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain import times
from smartspec.domain.execution import TaskExecution
from smartspec.domain.reasons import error_in_text
from smartspec.domain.task_run import TaskRun
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.task_facts import facts_of
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.messages import tr, translate


class TaskStrip(QWidget):
    """What the inspector says first, and the way to run again from it."""

    rerun_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon, self.name, self._told = Icon(size=16), label("", "heading"), Elided("secondary")
        self.rerun = button(tr("Re-run from here…"), "", "arrow-clockwise", self.rerun_asked.emit)
        inner = frame("pane")
        inside = row(self._icon, self.name, self._told, self.rerun, margins=(14, 5, 12, 5))
        inside.setStretchFactor(self._told, 1)
        inner.setLayout(inside)
        self.setLayout(column(line(), inner, spacing=0))
        self.setMinimumHeight(41)

    def show_task(self, detail: Detail, run: TaskRun, rows: Sequence[TaskExecution]) -> None:
        shown = status_style(run.status) if run.status else None
        self._show(run.task, shown.icon if shown else "circle-dashed", shown.colour if shown else "text2")
        took = run.duration_ms(times.now())
        error = next((row.error for row in reversed(rows) if row.error and row.status == run.status), None)
        parts = (
            facts_of(detail, run, shown.word if shown else tr("Not run")), duration(took) if took is not None else "",
            translate(error_in_text(error)) if error else "",
        )  # fmt: skip
        self._told.setText(" · ".join(filter(None, parts)))

    def show_unbegun(self, task: str) -> None:
        self._show(task, "circle-dashed", "text2")
        self._told.setText(tr("Not run"))

    def _show(self, task: str, icon: str, colour: str) -> None:
        self._icon.show_icon(icon, colour)
        self.name.setText(task.removeprefix("handlers."))

    def show_rerun(self, can: bool) -> None:
        self.rerun.setVisible(can)
