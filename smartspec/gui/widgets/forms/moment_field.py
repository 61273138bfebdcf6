"""A day or a moment, with chips for those that are wanted most."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget

from smartspec.domain import times
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema
from smartspec.gui.widgets.layout import restyle
from smartspec.gui.widgets.moment_edit import MomentEdit, day_in_words
from smartspec.messages import tr


class MomentField(Field):
    """`format` of the schema is date, time or date-time; times are typed as the clock here shows them."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.edit = MomentEdit(name, schema["format"])
        if self.default_hint:
            self.edit.setPlaceholderText(self.default_hint)
        self.setFocusProxy(self.edit)
        self.chips: list[tuple[Chip, datetime]] = []
        layout = Flow(self, spacing=6)
        layout.addWidget(self.edit)
        for word, moment in _near(schema["format"]):
            chip = Chip(word)
            chip.setAccessibleName(tr("{name}: {word}", name=name, word=word))
            chip.clicked.connect(lambda *_, moment=moment: self._set_moment(moment))
            self.chips.append((chip, moment))
            layout.addWidget(chip)
        self.edit.textChanged.connect(self._on_text)
        self._on_text()

    def _set_moment(self, moment: datetime) -> None:
        self.edit.set_value(moment.date().isoformat() if self.edit.format == "date" else moment.isoformat())
        self._check_chips()

    def _on_text(self) -> None:
        self._check_chips()
        moment = self._moment
        is_day = moment is not None and self.edit.format != "time"
        self.say(day_in_words(moment.date(), times.now().astimezone().date()) if moment and is_day else "")
        self.edited.emit()

    def _check_chips(self) -> None:
        shown, is_found = self._moment, False
        for chip, moment in self.chips:
            same = shown is not None and (
                shown.date() == moment.date() if self.edit.format == "date" else shown == moment
            )
            chip.setChecked(same and not is_found)
            is_found = is_found or same

    @property
    def _moment(self) -> datetime | None:
        try:
            return self.edit.moment
        except Invalid:
            return None

    @property
    def editor(self) -> QWidget:
        return self.edit

    @property
    def value(self) -> object:
        if self.takes(self.edit.text()):
            return self.edit.text().strip()
        value = self.edit.value
        return UNSET if value is None else value

    def fill(self, value: Json) -> None:
        self.edit.set_value(str(value))

    def clear(self) -> None:
        self.edit.clear()

    def show_invalid(self, invalid: bool) -> None:
        restyle(self.edit, invalid=invalid)


def _near(format: str) -> list[tuple[str, datetime]]:
    """Words for days that are wanted most, and when each begins; of a time of day there are none."""
    now = times.now().astimezone().replace(second=0, microsecond=0)
    today = now.replace(hour=0, minute=0)
    monday = today - timedelta(days=today.weekday() or 7)
    days = [(tr("Today"), today), (tr("Yesterday"), today - timedelta(days=1)), (tr("Monday"), monday)]
    return {"date": days, "date-time": [(tr("Now"), now), *days[:2]]}.get(format, [])
