"""One of a few values: segments while they are few and short, else a list that opens; and the switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from smartspec.domain.jsontext import Json
from smartspec.gui.widgets.buttons import Switch
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.forms.field import UNSET, Field, Schema, as_shown
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.segments import Segments
from smartspec.messages import tr

_MOST_SEGMENTS = 4
_LONGEST_WORDS = 40  # of all segments together


def choice_field(name: str, schema: Schema) -> Field:
    """The editor of an enum."""
    words = [as_shown(each) for each in schema["enum"]]
    few = len(words) <= _MOST_SEGMENTS and sum(map(len, words)) <= _LONGEST_WORDS
    return SegmentsField(name, schema) if few else ComboField(name, schema)


class SegmentsField(Field):
    """Its default is chosen at first, and not given until somebody chooses; without one, none is chosen."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._given = False
        values: Sequence[Json] = schema["enum"]
        none = [(tr("(none)"), UNSET)] if "default" not in schema else []
        self.segments = Segments(name, [*none, *((as_shown(each), each) for each in values)], outlined=True)
        self.hint = tr("default {default}", default=as_shown(schema["default"])) if "default" in schema else ""
        self.setFocusProxy(self.segments)
        self.setLayout(row(self.segments, None))
        self.segments.chosen.connect(self._on_chosen)
        self.clear()

    def _on_chosen(self) -> None:
        self._given = True
        self.edited.emit()

    @property
    def editor(self) -> QWidget:
        return self.segments

    @property
    def value(self) -> object:
        return self.segments.value if self._given else UNSET

    def fill(self, value: Json) -> None:
        self.segments.choose(value)
        self._given = self.segments.value is not None or value is None
        self.edited.emit()

    def clear(self) -> None:
        self._given = False
        self.segments.choose(self.schema.get("default", UNSET))
        self.edited.emit()


class ComboField(Field):
    """The first line stands for none."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self.box = Choice(name)
        self.box.addItem(self.default_hint or tr("(none)"), UNSET)
        for each in schema["enum"]:
            self.box.addItem(as_shown(each), each)
        self.setFocusProxy(self.box)
        self.setLayout(row(self.box))
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())

    @property
    def editor(self) -> QWidget:
        return self.box

    @property
    def value(self) -> object:
        return self.box.currentData()

    def fill(self, value: Json) -> None:
        values = [self.box.itemData(number) for number in range(self.box.count())]
        self.box.setCurrentIndex(values.index(value) if value in values else 0)

    def clear(self) -> None:
        self.box.setCurrentIndex(0)


class SwitchField(Field):
    """True or false, with its word; as the default has it until somebody switches."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(name, schema)
        self._given = False
        self.switch = Switch(name)
        self.word = label("")
        self.setFocusProxy(self.switch)
        self.setLayout(row(self.switch, self.word))
        self.switch.toggled.connect(self._tell_word)
        self.switch.clicked.connect(self._on_switched)
        self.clear()

    def _on_switched(self) -> None:
        self._given = True
        self.edited.emit()

    def _tell_word(self) -> None:
        self.word.setText(as_shown(self.switch.isChecked()))

    @property
    def editor(self) -> QWidget:
        return self.switch

    @property
    def value(self) -> object:
        return self.switch.isChecked() if self._given else UNSET

    def fill(self, value: Json) -> None:
        self.switch.setChecked(value is True)
        self._given = True
        self.edited.emit()

    def clear(self) -> None:
        self._given = False
        self.switch.setChecked(self.schema.get("default") is True)
        self._tell_word()
        self.edited.emit()
