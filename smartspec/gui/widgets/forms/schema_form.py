"""A form made from a JSON Schema, with the raw JSON as its twin."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from smartspec.domain.jsontext import Json, load
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import theme
from smartspec.gui.widgets.forms.field import Schema
from smartspec.gui.widgets.forms.field_row import LEFT
from smartspec.gui.widgets.forms.group import FieldGroup
from smartspec.gui.widgets.layout import row
from smartspec.messages import _, tr, translate


class SchemaForm(QWidget):
    """The parameters of a workflow: fields, or raw JSON; two views of one value. `edited` after each change."""

    edited = Signal()

    def __init__(
        self, schema: Schema, context: AppContext | None = None, folder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.schema = schema
        self.group = FieldGroup(schema, context, folder)
        self._others: dict[str, Json] = {}  # what has no field
        self.raw = QPlainTextEdit()
        self.raw.setProperty("kind", "field")
        self.raw.setFont(theme.font("small", mono=True))
        self.raw.setAccessibleName(tr("Parameters as JSON"))
        self.raw.setTabChangesFocus(True)
        self.raw.setMinimumHeight(300)
        self.raw.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.group)
        layout.addLayout(row(self.raw, margins=(LEFT, 0, 0, 0)))
        self.group.edited.connect(self.edited)
        self.raw.textChanged.connect(lambda: self.edited.emit())

    def fill(self, values: Mapping[str, Json]) -> None:
        """These and nothing else, whichever view is shown."""
        self._others = {key: each for key, each in values.items() if key not in self.group.names}
        self.group.fill(values)
        if self.is_raw:
            self.raw.setPlainText(_written(values))

    @property
    def is_raw(self) -> bool:
        return not self.raw.isHidden()

    def show_raw(self, raw: bool) -> None:
        """From fields to JSON and back. Raises Invalid for what does not read as JSON: it stays JSON."""
        if raw == self.is_raw:
            return
        if raw:
            values, _wrong = self.group.readable()
            self.raw.setPlainText(_written({**values, **self._others}))
        else:
            self.fill_fields(self.values)
        self.raw.setVisible(raw)
        self.group.setVisible(not raw)

    def fill_fields(self, values: Mapping[str, Json]) -> None:
        self._others = {key: each for key, each in values.items() if key not in self.group.names}
        self.group.fill(values)

    @property
    def values(self) -> dict[str, Json]:
        """What was entered. Raises Invalid."""
        if not self.is_raw:
            return {**self.group.values, **self._others}
        found = load(self.raw.toPlainText() or "{}")
        if not isinstance(found, dict):
            raise Invalid(_("The parameters are a JSON object."))
        return found

    def readable(self) -> tuple[dict[str, Json], dict[str, str]]:
        """What was entered as far as it can be read, and of each field that cannot, why; of JSON the field is ""."""
        if not self.is_raw:
            values, wrong = self.group.readable()
            return {**values, **self._others}, wrong
        try:
            return self.values, {}
        except Invalid as error:
            return {}, {"": translate(error.sentence)}

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        self.group.show_problems(sentences)


def _written(values: Mapping[str, Json]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)
