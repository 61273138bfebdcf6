"""Run with parameters: a form for them, with what was given the last time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QScrollArea, QVBoxLayout, QWidget

from smartspec.commands import starting
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.forms.schema_form import SchemaForm
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, translate


class RunDialog(QDialog):
    """`started` carries the execution; what does not fit is told below its field, and the dialog stays."""

    started = Signal(object)

    def __init__(self, context: AppContext, workflow: Workflow, version: Version, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._workflow = context, workflow
        self.setWindowTitle(tr("Run {name}", name=workflow.name))
        schema = version.param_schema if isinstance(version.param_schema, dict) else {}
        self.form = SchemaForm(schema)
        last = context.ui_state.get(self._remembered, {})
        self.form.fill(last)
        self.wrong = label("", "error")
        self.wrong.setWordWrap(True)
        self.raw = QCheckBox(tr("As JSON"))
        self.raw.toggled.connect(self._on_raw)
        self.run_button = button(tr("Run"), "primary", "play-fill", self._run)
        self.run_button.setDefault(True)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.form)
        has_fields = bool(schema.get("properties"))
        told = tr("Empty fields take their defaults.") if has_fields else tr("This workflow takes no parameters.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(label(tr("Run {name} v{version}", name=workflow.name, version=version.version), "title"))
        layout.addWidget(label(told, "secondary"))
        layout.addWidget(area, 1)
        layout.addWidget(self.wrong)
        layout.addLayout(row(self.raw, None, button(tr("Cancel"), "ghost", then=self.reject), self.run_button))
        self.raw.setVisible(has_fields)
        self.resize(540, min(560, self.form.sizeHint().height() + 190) if has_fields else 160)

    @property
    def _remembered(self) -> str:
        return f"params.{self._workflow.id}"

    def _on_raw(self, raw: bool) -> None:
        try:
            self.form.show_raw(raw)
        except Invalid as error:
            self.wrong.setText(translate(error.sentence))
            self.raw.setChecked(True)

    def _run(self) -> None:
        try:
            values = self.form.values
        except Invalid as error:
            self._on_start_failed(error)
            return
        queue = partial(
            starting.start_execution, self._workflow.id, values, origin=Origin(Trigger.MANUAL),
            workspace=self._context.workspace,
        )  # fmt: skip
        self.run_button.setEnabled(False)
        self._context.start(self, queue, partial(self._on_dialog_started, values), self._on_start_failed)

    def _on_dialog_started(self, values: JsonObject, execution: Execution) -> None:
        self._context.ui_state.keep(self._remembered, values)
        self.accept()
        self.started.emit(execution)

    def _on_start_failed(self, error: SmartSpecError) -> None:
        self.run_button.setEnabled(True)
        problems = error.problems if isinstance(error, Invalid) else ()
        told = {each.path: translate(each.sentence) for each in problems if each.path}
        self.form.show_problems(told)
        fields = self.form.group.fields
        others = [each.sentence for each in problems if each.path.split(".")[0] not in fields]
        rest = others if problems and not self.form.is_raw else [error.sentence]
        self.wrong.setText("\n".join(map(translate, rest)))
