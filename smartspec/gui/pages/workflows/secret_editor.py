"""A secret in the config editor: whether it is set and where, and what can be done about that."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.domain.config import Setting
from smartspec.gui.pages.workflows.setting_editor import SettingEditor
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.secret_edit import REVEALED_MS
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr

_DOTS = "•" * 16


class SecretEditor(SettingEditor):
    """`set_asked`: by Set…; `reveal_asked`: by the eye, `show_secret` answers. It is never edited in its row."""

    set_asked = Signal()
    reveal_asked = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._tag = Tag(tr("Not set"), "warning", "warning-fill")
        self.set_button = button(tr("Set…"), then=self.set_asked.emit)
        self.set_button.setAccessibleName(tr("Set {key}", key=setting.key))
        self._shown = QLineEdit(_DOTS)
        self._shown.setReadOnly(True)
        self._shown.setAccessibleName(tr("{key}, a secret that is set", key=setting.key))
        self.eye = icon_button("eye", tr("Show {key} for ten seconds", key=setting.key), self._toggle_reveal)
        self._hide = QTimer(self, singleShot=True, interval=REVEALED_MS)
        self._hide.timeout.connect(self.hide_secret)
        layout = row(self._tag, self.set_button, self._shown, self.eye)
        layout.setStretch(2, 1)
        layout.addStretch(0)
        self.setLayout(layout)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        self.setting = setting
        is_set = setting.source != "missing" and not setting.problem
        for each in (self._shown, self.eye):
            each.setVisible(is_set)
        for other in (self._tag, self.set_button):
            other.setVisible(not is_set)
        self.setFocusProxy(self.eye if is_set else self.set_button)
        self.hide_secret()

    def _toggle_reveal(self) -> None:
        if self._shown.text() == _DOTS:
            self.reveal_asked.emit()
        else:
            self.hide_secret()

    def show_secret(self, value: str) -> None:
        """For ten seconds."""
        self._shown.setText(value)
        self._shown.setCursorPosition(0)
        self.eye.setIcon(icons.icon("eye-slash"))
        self._hide.start()

    def hide_secret(self) -> None:
        self._hide.stop()
        self._shown.setText(_DOTS)
        self.eye.setIcon(icons.icon("eye"))

    @property
    def text(self) -> str:
        return ""

    def show_text(self, text: str) -> None:
        """Nothing is typed here."""

    @property
    def control(self) -> QWidget:
        return self.set_button if not self.set_button.isHidden() else self.eye
