"""What every field of a form is: the editor of one value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.domain import params
from smartspec.domain.jsontext import Json
from smartspec.messages import tr

Schema = Mapping[str, Any]
UNSET = object()


class Field(QWidget):
    """The editor of one value; `value` is UNSET where nothing was entered. Raises Invalid for what is no value.

    `edited` after each change; `noted` when what it says of its value is another: `note`, with the icon and the
    colour before it. `hint` stands beside it: a unit, a range.
    """

    edited = Signal()
    noted = Signal()

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__()
        self.name, self.schema = name, schema
        self.setAccessibleName(name)
        self.note = ""
        self.note_icon = ("", "")
        self.hint = ""

    @property
    def value(self) -> object:
        raise NotImplementedError

    def fill(self, value: Json) -> None:
        """Put a value in, as if it had been entered."""
        raise NotImplementedError

    def clear(self) -> None:
        """Back to nothing entered."""
        raise NotImplementedError

    @property
    def editor(self) -> QWidget:
        """What takes the keyboard."""
        raise NotImplementedError

    def show_invalid(self, invalid: bool) -> None:
        """Draw the edge of what does not fit."""

    def show_optional(self) -> None:
        """Say where nothing stands that nothing has to."""

    def say(self, note: str, icon: str = "", colour: str = "") -> None:
        if (note, (icon, colour)) != (self.note, self.note_icon):
            self.note, self.note_icon = note, (icon, colour)
            self.noted.emit()

    def read(self, text: str) -> Json:
        """What a text means by the declared type. Raises Invalid."""
        return params.read_parameter(self.name, text, {"properties": {self.name: self.schema}})

    def takes(self, text: str) -> bool:
        """Whether it is a template, where the schema lets them stand for values: they are worked out later."""
        return bool(self.schema.get("x-templates")) and "{{" in text

    @property
    def default_hint(self) -> str:
        """The default in words, for the place where a value would be; empty where there is none."""
        if "default" not in self.schema:
            return ""
        return tr("default: {default}", default=as_shown(self.schema["default"]))


def as_shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
