"""On an event: of what, and which."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from smartspec.domain.schedule.events import (
    ApplicationStarted,
    ComputerWoke,
    Event,
    FileEvent,
    NamedEvent,
    WorkflowEnd,
    WorkflowEvent,
    event_expression,
    parse_event,
)
from smartspec.errors import Invalid
from smartspec.gui.pages.schedules.editor.file_fields import FileFields
from smartspec.gui.pages.schedules.editor.reading import WorkflowOption
from smartspec.gui.style import icons
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

_FILE, _WORKFLOW, _STARTED, _WOKE, _NAMED = "file", "workflow", "application", "computer", "event"
_SAY = "smartspec event {name}"
_EXAMPLE = "paper-arrived"


class EventPanel(QWidget):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, str] | None = None  # an expression, and how the choices write it
        self.of = Choice(tr("Event of"))
        for value, icon, word in (
            (_FILE, "folder-open", tr("a file or folder")), (_WORKFLOW, "tree-structure", tr("a workflow")),
            (_STARTED, "play-circle", tr("SmartSpec starts")),
            (_WOKE, "moon", tr("the computer wakes")), (_NAMED, "bell-ringing", tr("a signal by name")),
        ):  # fmt: skip
            self.of.addItem(icons.icon(icon), word, value)
        self.end = Choice(tr("How it ends"))
        for end, word in (
            (WorkflowEnd.COMPLETED, tr("completes")), (WorkflowEnd.FAILED, tr("fails")),
            (WorkflowEnd.RECOVERED, tr("completes after a failure")),
        ):  # fmt: skip
            self.end.addItem(word, end.value)
        self.workflow = Choice(tr("Which workflow"))
        self.workflow.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.workflow.setMinimumContentsLength(10)
        self.workflow.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the signal"))
        self.name.setPlaceholderText(_EXAMPLE)
        self._how = label("", "mono")
        self._how.setProperty("verbatim", True)
        self._how.setWordWrap(True)
        self.files = FileFields()
        first, second = row(self.of, self.workflow, self.name), row(self.end, self._how)
        first.setStretch(1, 1)
        second.setStretch(1, 1)
        self.setLayout(column(first, second, self.files, spacing=8))
        self.setFocusProxy(self.of)
        for each in (self.of, self.end, self.workflow):
            each.activated.connect(lambda _index: self._on_edited())
        self.files.edited.connect(self._on_edited)
        self.name.textEdited.connect(lambda _text: self._on_edited())
        self._show_parts()

    def _on_edited(self) -> None:
        self._show_parts()
        self.edited.emit()

    def show_workflows(self, options: Sequence[WorkflowOption]) -> None:
        """Those whose end can be waited for."""
        chosen = self.workflow.currentData()
        self.workflow.clear()
        for each in options:
            self.workflow.addItem(each.ref, each.ref)
        self.workflow.setCurrentIndex(max(0, self.workflow.findData(chosen)))

    @property
    def expression(self) -> str:
        """Of files as it is typed: the rule says what is wrong with it."""
        if self._shown is not None and self._written == self._shown[1]:
            return self._shown[0]
        return self._written

    @property
    def _written(self) -> str:
        if self.of.currentData() == _FILE:
            return self.files.expression
        return event_expression(self._event)

    @property
    def _event(self) -> Event:
        match self.of.currentData():
            case "workflow":
                return WorkflowEvent(WorkflowEnd(str(self.end.currentData())), str(self.workflow.currentData() or ""))
            case "application":
                return ApplicationStarted()
            case "computer":
                return ComputerWoke()
            case _:
                return NamedEvent(self.name.text().strip())

    def show_expression(self, expression: str) -> None:
        if expression == self.expression:
            return
        with suppress(Invalid):  # of another version of the program: it stays as it is until something is chosen
            self._show_event(parse_event(expression))
        self._show_parts()
        self._shown = (expression, self._written)

    def _show_event(self, event: Event) -> None:
        match event:
            case FileEvent():
                self._choose(_FILE)
                self.files.show_event(event)
            case WorkflowEvent(end, ref):
                self._choose(_WORKFLOW)
                self.end.setCurrentIndex(self.end.findData(end.value))
                if self.workflow.findData(ref) < 0:
                    self.workflow.addItem(ref, ref)
                self.workflow.setCurrentIndex(self.workflow.findData(ref))
            case NamedEvent(name):
                self._choose(_NAMED)
                self.name.setText(name)
            case ApplicationStarted():
                self._choose(_STARTED)
            case ComputerWoke():
                self._choose(_WOKE)

    def _choose(self, value: str) -> None:
        self.of.setCurrentIndex(self.of.findData(value))

    def _show_parts(self) -> None:
        of = self.of.currentData()
        for each in (self.end, self.workflow):
            each.setVisible(of == _WORKFLOW)
        self.files.setVisible(of == _FILE)
        self.name.setVisible(of == _NAMED)
        self._how.setVisible(of == _NAMED)
        self._how.setText(_SAY.format(name=self.name.text().strip() or "NAME"))
