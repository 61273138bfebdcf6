"""The properties of an object, a row each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.slices import Slices
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema
from smartspec.gui.widgets.forms.field_row import FieldRow
from smartspec.gui.widgets.forms.making import make_field
from smartspec.messages import translate

_AT_ONCE = 2  # rows: a row takes 3 ms


class FieldGroup(QWidget):
    """`edited` after each change of a field. `values` are those that were entered; Raises Invalid for the first that
    is none. Of many fields the last are made while the first are looked at.
    """

    edited = Signal()

    def __init__(self, schema: Schema, context: AppContext | None = None, folder: str = "") -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        self._properties: Mapping[str, Schema] = schema.get("properties") or {}
        self._required = schema.get("required") or ()
        self._context, self._folder = context, folder
        self._given: Mapping[str, Json] | None = None
        self._filled: dict[str, object] = {}
        self._is_settled = self._is_filling = False
        self._problems: Mapping[str, str] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._making = Slices(self)
        self._making.run(self._make_rows(), _AT_ONCE)

    def _make_rows(self) -> Iterator[None]:
        for key, schema in self._properties.items():
            field = make_field(key, schema if isinstance(schema, dict) else {}, self._context, self._folder)
            field.edited.connect(self._on_edited)
            made = self.rows[key] = FieldRow(field, required=key in self._required)
            self._layout.addWidget(made)
            self._fill([made])
            self._show_problem(made)
            yield

    @property
    def names(self) -> Collection[str]:
        """Of all fields, also of those that are not made yet."""
        return self._properties.keys()

    @property
    def is_whole(self) -> bool:
        """Whether all of its fields are made."""
        return not self._making.is_open

    @property
    def fields(self) -> dict[str, Field]:
        self._making.finish()
        return {key: each.field for key, each in self.rows.items()}

    def _on_edited(self) -> None:
        if not self._is_filling:
            self._show_changed(self.rows.values())
        self.edited.emit()

    @property
    def values(self) -> dict[str, Json]:
        found = {key: each.value for key, each in self.fields.items()}
        return {key: value for key, value in found.items() if value is not UNSET}  # type: ignore[misc]

    def readable(self) -> tuple[dict[str, Json], dict[str, str]]:
        """The values that can be read, and of each other one why it cannot."""
        self._making.finish()
        return _readable(self.rows.values())

    def fill(self, values: Mapping[str, Json]) -> None:
        """These and nothing else: what is not among them is cleared."""
        self._given, self._is_settled = values, False
        self._fill(self.rows.values())

    def _fill(self, rows: Collection[FieldRow]) -> None:
        if self._given is None:
            return
        self._is_filling = True
        for each in rows:
            if each.field.name in self._given:
                each.field.fill(self._given[each.field.name])
            else:
                each.field.clear()
        self._is_filling = False
        if self._is_settled:
            self._note_filled(rows)
        self._show_changed(rows)

    def settle(self) -> None:
        """What stands there now is what was filled in: changes count from it."""
        self._is_settled, self._filled = True, {}
        self._note_filled(self.rows.values())
        self._show_changed(self.rows.values())

    def _note_filled(self, rows: Iterable[FieldRow]) -> None:
        values, wrong = _readable(rows)
        self._filled |= {**values, **dict.fromkeys(wrong)}

    def _show_changed(self, rows: Collection[FieldRow]) -> None:
        values, wrong = _readable(rows)
        for each in rows:
            key = each.field.name
            same = key not in wrong and values.get(key, UNSET) == self._filled.get(key, UNSET)
            each.show_changed(not same)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """A sentence below each field that does not fit; paths of inner values tell at the field that holds them."""
        self._problems = sentences
        for each in self.rows.values():
            self._show_problem(each)

    def _show_problem(self, row: FieldRow) -> None:
        name = row.field.name
        row.show_problem("\n".join(text for path, text in self._problems.items() if path.split(".")[0] == name))

    def focus_problem(self) -> None:
        """The keyboard to the first that does not fit."""
        for each in self.rows.values():
            if each.problem:
                each.field.editor.setFocus()
                return


def _readable(rows: Iterable[FieldRow]) -> tuple[dict[str, Json], dict[str, str]]:
    values: dict[str, Json] = {}
    wrong: dict[str, str] = {}
    for each in rows:
        try:
            value = each.field.value
        except Invalid as error:
            wrong[each.field.name] = translate(error.sentence)
        else:
            if value is not UNSET:
                values[each.field.name] = value  # type: ignore[assignment]
    return values, wrong
