"""The editors of the config editor, one for each type of value."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from smartspec.domain import config
from smartspec.domain.config import Setting, ValueType
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import Switch, icon_button
from smartspec.gui.widgets.forms.json_dialog import JsonDialog
from smartspec.gui.widgets.forms.number_text import guess_number, read_number, unit_in_name
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import _, tr, translate

_FOLDER = re.compile(r"(^|_)(path|folder|dir|directory|root)$", re.IGNORECASE)
_FILE = re.compile(r"(^|_)(file|filename)$", re.IGNORECASE)


class SettingEditor(QWidget):
    """A text of the type, and what it means; `guess` is what was meant by what means nothing."""

    edited = Signal()
    guess = ""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting

    @property
    def text(self) -> str:
        raise NotImplementedError

    def show_text(self, text: str) -> None:
        raise NotImplementedError

    @property
    def value(self) -> Json:
        """Raises Invalid."""
        return config.read_value(self.text, self.setting.value_type, self.setting.key)

    @property
    def control(self) -> QWidget:
        """What takes the keyboard."""
        raise NotImplementedError

    def show_invalid(self, invalid: bool) -> None:
        """Draw the edge of what does not fit."""


class LineEditor(SettingEditor):
    """A text; one that is a folder or a file by its name can be chosen."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = SettingLine()
        self.field.setAccessibleName(f"{setting.key}, {setting.value_type.value}")
        self.field.textChanged.connect(self._on_text)
        self.setFocusProxy(self.field)
        self.lay_out_field()

    def lay_out_field(self) -> None:
        is_folder, is_file = _FOLDER.search(self.setting.key), _FILE.search(self.setting.key)
        if not (is_folder or is_file):
            self.setLayout(row(self.field))
            return
        words = tr("Choose a folder") if is_folder else tr("Choose a file")
        browse = icon_button("folder-open", words, partial(self._browse, words, bool(is_folder)))
        self.setLayout(row(self.field, browse))

    def _browse(self, title: str, is_folder: bool) -> None:
        start = self.field.text()
        if is_folder:
            chosen = QFileDialog.getExistingDirectory(self.window(), title, start)
        else:
            chosen = QFileDialog.getOpenFileName(self.window(), title, start)[0]
        if chosen:
            self.field.setText(chosen)

    def _on_text(self) -> None:
        self.edited.emit()

    @property
    def text(self) -> str:
        return self.field.text()

    def show_text(self, text: str) -> None:
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)

    @property
    def control(self) -> QWidget:
        return self.field

    def show_invalid(self, invalid: bool) -> None:
        restyle(self.field, invalid=invalid)


class SettingLine(QLineEdit):
    """`guess_asked`: Alt+Enter, to take what was meant."""

    guess_asked = Signal()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.guess_asked.emit()
            return
        super().keyPressEvent(event)


class NumberEditor(LineEditor):
    """A number as people type it, with the unit that its name says."""

    def lay_out_field(self) -> None:
        self.field.setMaximumWidth(110)
        unit = label(unit_in_name(self.setting.key), "small")
        layout = row(self.field, unit, None)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.field.guess_asked.connect(self.take_guess)

    @property
    def text(self) -> str:
        """As JSON writes it, where it is a number."""
        return read_number(self.field.text()) or self.field.text()

    @property
    def value(self) -> Json:
        """Raises Invalid with a guess at what was meant."""
        text = self.field.text()
        number = read_number(text)
        if number is None and (meant := guess_number(text)):
            raise Invalid(_("“{text}” is not a number. Did you mean {guess}?", text=text, guess=meant))
        return config.read_value(number or text, ValueType.NUMBER, self.setting.key)

    @property
    def guess(self) -> str:  # type: ignore[override]
        return guess_number(self.field.text()) if read_number(self.field.text()) is None else ""

    def take_guess(self) -> None:
        if self.guess:
            self.field.setText(self.guess)
            self.field.setFocus()


class SwitchEditor(SettingEditor):
    """True or false, with its word."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.switch = Switch(setting.key)
        self._word = label("")
        self.switch.toggled.connect(self._on_toggled)
        self.setFocusProxy(self.switch)
        self.setLayout(row(self.switch, self._word, None))
        self._word.setText(self.text)

    def _on_toggled(self) -> None:
        self._word.setText(self.text)
        self.edited.emit()

    @property
    def text(self) -> str:
        return "true" if self.switch.isChecked() else "false"

    def show_text(self, text: str) -> None:
        self.switch.blockSignals(True)
        self.switch.setChecked(text == "true")
        self.switch.blockSignals(False)
        self._word.setText(self.text)

    @property
    def control(self) -> QWidget:
        return self.switch


class JsonEditor(LineEditor):
    """JSON on one line, and on several in a dialog."""

    def lay_out_field(self) -> None:
        self.field.setFont(theme.font("small", mono=True))
        name = tr("Edit {key} on several lines", key=self.setting.key)
        self.setLayout(row(self.field, icon_button("arrows-out", name, self.expand)))

    def expand(self) -> None:
        dialog = JsonDialog(self, self.setting.key, self.text, self.field.setText, self._problem_of)
        dialog.open()

    def _problem_of(self, text: str) -> str:
        try:
            config.read_value(text, ValueType.JSON, self.setting.key)
        except Invalid as error:
            return translate(error.sentence)
        return ""


def editor_for(setting: Setting) -> SettingEditor:
    """That of its type; of a secret there is another row."""
    made = {ValueType.NUMBER: NumberEditor, ValueType.BOOLEAN: SwitchEditor, ValueType.JSON: JsonEditor}
    return made.get(setting.value_type, LineEditor)(setting)
