"""The properties of an object, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema
from smartspec.gui.widgets.forms.field_row import FieldRow
from smartspec.gui.widgets.forms.making import make_field
from smartspec.messages import translate


class FieldGroup(QWidget):
    """`edited` after each change of a field. `values` are those that were entered; Raises Invalid for the first that
    is none."""

    edited = Signal()

    def __init__(self, schema: Schema, context: AppContext | None = None, folder: str = "") -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        self._filled: dict[str, object] = {}
        required = schema.get("required") or ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for key, each in (schema.get("properties") or {}).items():
            field = make_field(key, each if isinstance(each, dict) else {}, context, folder)
            field.edited.connect(self._on_edited)
            self.rows[key] = FieldRow(field, required=key in required)
            layout.addWidget(self.rows[key])

    @property
    def fields(self) -> dict[str, Field]:
        return {key: each.field for key, each in self.rows.items()}

    def _on_edited(self) -> None:
        self._show_changed()
        self.edited.emit()

    @property
    def values(self) -> dict[str, Json]:
        found = {key: each.field.value for key, each in self.rows.items()}
        return {key: value for key, value in found.items() if value is not UNSET}  # type: ignore[misc]

    def readable(self) -> tuple[dict[str, Json], dict[str, str]]:
        """The values that can be read, and of each other one why it cannot."""
        values: dict[str, Json] = {}
        wrong: dict[str, str] = {}
        for key, each in self.rows.items():
            try:
                value = each.field.value
            except Invalid as error:
                wrong[key] = translate(error.sentence)
            else:
                if value is not UNSET:
                    values[key] = value  # type: ignore[assignment]
        return values, wrong

    def fill(self, values: Mapping[str, Json]) -> None:
        """These and nothing else: what is not among them is cleared."""
        for key, each in self.rows.items():
            if key in values:
                each.field.fill(values[key])
            else:
                each.field.clear()

    def settle(self) -> None:
        """What stands there now is what was filled in: changes count from it."""
        self._filled = self._snapshot()
        self._show_changed()

    def _snapshot(self) -> dict[str, object]:
        values, wrong = self.readable()
        return {**values, **dict.fromkeys(wrong)}

    def _show_changed(self) -> None:
        values, wrong = self.readable()
        for key, each in self.rows.items():
            same = key not in wrong and values.get(key, UNSET) == self._filled.get(key, UNSET)
            each.show_changed(not same)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """A sentence below each field that does not fit; paths of inner values tell at the field that holds them."""
        for key, each in self.rows.items():
            each.show_problem("\n".join(text for path, text in sentences.items() if path.split(".")[0] == key))

    def focus_problem(self) -> None:
        """The keyboard to the first that does not fit."""
        for each in self.rows.values():
            if each.problem:
                each.field.editor.setFocus()
                return
