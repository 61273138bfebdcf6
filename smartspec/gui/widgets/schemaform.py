"""A form made from a JSON Schema, with the raw JSON as its twin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDateTimeEdit,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QPlainTextEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain import params
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui import theme
from smartspec.gui.widgets.controls import Choice, button, icon_button, label, restyle, row
from smartspec.gui.words import tr

Schema = Mapping[str, Any]
_UNSET = object()


class Field(QWidget):
    """The editor of one value; `value` is _UNSET where nothing was entered. Raises Invalid for what is no value."""

    edited = Signal()

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__()
        self.name, self.schema = name, schema
        self.setAccessibleName(name)

    @property
    def value(self) -> Json:
        raise NotImplementedError

    def fill(self, value: Json) -> None:
        raise NotImplementedError


class _Text(Field):
    """A line: texts, numbers, and whatever has no editor of its own (as JSON)."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        if "default" in schema:
            self.line.setPlaceholderText(tr("default: {0}").format(_as_shown(schema["default"])))
        elif schema.get("examples"):
            self.line.setPlaceholderText(_as_shown(schema["examples"][0]))
        layout = row(self.line)
        self.setLayout(layout)
        self.line.textChanged.connect(lambda: self.edited.emit())

    @property
    def value(self) -> Json:
        text = self.line.text()
        if not text:
            return _UNSET
        return params.read_parameter(self.name, text, {"properties": {self.name: self.schema}})

    def fill(self, value: Json) -> None:
        self.line.setText(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


class _Lines(Field):
    """A long text, or JSON on several lines."""

    def __init__(self, name: str, schema: Schema, *, raw: bool) -> None:
        super().__init__(name, schema)
        self._raw = raw
        self.text = QPlainTextEdit()
        self.text.setProperty("kind", "field")
        self.text.setAccessibleName(name)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(84)
        if raw:
            self.text.setFont(theme.font("small", mono=True))
        if "default" in schema:
            self.text.setPlaceholderText(tr("default: {0}").format(_as_shown(schema["default"])))
        self.setLayout(row(self.text))
        self.text.textChanged.connect(lambda: self.edited.emit())

    @property
    def value(self) -> Json:
        text = self.text.toPlainText()
        if not text.strip():
            return _UNSET
        return params.read_parameter(self.name, text, {"properties": {self.name: self.schema}}) if self._raw else text

    def fill(self, value: Json) -> None:
        self.text.setPlainText(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))


class _OneOf(Field):
    """One of a few values; the first line stands for none."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.box = Choice(name)
        default = schema.get("default", _UNSET)
        none = tr("default: {0}").format(_as_shown(default)) if default is not _UNSET else tr("(none)")
        self.box.addItem(none, _UNSET)
        for each in schema.get("enum", [False, True]):
            self.box.addItem(_as_shown(each), each)
        self.setLayout(row(self.box, None))
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())

    @property
    def value(self) -> Json:
        return self.box.currentData()

    def fill(self, value: Json) -> None:
        values = [self.box.itemData(number) for number in range(self.box.count())]
        self.box.setCurrentIndex(values.index(value) if value in values else 0)


class _Moment(Field):
    """A date, a time, or both; the box says whether it is given at all."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._format = schema["format"]
        self.given = QCheckBox(tr("given"))
        self.given.setAccessibleName(tr("{0} is given").format(name))
        kinds = {"date": QDateEdit, "time": QTimeEdit, "date-time": QDateTimeEdit}
        self.edit: QDateTimeEdit = kinds[self._format]()
        self.edit.setAccessibleName(name)
        self.edit.setDateTime(QDateTime.currentDateTime())
        shown = {"date": "yyyy-MM-dd", "time": "HH:mm:ss", "date-time": "yyyy-MM-dd HH:mm:ss"}
        self.edit.setDisplayFormat(shown[self._format])
        self.edit.setCalendarPopup(self._format != "time")
        self.edit.setEnabled(False)
        self.given.toggled.connect(self.edit.setEnabled)
        self.given.toggled.connect(lambda _: self.edited.emit())
        self.edit.dateTimeChanged.connect(lambda _: self.edited.emit())
        self.setLayout(row(self.given, self.edit, None))

    @property
    def value(self) -> Json:
        if not self.given.isChecked():
            return _UNSET
        moment = self.edit.dateTime()
        if self._format == "date":
            return moment.date().toString("yyyy-MM-dd")
        if self._format == "time":
            return moment.time().toString("HH:mm:ss") + "Z"
        return moment.toUTC().toString("yyyy-MM-ddTHH:mm:ss") + "Z"

    def fill(self, value: Json) -> None:
        text = str(value)
        if self._format == "date":
            self.edit.setDate(QDate.fromString(text, "yyyy-MM-dd"))
        elif self._format == "time":
            self.edit.setTime(QTime.fromString(text[:8], "HH:mm:ss"))
        else:
            self.edit.setDateTime(
                QDateTime.fromString(text.replace("Z", "+00:00"), "yyyy-MM-ddTHH:mm:sst").toLocalTime()
            )
        self.given.setChecked(True)


