"""What a setting is chosen with: a list, a switch, or a line to type in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from smartspec.domain.jsontext import Json
from smartspec.domain.quantities import quantity
from smartspec.domain.settings import Counted
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.gui.pages.settings.item import Item
from smartspec.gui.pages.settings.stepped_line import SteppedLine
from smartspec.gui.widgets.buttons import Switch, button, icon_button
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr, translate, trn

_TEXT_WIDTH, _NUMBER_WIDTH = 240, 96


class Control(QWidget):
    """`chosen` carries a value to be saved, `refused` why what was typed is none, `left` says that nothing was;
    `field` has the keyboard.
    """

    chosen = Signal(object)
    left = Signal()
    refused = Signal(object)
    field: QWidget

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item

    def show_value(self, value: Json) -> None:
        raise NotImplementedError

    @property
    def is_edited(self) -> bool:
        """Whether something stands in it that is not saved."""
        return False

    def mark_wrong(self, wrong: bool) -> None:
        """Give it the look of what cannot be saved."""


class ChoiceControl(Control):
    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.box = self.field = Choice(translate(item.title))
        for value, text in item.choices:
            self.box.addItem(translate(text), value)
        self.box.activated.connect(lambda at: self.chosen.emit(item.choices[at][0]))
        self.setLayout(row(self.box, None))

    def show_value(self, value: Json) -> None:
        values = [each for each, _text in self.item.choices]
        self.box.setCurrentIndex(values.index(value) if value in values else 0)


class SwitchControl(Control):
    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.switch = self.field = Switch(translate(item.title))
        self.switch.setAccessibleDescription(translate(item.on))
        self.words = label(translate(item.on))
        self.words.setWordWrap(True)
        self.switch.clicked.connect(lambda on: self.chosen.emit(on))
        layout = row(self.switch, self.words)
        layout.setStretchFactor(self.words, 1)
        self.setLayout(layout)

    def show_value(self, value: Json) -> None:
        self.switch.setChecked(bool(value))


class LineControl(Control):
    """Saved when it is left; Escape brings back what holds."""

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        is_number = isinstance(item.default, int)
        self.line = SteppedLine() if is_number else QLineEdit()
        self.field = self.line
        self.line.setAccessibleName(translate(item.title))
        self.line.setFixedWidth(_NUMBER_WIDTH if is_number else _TEXT_WIDTH)
        self.unit = label("", "secondary")
        self._shown, self._bare = "", 1
        self.line.editingFinished.connect(self.save)
        parts: list[QWidget] = [self.line, self.unit]
        if isinstance(self.line, SteppedLine):
            self.line.stepped.connect(self._step)
            self.line.given_up.connect(self._give_up)
        if item.is_program:
            self.line.setPlaceholderText(tr("{program} on the PATH", program="python3"))
            parts.insert(1, icon_button("folder-open", tr("Choose a program"), self._pick))
        self.setLayout(row(*parts, None))

    def show_value(self, value: Json) -> None:
        if self.item.kind is not None and isinstance(value, int):
            found = quantity(value, self.item.kind)
            self._bare, number, word = found.unit.factor, found.number, translate(found.word)
        elif isinstance(value, int):
            number, word = format_number(value), self._unit_name(value)
        else:
            number, word = str(value), ""
        self._shown = number
        self.line.setText(number)
        self.unit.setText(word)
        self.unit.setVisible(bool(word))
        self.line.setAccessibleDescription(word)

    def _unit_name(self, value: int) -> str:
        unit = self.item.spec.unit if self.item.spec is not None else None
        if unit is Counted.MESSAGES:
            return trn("message", "messages", value)
        return "%" if unit is Counted.PERCENT else trn("execution", "executions", value)

    @property
    def is_edited(self) -> bool:
        return self.line.text() != self._shown

    def save(self) -> None:
        """What was typed, if it is another and can be read."""
        if not self.is_edited:
            self.left.emit()
            return
        try:
            value = self.item.read(self.line.text(), self._bare)
        except Invalid as error:
            self.refused.emit(error)
        else:
            self.chosen.emit(value)

    def mark_wrong(self, wrong: bool) -> None:
        if bool(self.line.property("invalid")) is not wrong:
            restyle(self.line, invalid=wrong)

    def _give_up(self) -> None:
        self.line.setText(self._shown)
        self.left.emit()

    def _step(self, by: int) -> None:
        """One more or less of the unit that stands beside it."""
        try:
            value = self.item.read(self.line.text(), self._bare)
        except Invalid:
            return
        assert isinstance(value, int)
        self.chosen.emit(value + by * self._bare)

    def _pick(self) -> None:
        found, _filter = QFileDialog.getOpenFileName(self, translate(self.item.title), self.line.text())
        if found:
            self.line.setText(found)
            self.save()


class FolderControl(Control):
    """A place, told and not chosen here."""

    def __init__(self, item: Item, open_folder: QWidget) -> None:
        super().__init__(item)
        self.path = Elided("secondary")
        self.path.setProperty("verbatim", True)
        self.field = open_folder
        layout = row(self.path, open_folder)
        layout.setStretchFactor(self.path, 1)
        self.setLayout(layout)

    def show_value(self, value: Json) -> None:
        self.path.setText(str(value))


class TriedControl(SwitchControl):
    """`tried`: what is switched is to be tried."""

    tried = Signal()

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.test = button(tr("Send a test"), "link", then=self.tried.emit)
        self.words.setWordWrap(False)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretchFactor(self.words, 0)
        layout.addSpacing(8)
        layout.addWidget(self.test)
        layout.addStretch(1)
