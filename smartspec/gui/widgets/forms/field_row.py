"""One value of a form as a row: its name and kind, its editor, and below that what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from smartspec.gui.style import theme
from smartspec.gui.widgets.forms.chips_field import ChipsField
from smartspec.gui.widgets.forms.choice_field import SegmentsField, SwitchField
from smartspec.gui.widgets.forms.field import Field
from smartspec.gui.widgets.forms.guess_line import GuessLine
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.forms.making import kind_of
from smartspec.gui.widgets.forms.moment_field import MomentField
from smartspec.gui.widgets.forms.number_field import NumberField
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

NAME_WIDTH = 138
_DOT = 7
LEFT = 14  # room for the dot before the name


class FieldRow(QWidget):
    """`required` is said in words; `problem` is the sentence below the editor."""

    def __init__(self, field: Field, *, required: bool) -> None:
        super().__init__()
        self.field = field
        self._is_changed, self._problem = False, ""
        self.described = str(field.schema.get("description", ""))
        self._note = IconLine("caption")
        self._wrong = GuessLine()
        self._wrong.guess_taken.connect(self._take_guess)
        grid = QGridLayout(self)
        grid.setContentsMargins(LEFT, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.addLayout(self._head(required), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column(self._line(), self._note, self._wrong, spacing=3), 0, 1)
        grid.setColumnMinimumWidth(0, NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        if not required:
            field.show_optional()
        field.noted.connect(self._show_note)
        self._show_note()

    def _head(self, required: bool) -> QHBoxLayout:
        schema, field = self.field.schema, self.field
        title = schema.get("title")
        name = Elided("" if title else "monokey")
        name.setText(str(title or field.name))
        name.setBuddy(field.editor)
        name.setMinimumWidth(NAME_WIDTH)
        icon, word = kind_of(schema)
        kind = IconLine("caption", icon_size=12)
        kind.show_text(word, icon, "text2")
        must = label(tr("required") if required else "", "required")
        must.setVisible(required)
        self.required = required
        head = column(name, row(kind, must, None, spacing=5), spacing=2, margins=(0, 2, 0, 0))
        made = row()
        made.addLayout(head)
        return made

    def _line(self) -> QHBoxLayout:
        hint = label(self._beside, "small")
        hint.setWordWrap(isinstance(self.field, SwitchField))
        hint.setVisible(bool(self._beside))
        made = row(self.field, hint, spacing=12)
        own_width = isinstance(self.field, NumberField | SegmentsField | SwitchField)
        made.setStretch(0, 0 if own_width else 1)
        made.setStretch(1, 1 if own_width else 0)
        return made

    @property
    def _beside(self) -> str:
        """A switch has its description beside it: there is room."""
        return self.described if isinstance(self.field, SwitchField) else self.field.hint

    def _show_note(self) -> None:
        """What the editor says of its value, and what the value is for."""
        note = self.field.note
        described = "" if isinstance(self.field, SwitchField) else self.described
        if isinstance(self.field, ChipsField) and described:
            note = ""  # how chips are handled is said where nothing else is
        join = "{note}: {text}" if isinstance(self.field, MomentField) else "{note} · {text}"
        text = join.format(note=note, text=described) if note and described else note or described
        icon, colour = self.field.note_icon
        self._note.show_text(text, icon, colour)
        self._note.setVisible(bool(text))

    # What is wrong, and what is another than it was

    @property
    def problem(self) -> str:
        return self._problem

    def _take_guess(self) -> None:
        if isinstance(self.field, NumberField):
            self.field.take_guess()

    def show_problem(self, sentence: str) -> None:
        if sentence == self._problem:
            return
        self._problem = sentence
        guess = self.field.guess if isinstance(self.field, NumberField) and sentence else ""
        shown = (
            tr("“{text}” is not a number.", text=self.field.line.text()) if isinstance(self.field, NumberField) else ""
        )
        self._wrong.show_problem(sentence, guess, shown)
        self.field.show_invalid(bool(sentence))
        self.field.editor.setAccessibleDescription(sentence or self.described)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self.field.editor, QAccessible.Event.DescriptionChanged))

    @property
    def is_changed(self) -> bool:
        return self._is_changed

    def show_changed(self, changed: bool) -> None:
        """The amber dot: it differs from what was filled in."""
        if changed == self._is_changed:
            return
        self._is_changed = changed
        self.setAccessibleDescription(tr("changed") if changed else "")
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_changed:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("retrying"))
            painter.drawEllipse(QRectF(0, 6.5, _DOT, _DOT))
            painter.end()
