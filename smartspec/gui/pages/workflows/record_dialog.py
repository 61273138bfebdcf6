"""Recording by hand: a clock runs while something is done that no program does."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from smartspec.commands import executions, recording
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import duration
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

E = ExecutionStatus


class RecordDialog(QDialog):
    """Begins when it opens. Closed without an answer the execution goes on, and can be ended from its page."""

    def __init__(self, context: AppContext, workflow: Workflow, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._execution: Execution | None = None
        self.setWindowTitle(tr("Record {name}", name=workflow.name))
        self.clock = label(duration(0), "display")
        self.note = QPlainTextEdit()
        self.note.setProperty("kind", "field")
        self.note.setPlaceholderText(tr("What happened (kept as the note, or as the error of what failed)"))
        self.note.setAccessibleName(tr("What happened"))
        self.note.setTabChangesFocus(True)
        self.finish = button(tr("Finished"), "primary", "check", lambda: self._end(E.COMPLETED))
        self.fail = button(tr("Failed"), "danger", then=lambda: self._end(E.FAILED))
        self.stop = button(tr("Stopped"), then=lambda: self._end(E.CANCELLED))
        for each in (self.finish, self.fail, self.stop):
            each.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(label(tr("{name} is recorded while you do it", name=workflow.name), "heading"))
        layout.addWidget(self.clock)
        layout.addWidget(self.note)
        layout.addLayout(row(button(tr("Later"), "ghost", then=self.reject), None, self.stop, self.fail, self.finish))
        self.resize(460, 260)
        self._tick = QTimer(self, interval=500)
        self._tick.timeout.connect(self._on_tick)
        begin = partial(recording.begin_execution, workflow.id, workspace=context.workspace)
        context.run(self, begin, self._on_begun)

    def _on_begun(self, execution: Execution) -> None:
        self._execution = execution
        self._tick.start()
        for each in (self.finish, self.fail, self.stop):
            each.setEnabled(True)

    def _on_tick(self) -> None:
        if self._execution is not None and self._execution.started_at is not None:
            self.clock.setText(duration(times.elapsed_ms(self._execution.started_at, times.now())))

    def _end(self, status: ExecutionStatus) -> None:
        if self._execution is None:
            return
        id_, text = self._execution.id, self.note.toPlainText().strip()
        report = Report(status, error=text if status is E.FAILED and text else None)

        def end() -> None:
            recording.end_execution(id_, report)
            if text and status is not E.FAILED:
                executions.note_execution(id_, text)

        self._context.run(self._context.notifications, end)
        self.accept()

    # Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        super().closeEvent(event)
