"""The editors of lists and objects, and the choice of the editor that fits a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain.jsontext import Json
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.forms.fields import UNSET, ChoiceField, Field, LinesField, MomentField, Schema, TextField
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr


class ListField(Field):
    """Values of one kind, a line each."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._items: list[Field] = []
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(4)
        self._add = button(tr("Add"), "", "plus", self._on_add)
        self._add.setAccessibleName(tr("Add to {name}", name=name))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._inner)
        layout.addLayout(row(self._add, None))

    def _on_add(self) -> None:
        self._append()
        self._items[-1].setFocus()
        self.edited.emit()

    def _append(self) -> Field:
        field = make_field(f"{self.name}[{len(self._items)}]", self.schema.get("items") or {})
        field.edited.connect(self.edited)
        line = QWidget()
        line.setLayout(
            row(field, icon_button("minus", tr("Remove {name}", name=field.name), lambda: self._remove(field, line)))
        )
        self._items.append(field)
        self._inner.addWidget(line)
        return field

    def _remove(self, field: Field, line: QWidget) -> None:
        self._items.remove(field)
        line.hide()
        line.deleteLater()
        self.edited.emit()

    @property
    def value(self) -> object:
        values = [each.value for each in self._items]
        values = [each for each in values if each is not UNSET]
        return values or UNSET

    def fill(self, value: Json) -> None:
        for each in value if isinstance(value, list) else []:
            self._append().fill(each)


class GroupField(Field):
    """The properties of an object."""

    def __init__(self, name: str, schema: Schema, *, framed: bool = True) -> None:
        super().__init__(name, schema)
        self.fields: dict[str, Field] = {}
        self._wrong: dict[str, QLabel] = {}
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        required = schema.get("required") or ()
        for key, each in (schema.get("properties") or {}).items():
            field = make_field(key, each if isinstance(each, dict) else {})
            field.edited.connect(self.edited)
            self.fields[key] = field
            told = label(str(each.get("description", "")) if isinstance(each, dict) else "", "caption")
            told.setWordWrap(True)
            told.setVisible(bool(told.text()))
            wrong = label("", "error")
            wrong.setWordWrap(True)
            wrong.hide()
            self._wrong[key] = wrong
            cell = QVBoxLayout()
            cell.setSpacing(3)
            for part in (field, told, wrong):
                cell.addWidget(part)
            title = str(each.get("title", key)) if isinstance(each, dict) else key
            form.addRow(f"{title} *" if key in required else title, cell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if framed:
            box = QGroupBox()
            box.setLayout(form)
            layout.addWidget(box)
        else:
            layout.addLayout(form)

    @property
    def value(self) -> Any:
        values = {key: field.value for key, field in self.fields.items()}
        values = {key: each for key, each in values.items() if each is not UNSET}
        return values or UNSET

    def fill(self, value: Json) -> None:
        for key, each in value.items() if isinstance(value, dict) else ():
            if key in self.fields:
                self.fields[key].fill(each)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """A sentence below each field that does not fit."""
        for key, wrong in self._wrong.items():
            told = "\n".join(text for path, text in sentences.items() if path.split(".")[0] == key)
            wrong.setText(told)
            wrong.setVisible(bool(told))
            field = self.fields[key]
            if isinstance(field, TextField):
                restyle(field.line, invalid=bool(told))


def make_field(name: str, schema: Schema) -> Field:
    """The editor that fits a schema."""
    kind = schema.get("type")
    if "enum" in schema or kind == "boolean":
        return ChoiceField(name, schema)
    if kind == "object" and schema.get("properties"):
        return GroupField(name, schema)
    if kind == "array" and isinstance(schema.get("items"), dict):
        return ListField(name, schema)
    if kind in ("object", "array"):
        return LinesField(name, schema, raw=True)
    if (
        kind == "string"
        and schema.get("format") in ("date", "time", "date-time")
        and "{{" not in str(schema.get("default"))
    ):
        return MomentField(name, schema)
    if kind == "string" and schema.get("maxLength", 0) > 200:
        return LinesField(name, schema, raw=False)
    return TextField(name, schema)
