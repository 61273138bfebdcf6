"""A form made from a JSON Schema, with the raw JSON as its twin."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.style import theme
from smartspec.gui.widgets.forms.compound import GroupField
from smartspec.gui.widgets.forms.fields import UNSET, Schema
from smartspec.messages import _, tr


class SchemaForm(QWidget):
    """The parameters of a workflow: fields, or raw JSON. `edited` after each change."""

    edited = Signal()

    def __init__(self, schema: Schema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = GroupField("", schema, framed=False)
        self.raw = QPlainTextEdit()
        self.raw.setProperty("kind", "field")
        self.raw.setFont(theme.font("small", mono=True))
        self.raw.setAccessibleName(tr("Parameters as JSON"))
        self.raw.setMinimumHeight(160)
        self.raw.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.group)
        layout.addWidget(self.raw)
        layout.addStretch(1)
        self.group.edited.connect(self.edited)
        self.raw.textChanged.connect(lambda: self.edited.emit())

    def fill(self, values: Json) -> None:
        self.group.fill(values)

    @property
    def is_raw(self) -> bool:
        return not self.raw.isHidden()

    def show_raw(self, raw: bool) -> None:
        """From fields to JSON and back; what does not read as JSON stays JSON."""
        if raw == self.is_raw:
            return
        if raw:
            try:
                values = self.group.value
            except Invalid:
                values = UNSET
            self.raw.setPlainText(json.dumps({} if values is UNSET else values, ensure_ascii=False, indent=2))
        else:
            self.group.fill(self.values)
        self.raw.setVisible(raw)
        self.group.setVisible(not raw)

    @property
    def values(self) -> dict[str, Json]:
        """What was entered. Raises Invalid."""
        if not self.is_raw:
            found = self.group.value
            return {} if found is UNSET else found
        try:
            found = json.loads(self.raw.toPlainText() or "{}")
        except ValueError as error:
            raise Invalid(_("This is not JSON: {why}.", why=error)) from error
        if not isinstance(found, dict):
            raise Invalid(_("The parameters are a JSON object."))
        return found

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        self.group.show_problems(sentences)
