"""Which editor fits a schema, and what its kind is called."""

from __future__ import annotations

from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.forms.chips_field import ChipsField, takes_chips
from smartspec.gui.widgets.forms.choice_field import SwitchField, choice_field
from smartspec.gui.widgets.forms.field import Field, Schema
from smartspec.gui.widgets.forms.moment_field import MomentField
from smartspec.gui.widgets.forms.number_field import NumberField
from smartspec.gui.widgets.forms.path_field import FORMATS as PATHS
from smartspec.gui.widgets.forms.path_field import PathField
from smartspec.gui.widgets.forms.text_field import LinesField, TextField, looks_long
from smartspec.gui.widgets.moment_edit import FORMATS as MOMENTS
from smartspec.messages import tr


def make_field(name: str, schema: Schema, context: AppContext | None = None, folder: str = "") -> Field:
    """The editor that fits a schema; `folder` is where relative paths begin."""
    kind, format_ = schema.get("type"), schema.get("format")
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return choice_field(name, schema)
    if kind == "boolean":
        return SwitchField(name, schema)
    if kind == "array" and takes_chips(schema):
        return ChipsField(name, schema)
    if kind in ("object", "array"):
        return LinesField(name, schema, raw=True)
    if kind in ("integer", "number"):
        return NumberField(name, schema)
    if kind == "string" and format_ in MOMENTS:
        return MomentField(name, schema)
    if kind == "string" and format_ in PATHS:
        return PathField(name, schema, context, folder)
    if kind == "string" and looks_long(schema):
        return LinesField(name, schema, raw=False)
    return TextField(name, schema)


def kind_of(schema: Schema) -> tuple[str, str]:
    """The icon and the words for what a value is."""
    kind = schema.get("type")
    if isinstance(schema.get("enum"), list):
        return "list-bullets", tr("one of {n}", n=len(schema["enum"]))
    if kind == "string" and schema.get("format") in (formats := _formats()):
        return formats[str(schema["format"])]
    if kind == "array":
        item = schema.get("items")
        inner = item.get("type") if isinstance(item, dict) else None
        word = tr("array of {kind}", kind=inner) if isinstance(inner, str) else "array"
        return "brackets-square", word
    if isinstance(kind, list):
        return "brackets-curly", tr("one of several types")
    return _ICONS.get(str(kind), "brackets-curly"), str(kind) if kind else tr("any")


def _formats() -> dict[str, tuple[str, str]]:
    return {
        "date": ("calendar-blank", tr("date")), "time": ("clock", tr("time of day")),
        "date-time": ("calendar-blank", tr("date and time")), "folder": ("folder-open", tr("folder")),
        "file": ("file", tr("file")), "path": ("folder-open", tr("path")),
        "email": ("envelope-simple", tr("e-mail")), "uri": ("link", tr("link")), "hostname": ("globe", tr("host")),
    }  # fmt: skip


_ICONS = {
    "string": "text-aa", "number": "hash", "integer": "hash", "boolean": "toggle-left", "object": "brackets-curly",
}  # fmt: skip
