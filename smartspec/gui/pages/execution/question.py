"""The strip above the tabs of an execution in which something waits for a person."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from smartspec.commands import control, recording
from smartspec.commands.recording import Report
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Kind
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

E = ExecutionStatus


class TaskQuestion(QWidget):
    """A strip with two answers: to a manual task, or how what is recorded by hand ended."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._id = ""
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._task = ""
        self._words = label("", "heading")
        self._words.setWordWrap(True)
        self.yes = button("", "primary", then=lambda: self._send_answer(yes=True))
        self.no = button("", "danger", then=lambda: self._send_answer(yes=False))
        layout = row(margins=(24, 5, 20, 5))
        layout.addWidget(self._words, 1)
        layout.addWidget(self.no)
        layout.addWidget(self.yes)
        self.setLayout(layout)
        self.hide()

    def show_detail(self, detail: Detail) -> None:
        """Ask where something waits for a person."""
        execution = detail.execution
        self._id = execution.id
        waiting = [row for row in detail.rows if row.task_type == "manual" and row.status == "running"]
        if waiting:
            given = waiting[-1].input
            told = given.get("manual") if isinstance(given, dict) else given
            self._ask(waiting[-1].task, str(told or tr("Confirm to continue.")), tr("Confirm"), tr("Reject"))
        elif execution.kind is Kind.EXTERNAL and execution.status is E.RUNNING:
            self._ask("", tr("It is recorded by hand: say how it ended."), tr("Finished"), tr("Failed"))
        else:
            self.hide()

    def _send_answer(self, *, yes: bool) -> None:
        if self._task:
            command = partial(
                control.confirm_task, self._id, self._task, reject=not yes, workspace=self._context.workspace
            )
            self._context.run(self, command)
        else:
            report = Report(E.COMPLETED if yes else E.FAILED)
            self._context.run(self, partial(recording.end_execution, self._id, report))

    def _ask(self, task: str, words: str, yes: str, no: str) -> None:
        self._task = task
        self._words.setText(f"{task}: {words}" if task else words)
        self.yes.setText(yes)
        self.no.setText(no)
        self.show()
