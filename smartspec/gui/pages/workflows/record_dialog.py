"""Recording by hand: what no program does, while one does it or once it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from smartspec.commands import executions, recording
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Execution
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import duration
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, confirm
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.moment_edit import MomentEdit
from smartspec.gui.widgets.segments import Segments
from smartspec.messages import _, tr, translate

E = ExecutionStatus
_NAME_WIDTH = 92


class RecordDialog(Dialog):
    """Nothing runs before Start is pressed, and nothing is left running by Esc."""

    def __init__(self, context: AppContext, workflow: Workflow, parent: QWidget) -> None:
        super().__init__(
            parent, tr("Record {name} by hand", name=workflow.name),
            tr("It stands among the executions, with its times and its outcome."), width=520,
        )  # fmt: skip
        self._context, self._workflow = context, workflow
        self._execution: Execution | None = None
        self.when = Segments(tr("When"), [(tr("While I do it"), "live"), (tr("It is done"), "done")], outlined=True)
        self.clock = label("", "display")
        now = times.now().astimezone().replace(second=0, microsecond=0)
        self.start, self.end = MomentEdit(tr("Start"), "date-time"), MomentEdit(tr("End"), "date-time")
        self.start.set_value((now - timedelta(hours=1)).isoformat())
        self.end.set_value(now.isoformat())
        self._lasted = label("", "small")
        self.outcome = Segments(
            tr("Outcome"), [(tr("Completed"), E.COMPLETED), (tr("Failed"), E.FAILED), (tr("Cancelled"), E.CANCELLED)],
            outlined=True,
        )  # fmt: skip
        self.note = QPlainTextEdit()
        self._lay_out_fields()
        self._add_buttons()
        self._tick = QTimer(self, interval=500)
        self._tick.timeout.connect(self._show_clock)
        self.when.choose("live")
        self.outcome.choose(E.COMPLETED)
        for each in (self.when, self.outcome):
            each.chosen.connect(self._show_fields)
        for moment in (self.start, self.end):
            moment.textChanged.connect(self._check_times)
        self._show_fields()

    def _lay_out_fields(self) -> None:
        self.note.setProperty("kind", "field")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        self._note_name = label("", "secondary")
        self._rows = {
            "when": _named(label(tr("When"), "secondary"), self.when),
            "clock": _named(label(tr("Runs for"), "secondary"), self.clock),
            "start": _named(label(tr("Start"), "secondary"), self.start),
            "end": _named(label(tr("End"), "secondary"), self.end, self._lasted),
            "outcome": _named(label(tr("Outcome"), "secondary"), self.outcome),
            "note": _named(self._note_name, self.note, grows=True),
        }
        self.body.setSpacing(12)
        for each in self._rows.values():
            self.body.addWidget(each)

    def _add_buttons(self) -> None:
        self.keep = button(tr("Keep running"), "ghost", then=self.accept)
        self.keep.setToolTip(tr("It can be ended on its page."))
        self.add_left(self.keep)
        self.cancel = self.add_button(tr("Cancel"), then=self.reject)
        self.go = self.add_button(tr("Start"), "primary", self._on_primary)

    # What is shown

    @property
    def is_live(self) -> bool:
        """Whether it is recorded while it is done."""
        return self.when.value == "live"

    @property
    def is_running(self) -> bool:
        return self._execution is not None

    @property
    def _status(self) -> ExecutionStatus:
        value = self.outcome.value
        return value if isinstance(value, ExecutionStatus) else E.COMPLETED

    def _show_fields(self) -> None:
        ends = self.is_running or not self.is_live
        shown = {"when": not self.is_running, "clock": self.is_running, "start": not self.is_live,
                 "end": not self.is_live, "outcome": ends, "note": ends}  # fmt: skip
        for name, each in self._rows.items():
            each.setVisible(shown[name])
        failed = self._status is E.FAILED
        word = tr("Error") if failed else tr("Note")
        self._note_name.setText(word)
        self.note.setAccessibleName(word)
        self.note.setPlaceholderText(tr("Why it failed") if failed else tr("What happened; found by search"))
        self.keep.setVisible(self.is_running)
        self.go.setText(tr("Finish") if self.is_running else tr("Start") if self.is_live else tr("Record"))
        self._check_times()

    def _check_times(self) -> None:
        wrong = "" if self.is_live else self._wrong_times()
        self._lasted.setText("")
        if not wrong and not self.is_live:
            start, end = self._times()
            self._lasted.setText(tr("took {duration}", duration=duration(times.elapsed_ms(start, end))))
        self.show_problem(wrong)

    def _times(self) -> tuple[datetime, datetime]:
        """Raises Invalid for what is no moment."""
        start, end = self.start.moment, self.end.moment
        if start is None or end is None:
            raise Invalid(_("Give a start and an end."))
        return start, end

    def _wrong_times(self) -> str:
        try:
            return translate(recording.wrong_times(*self._times(), times.now()) or "")
        except Invalid as error:
            return translate(error.sentence)

    def _show_clock(self) -> None:
        if self._execution is not None and self._execution.started_at is not None:
            self.clock.setText(duration(times.elapsed_ms(self._execution.started_at, times.now())))

    # Recording

    def _on_primary(self) -> None:
        if self.is_running:
            self._end(self._status)
        elif self.is_live:
            self._begin()
        else:
            self._record()

    def _begin(self) -> None:
        begin = partial(recording.begin_execution, self._workflow.id, workspace=self._context.workspace)
        self.set_busy(True)
        self._context.run(self, begin, self._on_begun, self.refuse)

    def _on_begun(self, execution: Execution) -> None:
        self._execution = execution
        self.set_busy(False)
        self._tick.start()
        self._show_clock()
        self._show_fields()
        self.note.setFocus()

    def _as_report(self, status: ExecutionStatus) -> tuple[Report, str | None]:
        text = self.note.toPlainText().strip() or None
        return Report(status, error=text if status is E.FAILED else None), None if status is E.FAILED else text

    def _end(self, status: ExecutionStatus) -> None:
        assert self._execution is not None
        self.set_busy(True)
        end = partial(_end_recorded, self._execution.id, *self._as_report(status))
        self._context.run(self, end, self._on_done, self.refuse)

    def _record(self) -> None:
        report, note = self._as_report(self._status)
        record = partial(recording.record_execution, self._workflow.id, *self._times(), report, note,
                         self._context.workspace)  # fmt: skip
        self.set_busy(True)
        self._context.run(self, record, self._on_done, self.refuse)

    def _on_done(self, execution: Execution) -> None:
        self.accept()
        self._context.notifications.toast(tr("Recorded {execution}", execution=execution.label), None, "record")

    # Qt

    def reject(self) -> None:
        """Esc and Cancel leave nothing running: what was begun is ended as cancelled, after a question."""
        if not self.is_running:
            super().reject()
        elif confirm(
            self, tr("End the recording?"), tr("It began, and is kept as cancelled, with what you wrote."),
            tr("End as cancelled"),
        ):  # fmt: skip
            self._end(E.CANCELLED)


def _end_recorded(id_: str, report: Report, note: str | None) -> Execution:
    ended = recording.end_execution(id_, report)
    return executions.note_execution(id_, note) if note else ended


def _named(name: QLabel, *parts: QWidget, grows: bool = False) -> QWidget:
    """A field beside its name."""
    name.setMinimumWidth(_NAME_WIDTH)
    name.setBuddy(parts[0])
    made = QWidget()
    line = row(name, *parts, spacing=12)
    if grows:
        line.setStretch(1, 1)
        line.setAlignment(name, Qt.AlignmentFlag.AlignTop)
    else:
        line.addStretch(1)
    made.setLayout(line)
    return made
