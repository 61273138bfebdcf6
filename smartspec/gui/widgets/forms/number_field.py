"""A number, typed as one types numbers, with its unit and range beside it."""

from __future__ import annotations

from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.widgets.forms.field import UNSET, Schema
from smartspec.gui.widgets.forms.number_text import guess_number, read_number, unit_in_name
from smartspec.gui.widgets.forms.text_field import TextField
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.messages import _, tr

_WIDTH = 148


class NumberField(TextField):
    """A whole number or any; what was not typed as JSON writes it is told as it is read."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        unit = str(schema.get("x-unit") or unit_in_name(name))
        self.hint = ", ".join(each for each in (unit, range_of(schema)) if each)
        self.line.textChanged.connect(self._tell_reading)
        for keys in ("Alt+Return", "Alt+Enter"):
            add_local_key(self.line, keys, self.take_guess)

    def lay_out(self) -> None:
        self.line.setFixedWidth(_WIDTH)
        self.setLayout(row(self.line))

    def _tell_reading(self) -> None:
        text = self.line.text()
        number = read_number(text)
        self.say(tr("is read as {number}", number=number) if number and number != text.strip() else "")

    @property
    def value(self) -> object:
        """Raises Invalid with a guess at what was meant."""
        text = self.line.text().strip()
        if not text:
            return UNSET
        if self.takes(text):
            return text
        number = read_number(text)
        if number is None and (guess := guess_number(text)):
            raise Invalid(_("“{text}” is not a number. Did you mean {guess}?", text=text, guess=guess))
        return self.read(number or text)

    @property
    def guess(self) -> str:
        """What was meant by what is no number."""
        text = self.line.text().strip()
        return guess_number(text) if text and read_number(text) is None else ""

    def take_guess(self) -> None:
        if self.guess:
            self.line.setText(self.guess)
            self.line.setFocus()

    def fill(self, value: Json) -> None:
        self.line.setText(str(value))


def range_of(schema: Schema) -> str:
    """1 to 365, as the schema limits it."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return tr("{low} to {high}", low=_shown(low), high=_shown(high))
    if low is not None:
        return tr("at least {low}", low=_shown(low))
    return tr("at most {high}", high=_shown(high)) if high is not None else ""


def _shown(limit: object) -> str:
    return f"{limit:,}" if isinstance(limit, int | float) else str(limit)