class _List(Field):
    """Values of one kind, a line each."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._items: list[Field] = []
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(4)
        self._add = button(tr("Add"), "", "plus", self._on_add)
        self._add.setAccessibleName(tr("Add to {0}").format(name))
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
            row(field, icon_button("minus", tr("Remove {0}").format(field.name), lambda: self._remove(field, line)))
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
    def value(self) -> Json:
        values = [each.value for each in self._items]
        values = [each for each in values if each is not _UNSET]
        return values or _UNSET

    def fill(self, value: Json) -> None:
        for each in value if isinstance(value, list) else []:
            self._append().fill(each)


class _Group(Field):
    """The properties of an object."""

    def __init__(self, name: str, schema: Schema, *, framed: bool = True) -> None:
        super().__init__(name, schema)
        self.fields: dict[str, Field] = {}
        self._wrong: dict[str, QWidget] = {}
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
    def value(self) -> Json:
        values = {key: field.value for key, field in self.fields.items()}
        values = {key: each for key, each in values.items() if each is not _UNSET}
        return values or _UNSET

    def fill(self, value: Json) -> None:
        for key, each in value.items() if isinstance(value, dict) else ():
            if key in self.fields:
                self.fields[key].fill(each)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """A sentence below each field that does not fit."""
        for key, wrong in self._wrong.items():
            told = "\n".join(text for path, text in sentences.items() if path.split(".")[0] == key)
            wrong.setText(told)  # type: ignore[attr-defined]
            wrong.setVisible(bool(told))
            field = self.fields[key]
            if isinstance(field, _Text):
                restyle(field.line, invalid=bool(told))


def make_field(name: str, schema: Schema) -> Field:
    """The editor that fits a schema."""
    kind = schema.get("type")
    if "enum" in schema or kind == "boolean":
        return _OneOf(name, schema)
    if kind == "object" and schema.get("properties"):
        return _Group(name, schema)
    if kind == "array" and isinstance(schema.get("items"), dict):
        return _List(name, schema)
    if kind in ("object", "array"):
        return _Lines(name, schema, raw=True)
    if (
        kind == "string"
        and schema.get("format") in ("date", "time", "date-time")
        and "{{" not in str(schema.get("default"))
    ):
        return _Moment(name, schema)
    if kind == "string" and schema.get("maxLength", 0) > 200:
        return _Lines(name, schema, raw=False)
    return _Text(name, schema)


class SchemaForm(QWidget):
    """The parameters of a workflow: fields, or raw JSON. `edited` after each change."""

    edited = Signal()

    def __init__(self, schema: Schema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schema = schema
        self.group = _Group("", schema, framed=False)
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
                values = _UNSET
            self.raw.setPlainText(json.dumps({} if values is _UNSET else values, ensure_ascii=False, indent=2))
        else:
            self.group.fill(self.values)
        self.raw.setVisible(raw)
        self.group.setVisible(not raw)

    @property
    def values(self) -> dict[str, Json]:
        """What was entered. Raises Invalid."""
        if not self.is_raw:
            found = self.group.value
            return {} if found is _UNSET else found
        try:
            found = json.loads(self.raw.toPlainText() or "{}")
        except ValueError as error:
            raise Invalid(tr("This is not JSON: {0}.").format(error)) from error
        if not isinstance(found, dict):
            raise Invalid(tr("The parameters are a JSON object."))
        return found

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        self.group.show_problems(sentences)


def _as_shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
