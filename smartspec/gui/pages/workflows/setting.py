"""One setting as a row: key, type, the field for its type, what it is for."""

from __future__ import annotations

import json
import re

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from smartspec.domain import config
from smartspec.domain.config import Setting, ValueType
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import SHORTEST_SECRET
from smartspec.errors import Invalid
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.buttons import Switch, icon_button
from smartspec.gui.widgets.editor.code_editor import CodeEditor
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, restyle, row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.messages import _, tr, translate

_ICONS = {
    ValueType.STRING: "text-aa", ValueType.NUMBER: "hash", ValueType.BOOLEAN: "toggle-left",
    ValueType.JSON: "brackets-curly", ValueType.SECRET: "key",
}  # fmt: skip
_REVEALED_MS = 10_000


class SettingRow(QWidget):
    """`edited` after each change of the field."""

    edited = Signal()
    forget_asked = Signal()
    history_asked = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.problem = ""
        self._is_secret = setting.value_type is ValueType.SECRET
        self._key = label(setting.key, "monokey")
        self._type_icon = icon_button(_ICONS[setting.value_type], setting.value_type.value)
        self._type_icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._description = Elided("secondary")
        self._wrong = label("", "error")
        self._wrong.hide()
        self._word = label("", "secondary")
        self.switch = Switch(setting.key)
        self.field = QLineEdit()
        self.field.setAccessibleName(f"{setting.key}, {setting.value_type.value}")
        if setting.value_type is ValueType.JSON:
            self.field.setFont(theme.font("small", mono=True))
        editor = self._editor()
        self._more = icon_button("dots-three", tr("More about {key}", key=setting.key), self._popup)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(28, 5, 14, 5)
        layout.setSpacing(8)
        layout.addWidget(self._key, 9)
        layout.addLayout(row(self._type_icon, label(setting.value_type.value, "secondary"), None, spacing=2), 5)
        layout.addLayout(column(editor, self._wrong, spacing=3), 17)
        layout.addLayout(row(self._description, self._more), 14)
        self.setMinimumHeight(41)
        self._fill()
        self.show_setting(setting)
        self.field.textChanged.connect(self._on_edited)
        self.switch.toggled.connect(self._on_edited)

    def _editor(self) -> QHBoxLayout:
        kind = self.setting.value_type
        if kind is ValueType.BOOLEAN:
            return row(self.switch, self._word, None)
        if kind is ValueType.NUMBER:
            self.field.setMaximumWidth(140)
            return row(self.field, self._word, None)
        if kind is ValueType.JSON:
            return row(self.field, icon_button("arrows-out", tr("Edit as lines"), self._expand))
        if kind is ValueType.SECRET:
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
            self._hide = QTimer(self, singleShot=True, interval=_REVEALED_MS)
            self._hide.timeout.connect(lambda: self.field.setEchoMode(QLineEdit.EchoMode.Password))
            return row(self.field, icon_button("eye", tr("Show what is typed for ten seconds"), self._reveal))
        return row(self.field)

    def show_setting(self, setting: Setting) -> None:
        """Show what is saved by now; what was typed stays."""
        dirty = self.is_dirty
        typed = self.text
        self.setting = setting
        told = setting.description or ""
        source = {"default": tr("default"), "variable": tr("from the environment"), "missing": tr("no value")}
        if setting.source in source:
            told = f"{told} · {source[setting.source]}".strip(" ·")
        self._description.setText(told)
        if self._is_secret:
            hint = {"saved": "●●●●●●●●●●●●", "variable": tr("given by the environment")}
            self.field.setPlaceholderText(hint.get(setting.source, tr("Not set")))
        if not dirty:
            self._fill()
        else:
            self.type_text(typed)
        self._check()

    def _fill(self) -> None:
        for each in (self.field, self.switch):
            each.blockSignals(True)
        self.switch.setChecked(self.setting.value is True)
        self.field.setText(self._saved_text)
        for each in (self.field, self.switch):
            each.blockSignals(False)

    @property
    def _saved_text(self) -> str:
        value, kind = self.setting.value, self.setting.value_type
        if kind is ValueType.SECRET:
            return ""
        if kind is ValueType.BOOLEAN:
            return "true" if value is True else "false"
        if value is None and self.setting.source == "missing":
            return ""
        return value if isinstance(value, str) and kind is ValueType.STRING else json.dumps(value, ensure_ascii=False)

    @property
    def text(self) -> str:
        if self.setting.value_type is ValueType.BOOLEAN:
            return "true" if self.switch.isChecked() else "false"
        return self.field.text()

    @property
    def value(self) -> Json:
        """What is typed, as a value of its type. Raises Invalid."""
        return config.read_value(self.text, self.setting.value_type, self.setting.key)

    @property
    def is_dirty(self) -> bool:
        return self.text != self._saved_text

    def type_text(self, text: str) -> None:
        if self.setting.value_type is ValueType.BOOLEAN:
            self.switch.setChecked(text == "true")
        else:
            self.field.setText(text)

    def reset(self) -> None:
        self._fill()
        self._on_edited()

    def settle(self) -> None:
        """What was typed is saved now."""
        if self._is_secret:
            self.field.clear()

    def _on_edited(self) -> None:
        self._check()
        self.edited.emit()

    def _check(self) -> None:
        self.problem = self._find_problem() if self.is_dirty else ""
        told = self.problem or translate(self.setting.problem or "")
        self._wrong.setText(told)
        self._wrong.setVisible(bool(told))
        restyle(self.field, invalid=bool(self.problem))
        if self.setting.value_type is ValueType.BOOLEAN:
            self._word.setText(self.text)
        self.update()

    def _find_problem(self) -> str:
        try:
            self._check_value()
        except Invalid as error:
            guess = _meant(self.text) if self.setting.value_type is ValueType.NUMBER else ""
            if guess:
                return tr("“{text}” is not a number. Did you mean {guess}?", text=self.text, guess=guess)
            return translate(error.sentence)
        return ""

    def _check_value(self) -> None:
        if self._is_secret and len(self.text) < SHORTEST_SECRET:
            raise Invalid(
                _("A secret has at least {n} characters; a shorter one could not be masked.", n=SHORTEST_SECRET)
            )
        config.read_value(self.text, self.setting.value_type, self.setting.key)

    def _reveal(self) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal)
        self._hide.start()

    def _expand(self) -> None:
        dialog = JsonDialog(self.setting.key, self.text, self)
        if dialog.exec():
            self.field.setText(dialog.compact)

    def _popup(self) -> None:
        menu = popup_menu(self)
        menu.addAction(icons.icon("clock-counter-clockwise"), tr("History of the value"), self.history_asked.emit)
        if self.setting.source == "saved":
            word = tr("Back to the default") if self.setting.declared and not self._is_secret else tr("Remove")
            menu.addAction(icons.icon("trash"), word, self.forget_asked.emit)
        show_below(menu, self._more)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.problem:
            painter.fillRect(self.rect(), theme.colour("accent_soft"))
            painter.fillRect(0, 0, 3, self.height(), theme.colour("accent"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        if self.is_dirty:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("retrying"))
            painter.drawEllipse(QRectF(13, self.height() / 2 - 3.5, 7, 7))
        painter.end()


def _meant(text: str) -> str:
    """The number that somebody meant who typed letters for digits, or a comma."""
    guess = text.strip().translate(str.maketrans("OoIlSB", "001158")).replace(",", ".").replace(" ", "")
    return guess if re.fullmatch(r"[-+]?\d+(\.\d+)?", guess) and guess != text else ""


class JsonDialog(QDialog):
    """A JSON value on as many lines as it needs; `compact` is what was written."""

    def __init__(self, key: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(key)
        self.editor = CodeEditor()
        self.editor.setAccessibleName(key)
        try:
            self.editor.setPlainText(json.dumps(json.loads(text or "null"), ensure_ascii=False, indent=2))
        except ValueError:
            self.editor.setPlainText(text)
        self.compact = text
        self.wrong = label("", "error")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.editor)
        layout.addWidget(self.wrong)
        layout.addWidget(buttons)
        self.editor.textChanged.connect(self._check)
        self.resize(520, 380)

    def _check(self) -> None:
        try:
            value = json.loads(self.editor.toPlainText())
        except ValueError as error:
            self.wrong.setText(str(error))
            self._ok.setEnabled(False)
            return
        self.compact = json.dumps(value, ensure_ascii=False)
        self.wrong.clear()
        self._ok.setEnabled(True)
