"""The input that each of its executions has: a field for each parameter of the version, templates among them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.errors import Invalid, Problem
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.pages.schedules.editor.reading import VersionOption
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.forms.schema_form import SchemaForm
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

_ASKS_AGAIN_MS = 30


class InputSection(QWidget):
    """`edited` after each change by a person. What a parameter holds that its field cannot show has a line of text."""

    edited = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._option: VersionOption | None = None
        self._folder = ""
        self._schema: JsonObject = {}
        self._is_filling = False
        self._later = QTimer(self, singleShot=True, interval=_ASKS_AGAIN_MS)
        self._later.timeout.connect(self._on_edited)
        self.form = SchemaForm({})
        self._forms = QVBoxLayout()
        self._forms.addWidget(self.form)
        self.raw = button(tr("As JSON"), "ghost", "brackets-curly", self._swap_view)
        self.raw.setCheckable(True)
        self._fits = IconLine("small", icon_size=14)
        self._fits.setMinimumHeight(28)
        head = row(self._fits, self.raw)
        head.setStretch(0, 1)
        self.row = FormRow(tr("Input"), column(head, self._forms, spacing=8), self.raw)
        self.setLayout(column(self.row))

    @property
    def values(self) -> JsonObject | None:
        """What was entered, as far as it can be read; None for nothing."""
        found, _wrong = self.form.readable()
        return found or None

    @property
    def wrong(self) -> dict[str, str]:
        """Why what stands in a field is no value of it, by parameter; of JSON by an empty name."""
        return self.form.readable()[1]

    def show_version(self, option: VersionOption | None, folder: str) -> None:
        """Another version may take other parameters: what was entered stays where it has a field."""
        self._option, self._folder = option, folder
        self._make_form(self.values or {})

    def fill(self, values: Mapping[str, Json] | None) -> None:
        self._make_form(values or {})

    def _make_form(self, values: Mapping[str, Json]) -> None:
        schema = _with_templates(self._option.schema if self._option is not None else {}, values)
        self._is_filling = True
        if schema != self._schema:
            self._replace_form(schema)
        self.form.fill(values)
        self.form.group.settle()
        self._is_filling = False
        self._show_head()

    def _replace_form(self, schema: JsonObject) -> None:
        was_raw, old = self.form.is_raw, self.form
        self._schema = schema
        self.form = SchemaForm(schema, self._context, self._folder)
        self.form.edited.connect(self._on_edited)
        self._forms.replaceWidget(old, self.form)
        old.hide()
        old.deleteLater()
        if was_raw:
            self.form.show_raw(True)

    def _on_edited(self) -> None:
        if self._is_filling:
            return
        if self.form.group.is_whole:
            self.edited.emit()
        else:  # of many fields the last are still made: what stands in them is asked for once they are there
            self._later.start()

    def _swap_view(self) -> None:
        wants_raw = not self.form.is_raw
        try:
            if wants_raw:
                self.form.show_raw(True)
            else:
                values = self.form.values
                self.form.show_raw(False)
                self._make_form(values)
        except Invalid as error:
            self.row.show_problem(translate(error.sentence))
        self.raw.setChecked(self.form.is_raw)
        self._show_head()

    def _show_head(self) -> None:
        takes = bool(self.form.group.names)
        self.raw.setVisible(takes or bool(self.values))
        if self._option is None:
            self._fits.show_text(tr("Choose a workflow: its parameters have their fields here."))
        elif not takes:
            self._fits.show_text(tr("This version takes no parameters."))

    # What is said of it

    def show_problems(self, problems: Sequence[Problem], rendered: Mapping[str, Json] | None) -> None:
        """`problems` have a path that begins with `input`; `rendered` is what templates come to the next time."""
        wrong = self.wrong
        told = {each.path.removeprefix("input."): translate(each.sentence) for each in problems if "." in each.path}
        whole = [translate(each.sentence) for each in problems if each.path == "input"]
        fields = self.form.group.names
        if self.form.is_raw:
            whole += [*wrong.values(), *told.values()]
        else:
            whole += [text for path, text in told.items() if path.split(".")[0] not in fields]
            self.form.show_problems({**told, **wrong})
        self.row.show_problem("\n".join(whole))
        self._show_rendered(rendered or {})
        if self._option is not None and fields:
            fits = not (problems or wrong)
            words = tr("fits v{version}", version=self._option.label) if fits else ""
            self._fits.show_text(words, "check" if fits else "", "completed")

    def _show_rendered(self, rendered: Mapping[str, Json]) -> None:
        if self.form.is_raw:
            return
        for key, field in self.form.group.fields.items():
            if key in rendered:
                value = rendered[key]
                shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                field.say(tr("next: {value}", value=shown))
            elif _is_template(_text_of(self.values, key)):
                field.say("")


def _text_of(values: JsonObject | None, key: str) -> Json:
    return (values or {}).get(key)


def _is_template(value: Json) -> bool:
    return isinstance(value, str) and "{{" in value


def _with_templates(schema: JsonObject, values: Mapping[str, Json]) -> JsonObject:
    """A line of text for what holds a template now; others may be given one."""
    properties = as_mapping(schema.get("properties"))
    found: dict[str, Json] = {}
    for key, each in properties.items():
        own = as_mapping(each)
        if _is_template(values.get(key)) and own.get("type") != "string":
            found[key] = {"type": "string", **{name: own[name] for name in ("title", "description") if name in own}}
        else:
            found[key] = {**own, "x-templates": True}
    return {**schema, "properties": found}
