"""The head and the problem of a dialog."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QWidget

from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.announcer import alert
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

INSET = 24
_LONG = 24  # letters of a word that may be broken


def wrapped(text: str, role: str = "") -> QLabel:
    """A text over as many lines as it needs, whatever words are in it."""
    made = label(breakable(text), role)
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def breakable(text: str) -> str:
    """With places in long words where a line may end."""
    return re.sub(rf"\S{{{_LONG}}}(?=\S)", "\\g<0>\u200b", text)


def text_to_read(text: str, name: str) -> QPlainTextEdit:
    """What another program said, to be read and copied."""
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setProperty("kind", "read")
    made.setProperty("verbatim", True)
    made.setFont(theme.font("small", mono=True))
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    return made


class Head(QWidget):
    """Title, caption and the button that closes. What is dragged by it is the window."""

    def __init__(self, title: str, caption: str) -> None:
        super().__init__()
        self.was_dragged = False
        self.title, self.caption = wrapped(title, "title"), wrapped(caption, "small")
        self.caption.setVisible(bool(caption))
        self.close_button = icon_button("x", tr("Close"))
        words = column(self.title, self.caption, spacing=2)
        layout = row(words, self.close_button, margins=(INSET, 12, 14, 12))
        layout.setAlignment(self.close_button, Qt.AlignmentFlag.AlignVCenter)
        layout.setStretchFactor(words, 1)
        self.setLayout(layout)
        self.setMinimumHeight(56)

    def show_text(self, title: str, caption: str) -> None:
        self.title.setText(breakable(title))
        self.caption.setText(breakable(caption))
        self.caption.setVisible(bool(caption))

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.window().windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            self.was_dragged = True
            handle.startSystemMove()


class ProblemLine(QWidget):
    """A sentence about what is wrong, with its icon; a screen reader says it at once."""

    def __init__(self) -> None:
        super().__init__()
        self._words = wrapped("", "error")
        self.setLayout(row(20, self._words, margins=(INSET, 4, INSET, 10), spacing=0))
        self.hide()

    @property
    def text(self) -> str:
        return self._words.text().replace("\u200b", "") if not self.isHidden() else ""

    def show_text(self, text: str) -> None:
        if text == self.text:
            return
        self._words.setText(breakable(text))
        self._words.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            alert(self._words)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = QSize(14, 14)
        top = self._words.y() + min(self._words.fontMetrics().height(), self._words.height()) / 2 - size.height() / 2
        icons.paint(painter, QRectF(INSET, top, size.width(), size.height()), "x-circle-fill", "failed")
        painter.end()
