"""One setting as a row: key, type, the editor of its type, what it is for."""

from __future__ import annotations

import json
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from smartspec.domain import times
from smartspec.domain.config import ConfigChange, Setting, ValueType
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.gui.pages.workflows.secret_editor import SecretEditor
from smartspec.gui.pages.workflows.setting_columns import GAP, LEFT, RIGHT, SettingColumns
from smartspec.gui.pages.workflows.setting_editor import NumberEditor, SettingEditor, editor_for
from smartspec.gui.style import icons, theme
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.forms.guess_line import GuessLine
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.messages import tr, translate, trn

_ICONS = {
    ValueType.STRING: "text-aa", ValueType.NUMBER: "hash", ValueType.BOOLEAN: "toggle-left",
    ValueType.JSON: "brackets-curly", ValueType.SECRET: "key",
}  # fmt: skip
_LONGEST_WAS = 40
HEIGHT = 41


class SettingRow(QWidget):
    """`edited` after each change of the editor."""

    edited = Signal()
    forget_asked = Signal()
    history_asked = Signal()
    set_asked = Signal()
    reveal_asked = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting, self.problem = setting, ""
        self.change: ConfigChange | None = None
        self.is_secret = setting.value_type is ValueType.SECRET
        self.editor: SettingEditor = SecretEditor(setting) if self.is_secret else editor_for(setting)
        self._key = Elided("monokey")
        self._key.setText(setting.key)
        self._key.setBuddy(self.editor.control)
        self._type = IconLine("secondary", icon_size=14)
        self._description = Elided("secondary")
        self._below = Elided("caption")
        self._wrong = GuessLine()
        self._wrong.guess_taken.connect(self._take_guess)
        self._more = icon_button("dots-three", tr("More about {key}", key=setting.key), self._popup)
        self._lay_out()
        self.editor.show_text(self._saved_text)
        self.show_setting(setting)
        self.editor.edited.connect(self._on_edited)
        if isinstance(self.editor, SecretEditor):
            self.editor.set_asked.connect(self.set_asked)
            self.editor.reveal_asked.connect(self.reveal_asked)

    def _lay_out(self) -> None:
        self._value = QWidget()
        self._value.setLayout(column(self.editor, self._below, self._wrong, spacing=3))
        top = Qt.AlignmentFlag.AlignTop
        layout = QHBoxLayout(self)
        layout.setContentsMargins(LEFT, 6, RIGHT, 6)
        layout.setSpacing(GAP)
        for each in (self._key, self._type):
            each.setFixedHeight(HEIGHT - 13)
            each.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            layout.addWidget(each, 0, top)
        layout.addWidget(self._value, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._description, 1)
        layout.addWidget(self._more)
        layout.addStrut(HEIGHT - 12)  # and no minimum of the row itself: it would hide what two lines need

    def show_columns(self, columns: SettingColumns) -> None:
        self._key.setFixedWidth(columns.key)
        self._type.setFixedWidth(columns.type)
        self._value.setFixedWidth(columns.value)
        word = self.setting.value_type.value
        self._type.show_text(word if columns.is_wide else "", _ICONS[self.setting.value_type], "text2")
        self._type.setToolTip("" if columns.is_wide else word)
        self._description.setVisible(columns.is_wide)
        self._is_wide = columns.is_wide
        self.tell_purpose()

    _is_wide = True

    def show_setting(self, setting: Setting, change: ConfigChange | None = None) -> None:
        """Show what is saved by now, and when it was last changed; what was typed stays."""
        dirty = self.is_dirty
        self.setting, self.change = setting, change
        if isinstance(self.editor, SecretEditor):
            self.editor.show_setting(setting)
        elif not dirty:
            self.editor.show_text(self._saved_text)
        self._check()

    # What it is for, and where its value comes from

    def tell_purpose(self) -> None:
        parts = [self.setting.description or "", self._entries, self._origin]
        text = " · ".join(filter(None, parts))
        self._description.setText(text)
        self._below.setText(text)
        self._below.setVisible(bool(text) and not self._is_wide)

    @property
    def _entries(self) -> str:
        value = self.setting.value
        if self.setting.value_type is not ValueType.JSON or not isinstance(value, list | dict):
            return ""
        return trn("{n} entry", "{n} entries", len(value))

    @property
    def _origin(self) -> str:
        if self.is_dirty:
            return tr("was {value}", value=_short(self._saved_text) or tr("nothing"))
        if self.is_secret:
            places = {"saved": tr("in the keyring"), "session": tr("until SmartSpec is closed"),
                      "variable": tr("from the environment")}  # fmt: skip
            return places.get(self.setting.source, "")
        if self.setting.source == "missing":
            return tr("no value")
        if self.change is None or self.setting.source != "saved":
            return ""
        moment = _when(self.change.at)
        old = self._default_text if self.change.old is None else _short(self.change.old)
        if not old:
            return tr("set {moment}", moment=moment)
        return tr("changed {moment}, was {value}", moment=moment, value=old)

    @property
    def _default_text(self) -> str:
        return _short(_written(self.setting.default, self.setting.value_type)) if self.setting.declared else ""

    # What is typed

    @property
    def _saved_text(self) -> str:
        if self.is_secret or (self.setting.value is None and self.setting.source == "missing"):
            return "false" if self.setting.value_type is ValueType.BOOLEAN else ""
        if self.setting.value_type is ValueType.BOOLEAN:
            return "true" if self.setting.value is True else "false"
        return _written(self.setting.value, self.setting.value_type)

    @property
    def text(self) -> str:
        return self.editor.text

    @property
    def value(self) -> Json:
        """What is typed, as a value of its type. Raises Invalid."""
        return self.editor.value

    @property
    def is_dirty(self) -> bool:
        return not self.is_secret and self.text != self._saved_text

    def type_text(self, text: str) -> None:
        self.editor.show_text(text)
        self._on_edited()

    def reset(self) -> None:
        self.type_text(self._saved_text)

    def _on_edited(self) -> None:
        self._check()
        self.edited.emit()

    def _check(self) -> None:
        self.problem = self._find_problem() if self.is_dirty else ""
        told = self.problem or self._saved_problem
        guess = self.editor.guess if self.problem else ""
        shown = tr("“{text}” is not a number.", text=self.text)
        self._wrong.show_problem(told, guess, shown)
        self.editor.show_invalid(bool(self.problem))
        self.editor.control.setAccessibleDescription(told or self.setting.description or "")
        self.tell_purpose()
        self.update()

    @property
    def _saved_problem(self) -> str:
        """That a secret or a value is missing is said where it would stand."""
        return "" if self.setting.source == "missing" else translate(self.setting.problem or "")

    def _find_problem(self) -> str:
        try:
            _ = self.value
        except Invalid as error:
            return translate(error.sentence)
        return ""

    def _take_guess(self) -> None:
        if isinstance(self.editor, NumberEditor):
            self.editor.take_guess()

    def _popup(self) -> None:
        menu = popup_menu(self)
        menu.addAction(icons.icon("clock-counter-clockwise"), tr("History of the value"), self.history_asked.emit)
        if self.is_secret:
            word = tr("Set…") if self.setting.source == "missing" else tr("Set another value…")
            menu.addAction(icons.icon("key"), word, self.set_asked.emit)
        if self.setting.source in ("saved", "session"):
            word = tr("Back to the default") if self.setting.declared and not self.is_secret else tr("Forget it")
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
            painter.drawEllipse(QRectF(13, HEIGHT / 2 - 3.5, 7, 7))
        painter.end()


def _written(value: Json, kind: ValueType) -> str:
    return value if isinstance(value, str) and kind is ValueType.STRING else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WAS else f"{text[: _LONGEST_WAS - 1]}…"


def _when(moment: datetime) -> str:
    return ago(moment, times.now())
