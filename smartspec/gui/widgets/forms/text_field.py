"""A line of text, and several of them."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from smartspec.domain.jsontext import Json, load
from smartspec.errors import Invalid
from smartspec.gui.style import theme
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema, as_shown
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr, trn


class TextField(Field):
    """A line: texts, and whatever has no editor of its own (as JSON)."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        examples = schema.get("examples")
        self.line.setPlaceholderText(self.default_hint or (as_shown(examples[0]) if examples else ""))
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(lambda: self.edited.emit())
        self.lay_out()

    def lay_out(self) -> None:
        self.setLayout(row(self.line))

    @property
    def editor(self) -> QWidget:
        return self.line

    @property
    def value(self) -> object:
        text = self.line.text()
        if self.takes(text):
            return text
        return self.read(text) if text else UNSET

    def fill(self, value: Json) -> None:
        self.line.setText(as_shown(value))

    def clear(self) -> None:
        self.line.clear()

    def show_optional(self) -> None:
        if not self.line.placeholderText():
            self.line.setPlaceholderText(tr("optional"))

    def show_invalid(self, invalid: bool) -> None:
        restyle(self.line, invalid=invalid)


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
        self.text.setPlaceholderText(self.default_hint)
        self.setFocusProxy(self.text)
        self.setLayout(row(self.text))
        self.text.textChanged.connect(self._on_text)

    def _on_text(self) -> None:
        if self._raw:
            self.say(_entries(self.text.toPlainText()))
        self.edited.emit()

    @property
    def editor(self) -> QWidget:
        return self.text

    @property
    def value(self) -> object:
        text = self.text.toPlainText()
        if not text.strip():
            return UNSET
        if self.takes(text) and self._raw and text.lstrip().startswith("{{"):
            return text.strip()
        return self._read_json(text) if self._raw else text

    def _read_json(self, text: str) -> Json:
        if not self.schema.get("type"):
            return load(text, f"“{self.name}”")
        try:
            return self.read(text)
        except Invalid:
            load(text, f"“{self.name}”")  # where it is no JSON at all, it is said at which place
            raise

    def fill(self, value: Json) -> None:
        self.text.setPlainText(
            value if isinstance(value, str) and not self._raw else json.dumps(value, ensure_ascii=False, indent=2)
        )

    def clear(self) -> None:
        self.text.clear()

    def show_optional(self) -> None:
        if not self.text.placeholderText():
            self.text.setPlaceholderText(tr("optional"))

    def show_invalid(self, invalid: bool) -> None:
        restyle(self.text, invalid=invalid)


def _entries(text: str) -> str:
    """How much a JSON text holds; empty where it is none."""
    try:
        value = load(text, "") if text.strip() else None
    except Invalid:
        return ""
    return trn("{n} entry", "{n} entries", len(value)) if isinstance(value, list | dict) else ""


def looks_long(schema: Schema) -> bool:
    """Whether a text of this schema is likely to be more than a line."""
    return int(schema.get("maxLength", 0)) > 200
