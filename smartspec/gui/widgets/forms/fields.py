"""The editors of single values in a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QTimeEdit,
    QWidget,
)

from smartspec.domain import params
from smartspec.domain.jsontext import Json
from smartspec.gui.style import theme
from smartspec.gui.widgets.inputs import Choice
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

Schema = Mapping[str, Any]
UNSET = object()


class Field(QWidget):
    """The editor of one value; `value` is UNSET where nothing was entered. Raises Invalid for what is no value."""

    edited = Signal()

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__()
        self.name, self.schema = name, schema
        self.setAccessibleName(name)

    @property
    def value(self) -> object:
        raise NotImplementedError

    def fill(self, value: Json) -> None:
        raise NotImplementedError


class TextField(Field):
    """A line: texts, numbers, and whatever has no editor of its own (as JSON)."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        if "default" in schema:
            self.line.setPlaceholderText(tr("default: {default}", default=as_shown(schema["default"])))
        elif schema.get("examples"):
            self.line.setPlaceholderText(as_shown(schema["examples"][0]))
        layout = row(self.line)
        self.setLayout(layout)
        self.line.textChanged.connect(lambda: self.edited.emit())

    @property
    def value(self) -> object:
        text = self.line.text()
        if not text:
            return UNSET
        return params.read_parameter(self.name, text, {"properties": {self.name: self.schema}})

    def fill(self, value: Json) -> None:
        self.line.setText(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


class LinesField(Field):
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
            self.text.setPlaceholderText(tr("default: {default}", default=as_shown(schema["default"])))
        self.setLayout(row(self.text))
        self.text.textChanged.connect(lambda: self.edited.emit())

    @property
    def value(self) -> object:
        text = self.text.toPlainText()
        if not text.strip():
            return UNSET
        return params.read_parameter(self.name, text, {"properties": {self.name: self.schema}}) if self._raw else text

    def fill(self, value: Json) -> None:
        self.text.setPlainText(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))


class ChoiceField(Field):
    """One of a few values; the first line stands for none."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.box = Choice(name)
        default = schema.get("default", UNSET)
        none = tr("default: {default}", default=as_shown(default)) if default is not UNSET else tr("(none)")
        self.box.addItem(none, UNSET)
        for each in schema.get("enum", [False, True]):
            self.box.addItem(as_shown(each), each)
        self.setLayout(row(self.box, None))
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())

    @property
    def value(self) -> object:
        return self.box.currentData()

    def fill(self, value: Json) -> None:
        values = [self.box.itemData(number) for number in range(self.box.count())]
        self.box.setCurrentIndex(values.index(value) if value in values else 0)


class MomentField(Field):
    """A date, a time, or both; the box says whether it is given at all."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._format = schema["format"]
        self.given = QCheckBox(tr("given"))
        self.given.setAccessibleName(tr("{name} is given", name=name))
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
    def value(self) -> object:
        if not self.given.isChecked():
            return UNSET
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


def as_shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
