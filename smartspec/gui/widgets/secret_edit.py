"""A line for a secret: dots, shown for ten seconds when asked, with a button that pastes."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

REVEALED_MS = 10_000


class SecretEdit(QWidget):
    """`line` holds what is typed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = icon_button("eye", tr("Show what is typed for ten seconds"), self._toggle_reveal)
        paste = icon_button("clipboard-text", tr("Paste"), self._paste)
        self._hide = QTimer(self, singleShot=True, interval=REVEALED_MS)
        self._hide.timeout.connect(self.hide_text)
        self.setFocusProxy(self.line)
        self.setLayout(row(self.line, self.eye, paste, spacing=4))

    @property
    def is_shown(self) -> bool:
        return self.line.echoMode() is QLineEdit.EchoMode.Normal

    def _toggle_reveal(self) -> None:
        if self.is_shown:
            self.hide_text()
            return
        self.line.setEchoMode(QLineEdit.EchoMode.Normal)
        self.eye.setIcon(icons.icon("eye-slash"))
        self._hide.start()

    def hide_text(self) -> None:
        self._hide.stop()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye.setIcon(icons.icon("eye"))

    def _paste(self) -> None:
        """Without the end of the line, which is copied with it."""
        self.line.setText(QApplication.clipboard().text().rstrip("\r\n"))
        self.line.setFocus()
