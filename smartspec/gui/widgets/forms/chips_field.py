"""A list of short texts or numbers, as chips."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QWidget

from smartspec.domain import params
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.gui.widgets.chips_edit import ChipsEdit
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema, as_shown
from smartspec.gui.widgets.forms.text_field import looks_long
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr

_SHORT = ("string", "integer", "number")


def takes_chips(schema: Schema) -> bool:
    """Whether a list is one of short texts or numbers."""
    items = as_mapping(schema.get("items"))
    return items.get("type") in _SHORT and not looks_long(items)


class ChipsField(Field):
    """Nothing in it is nothing entered: the default then holds. An empty list is given as JSON."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        default = schema.get("default")
        hint = tr("default: {default}", default=", ".join(map(as_shown, default))) if isinstance(default, list) else ""
        self.chips = ChipsEdit(name, hint)
        self._was_empty = False
        self.setFocusProxy(self.chips)
        self.setLayout(row(self.chips))
        self.chips.edited.connect(self._on_edited)
        self.say(tr("Enter adds, Backspace removes the last, a pasted list becomes several"))

    def _on_edited(self) -> None:
        self._was_empty = False
        self.edited.emit()

    @property
    def editor(self) -> QWidget:
        return self.chips.line

    @property
    def value(self) -> object:
        texts = self.chips.texts
        item = {"properties": {self.name: self.schema["items"]}}
        values = [params.read_parameter(self.name, each, item) for each in texts]
        return values or ([] if self._was_empty else UNSET)

    def fill(self, value: Json) -> None:
        values = value if isinstance(value, list) else []
        self.chips.set_texts([each if isinstance(each, str) else json.dumps(each) for each in values])
        self._was_empty = not values
        self.edited.emit()

    def clear(self) -> None:
        self.chips.set_texts([])
        self._was_empty = False

    def show_invalid(self, invalid: bool) -> None:
        restyle(self.chips, invalid=invalid)
